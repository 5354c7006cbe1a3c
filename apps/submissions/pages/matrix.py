"""A grid of two catalogues as a matrix: lines in blocks, one cell a column, and what each block adds up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.formats import typed
from apps.submissions import blocks
from apps.submissions.blocks import BlockSum
from apps.submissions.pages.grids import GridViews, RowView
from apps.submissions.sections import Block, Grid
from apps.submissions.sheets import Row, Sheet


@dataclass(frozen=True, kw_only=True)
class Column:
    """The head of a column."""

    code: str
    title: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    """One cell; ``row`` is None where nothing is asked."""

    column: Column
    row: RowView | None


@dataclass(frozen=True, kw_only=True)
class MatrixLine:
    """A line with its cells. ``counts``: it is a part of the block's sum."""

    id: str
    title: str
    counts: bool
    cells: Sequence[MatrixCell]

    @property
    def rows(self) -> Sequence[RowView]:
        return [cell.row for cell in self.cells if cell.row is not None]

    @property
    def has_more(self) -> bool:
        return any(row.has_more for row in self.rows)

    @property
    def has_words(self) -> bool:
        """Whether a cell says more than its number."""
        return any(row.said for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class SumView:
    """What a block adds up to in a column, and by how much that misses the whole."""

    column: Column
    is_asked: bool
    text: str = ""
    difference: str = ""
    agrees: bool = False


@dataclass(frozen=True, kw_only=True)
class BlockView:
    """The lines of a block, those that count first, then its sums, then those listed apart."""

    code: str
    title: str
    gives_total: bool
    lines: Sequence[MatrixLine]
    apart: Sequence[MatrixLine]
    sums: Sequence[SumView]

    @property
    def all_lines(self) -> Sequence[MatrixLine]:
        return [*self.lines, *self.apart]

    @property
    def words(self) -> int:
        """How many cells say more than their number."""
        return sum(bool(row.said) for line in self.all_lines for row in line.rows)

    @property
    def details_open(self) -> bool:
        """Whether something is wrong with those words, which must be seen."""
        return any(name in row.problems for line in self.all_lines for row in line.rows for name in ("how", "note"))


@dataclass(frozen=True, kw_only=True)
class MatrixView:
    """The matrix with the heads of its columns."""

    code: str
    title: str
    help: str
    columns: Sequence[Column]
    blocks: Sequence[BlockView]
    previous_head: str
    other_way_title: str
    other_way_url: str

    is_matrix = True

    @property
    def rows(self) -> Sequence[RowView]:
        """Every cell, for what the page says below its tables."""
        return [row for block in self.blocks for line in block.all_lines for row in line.rows]

    @property
    def width(self) -> int:
        return 1 + len(self.columns)


def matrix(grid: Grid, sheet: Sheet, views: GridViews) -> MatrixView:
    rows = sheet.rows_of(grid.code)
    columns = {
        code: Column(code=code, title=column.name, unit=str(column.unit.label))
        for code, column in sorted(
            {blocks.across(row).code: blocks.across(row) for row in rows}.items(), key=lambda entry: entry[1].position
        )
    }
    sums = blocks.sums(grid, rows)
    lines: dict[Any, dict[str, Row]] = {}
    for row in rows:
        lines.setdefault(blocks.down(row), {})[blocks.across(row).code] = row
    by_block: dict[str, tuple[Block, list[MatrixLine], list[MatrixLine]]] = {}
    for entry, cells in lines.items():
        block = blocks.block_of(grid, entry)
        _block, counted, apart = by_block.setdefault(block.code, (block, [], []))
        (counted if block.counts else apart).append(_line(entry, cells, columns, views, counts=block.counts))
    other = grid.other_way if views.editable else None
    return MatrixView(
        code=grid.code,
        title=str(grid.title),
        help=str(grid.help),
        columns=list(columns.values()),
        blocks=[
            BlockView(
                code=block.code,
                title=block.title,
                gives_total=block.gives_total,
                lines=counted,
                apart=apart,
                sums=[
                    _sum(column, sums[column.code].blocks.get(block.code) if column.code in sums else None)
                    for column in columns.values()
                ],
            )
            for block, counted, apart in by_block.values()
        ],
        previous_head=_("Year before"),
        other_way_title=str(other.title) if other else "",
        other_way_url=reverse(other.view, args=[sheet.submission.pk]) if other else "",
    )


def _line(
    entry: Any, cells: dict[str, Row], columns: dict[str, Column], views: GridViews, *, counts: bool
) -> MatrixLine:
    return MatrixLine(
        id=entry.code,
        title=entry.name,
        counts=counts,
        cells=[
            MatrixCell(column=column, row=views.row(cells[code]) if code in cells else None)
            for code, column in columns.items()
        ],
    )


def _sum(column: Column, found: BlockSum | None) -> SumView:
    if found is None:
        return SumView(column=column, is_asked=False)
    difference = ""
    if found.missing:
        difference = too_few(found.missing) if found.missing > 0 else too_many(-found.missing)
    return SumView(
        column=column,
        is_asked=True,
        text=typed(found.total) if found.values else "",
        difference=difference,
        agrees=found.missing == 0 and found.values > 0,
    )


def too_few(number: Decimal | str) -> str:
    """Said beside a sum; the browser says the same with a sign for the number."""
    return _("%(number)s too few") % {"number": typed(number) if isinstance(number, Decimal) else number}


def too_many(number: Decimal | str) -> str:
    return _("%(number)s too many") % {"number": typed(number) if isinstance(number, Decimal) else number}
