"""A submission in memory: its rows, its records and what the site reported before.

Form, import and checks all work on sheets. ``load_sheets`` takes any number of submissions of one section and asks
the database a fixed number of questions, so that an import of five hundred submissions costs no more of them than
one page.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.functional import cached_property

from apps.core.formats import change_percent
from apps.core.rounds import together
from apps.core.units import Unit
from apps.organisation.choices import Frequency
from apps.submissions import stored_rows
from apps.submissions.attached import Attached
from apps.submissions.catalogue import QuantityItem
from apps.submissions.findings import row_id
from apps.submissions.models import Comment, Evidence, Explanation, QuantityRecord, Record, Submission
from apps.submissions.sections import Asked, Grid, Register, Section
from apps.submissions.stored_rows import Key, Past

HISTORY_MONTHS = 12
# The longest year there may be; the one before an annual form began at most so long ago.
_LONGEST_YEAR = 18


@lru_cache(maxsize=5000)
def months_back(day: dt.date, months: int) -> dt.date:
    """The first day of the month so many months before ``day``'s."""
    index = day.year * 12 + day.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


@lru_cache(maxsize=500)
def _months(first: dt.date, end: dt.date) -> tuple[dt.date, ...]:
    """The first days of the months from ``first`` until the one before ``end``."""
    count = (end.year - first.year) * 12 + end.month - first.month
    return tuple(months_back(end, months) for months in range(count, 0, -1))


@dataclass(kw_only=True)
class Row:
    """One line of a grid: its catalogue rows, what is recorded now, and what was recorded before."""

    # As findings and files name it.
    id: str
    grid: Grid
    catalogue: tuple[Any, ...]
    expected: bool
    record: QuantityRecord | None = None
    # All that is known of other periods, the same for all forms of the site; this row looks back until ``earliest``.
    before: dict[dt.date, Past | QuantityRecord] = field(default_factory=dict)
    earliest: dt.date = dt.date.min
    period_start: dt.date
    is_monthly: bool

    @property
    def item(self) -> QuantityItem:
        """The catalogue row that gives the unit."""
        item: QuantityItem = self.catalogue[0]
        return item

    @property
    def key(self) -> str:
        """Its name among the rows of its grid."""
        return self.id[len(self.grid.code) + 1 :]

    @property
    def title(self) -> str:
        return " · ".join(entry.name for entry in self.catalogue)

    @property
    def unit(self) -> Unit:
        return self.item.unit

    @property
    def quantity(self) -> Decimal | None:
        return self.record.quantity if self.record else None

    @cached_property
    def history(self) -> dict[dt.date, Past | QuantityRecord]:
        """What was recorded before, by the first day of its period."""
        before = self.before
        return {day: before[day] for day in self._days() if day in before}

    def _days(self) -> Iterable[dt.date]:
        """The first days of the periods that ``history`` may have."""
        if self.is_monthly:
            return _months(self.earliest, self.period_start)
        return [day for day in self.before if self.earliest <= day < self.period_start]

    @cached_property
    def newest_first(self) -> Sequence[Past | QuantityRecord]:
        """What was recorded before."""
        history = self.history
        return [history[day] for day in sorted(history, reverse=True)]

    @property
    def previous(self) -> Past | QuantityRecord | None:
        """Of the month before; of the year before, however long it was."""
        if self.is_monthly:
            return self.before.get(months_back(self.period_start, 1))
        day = max(self._days(), default=None)
        return None if day is None else self.before[day]

    @property
    def year_ago(self) -> Past | QuantityRecord | None:
        """Of the same month a year before; an annual form has only the year before."""
        return self.before.get(months_back(self.period_start, HISTORY_MONTHS)) if self.is_monthly else self.previous

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

    def usual(self) -> Decimal | None:
        """The median of what this site reported here before, zeros left out."""
        before = self.before
        if not before:
            return None
        past = sorted(filter(None, [before[day].quantity for day in self._days() if day in before]))
        if not past:
            return None
        middle = len(past) // 2
        return past[middle] if len(past) % 2 else (past[middle - 1] + past[middle]) / 2


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
    # Without the people whom they name.
    comments: list[Comment] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

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
    sheets = {submission.pk: _blank(submission, section) for submission in submissions}
    found = _load_grids(sheets, section, with_history=with_history, with_attached=with_history)
    if with_history:
        _attach(sheets, found)
        _load_entries(sheets, [register for register in section.registers if register.code in found.filled])
        if section.load_beside is not None:
            section.load_beside(list(sheets.values()))
    return sheets


def load_for_saving(submission: Submission) -> Sheet:
    """The sheet with what a save compares with: rows, entries and what is attached, nothing of earlier periods."""
    section = submission.section_declaration
    sheets = {submission.pk: _blank(submission, section)}
    found = _load_grids(sheets, section, with_history=False, with_attached=True)
    _attach(sheets, found)
    _load_entries(sheets, [register for register in section.registers if register.code in found.filled], judged=False)
    return sheets[submission.pk]


