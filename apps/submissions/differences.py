"""What changed in submissions since they last went back to the site, read from the audit trail.

A submission that never went back has nothing to compare with: the reviewer sees all of it for the first time.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, TextField
from django.db.models.functions import Cast

from apps.audit.models import Change, Operation
from apps.audit.reading import Row, exact
from apps.submissions.choices import State
from apps.submissions.models import Record, Submission
from apps.submissions.sections import Grid, Table, sections

_STAMPS = frozenset({"id", "submission_id", "entered_by_id", "entered_at"})


@dataclass(frozen=True, kw_only=True)
class RowChange:
    """One row of a table before and after; ``place`` names it by its catalogue rows, or by its own number."""

    table: Table
    place: tuple[int, ...]
    before: Row | None
    after: Row | None

    @property
    def operation(self) -> Operation:
        if self.before is None:
            return Operation.INSERT
        return Operation.DELETE if self.after is None else Operation.UPDATE


@dataclass(frozen=True, kw_only=True)
class Differences:
    """``since`` is when it went back; None when it never did."""

    since: dt.datetime | None = None
    rows: Sequence[RowChange] = field(default_factory=tuple)


def columns(model: type[Record]) -> list[str]:
    """What a person typed: every stored column but the stamps."""
    return [field.attname for field in model._meta.concrete_fields if field.attname not in _STAMPS]


def _place(table: Table, row_id: int, row: Row) -> tuple[int, ...]:
    if isinstance(table, Grid):
        return tuple(int(row[f"{name}_id"]) for name in table.model.row_fields)
    return (row_id,)


def since_returned(submissions: Iterable[Submission]) -> dict[int, Differences]:
    """Differences by submission id, with two queries for all of them."""
    listed = {submission.pk: submission for submission in submissions}
    returned = _last_returned(list(listed))
    if not returned:
        return {pk: Differences() for pk in listed}
    tables = {table.model._meta.db_table: table for section in sections for table in section.tables}
    changes = (
        Change.objects.filter(
            submission_id__in=returned, table__in=tables, id__gt=min(pk for pk, _ in returned.values())
        )
        .annotate(before_text=Cast("before", TextField()), after_text=Cast("after", TextField()))
        .order_by("id")
        .values_list("id", "submission_id", "table", "row_id", "before_text", "after_text")
    )
    first: dict[tuple[int, str, tuple[int, ...]], Row | None] = {}
    last: dict[tuple[int, str, tuple[int, ...]], Row | None] = {}
    for change_id, submission_id, table_name, row_id, before_text, after_text in changes:
        if submission_id is None or change_id <= returned[submission_id][0]:
            continue
        was, became = exact(before_text), exact(after_text)
        key = (submission_id, table_name, _place(tables[table_name], row_id, became or was or {}))
        first.setdefault(key, was)
        last[key] = became
    found: dict[int, list[RowChange]] = {pk: [] for pk in listed}
    for (submission_id, table_name, place), before in first.items():
        table, after = tables[table_name], last[submission_id, table_name, place]
        if _typed(table, before) != _typed(table, after):
            found[submission_id].append(RowChange(table=table, place=place, before=before, after=after))
    return {
        pk: Differences(since=returned[pk][1] if pk in returned else None, rows=tuple(rows))
        for pk, rows in found.items()
    }


def _typed(table: Table, row: Row | None) -> dict[str, Any] | None:
    return None if row is None else {name: row.get(name) for name in columns(table.model)}


def _last_returned(submission_ids: list[int]) -> dict[int, tuple[int, dt.datetime]]:
    """The entry of the trail with which each submission last went back: its number and time.

    By number, not by the time of the event: the clocks of web process and database may differ.
    """
    entries = (
        Change.objects.filter(
            table=Submission._meta.db_table,
            row_id__in=submission_ids,
            operation=Operation.UPDATE,
            before__state__in=[State.SUBMITTED, State.APPROVED],
            after__state=State.RETURNED,
        )
        .order_by()
        .values("row_id")
        .annotate(last=Max("id"), moment=Max("at"))
        .values_list("row_id", "last", "moment")
    )
    return {row_id: (last, moment) for row_id, last, moment in entries}
