"""The review page: a submission as its reviewer reads it, and the decision as it was typed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.forms import Textarea
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.models import Operation
from apps.audit.reading import Row as TrailRow
from apps.audit.reading import read
from apps.core.formats import NO_VALUE, change_percent, percent, typed, yes_or_no
from apps.core.units import UNITS
from apps.organisation.models.calendar import month_label
from apps.submissions import checks, policies
from apps.submissions.attached import name_people
from apps.submissions.choices import CellState, Method, State
from apps.submissions.decision import Decision
from apps.submissions.differences import Differences, RowChange, since_returned
from apps.submissions.differences import columns as typed_columns
from apps.submissions.findings import Finding, row_id
from apps.submissions.marks import Mark, mark_of
from apps.submissions.models import (
    Comment,
    Evidence,
    QuantityRecord,
    Record,
    Seal,
    Submission,
    SubmissionEvent,
)
from apps.submissions.overview import neighbours
from apps.submissions.pages.grids import GridViews, Typed
from apps.submissions.pages.marks import Remarks
from apps.submissions.pages.matrix import MatrixView, matrix
from apps.submissions.published import Published, published
from apps.submissions.sections import Grid, Register
from apps.submissions.sheets import Row, Sheet, is_monthly, load_sheet, months_back
from apps.submissions.stored_rows import Past


@dataclass(frozen=True, kw_only=True)
class EntryCell:
    """One field of an entry; ``kind`` says how it is set: "number", "date" or plain."""

    label: str
    text: str
    kind: str = ""


@dataclass(kw_only=True)
class Line:
    """One row of a table. Texts are ready to print; numbers are canonical, ``typed`` is what the person wrote."""

    id: str
    title: str
    unit: str = ""
    cells: Sequence[EntryCell] = ()
    value: str = NO_VALUE
    is_number: bool = True
    typed: str = ""
    how: str = ""
    note: str = ""
    extras: Sequence[tuple[str, str]] = ()
    previous: str = NO_VALUE
    previous_change: str = ""
    year_ago: str = NO_VALUE
    year_change: str = ""
    by: str = ""
    at: dt.datetime | None = None
    # How it differs from what was sent back: a word, and what stood there.
    change: str = ""
    was: str = ""
    findings: list[Finding] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    flagged: bool = False
    reason: str = ""

    @property
    def has_details(self) -> bool:
        return bool(self.note or self.extras or self.was or self.findings or self.evidence or self.comments)


@dataclass(kw_only=True)
class TableView:
    """One table of the section."""

    code: str
    title: str
    is_grid: bool
    lines: list[Line]
    # A matrix at a glance; its lines follow one by one.
    matrix: MatrixView | None = None
    # Headings of a register, each with the kind of its cells.
    columns: Sequence[tuple[str, str]] = ()
    # Register: stated that there is nothing to report.
    empty_stated: bool = False
    removed: Sequence[str] = ()

    @property
    def wants_lines(self) -> bool:
        """Whether single cells of a matrix have something to say."""
        return any(line.has_details or line.change or line.flagged for line in self.lines)

    @property
    def register_span(self) -> int:
        """Its columns, and one to mark what goes back."""
        return len(self.columns) + 1


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """Everything on it."""

    submission: Submission
    mark: Mark
    tables: Sequence[TableView]
    previous_label: str
    year_ago_label: str
    findings: Sequence[Finding]
    evidence: Sequence[Evidence]
    comments: Sequence[Comment]
    events: Sequence[SubmissionEvent]
    seal: Seal | None
    since: dt.datetime | None
    changed: Sequence[Line]
    row_choices: Sequence[tuple[str, str]]
    decision: Decision
    before: int | None
    after: int | None
    place: int
    waiting: int
    may_review: bool
    may_approve: bool
    may_reopen: bool
    is_own_work: bool
    open_questions: int
    titles: Mapping[str, str]
    published: Published

    @property
    def may_decide(self) -> bool:
        return self.may_review and self.submission.state == State.SUBMITTED

    @property
    def grid_span(self) -> int:
        return 3 + bool(self.year_ago_label) + self.may_decide


def row_titles(sheet: Sheet) -> dict[str, str]:
    """What can be sent back or commented, by row id."""
    titles = {row.id: row.title for row in sheet.rows.values()}
    for code, entries in sheet.entries.items():
        titles |= {row_id(code, str(entry.pk)): str(entry) for entry in entries}
    return titles


def load_review(user: User, submission: Submission, decision: Decision | None = None) -> ReviewPage:
    sheet = load_sheet(submission)
    decision = decision or Decision()
    findings = checks.run(sheet)
    comments, evidence = sheet.comments, sheet.evidence
    records = list(sheet.records())
    name_people([comments, evidence, records], ["author", "settled_by"], ["uploaded_by"], ["entered_by"])
    differences = since_returned([submission])[submission.pk]
    tables = _tables(sheet, differences)
    lines = {line.id: line for table in tables for line in table.lines}
    for finding in findings:
        if finding.row in lines:
            lines[finding.row].findings.append(finding)
    for proof in evidence:
        if proof.row in lines:
            lines[proof.row].evidence.append(proof)
    for comment in comments:
        if comment.row in lines:
            lines[comment.row].comments.append(comment)
    for row, reason in decision.flags.items():
        lines[row].flagged, lines[row].reason = True, reason
    before, after, place, waiting = neighbours(user, submission)
    submitted = submission.state == State.SUBMITTED
    start = submission.period.starts_on
    may_review = policies.may_review(user, submission)
    may_approve = policies.may_approve(user, submission)
    titles = row_titles(sheet)
    return ReviewPage(
        submission=submission,
        mark=mark_of(submission, for_reviewer=True),
        tables=tables,
        previous_label=month_label(months_back(start, 1)) if is_monthly(submission) else _("Year before"),
        year_ago_label=month_label(months_back(start, 12)) if is_monthly(submission) else "",
        findings=findings,
        evidence=evidence,
        comments=comments,
        events=list(submission.events.select_related("actor").order_by("-pk")),
        seal=submission.seals.defer("content").order_by("-pk").first() if submission.state == State.APPROVED else None,
        since=differences.since,
        changed=[line for line in lines.values() if line.change],
        row_choices=list(titles.items()),
        decision=decision,
        before=before,
        after=after,
        place=place,
        waiting=waiting,
        may_review=may_review,
        may_approve=may_approve,
        may_reopen=policies.may_reopen(user, submission),
        is_own_work=submitted and may_review and not may_approve,
        open_questions=sum(comment.is_question and comment.settled_at is None for comment in comments),
        titles=titles,
        published=published(submission, user),
    )


def _tables(sheet: Sheet, differences: Differences) -> list[TableView]:
    changes: dict[str, dict[tuple[int, ...], RowChange]] = defaultdict(dict)
    for change in differences.rows:
        changes[change.table.code][change.place] = change
    tables = []
    for table in sheet.section.tables:
        of_table = changes[table.code]
        if isinstance(table, Grid):
            lines = [_grid_line(row, of_table.pop(_place(row), None)) for row in sheet.rows_of(table.code)]
            view = TableView(code=table.code, title=str(table.title), is_grid=True, lines=lines)
            if table.across:
                view.matrix = matrix(table, sheet, GridViews(sheet, editable=False, shown=Typed(), remarks=Remarks()))
        else:
            view = _register_view(table, sheet, of_table)
        view.removed = [_removed(change) for change in of_table.values() if change.operation == Operation.DELETE]
        if view.lines or view.removed or not view.is_grid:
            tables.append(view)
    return tables


def _place(row: Row) -> tuple[int, ...]:
    return tuple(entry.pk for entry in row.catalogue)


def _grid_line(row: Row, change: RowChange | None) -> Line:
    record = row.record
    line = Line(
        id=row.id,
        title=row.title,
        unit=str(row.unit.label),
        previous=_quantity_text(row.previous),
        previous_change=_change(row.quantity, row.previous_quantity),
        year_ago=_quantity_text(row.year_ago),
        year_change=_change(row.quantity, row.year_ago_quantity),
    )
    if record is not None:
        line.value = _quantity_text(record)
        line.is_number = record.quantity is not None
        line.how = str(record.get_method_display()) if record.method else ""
        if record.entered_value is not None and record.entered_unit != row.unit.code:
            line.typed = f"{typed(record.entered_value)} {_unit_label(record.entered_unit)}"
        line.note, line.by, line.at = record.note, str(record.entered_by or ""), record.entered_at
        line.extras = [
            (_field_label(type(record), name), typed(getattr(record, name)))
            for name in row.grid.extra_quantities
            if getattr(record, name) is not None
        ]
    if change is not None:
        line.change = _change_word(change)
        line.was = _was_in_grid(change)
    return line


def _quantity_text(record: QuantityRecord | Past | None) -> str:
    if record is None:
        return NO_VALUE
    return typed(record.quantity) if record.quantity is not None else str(CellState(record.state).label)


def _change(this: Decimal | None, last: Decimal | None) -> str:
    change = change_percent(this, last)
    return "" if change is None else percent(change)


def _unit_label(code: str) -> str:
    return str(UNITS[code].label) if code in UNITS else code


def _field_label(model: type[Model], name: str) -> str:
    described: Any = model._meta.get_field(name)
    return str(described.verbose_name)


def _change_word(change: RowChange) -> str:
    return {
        Operation.INSERT: _("Added since"),
        Operation.UPDATE: _("Changed since"),
        Operation.DELETE: _("Removed since"),
    }[change.operation]


def _was_in_grid(change: RowChange) -> str:
    before, after = change.before, change.after
    if before is None:
        return _("There was no answer.")
    parts = []
    if after is None or _amount(before) != _amount(after):
        parts.append(_amount(before))
    if before["note"] and (after is None or before["note"] != after["note"]):
        parts.append(f"“{before['note']}”")
    named = {"state", "method", "entered_value", "entered_unit", "quantity", "note"}
    parts += [f"{label}: {text}" for name, label, text in _old_fields(change) if name not in named]
    return _("It was: %(old)s") % {"old": " · ".join(parts)} if parts else _("There was no note.")


def _amount(row: TrailRow) -> str:
    if row["state"] != CellState.VALUE:
        return str(CellState(row["state"]).label)
    method = Method(row["method"]).label
    return f"{typed(Decimal(row['entered_value']))} {_unit_label(row['entered_unit'])}, {method}"


def _old_fields(change: RowChange) -> list[tuple[str, str, str]]:
    """What stood in each field that differs: its name, its label and the text."""
    (fields,) = read([(change.table.model._meta.db_table, change.before, change.after)])
    known = set(typed_columns(change.table.model))
    return [(told.name, told.label, told.before) for told in fields if told.changed and told.name in known]


def _removed(change: RowChange) -> str:
    return ", ".join(f"{label}: {text}" for _name, label, text in _old_fields(change) if text != NO_VALUE)


def _register_view(register: Register, sheet: Sheet, changes: dict[tuple[int, ...], RowChange]) -> TableView:
    entries = sheet.entries[register.code]
    names = [name for name in register.columns if name != "note"]
    # Sentences have no room in a column; they stand below the entry, as notes do.
    fields = register.form.base_fields
    sentences = [name for name in names if name in fields and isinstance(fields[name].widget, Textarea)]
    columns = {name: _field_label(register.model, name) for name in names if name not in sentences}
    columns |= {name: str(label) for name, label in register.review_columns.items()}
    lines = [_register_line(register, entry, columns, changes.pop((entry.pk,), None)) for entry in entries]
    for line, entry in zip(lines, entries, strict=True):
        told = [(capfirst(_field_label(register.model, name)), str(getattr(entry, name))) for name in sentences]
        line.extras = [(label, text) for label, text in told if text]
    return TableView(
        code=register.code,
        title=str(register.title),
        is_grid=False,
        columns=_headings(columns, lines),
        lines=lines,
        empty_stated=register.code in sheet.nothing_to_report,
    )


def _register_line(register: Register, entry: Record, columns: Mapping[str, str], change: RowChange | None) -> Line:
    line = Line(
        id=row_id(register.code, str(entry.pk)),
        title=str(entry),
        cells=[_entry_cell(entry, name, label) for name, label in columns.items()],
        note=entry.note,
        by=str(entry.entered_by or ""),
        at=entry.entered_at,
    )
    if change is not None:
        line.change = _change_word(change)
        old = ", ".join(f"{label}: {text}" for _name, label, text in _old_fields(change))
        line.was = _("It was: %(old)s") % {"old": old} if change.before is not None else ""
    return line


def _headings(columns: Mapping[str, str], lines: Sequence[Line]) -> list[tuple[str, str]]:
    kinds = [cell.kind for cell in lines[0].cells] if lines else [""] * len(columns)
    return list(zip(columns.values(), kinds, strict=True))


def _entry_cell(entry: Record, name: str, label: str) -> EntryCell:
    display = getattr(entry, f"get_{name}_display", None)
    value = display() if display else getattr(entry, name)
    if isinstance(value, bool):
        return EntryCell(label=label, text=yes_or_no(value))
    if isinstance(value, Decimal | int):
        return EntryCell(label=label, text=typed(Decimal(value)), kind="number")
    if isinstance(value, dt.date):
        return EntryCell(label=label, text=date_format(value, "SHORT_DATE_FORMAT"), kind="date")
    return EntryCell(label=label, text=str(value) if value not in (None, "") else NO_VALUE)
