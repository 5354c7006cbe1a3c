"""A submission in memory: its rows, its records and what the site reported before.

Form, import and checks all work on sheets. ``load_sheets`` takes any number of submissions of one section and asks
the database a fixed number of questions, so that an import of five hundred submissions costs no more of them than
one page.
"""

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.functional import cached_property

from apps.core.formats import change_percent
from apps.core.units import Unit
from apps.organisation.choices import Frequency
from apps.submissions.catalogue import QuantityItem
from apps.submissions.findings import row_id
from apps.submissions.models import Explanation, NothingToReport, QuantityRecord, Record, Submission
from apps.submissions.sections import Grid, Register, Section

HISTORY_MONTHS = 12
# The longest year there may be; the one before an annual form began at most so long ago.
_LONGEST_YEAR = 18


def months_back(day: dt.date, months: int) -> dt.date:
    """The first day of the month so many months before ``day``'s."""
    index = day.year * 12 + day.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


@dataclass(kw_only=True)
class Row:
    """One line of a grid: its catalogue rows, what is recorded now, and what was recorded before."""

    grid: Grid
    catalogue: tuple[Any, ...]
    expected: bool
    record: QuantityRecord | None = None
    history: dict[dt.date, QuantityRecord] = field(default_factory=dict)
    period_start: dt.date
    is_monthly: bool

    @property
    def item(self) -> QuantityItem:
        """The catalogue row that gives the unit."""
        item: QuantityItem = self.catalogue[0]
        return item

    @cached_property
    def key(self) -> str:
        return "/".join(entry.code for entry in self.catalogue)

    @cached_property
    def id(self) -> str:
        return row_id(self.grid.code, self.key)

    @property
    def title(self) -> str:
        return " · ".join(entry.name for entry in self.catalogue)

    @property
    def unit(self) -> Unit:
        return self.item.unit

    @property
    def quantity(self) -> Decimal | None:
        return self.record.quantity if self.record else None

    @property
    def previous(self) -> QuantityRecord | None:
        """Of the month before; of the year before, however long it was."""
        if self.is_monthly:
            return self.history.get(months_back(self.period_start, 1))
        return self.history[max(self.history)] if self.history else None

    @property
    def year_ago(self) -> QuantityRecord | None:
        """Of the same month a year before; an annual form has only the year before."""
        return self.history.get(months_back(self.period_start, 12)) if self.is_monthly else self.previous

    @property
    def previous_quantity(self) -> Decimal | None:
        return self.previous.quantity if self.previous else None

    @property
    def year_ago_quantity(self) -> Decimal | None:
        return self.year_ago.quantity if self.year_ago else None

    @property
    def change(self) -> Decimal | None:
        """Percent against the period before."""
        return change_percent(self.quantity, self.previous_quantity)

    def past_quantities(self) -> list[Decimal]:
        """Values of the last twelve months, oldest first; cells without a value are left out."""
        return [record.quantity for _, record in sorted(self.history.items()) if record.quantity is not None]

    def usual(self) -> Decimal | None:
        """The median of what this site reported here before, zeros left out."""
        past = [quantity for quantity in self.past_quantities() if quantity]
        return statistics.median(past) if past else None


@dataclass(kw_only=True)
class Sheet:
    """Everything the checks look at."""

    submission: Submission
    section: Section
    rows: dict[str, Row]
    entries: dict[str, list[Record]]
    nothing_to_report: set[str]
    # What the section's ``load_beside`` found in other forms.
    beside: dict[str, Any] = field(default_factory=dict)
    # As they stood when the sheet was loaded, by finding and row.
    explanations: dict[tuple[str, str], Explanation] = field(default_factory=dict)

    def rows_of(self, table: str) -> list[Row]:
        return [row for row in self.rows.values() if row.grid.code == table]

    def records(self) -> Iterator[Record]:
        for row in self.rows.values():
            if row.record is not None:
                yield row.record
        for entries in self.entries.values():
            yield from entries

    @property
    def rows_expected(self) -> int:
        return sum(row.expected for row in self.rows.values())

    @property
    def rows_answered(self) -> int:
        return sum(row.expected and row.record is not None for row in self.rows.values())


def is_monthly(submission: Submission) -> bool:
    return submission.section_declaration.frequency == Frequency.MONTH


def earliest_history(submission: Submission) -> dt.date:
    """From which day on earlier periods stand beside this one."""
    return months_back(submission.period.starts_on, HISTORY_MONTHS if is_monthly(submission) else _LONGEST_YEAR)


def load_sheet(submission: Submission) -> Sheet:
    return load_sheets([submission])[submission.pk]


def load_sheets(submissions: Sequence[Submission], *, with_history: bool = True) -> dict[int, Sheet]:
    """Sheets by submission id. All submissions are of one section, with site and period loaded.

    Without history the sheets hold the rows of this period, answered or not, and nothing else.
    """
    if not submissions:
        return {}
    section = submissions[0].section_declaration
    if any(submission.section != section.code for submission in submissions):
        raise ValueError("load_sheets takes submissions of one section")
    sheets = {
        submission.pk: Sheet(
            submission=submission,
            section=section,
            rows={},
            entries={register.code: [] for register in section.registers},
            nothing_to_report=set(),
        )
        for submission in submissions
    }
    around = _submissions_around(submissions, with_history=with_history)
    people: dict[int, Any] = {}
    for grid in section.grids:
        _load_grid(grid, sheets, submissions, around, people)
    if not with_history:
        return sheets
    for register in section.registers:
        _load_register(register, sheets, around)
    if any(register.answer_required for register in section.registers):
        stated = NothingToReport.objects.filter(submission__in=sheets)
        for submission_id, table in stated.values_list("submission_id", "table"):
            sheets[submission_id].nothing_to_report.add(table)
    for explanation in Explanation.objects.filter(submission__in=sheets):
        sheets[explanation.submission_id].explanations[explanation.finding, explanation.row] = explanation
    if section.load_beside is not None:
        section.load_beside(list(sheets.values()))
    return sheets


