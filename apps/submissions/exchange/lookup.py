"""What the words of a file stand for: sites, periods, record kinds and catalogue rows, by code or by any name.

Each is read from the database once for an import, and each word is looked up once.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.organisation.choices import Frequency, Role
from apps.organisation.models import Period, Site
from apps.organisation.policies import has_role, visible_sites
from apps.submissions.exchange.columns import has_file, in_every_language, key_of
from apps.submissions.sections import Grid, Register, Section, Table, sections

T = TypeVar("T")


class NotFound(ValueError):
    """A word stands for nothing, or for several things; the text says which words would do."""


class Names(Generic[T]):
    """Things by code and by name. The exact code goes first; a name that two things share stands for neither."""

    def __init__(self) -> None:
        self._by_code: dict[str, T] = {}
        self._by_name: dict[str, list[T]] = {}

    def add(self, thing: T, code: str, names: Iterable[str]) -> None:
        self._by_code[code.lower()] = thing
        for name in {key_of(name) for name in (code, *names)}:
            self._by_name.setdefault(name, []).append(thing)

    def find(self, word: str) -> list[T]:
        exact = self._by_code.get(word.lower())
        return [exact] if exact is not None else self._by_name.get(key_of(word), [])


def named(rows: Iterable[Any]) -> Names[Any]:
    """Rows with a code and names in three languages."""
    names: Names[Any] = Names()
    for row in rows:
        names.add(row, row.code, (row.name_in(language) for language, _name in settings.LANGUAGES))
    return names


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A table that files carry, with the section it belongs to."""

    section: Section
    table: Table


