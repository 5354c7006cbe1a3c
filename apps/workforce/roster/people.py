"""Reading the lines of a roster: from text to persons, and to what is wrong, by row and column.

No message repeats what stands in a cell: where columns have shifted, it may be a name.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from unicodedata import normalize

from django.utils.translation import gettext as _

from apps.core.formats import NumberError, parse_number, round_half_up
from apps.submissions.exchange.columns import key_of
from apps.submissions.exchange.headings import title_of
from apps.submissions.exchange.lines import day_in
from apps.submissions.exchange.report import Problem
from apps.submissions.exchange.tables import Table
from apps.workforce.roster.columns import (
    BIRTH_DATE,
    EMPLOYEE_NUMBER,
    HIRE_DATE,
    LEAVING_DATE,
    TRAINED,
    TRAINING_HOURS,
)
from apps.workforce.roster.groups import WORD_COLUMNS, Choice, Groups, UnknownWord

# State Council Order 364 (Provisions on the Prohibition of Using Child Labour), article 2.
MINIMUM_AGE: Final = 16
_YES: Final = frozenset(key_of(word) for word in ("yes", "y", "true", "1", "是", "√", "✓"))
_NO: Final = frozenset(key_of(word) for word in ("no", "n", "false", "0", "否", "×", "✗"))
# What programs add to a day: "2020-03-05 00:00:00", "2020-03-05T00:00".
_TIME: Final = re.compile(r"(?<=\d)[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
# How many personnel systems write a day: 19850305.
_LONG_FRACTION: Final = re.compile(r"\d{1,6}\.\d{13,}")
_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class Person:
    """One line. What tells the person is left behind: the line is known by its row alone."""

    row: int
    choices: tuple[Choice, ...]
    born: dt.date
    hired: dt.date
    left: dt.date | None
    is_trained: bool
    hours: Decimal


def age_on(born: dt.date, day: dt.date) -> int:
    """Age in full years. Who was born on 29 February has the birthday on 1 March of the other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Reader:
    """Reads one roster. What it has read once it remembers, and no longer than it lives itself."""

    def __init__(self, table: Table, places: dict[str, int], groups: Groups, most_hours: int) -> None:
        self.problems: list[Problem] = []
        self._table = table
        self._places = places
        self._groups = groups
        self._most_hours = most_hours
        self._titles = {code: title_of(table.headings[place], place) for code, place in places.items()}
        self._odd_rows = {row for row, _place in table.odd}
        self._numbers: dict[str, int] = {}
        self._days: dict[str, dt.date | None] = {}
        self._choices: dict[tuple[str, str], Choice | str] = {}
        self._hours: dict[str, Decimal | str] = {}

    def read(self) -> list[Person]:
        """Every person whose line is right; ``problems`` has what is wrong with the others."""
        people = []
        for row, texts in self._table.records:
            person = self._person(row, texts)
            if person is not None:
                people.append(person)
        return people

    def _person(self, row: int, texts: Sequence[str]) -> Person | None:
        so_far = len(self.problems)
        self._know(row, texts)
        choices = tuple(self._choice(row, texts, column) for column in WORD_COLUMNS)
        born, hired = self._day(row, texts, BIRTH_DATE), self._day(row, texts, HIRE_DATE)
        left = self._day(row, texts, LEAVING_DATE)
        is_trained = self._is_trained(row, texts)
        hours = self._training_hours(row, texts)
        if hired and left and left < hired:
            self._wrong(row, LEAVING_DATE, _("The leaving date lies before the hire date."))
        if born and hired:
            self._look_at_age(row, born, hired)
        if born is None or hired is None or len(self.problems) > so_far:
            return None
        return Person(row, choices, born, hired, left, is_trained, hours)

    def _wrong(self, row: int, code: str, message: str) -> None:
        place = self._places[code]
        self.problems.append(Problem(row=row, column=self._titles[code], message=message, place=place))

    def _text(self, row: int, texts: Sequence[str], code: str) -> str:
        """What stands in a cell; blank, and reported, where it cannot be believed or has to be filled in."""
        place = self._places.get(code)
        if place is None:
            return ""
        if row in self._odd_rows and (row, place) in self._table.odd:
            self._wrong(row, code, self._table.odd[row, place])
            return ""
        if not texts[place] and code != LEAVING_DATE:
            self._wrong(row, code, _("This cell is blank."))
        return texts[place]

    def _know(self, row: int, texts: Sequence[str]) -> None:
        text = self._text(row, texts, EMPLOYEE_NUMBER)
        if not text:
            return
        # Dashes count here: 1-23 and 12-3 are two people.
        first = self._numbers.setdefault(normalize("NFKC", text).casefold(), row)
        if first != row:
            message = _("The same employee number stands in row %(row)d already.") % {"row": first}
            self._wrong(row, EMPLOYEE_NUMBER, message)

    def _choice(self, row: int, texts: Sequence[str], column: str) -> Choice:
        text = self._text(row, texts, column)
        if not text:
            return ()
        found = self._choices.get((column, text))
        if found is None:
            try:
                found = self._groups.named(column, text)
            except UnknownWord as refusal:
                found = str(refusal)
            self._choices[column, text] = found
        if isinstance(found, str):
            self._wrong(row, column, found)
            return ()
        return found

    def _day(self, row: int, texts: Sequence[str], code: str) -> dt.date | None:
        text = self._text(row, texts, code)
        if not text:
            return None
        if text not in self._days:
            self._days[text] = _day_of(text)
        found = self._days[text]
        if found is None:
            self._wrong(row, code, _("This is no day. Write it like 2020-03-05."))
        return found

    def _is_trained(self, row: int, texts: Sequence[str]) -> bool:
        text = self._text(row, texts, TRAINED)
        key = key_of(text)
        if text and key not in _YES and key not in _NO:
            self._wrong(row, TRAINED, _("Write yes or no."))
        return key in _YES

    def _training_hours(self, row: int, texts: Sequence[str]) -> Decimal:
        text = self._text(row, texts, TRAINING_HOURS)
        if not text:
            return Decimal(0)
        found = self._hours.get(text)
        if found is None:
            found = self._hours[text] = self._hours_in(text)
        if isinstance(found, str):
            self._wrong(row, TRAINING_HOURS, found)
            return Decimal(0)
        return found

    def _hours_in(self, text: str) -> Decimal | str:
        """The hours, or what is wrong with them."""
        try:
            hours = parse_number(text)
        except NumberError:
            # A third of an hour comes with all the digits that a spreadsheet has.
            if _LONG_FRACTION.fullmatch(text):
                return round_half_up(Decimal(text), 2)
            return _("This is no number of hours. Write digits only, such as 7.5, and 0 for none.")
        if hours < 0:
            return _("Hours cannot be negative.")
        if hours > self._most_hours:
            return _("The year has %(hours)d hours, and this is more.") % {"hours": self._most_hours}
        return hours

    def _look_at_age(self, row: int, born: dt.date, hired: dt.date) -> None:
        if born > hired:
            self._wrong(row, BIRTH_DATE, _("The birth date lies after the hire date."))
        elif age_on(born, hired) < MINIMUM_AGE:
            message = _(
                "Younger than %(age)d at hire: that is child labour (State Council Order 364, article 2). Correct the "
                "dates. If they are right, it has to be stated under Labour standards, and the breakdown is typed by "
                "hand."
            )
            self._wrong(row, BIRTH_DATE, message % {"age": MINIMUM_AGE})


def _day_of(text: str) -> dt.date | None:
    written = _TIME.sub("", normalize("NFKC", text).strip())
    digits = _DIGITS.fullmatch(written)
    return day_in("-".join(digits.groups()) if digits else written)
