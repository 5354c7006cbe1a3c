"""The export of records: the columns of the import, values as they were typed, so that a file comes back unchanged."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.submissions import policies
from apps.submissions.choices import CellState
from apps.submissions.exchange.columns import Column, all_columns, has_file
from apps.submissions.models import Submission
from apps.submissions.sections import Grid, Register, Table, sections

# A cell of an export: text, a number, a day, or nothing.
Value = str | Decimal | dt.date | None


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which records: all that ``user`` may read, narrowed down. None is the operator of the machine."""

    user: User | None
    year: str = ""
    sites: Sequence[str] = ()
    kinds: Sequence[str] = ()

    def submissions(self) -> QuerySet[Submission]:
        """The submissions that the records belong to."""
        chosen = Q() if self.user is None else policies.visible_to(self.user)
        if self.year:
            chosen &= Q(period__year__code=self.year)
        if self.sites:
            chosen &= Q(site__code__in=self.sites)
        return Submission.objects.filter(chosen)


def tables() -> list[Table]:
    """Every table that files carry, in the order of the sections."""
    return [table for section in sections for table in section.tables if has_file(table)]


def headings(language: str | None = None) -> list[str]:
    """The codes of the columns, or what they are called in a language."""
    return [column.label(language) if language else column.code for column in all_columns()]


def rows(submissions: QuerySet[Submission], kinds: Sequence[str] = ()) -> Iterator[list[Value]]:
    """One row a record, by record kind, site, period and item. Each table is one query, read as it is written out."""
    columns = all_columns()
    for table in tables():
        if not kinds or table.code in kinds:
            yield from _rows_of(table, submissions, columns)


def _rows_of(table: Table, submissions: QuerySet[Submission], columns: Sequence[Column]) -> Iterator[list[Value]]:
    sources = _grid_sources(table) if isinstance(table, Grid) else _register_sources(table)
    codes = [f"{name}__code" for name in table.model.row_fields]
    names = ["submission__site__code", "submission__period__code", *codes, *sources.values()]
    places = {code: 2 + len(codes) + index for index, code in enumerate(sources)}
    found = (
        table.model._default_manager.filter(submission__in=submissions)
        .order_by(
            "submission__site__position",
            "submission__site__code",
            "submission__period__starts_on",
            *(f"{name}__position" for name in table.model.row_fields),
            *codes,
            *(name for code, name in sources.items() if code in ("date", "reference")),
            "pk",
        )
        .values_list(*names)
    )
    constant = {"record_kind": table.code}
    if isinstance(table, Register):
        constant |= {"unit": table.file_unit, "state": CellState.VALUE.value}
    for values in found.iterator(chunk_size=2000):
        item = "/".join(values[2 : 2 + len(codes)])
        fixed = {"site": values[0], "period": values[1], "item": item, **constant}
        yield [
            fixed[column.code] if column.code in fixed else _value(values, places.get(column.code))
            for column in columns
        ]


def _value(values: tuple[Any, ...], place: int | None) -> Value:
    value = None if place is None else values[place]
    if isinstance(value, int):
        return Decimal(value)
    return None if value == "" else value


def _grid_sources(grid: Grid) -> Mapping[str, str]:
    """The field of the record by the column that shows it."""
    return {
        "quantity": "entered_value",
        "unit": "entered_unit",
        "state": "state",
        "method": "method",
        "note": "note",
        **{name: name for name in grid.extra_quantities},
    }


def _register_sources(register: Register) -> Mapping[str, str]:
    return register.file_fields
