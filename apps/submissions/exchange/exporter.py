"""The export of records: the columns of the import, values as they were typed, so that a file comes back unchanged.

The database makes the text of every cell, the numbers with all their digits and no more, and text that looks like a
formula made harmless. A CSV file is then what its COPY sends; a workbook has the same cells.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import DateField, Func, IntegerField, QuerySet, TextField
from django.db.models import Q as Where
from django.db.models import Value as Constant
from django.db.models.expressions import Combinable, F
from django.db.models.functions import Cast, Concat, NullIf

from apps.accounts.models import User
from apps.core.spreadsheets import FORMULA_PATTERN
from apps.submissions import policies
from apps.submissions.choices import CellState
from apps.submissions.exchange.columns import Column, all_columns, has_file
from apps.submissions.models import Submission
from apps.submissions.sections import Grid, Register, Table, sections

# A cell of a file that Python writes: text, a number, a day, or nothing.
Value = str | Decimal | dt.date | None
# A cell of an export as text; None where there is nothing.
Row = Sequence[str | None]

_FETCHED: Final = 2000


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which records: all that ``user`` may read, narrowed down. None is the operator of the machine."""

    user: User | None
    year: str = ""
    sites: Sequence[str] = ()
    kinds: Sequence[str] = ()
    # The submissions they are of; None for any.
    submissions: QuerySet[Submission] | None = None

    def records_of(self, table: Table) -> QuerySet[Any]:
        """The records of a table. Its conditions are about the submission that the query joins anyway: as a list of
        submissions of its own the database would compare it with all records, once it has joined them.
        """
        chosen = Where()
        if self.user is not None:
            chosen = policies.rows_readable_by(self.user, "submission__site_id", "submission__section")
        if self.year:
            chosen &= Where(submission__period__year__code=self.year)
        if self.sites:
            chosen &= Where(submission__site__code__in=self.sites)
        if self.submissions is not None:
            chosen &= Where(submission__in=self.submissions.order_by().values("pk"))
        return table.model._default_manager.filter(chosen)


def tables(kinds: Sequence[str] = ()) -> list[Table]:
    """Every table that files carry, or those of these codes, in the order of the sections."""
    return [
        table
        for section in sections
        for table in section.tables
        if has_file(table) and (not kinds or table.code in kinds)
    ]


def headings(language: str | None = None) -> list[str]:
    """The codes of the columns, or what they are called in a language."""
    return [column.label(language) if language else column.code for column in all_columns()]


def has_more_than(limit: int, selection: Selection) -> bool:
    """Whether there are more records than ``limit``; counts no further."""
    left = limit
    for table in tables(selection.kinds):
        left -= selection.records_of(table)[: left + 1].count()
        if left < 0:
            return True
    return False


def count(selection: Selection) -> int:
    """How many records there are."""
    return sum(selection.records_of(table).count() for table in tables(selection.kinds))


def rows(selection: Selection) -> Iterator[Row]:
    """One row a record, by record kind, site, period and item. Each table is one query, read as it is written out."""
    for table in tables(selection.kinds):
        yield from _query(table, selection).iterator(chunk_size=_FETCHED)


def csv_lines(selection: Selection) -> Iterator[bytes]:
    """The same rows as lines of CSV in UTF-8, each with its end."""
    for table in tables(selection.kinds):
        query = _query(table, selection)
        try:
            statement, parameters = query.query.sql_with_params()
        except EmptyResultSet:  # somebody who may read nothing
            continue
        with connections[query.db].cursor() as cursor:
            raw: Any = cursor.cursor
            with raw.copy(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv)", parameters) as copy:
                for line in copy:
                    yield bytes(line)


def _query(table: Table, selection: Selection) -> Any:
    sources = _grid_sources(table) if isinstance(table, Grid) else table.file_fields
    codes = [f"{name}__code" for name in table.model.row_fields]
    item: list[Any] = [part for code in codes for part in (Constant("/"), F(code))][1:]
    fixed: dict[str, Any] = {
        "site": F("submission__site__code"),
        "period": F("submission__period__code"),
        "record_kind": Constant(table.code),
        "item": Concat(*item, output_field=TextField()) if len(item) > 1 else item[0],
    }
    if isinstance(table, Register):
        fixed |= {"unit": Constant(table.file_unit), "state": Constant(CellState.VALUE.value)}
    cells = {
        f"cell_{place}": fixed[column.code] if column.code in fixed else _cell(table, column, sources)
        for place, column in enumerate(all_columns())
    }
    return (
        selection.records_of(table)
        .annotate(**cells)
        .order_by(
            "submission__site__position",
            "submission__site__code",
            "submission__period__starts_on",
            *(f"{name}__position" for name in table.model.row_fields),
            *codes,
            *(name for code, name in sources.items() if code in ("date", "reference")),
            "pk",
        )
        .values_list(*cells)
    )


def _cell(table: Table, column: Column, sources: Mapping[str, str]) -> Combinable:
    name = sources.get(column.code)
    if name is None:
        return Constant(None, output_field=TextField())
    field: Any = table.model._meta.get_field(name)
    if isinstance(field, DateField):
        return Func(F(name), Constant("YYYY-MM-DD"), function="to_char", output_field=TextField())
    if isinstance(field, IntegerField):
        return Cast(F(name), TextField())
    if field.get_internal_type() == "DecimalField":
        return Cast(Func(F(name), function="trim_scale"), TextField())
    if field.choices:
        return NullIf(F(name), Constant(""))  # a word of ours
    # Of a blank there is nothing to look at: most notes are blank, and a pattern takes its time.
    there = NullIf(F(name), Constant(""), output_field=TextField())
    return Func(there, Constant(FORMULA_PATTERN), Constant(r"'\&"), function="regexp_replace", output_field=TextField())


def kinds_of_cells() -> list[type]:
    """What the cells of each column are: text, numbers or days."""
    known = dict.fromkeys(("site", "period", "record_kind", "item", "unit", "state", "method", "note"), str)
    others: dict[str, type] = {"reference": str, "date": dt.date}
    return [{**known, **others}.get(column.code, Decimal) for column in all_columns()]


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