def _submissions_around(submissions: Sequence[Submission], *, with_history: bool) -> dict[int, Submission]:
    """The submissions and those of earlier periods that stand beside them, by id."""
    first = min(
        earliest_history(submission) if with_history else submission.period.starts_on for submission in submissions
    )
    last = max(submission.period.ends_on for submission in submissions)
    around = Submission.objects.select_related("period").filter(
        section=submissions[0].section,
        site__in={submission.site_id for submission in submissions},
        period__starts_on__range=(first, last),
    )
    return {found.pk: found for found in around} | {submission.pk: submission for submission in submissions}


def _load_grid(
    grid: Grid,
    sheets: dict[int, Sheet],
    submissions: Sequence[Submission],
    around: dict[int, Submission],
    people: dict[int, Any],
) -> None:
    fields = grid.model.row_fields
    sites = {submission.site_id for submission in submissions}
    first = min(submission.period.starts_on for submission in submissions)
    last = max(submission.period.ends_on for submission in submissions)

    asked = grid.asked(sites, first, last)

    by_place: dict[tuple[int, tuple[int, ...]], dict[dt.date, QuantityRecord]] = defaultdict(dict)
    records: list[Any] = list(grid.model.objects.filter(submission__in=around).order_by("pk"))
    _attach(records, "submission", around)
    _attach(records, "entered_by", people)
    for place_in_row, name in enumerate(fields):
        entries = (row.catalogue[place_in_row] for rows in asked.values() for row in rows)
        _attach(records, name, {entry.pk: entry for entry in entries})
    for record in records:
        place = (record.submission.site_id, _row_ids(record, fields))
        by_place[place][record.submission.period.starts_on] = record
    of_site: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for site_id, ids in by_place:
        of_site[site_id].append(ids)

    for submission in submissions:
        period = submission.period
        rows = sheets[submission.pk].rows
        seen: set[tuple[int, ...]] = set()
        for wanted in asked.get(submission.site_id, ()):
            ids = tuple(entry.pk for entry in wanted.catalogue)
            if ids not in seen and wanted.holds_during(period.starts_on, period.ends_on):
                seen.add(ids)
                known = by_place.get((submission.site_id, ids), {})
                row = _row(grid, wanted.catalogue, known, submission, expected=True)
                rows[row.id] = row
        for ids in of_site[submission.site_id]:
            history = by_place[submission.site_id, ids]
            # A row that is no longer expected still shows what was entered for this very period.
            if ids not in seen and period.starts_on in history:
                catalogue = tuple(getattr(history[period.starts_on], name) for name in fields)
                row = _row(grid, catalogue, history, submission, expected=False)
                rows[row.id] = row


def _attach(records: Sequence[Any], name: str, known: dict[int, Any]) -> None:
    """Gives each record the row that its foreign key names; rows not ``known`` are fetched together and noted there.

    A join would make an object for each record and key: most of the time of a large import.
    """
    if not records:
        return
    key: Any = records[0]._meta.get_field(name)
    missing = {getattr(record, key.attname) for record in records} - known.keys() - {None}
    if missing:
        known.update(key.related_model._default_manager.in_bulk(missing))
    for record in records:
        key.set_cached_value(record, known.get(getattr(record, key.attname)))


def _row_ids(source: Any, fields: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(getattr(source, f"{name}_id") for name in fields)


def _row(
    grid: Grid,
    catalogue: tuple[Any, ...],
    records: dict[dt.date, QuantityRecord],
    submission: Submission,
    *,
    expected: bool,
) -> Row:
    start = submission.period.starts_on
    earliest = earliest_history(submission)
    return Row(
        grid=grid,
        catalogue=catalogue,
        expected=expected,
        record=records.get(start),
        history={day: record for day, record in records.items() if earliest <= day < start},
        period_start=start,
        is_monthly=is_monthly(submission),
    )


def add_row(sheet: Sheet, grid: Grid, catalogue: tuple[Any, ...]) -> Row:
    """A line the site does not usually answer, asked for by the person or named in a file."""
    row = Row(
        grid=grid,
        catalogue=catalogue,
        expected=False,
        period_start=sheet.submission.period.starts_on,
        is_monthly=is_monthly(sheet.submission),
    )
    return sheet.rows.setdefault(row.id, row)


def _load_register(register: Register, sheets: dict[int, Sheet], around: dict[int, Submission]) -> None:
    records: Any = register.model._default_manager.filter(submission__in=sheets)
    if register.annotate is not None:
        records = register.annotate(records)
    records = list(records)
    _attach(records, "submission", around)
    for name in register.model.row_fields:
        _attach(records, name, {})
    for record in records:
        sheets[record.submission_id].entries[register.code].append(record)