_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})月?(?:[-/.]?(\d{1,2})日?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})")
# What Excel makes of 2020-03 when it saves a CSV.
_MONTH_NAME = re.compile(r"([a-z]{3})[a-z]*[-/. ,]*(\d{4}|\d{2})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def month_in(text: str) -> dt.date | None:
    """The first day of the month that ``text`` names: 2020-03, 2020/3, 2020年3月, 202003, Mar-20 or a day in it."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if (found := _YEAR_FIRST.fullmatch(text)) or (found := _COMPACT.fullmatch(text)):
        year, month = int(found[1]), int(found[2])
    elif (found := _MONTH_NAME.fullmatch(text)) and found[1].lower() in _MONTHS:
        year, month = int(found[2]), _MONTHS.index(found[1].lower()) + 1
        year += 2000 if year < 100 else 0
    else:
        return None
    return dt.date(year, month, 1) if 1 <= month <= 12 and year else None


class Lookup:
    """Finds what the words of one file mean for one person. None is the operator, who may name every site."""

    def __init__(self, user: User | None) -> None:
        self.user = user
        self._found: dict[tuple[str, str], Any] = {}

    def _once(self, what: str, word: str, find: Any) -> Any:
        """The answer or the refusal, found once for each word."""
        known = self._found.get((what, word))
        if known is None:
            try:
                known = find(word)
            except NotFound as refusal:
                known = refusal
            self._found[what, word] = known
        if isinstance(known, NotFound):
            raise known
        return known

    # Sites -------------------------------------------------------------------------------------------------------

    @cached_property
    def _sites(self) -> Names[Site]:
        sites = Site.objects.all() if self.user is None else Site.objects.filter(visible_sites(self.user))
        return named(sites)

    @cached_property
    def _own_codes(self) -> list[str]:
        sites = Site.objects.order_by("position", "code")
        return [site.code for site in sites if self.user is None or has_role(self.user, (Role.PREPARER,), site.pk)]

    def site(self, word: str) -> Site:
        """A site the person may read about. To all others the answer is as if it did not exist."""
        site: Site = self._once("site", word, self._find_site)
        return site

    def _find_site(self, word: str) -> Site:
        found = self._sites.find(word)
        if len(found) == 1:
            return found[0]
        raise NotFound(
            (
                _("Several sites are called “%(site)s”. Write the code of one: %(known)s.")
                if found
                else _("“%(site)s” is none of your sites. You may enter data for: %(known)s.")
            )
            % {"site": word[:40], "known": ", ".join(self._own_codes[:20]) or "–"}
        )

    def may_prepare(self, site: Site, section: Section) -> bool:
        return self.user is None or has_role(self.user, (Role.PREPARER,), site.pk, section.code)

    # Periods -----------------------------------------------------------------------------------------------------

    @cached_property
    def _periods(self) -> dict[tuple[str, Any], Period]:
        periods: dict[tuple[str, Any], Period] = {}
        for period in Period.objects.select_related("year"):
            periods[period.frequency, period.code.lower()] = period
            if period.frequency == Frequency.MONTH:
                periods[period.frequency, period.starts_on] = period
        return periods

    def period(self, frequency: Frequency, word: str) -> Period | str:
        """The period, or how people write the one that is not open, when ``word`` names a possible one."""
        period: Period | str = self._once(f"period {frequency}", word, lambda text: self._find_period(text, frequency))
        return period

    def _find_period(self, word: str, frequency: Frequency) -> Period | str:
        known = self._periods.get((frequency, word.strip().lower()))
        if known is not None:
            return known
        month = month_in(word)
        if frequency == Frequency.MONTH:
            if month is None:
                raise NotFound(_("“%(period)s” is no month. Write it like 2020-03.") % {"period": word[:40]})
            return self._periods.get((frequency, month)) or f"{month:%Y-%m}"
        year = word.strip().removesuffix("年")
        known = self._periods.get((frequency, year.lower()))
        if known is not None:
            return known
        if month is not None or not re.fullmatch(r"\d{4}(-\d{2,4})?", year):
            raise NotFound(
                _("“%(period)s” is no reporting year. Write its code, like %(known)s.")
                % {
                    "period": word[:40],
                    "known": ", ".join(code for (kept, code) in self._periods if kept == frequency) or "2020",
                }
            )
        return year

    # Record kinds ------------------------------------------------------------------------------------------------

    @cached_property
    def _kinds(self) -> Names[Kind]:
        kinds: Names[Kind] = Names()
        for section in sections:
            for table in section.tables:
                kinds.add(Kind(section=section, table=table), table.code, in_every_language(table.title).values())
        return kinds

    def kind(self, word: str) -> Kind:
        kind: Kind = self._once("kind", word, self._find_kind)
        return kind

    def _find_kind(self, word: str) -> Kind:
        found = self._kinds.find(word)
        if len(found) == 1:
            table = found[0].table
            if isinstance(table, Register) and not table.file_fields:
                raise NotFound(_("“%(table)s” is not read from files. Enter it on its page.") % {"table": table.title})
            return found[0]
        known = [table.code for section in sections for table in section.tables if has_file(table)]
        raise NotFound(
            _("“%(kind)s” is no record kind. Known are: %(known)s.") % {"kind": word[:40], "known": ", ".join(known)}
        )

    # Catalogue rows ----------------------------------------------------------------------------------------------

    def item(self, grid: Grid, word: str) -> tuple[str, tuple[Any, ...]]:
        """The key of a grid row and its catalogue rows."""
        found: tuple[str, tuple[Any, ...]] = self._once(
            f"item {grid.code}", word, lambda text: self._find_item(grid, text)
        )
        return found

    def _find_item(self, grid: Grid, word: str) -> tuple[str, tuple[Any, ...]]:
        rows = find_rows(
            word, [self._catalogue(grid, name) for name in grid.model.row_fields], lambda: self._examples(grid)
        )
        return "/".join(row.code for row in rows), rows

    def _catalogue(self, grid: Grid, name: str) -> Names[Any]:
        model: Any = grid.model._meta.get_field(name).related_model
        catalogue: Names[Any] = self._once("catalogue", model._meta.label, lambda _label: named(model.objects.all()))
        return catalogue

    def _examples(self, grid: Grid) -> list[str]:
        """Rows that sites usually answer, as a hint of how they are written."""
        examples: list[str] = self._once("examples", grid.code, lambda _code: self._find_examples(grid))
        return examples

    def _find_examples(self, grid: Grid) -> list[str]:
        if grid.site_row is not None:
            rows: Any = grid.site_row._default_manager
            codes = [f"{name}__code" for name in grid.model.row_fields]
            return sorted({"/".join(found) for found in rows.values_list(*codes).distinct()})
        asked = grid.asked([0], dt.date.min, dt.date.max)
        return sorted({"/".join(entry.code for entry in row.catalogue) for rows in asked.values() for row in rows})


def find_rows(word: str, catalogues: list[Names[Any]], known: Callable[[], list[str]] = list) -> tuple[Any, ...]:
    """One row of each catalogue from “a/b” or “A · B”; names may themselves hold a stroke.

    ``known`` are examples for the sentence that says there is none.
    """
    candidates = [
        rows for parts in _splits(word, len(catalogues)) for rows in [_rows_of(parts, catalogues)] if rows is not None
    ]
    if len(candidates) == 1:
        return candidates[0]
    ambiguous = len(candidates) > 1 or any(
        len(names.find(part)) > 1
        for parts in _splits(word, len(catalogues))
        for part, names in zip(parts, catalogues, strict=True)
    )
    raise NotFound(
        (
            _("“%(item)s” can mean several rows. Write the code of one, such as: %(known)s.")
            if ambiguous
            else _("“%(item)s” is not in the catalogue. Known are, for instance: %(known)s.")
        )
        % {"item": word[:60], "known": ", ".join(known()[:12]) or "–"}
    )


def _rows_of(parts: list[str], catalogues: list[Names[Any]]) -> tuple[Any, ...] | None:
    found = [names.find(part) for part, names in zip(parts, catalogues, strict=True)]
    return tuple(rows[0] for rows in found) if all(len(rows) == 1 for rows in found) else None


def _splits(word: str, count: int) -> list[list[str]]:
    """Every way to cut ``word`` into so many parts at its strokes and dots."""
    if count == 1:
        return [[word]]
    return [
        [word[: match.start()], *rest]
        for match in re.finditer(r"[/·／]", word)
        for rest in _splits(word[match.end() :], count - 1)
    ]
