"""Reading a file of suppliers: from text to suppliers, and to what is wrong, by row and column.

Everything the portal knows is asked for once; ten thousand lines cost as many questions as one.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.organisation.models import Site
from apps.submissions.exchange.columns import key_of
from apps.submissions.exchange.headings import read_headings, title_of
from apps.submissions.exchange.lines import day_in
from apps.submissions.exchange.lookup import Names, NotFound, find_rows, named
from apps.submissions.exchange.report import Problem
from apps.submissions.exchange.tables import Table
from apps.supply_chain import credit_code
from apps.supply_chain.models import Supplier, SupplierRegion, SupplyCategory
from apps.supply_chain.models.suppliers import CODE_LENGTH
from apps.supply_chain.register import columns

_YES: Final = frozenset(key_of(word) for word in ("yes", "y", "true", "1", "是", "√", "✓"))
_NO: Final = frozenset(key_of(word) for word in ("no", "n", "false", "0", "否", "×", "✗"))
_BETWEEN: Final = re.compile(r"[;；、\n]")
# What programs add to a day: "2020-03-05 00:00:00".
_TIME: Final = re.compile(r"(?<=\d)[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_LONGEST: Final = {columns.CODE: 20, columns.NAME_ZH: 120, columns.NAME_EN: 120, columns.NOTE: 500}


@dataclass(kw_only=True)
class Line:
    """One line that is right. ``before`` is the supplier as it is stored, None for a new one."""

    row: int
    supplier: Supplier
    supplies: frozenset[int]
    sites: frozenset[int]
    is_new: bool
    # Titles of the columns that differ from what is stored.
    changed: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Reading:
    """What a file comes to. ``lines`` are all that are right, also those that change nothing."""

    lines: list[Line]
    problems: list[Problem]
    unread: list[str]
    rows: int

    @property
    def new(self) -> list[Line]:
        return [line for line in self.lines if line.is_new]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if not line.is_new and line.changed]

    @property
    def unchanged(self) -> int:
        return len(self.lines) - len(self.new) - len(self.changed)


class _Known:
    """What the portal knows: suppliers by number, credit code and name; names of the catalogues."""

    def __init__(self) -> None:
        self.by_code: dict[str, Supplier] = {}
        self.by_uscc: dict[str, str] = {}
        self.by_name: dict[str, set[str]] = {}
        self.by_english: dict[str, set[str]] = {}
        for supplier in Supplier.objects.all():
            self.by_code[supplier.code] = supplier
            if supplier.uscc:
                self.by_uscc[supplier.uscc] = supplier.code
            self.by_name.setdefault(supplier.name_key, set()).add(supplier.code)
            if supplier.name_en:
                self.by_english.setdefault(supplier.name_en.casefold(), set()).add(supplier.code)
        self.supplies = _pairs(Supplier.supplies.through, "supplycategory_id")
        self.sites = _pairs(Supplier.sites.through, "site_id")
        self.region_names = named(SupplierRegion.objects.all())
        self.category_names = named(SupplyCategory.objects.all())
        self.site_names = named(Site.objects.all())


def _pairs(through: Any, column: str) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for supplier, other in through.objects.values_list("supplier_id", column):
        found.setdefault(supplier, set()).add(other)
    return {supplier: frozenset(others) for supplier, others in found.items()}


def read(table: Table, keeps: Collection[int] | None = None) -> Reading:
    """Everything a file says, and everything that is wrong with it. Nothing is written.

    ``keeps`` are the sites whose suppliers its sender keeps, None for all of them.
    """
    headings = read_headings(table, columns.COLUMNS)
    if headings.problems:
        return Reading(lines=[], problems=headings.problems, unread=headings.unread, rows=len(table.records))
    reader = _Reader(table, headings.places, keeps)
    lines = reader.read()
    return Reading(lines=lines, problems=reader.problems, unread=headings.unread, rows=len(table.records))


class _Reader:
    """Reads one file."""

    def __init__(self, table: Table, places: dict[str, int], keeps: Collection[int] | None) -> None:
        self.problems: list[Problem] = []
        self._table = table
        self._places = places
        self._titles = {code: title_of(table.headings[place], place) for code, place in places.items()}
        self._known = _Known()
        # Rows of this file by number and credit code; by name with the credit code each gave.
        self._codes: dict[str, int] = {}
        self._usccs: dict[str, int] = {}
        self._names: dict[str, list[tuple[int, str, str]]] = {}
        self._words: dict[tuple[str, str], Any] = {}
        self._told = {Supplier.code_of(texts[places[columns.CODE]]) for _row, texts in table.records}
        self._keeps = keeps

    def read(self) -> list[Line]:
        lines = []
        for row, texts in self._table.records:
            so_far = len(self.problems)
            line = self._line(row, texts)
            if line is not None and len(self.problems) == so_far:
                lines.append(line)
        return lines

    def _wrong(self, row: int, code: str, message: str) -> None:
        place = self._places.get(code, -1)
        self.problems.append(Problem(row=row, column=self._titles.get(code, ""), message=message, place=place))

    def _text(self, row: int, texts: Sequence[str], code: str, *, required: bool = False) -> str:
        place = self._places.get(code)
        if place is None:
            return ""
        if (row, place) in self._table.odd:
            self._wrong(row, code, self._table.odd[row, place])
            return ""
        text = " ".join(texts[place].split()) if code != columns.SUPPLIES else texts[place].strip()
        if not text and required:
            self._wrong(row, code, _("This cell is blank."))
        if len(text) > _LONGEST.get(code, 1000):
            self._wrong(row, code, _("At most %(count)d characters are kept here.") % {"count": _LONGEST[code]})
            return ""
        return text

    def _line(self, row: int, texts: Sequence[str]) -> Line | None:
        code = Supplier.code_of(self._text(row, texts, columns.CODE, required=True))
        if not code:
            return None
        if len(code) > CODE_LENGTH:
            self._wrong(row, columns.CODE, _("At most %(count)d characters are kept here.") % {"count": CODE_LENGTH})
            return None
        stored = self._known.by_code.get(code)
        self._once(row, code)
        supplier = Supplier(code=code) if stored is None else _copy(stored)
        self._names_of(row, texts, supplier)
        self._credit_code(row, texts, supplier)
        self._twins(row, supplier)
        region = self._rows(row, texts, columns.REGION, self._known.region_names)
        if region:
            supplier.region_id = region[0].pk
        supplies = self._rows(row, texts, columns.SUPPLIES, self._known.category_names)
        sites = self._rows(row, texts, columns.SITES, self._known.site_names)
        self._sites(row, stored, {found.pk for found in sites})
        self._flags(row, texts, supplier)
        self._days(row, texts, supplier)
        if columns.NOTE in self._places:
            supplier.note = self._text(row, texts, columns.NOTE)
        line = Line(
            row=row,
            supplier=supplier,
            supplies=frozenset(found.pk for found in supplies),
            sites=frozenset(found.pk for found in sites),
            is_new=stored is None,
        )
        if stored is not None:
            line.changed = self._changed(stored, line)
        return line

    def _once(self, row: int, code: str) -> None:
        earlier = self._codes.setdefault(code, row)
        if earlier != row:
            self._wrong(row, columns.CODE, _("Row %(row)d has this number already.") % {"row": earlier})

    def _names_of(self, row: int, texts: Sequence[str], supplier: Supplier) -> None:
        supplier.name_zh = self._text(row, texts, columns.NAME_ZH, required=True)
        supplier.name_key = Supplier.key_of(supplier.name_zh)
        if columns.NAME_EN in self._places:
            supplier.name_en = self._text(row, texts, columns.NAME_EN)
        if supplier.name_zh and not supplier.name_key:
            self._wrong(row, columns.NAME_ZH, _("A name has letters."))

    def _credit_code(self, row: int, texts: Sequence[str], supplier: Supplier) -> None:
        if columns.USCC not in self._places:
            return
        supplier.uscc = credit_code.normalised(self._text(row, texts, columns.USCC))
        if not supplier.uscc:
            return
        if not credit_code.is_right(supplier.uscc):
            message = _("This is no credit code: its check character does not fit. Look again.")
            if len(supplier.uscc) != credit_code.LENGTH:
                message = _("A credit code has 18 characters; this has %(count)d.") % {"count": len(supplier.uscc)}
            self._wrong(row, columns.USCC, message)
            return
        earlier = self._usccs.setdefault(supplier.uscc, row)
        if earlier != row:
            self._wrong(row, columns.USCC, _("Row %(row)d has this credit code already.") % {"row": earlier})
        owner = self._known.by_uscc.get(supplier.uscc, supplier.code)
        if owner != supplier.code:
            self._wrong(row, columns.USCC, _("%(code)s has this credit code.") % {"code": owner})

    def _twins(self, row: int, supplier: Supplier) -> None:
        """The same name twice is one company, unless two credit codes tell them apart."""
        if not supplier.name_key:
            return
        here = self._names.setdefault(supplier.name_key, [])
        for earlier, code, uscc in here:
            if code != supplier.code and not (uscc and supplier.uscc):
                self._wrong(
                    row,
                    columns.NAME_ZH,
                    _("Row %(row)d has the same name. Give both their credit codes if they are two companies.")
                    % {"row": earlier},
                )
                break
        here.append((row, supplier.code, supplier.uscc))
        stored = self._known.by_name.get(supplier.name_key, set())
        if supplier.name_en:
            stored = stored | self._known.by_english.get(supplier.name_en.casefold(), set())
        # Those that this file tells anew are compared by what it tells.
        for code in sorted(stored - {supplier.code} - self._told):
            if not (supplier.uscc and self._known.by_code[code].uscc):
                self._wrong(
                    row,
                    columns.NAME_ZH,
                    _("%(code)s is called the same. Give both their credit codes if they are two companies.")
                    % {"code": code},
                )
                break

    def _rows(self, row: int, texts: Sequence[str], code: str, names: Names[Any]) -> list[Any]:
        """The catalogue rows that a cell names."""
        text = self._text(row, texts, code, required=True)
        parts = [text] if code == columns.REGION else _BETWEEN.split(text)
        found = []
        for word in (part.strip() for part in parts):
            if not word:
                continue
            if (code, word) not in self._words:
                try:
                    self._words[code, word] = find_rows(word, [names])[0]
                except NotFound as refusal:
                    self._words[code, word] = str(refusal)
            answer = self._words[code, word]
            if isinstance(answer, str):
                self._wrong(row, code, answer)
            else:
                found.append(answer)
        return found

    def _sites(self, row: int, stored: Supplier | None, sites: set[int]) -> None:
        """Nobody ties a supplier to a site that others keep, nor unties it."""
        if self._keeps is None:
            return
        before = self._known.sites.get(stored.pk, frozenset()) if stored else frozenset()
        if (before ^ sites) - set(self._keeps):
            self._wrong(row, columns.SITES, _("You do not keep the suppliers of one of these sites. Leave it be."))

    def _flags(self, row: int, texts: Sequence[str], supplier: Supplier) -> None:
        for code in (columns.IS_MAJOR, columns.PRACTICES):
            word = key_of(self._text(row, texts, code))
            if word in _YES or word in _NO:
                setattr(supplier, code, word in _YES)
            elif word:
                self._wrong(row, code, _("Write yes or no."))
        if supplier.is_major and not supplier.practices_apply:
            self._wrong(row, columns.PRACTICES, _("The supplier practices apply to every major supplier."))

    def _days(self, row: int, texts: Sequence[str], supplier: Supplier) -> None:
        start = self._day(row, texts, columns.ACTIVE_FROM, required=True)
        if start:
            supplier.active_from = start
        if columns.ACTIVE_UNTIL in self._places:
            supplier.active_until = self._day(row, texts, columns.ACTIVE_UNTIL)
        if start and supplier.active_until and supplier.active_until < start:
            self._wrong(row, columns.ACTIVE_UNTIL, _("The last day lies before the first."))

    def _day(self, row: int, texts: Sequence[str], code: str, *, required: bool = False) -> dt.date | None:
        text = _TIME.sub("", self._text(row, texts, code, required=required))
        day = day_in(text) if text else None
        if text and day is None:
            self._wrong(row, code, _("This is no day. Write it like 2020-03-05."))
        return day

    def _changed(self, stored: Supplier, line: Line) -> list[str]:
        """The columns of the file whose value is another one than stored."""
        same = {
            columns.REGION: stored.region_id == line.supplier.region_id,
            columns.SUPPLIES: self._known.supplies.get(stored.pk, frozenset()) == line.supplies,
            columns.SITES: self._known.sites.get(stored.pk, frozenset()) == line.sites,
        }
        for code in self._places:
            if code not in same:
                same[code] = getattr(stored, code) == getattr(line.supplier, code)
        return [self._titles[code] for code in self._places if not same[code]]


def _copy(stored: Supplier) -> Supplier:
    return Supplier(**{field.attname: getattr(stored, field.attname) for field in Supplier._meta.concrete_fields})