def _blank(submission: Submission, section: Section) -> Sheet:
    return Sheet(
        submission=submission,
        section=section,
        rows={},
        entries={register.code: [] for register in section.registers},
        nothing_to_report=set(),
    )


def _load_grids(sheets: dict[int, Sheet], section: Section, *, with_history: bool, with_attached: bool) -> Attached:
    submissions = {pk: sheet.submission for pk, sheet in sheets.items()}
    first = min(submission.period.starts_on for submission in submissions.values())
    last = max(submission.period.ends_on for submission in submissions.values())
    catalogues = stored_rows.Catalogues()
    asked, found = stored_rows.asked(
        section, submissions.values(), first, last, catalogues, with_attached=with_attached
    )
    span = None
    if with_history:
        earliest = min(earliest_history(submission) for submission in submissions.values())
        span = earliest, max(submission.period.starts_on for submission in submissions.values())
    recorded, before = stored_rows.recorded(section, submissions, span)
    for grid in section.grids:
        entries = catalogues.of(grid, {key for records in recorded[grid.code].values() for key in records})
        names: dict[Key, str] = {}
        lines = {site: _lines(of_site) for site, of_site in asked[grid.code].items()}
        for pk, sheet in sheets.items():
            _fill(
                sheet,
                grid,
                lines.get(sheet.submission.site_id, ()),
                recorded[grid.code].get(pk, {}),
                before[grid.code].setdefault(sheet.submission.site_id, {}),
                entries,
                names,
            )
    return found


def _lines(asked: Sequence[Asked]) -> list[tuple[Key, Asked]]:
    """What a site answers, with the keys of the lines: the same for all of its forms."""
    return [(tuple(entry.pk for entry in wanted.catalogue), wanted) for wanted in asked]


def _fill(
    sheet: Sheet,
    grid: Grid,
    asked: Sequence[tuple[Key, Asked]],
    records: Mapping[Key, QuantityRecord],
    before: dict[Key, dict[dt.date, Past | QuantityRecord]],
    entries: Mapping[Key, tuple[Any, ...]],
    names: dict[Key, str],
) -> None:
    """Puts the lines of a grid on a sheet: those that are expected, and those with a record that no longer are.

    ``names`` are the ids of lines, which all forms share; they are found as they are needed.
    """
    submission = sheet.submission
    start, end = submission.period.starts_on, submission.period.ends_on
    earliest, monthly = earliest_history(submission), is_monthly(submission)
    lines: dict[Key, tuple[Any, ...]] = {}
    for key, wanted in asked:
        if wanted.holds_during(start, end):
            lines.setdefault(key, wanted.catalogue)
    expected = len(lines)
    for key in records:
        lines.setdefault(key, entries[key])
    for place, (key, catalogue) in enumerate(lines.items()):
        record = records.get(key)
        if record is not None:
            # Its keys are these rows' already, or this would be ``setattr``.
            record._state.fields_cache.update(zip(grid.model.row_fields, catalogue, strict=True))
        name = names.get(key)
        if name is None:
            name = names[key] = _name_of(grid, catalogue)
        sheet.rows[name] = Row(
            id=name,
            grid=grid,
            catalogue=catalogue,
            expected=place < expected,
            record=record,
            before=before.setdefault(key, {}),
            earliest=earliest,
            period_start=start,
            is_monthly=monthly,
        )


def _name_of(grid: Grid, catalogue: Sequence[Any]) -> str:
    return row_id(grid.code, "/".join(entry.code for entry in catalogue))


def _attach(sheets: dict[int, Sheet], found: Attached) -> None:
    for word in found.nothing_to_report:
        sheets[word.submission_id].nothing_to_report.add(word.table)
    for explanation in found.explanations:
        sheets[explanation.submission_id].explanations[explanation.finding, explanation.row] = explanation
    for comment in found.comments:
        sheets[comment.submission_id].comments.append(comment)
    for file in found.evidence:
        sheets[file.submission_id].evidence.append(file)


def _load_entries(sheets: dict[int, Sheet], registers: Sequence[Register], *, judged: bool = True) -> None:
    """Of all ``registers`` in one round; ``judged`` with what the checks need beside the stored columns."""
    entries = together(*(_entries(sheets, register, judged=judged) for register in registers))
    for register, records in zip(registers, entries, strict=True):
        for record in records:
            sheet = sheets[record.submission_id]
            record.submission = sheet.submission
            sheet.entries[register.code].append(record)


def _entries(sheets: Collection[int], register: Register, *, judged: bool) -> Any:
    records: Any = register.model._default_manager.filter(submission__in=list(sheets))
    if judged and register.annotate is not None:
        records = register.annotate(records)
    return records.select_related(*register.model.row_fields) if register.model.row_fields else records


def add_row(sheet: Sheet, grid: Grid, catalogue: tuple[Any, ...]) -> Row:
    """A line the site does not usually answer, asked for by the person or named in a file."""
    row = Row(
        id=_name_of(grid, catalogue),
        grid=grid,
        catalogue=catalogue,
        expected=False,
        period_start=sheet.submission.period.starts_on,
        is_monthly=is_monthly(sheet.submission),
    )
    return sheet.rows.setdefault(row.id, row)
