"""One row of a file: its words by column, and what is wrong with them that needs no database to see."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from django.utils.translation import gettext as _

from apps.core.formats import NumberError, parse_number
from apps.core.units import parse_unit
from apps.submissions.choices import CellState, Method
from apps.submissions.entry import spoken
from apps.submissions.exchange.columns import Headings, in_every_language, key_of
from apps.submissions.exchange.report import Problem
from apps.submissions.exchange.tables import Numbers, Table
from apps.submissions.sections import Grid
from apps.submissions.sections import Table as RecordTable

_EVERYWHERE: Final = ("site", "period", "record_kind", "item", "quantity", "unit", "state")
_FORMULA: Final = ("=", "＝")
# The enumerations put their values together anew each time.
STATES: Final = frozenset(CellState.values)
METHODS: Final = frozenset(Method.values)


def no_value() -> str:
    return _("There is no value here. Write 0 for zero, or say in the column “state” why there is none.")


@cache
def _labels() -> dict[str, str]:
    """States and methods by what pages call them, in every language."""
    return {
        key_of(label): str(choice.value)
        for choice in (*CellState, *Method)
        for label in in_every_language(choice.label).values()
    }


@lru_cache(maxsize=512)
def code_of(word: str) -> str:
    """The code of a state or method: itself, a word people use for it, or its label on the pages."""
    code = spoken(word)
    return code if code in STATES or code in METHODS else _labels().get(key_of(word), code)


@dataclass(slots=True)
class Line:
    """One row of the file. Behind its cells stands a blank one, for the columns that the file lacks."""

    number: int
    texts: list[str]


class Layout:
    """Reads the columns of one file, and words its problems by the headings that stand in it."""

    def __init__(self, table: Table, headings: Headings) -> None:
        self.table = table
        self.places = headings.places
        self._titles = {code: f"{table.headings[place]} ({letters(place)})" for code, place in headings.places.items()}
        self._nameless = [place for place, heading in enumerate(table.headings) if not heading]
        self._unused: dict[str, list[tuple[str, int]]] = {}
        self._strays: dict[str, list[Numbers]] = {}
        self._columns = [(column.words.listed, column.numbers) for column in table.rows.columns]

    def line(self, place: int) -> Line:
        """The row below the headings with the number ``place``, the first as 0."""
        texts = [words[numbers[place + 1]] for words, numbers in self._columns]
        texts.append("")
        return Line(self.table.rows.numbers[place + 1], texts)

    def place_of(self, code: str) -> int:
        """Where a column stands in ``Line.texts``; the blank cell at the end where the file lacks it."""
        return self.places.get(code, -1)

    def getter(self, code: str) -> Callable[[Line], str]:
        """Reads one column; blank when the file lacks it."""
        place = self.place_of(code)
        return lambda line: line.texts[place]

    def words(self, code: str) -> Numbers:
        """Of each row the number of its word in a column: where it is equal, the words are."""
        place = self.places.get(code)
        if place is None:
            return Numbers("I", bytes(4 * len(self.table.records)))
        return self.table.rows.columns[place].numbers[1:]

    def problem(self, line: Line, code: str, message: str) -> Problem:
        return Problem(
            row=line.number,
            column=self._titles.get(code, code),
            message=message,
            place=self.places.get(code, self.table.width),
        )

    def title_of(self, place: int | None) -> str:
        """A column that is known by its place alone."""
        return "" if place is None else _("column %(letters)s") % {"letters": letters(place)}

    def stray(self, line: Line, table: RecordTable) -> list[Problem]:
        """Entries that nobody would read: below no heading, or in a column that this record kind does not have."""
        found = [
            Problem(
                row=line.number,
                column=self.title_of(place),
                message=_("There is an entry below no heading. Give the column a heading, or delete it."),
                place=place,
            )
            for place in self._nameless
            if line.texts[place]
        ]
        for code, place in self._columns_unused_by(table):
            if line.texts[place]:
                found.append(
                    self.problem(
                        line, code, _("“%(table)s” has no such column. Leave it blank.") % {"table": table.title}
                    )
                )
        return found

    def strays(self, table: RecordTable) -> list[Numbers]:
        """The columns, as ``words`` gives them, in which ``stray`` may find something."""
        kept = self._strays.get(table.code)
        if kept is None:
            places = [*self._nameless, *(place for _code, place in self._columns_unused_by(table))]
            columns = (self.table.rows.columns[place].numbers[1:] for place in places)
            kept = self._strays[table.code] = [words for words in columns if any(words)]
        return kept

    def _columns_unused_by(self, table: RecordTable) -> list[tuple[str, int]]:
        unused = self._unused.get(table.code)
        if unused is None:
            own = ("method", "note", *table.extra_quantities) if isinstance(table, Grid) else tuple(table.file_fields)
            used = {*_EVERYWHERE, *own}
            unused = [(code, place) for code, place in self.places.items() if code not in used]
            self._unused[table.code] = unused
        return unused

    def odd(self, line: Line) -> dict[str, str]:
        """By column, what is wrong with cells that cannot be believed."""
        if not self.table.odd:
            return {}
        return {
            code: self.table.odd[line.number, place]
            for code, place in self.places.items()
            if (line.number, place) in self.table.odd
        }

    def problems_by_themselves(self, line: Line) -> list[Problem]:
        """What can be said of a row that has no place to go: its number, unit, state and method alone."""
        found: list[Problem] = [self.problem(line, code, message) for code, message in self.odd(line).items()]
        said = {code for code in self.places if any(p.column == self._titles[code] for p in found)}
        quantity, unit = self.getter("quantity")(line), self.getter("unit")(line)
        state, method = code_of(self.getter("state")(line)), code_of(self.getter("method")(line))
        if "quantity" not in said:
            if quantity:
                message = wrong_number(quantity)
                if message:
                    found.append(self.problem(line, "quantity", message))
            elif state in ("", CellState.VALUE):
                found.append(self.problem(line, "quantity", no_value()))
        if unit and parse_unit(unit) is None:
            found.append(self.problem(line, "unit", _("“%(unit)s” is no unit we know.") % {"unit": unit[:20]}))
        if state and state not in STATES:
            found.append(self.problem(line, "state", unknown_state(self.getter("state")(line))))
        if method and method not in METHODS:
            found.append(self.problem(line, "method", unknown_method(self.getter("method")(line))))
        return found


def letters(place: int) -> str:
    """What a spreadsheet program calls a column: A, B … AA."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def wrong_number(text: str) -> str:
    """What is wrong with ``text`` as a quantity; blank for nothing."""
    if text.startswith(_FORMULA):
        return _("“%(text)s” is a formula. Write its result.") % {"text": text[:40]}
    try:
        value = parse_number(text)
    except NumberError as error:
        return str(error)
    return _("A quantity cannot be negative.") if value < 0 else ""


def unknown_state(word: str) -> str:
    return _("“%(state)s” is no state. Known are: %(known)s.") % {
        "state": word[:40],
        "known": ", ".join(CellState.values),
    }


def unknown_method(word: str) -> str:
    return _("“%(method)s” is no method. Known are: %(known)s.") % {
        "method": word[:40],
        "known": ", ".join(Method.values),
    }


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def day_in(text: str) -> dt.date | None:
    """2020-03-05, 2020/3/5 or 2020年3月5日."""
    found = _DAY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
