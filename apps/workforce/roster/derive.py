"""From the people of a roster to the cells of the breakdown. Nothing here asks the database or remembers anybody."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.submissions.exchange.headings import read_headings, title_of
from apps.submissions.exchange.report import Problem
from apps.submissions.exchange.tables import Table
from apps.submissions.findings import row_id
from apps.submissions.sections import Asked
from apps.workforce.models import MeasureKind, RosterColumn, WorkforceGroup
from apps.workforce.roster.columns import BIRTH_DATE, COLUMNS
from apps.workforce.roster.groups import Groups, on_day
from apps.workforce.roster.people import Person, Reader, age_on

GRID: Final = "headcount"
# Young workers: 16 and 17 years old.
ADULT: Final = 18
OLDEST: Final = 75
EARLIEST_HIRE: Final = 1950

# What is counted of a person: which measure, on which day the measure speaks of the person, and how much.
Event = tuple[str, dt.date, Decimal]
_ONE: Final = Decimal(1)


class Remark(TextChoices):
    """What is odd about a line and does not stand in the way."""

    YOUNG = "young", gettext_lazy("Under 18 at the end of the year. Young workers are stated under Labour standards.")
    YOUNG_AT_HIRE = "young_at_hire", gettext_lazy("Under 18 at hire.")
    OLD = "old", gettext_lazy("Older than 75. Look at the birth date.")
    LONG_AGO = "long_ago", gettext_lazy("Hired before 1950. Look at the hire date.")
    HOURS_UNTRAINED = "hours_untrained", gettext_lazy("Not trained, and yet with training hours.")
    TRAINED_WITHOUT_HOURS = "trained_without_hours", gettext_lazy("Trained, and yet without training hours.")


# Listed apart from the others: about the protection of people, not about slips of the pen.
FLAGS: Final = (Remark.YOUNG, Remark.YOUNG_AT_HIRE)


@dataclass(kw_only=True)
class Derived:
    """What a roster comes to. While there are ``problems`` the totals mean nothing."""

    line_count: int = 0
    # Lines of people who left before the year or were hired after it.
    not_in_year: int = 0
    # By row id of the breakdown.
    totals: dict[str, Decimal] = field(default_factory=dict)
    # The rows of the file, by remark.
    remarks: dict[Remark, list[int]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def derive(table: Table, asked: Sequence[Asked], first: dt.date, last: dt.date) -> Derived:
    """Adds up the roster in ``table`` for the year from ``first`` to ``last``; ``asked`` are the rows to fill."""
    headings = read_headings(table, COLUMNS)
    derived = Derived(line_count=len(table.records), unread=headings.unread, problems=headings.problems)
    if not table.records:
        derived.problems.append(Problem(row=None, column="", message=_("There is no line below the headings.")))
    if derived.problems:
        return derived
    # A dimension without a column of the roster is not filled from it.
    rows = [row for row in asked if row.holds_during(first, last) and row.catalogue[1].dimension.roster_column]
    groups = Groups(rows)
    hours_of_the_year = ((last - first).days + 1) * 24
    reader = Reader(table, headings.places, groups, hours_of_the_year)
    people = reader.read()
    place = headings.places[BIRTH_DATE]
    count = _Count(rows, groups, first, last, title_of(table.headings[place], place), place)
    for person in people:
        if person.hired > last or (person.left is not None and person.left < first):
            derived.not_in_year += 1
            continue
        count.take(person)
        for remark in _remarks(person, last):
            derived.remarks.setdefault(remark, []).append(person.row)
    derived.problems = sorted(
        [*reader.problems, *count.problems], key=lambda problem: (problem.row or 0, problem.place)
    )
    derived.totals = count.totals()
    return derived


class _Count:
    """Adds people up, each in every group that they belong to."""

    def __init__(
        self, rows: Sequence[Asked], groups: Groups, first: dt.date, last: dt.date, age_title: str, age_place: int
    ) -> None:
        self.problems: list[Problem] = []
        self._ids = {
            (measure.kind, group.pk): row_id(GRID, f"{measure.code}/{group.code}")
            for measure, group in (row.catalogue for row in rows)
        }
        self._totals = dict.fromkeys(self._ids, Decimal(0))
        self._groups = groups
        self._has_ages = bool(groups.of_column(RosterColumn.BIRTH_DATE))
        self._first, self._last = first, last
        self._age_title, self._age_place = age_title, age_place

    def take(self, person: Person) -> None:
        for kind, day, amount in self._events(person):
            for group in self._groups_of(person, day):
                place = (kind, group.pk)
                if place in self._totals:
                    self._totals[place] += amount

    def totals(self) -> dict[str, Decimal]:
        return {self._ids[key]: total for key, total in self._totals.items()}

    def _events(self, person: Person) -> Iterator[Event]:
        """What the year saw of somebody who was employed on one of its days."""
        last_day = self._last
        stays = person.left is None or person.left > self._last
        if person.left is not None and not stays:
            last_day = person.left
            yield MeasureKind.LEAVERS, last_day, _ONE
        if person.hired < self._first:
            # The day of which the year before says the same.
            yield MeasureKind.YEAR_START, self._first - dt.timedelta(days=1), _ONE
        else:
            yield MeasureKind.HIRED, person.hired, _ONE
        if stays:
            yield MeasureKind.YEAR_END, last_day, _ONE
            # Persons trained are part of the persons at year end: no share of a group passes 100 %.
            if person.is_trained:
                yield MeasureKind.TRAINED, last_day, _ONE
        if person.hours:
            yield MeasureKind.TRAINING_HOURS, last_day, person.hours

    def _groups_of(self, person: Person, day: dt.date) -> list[WorkforceGroup]:
        """Every group of somebody on a day. Who is no employee is listed apart, and counts there alone."""
        # Groups are those of the year, also on the day before it.
        asked = max(day, self._first)
        found = [group for choice in person.choices if (group := on_day(choice, asked))]
        apart = [group for group in found if not group.counts_in_total]
        if apart or not self._has_ages:
            return apart or found
        age = age_on(person.born, day)
        by_age = on_day(self._groups.aged(age), asked)
        if by_age is None:
            self._nowhere(person, age)
            return found
        return [*found, by_age]

    def _nowhere(self, person: Person, age: int) -> None:
        """An age that falls between the groups; said once for each line."""
        if not self.problems or self.problems[-1].row != person.row:
            message = _("No age group takes somebody of %(age)d. An administrator adds one.") % {"age": age}
            self.problems.append(
                Problem(row=person.row, column=self._age_title, message=message, place=self._age_place)
            )


def _remarks(person: Person, last: dt.date) -> Iterator[Remark]:
    if age_on(person.born, last) < ADULT:
        yield Remark.YOUNG
    elif age_on(person.born, person.hired) < ADULT:
        yield Remark.YOUNG_AT_HIRE
    if age_on(person.born, min(last, person.left or last)) > OLDEST:
        yield Remark.OLD
    if person.hired.year < EARLIEST_HIRE:
        yield Remark.LONG_AGO
    if person.hours and not person.is_trained:
        yield Remark.HOURS_UNTRAINED
    if person.is_trained and not person.hours:
        yield Remark.TRAINED_WITHOUT_HOURS
