"""A grid of two catalogues as a matrix: lines in blocks, one cell a column, and what each block adds up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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
    """One cell; ``row`` is None where nothing is asked. The fields are written here and not in a template: there are
    hundreds of them, and a template's indentation would double the page for people on poor lines.
    """

    column: Column
    row: RowView | None
    # The number to type, and what is said beside it; empty where the page is for reading.
    field: SafeString | str = ""
    words: SafeString | str = ""


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
            _cell(column, cells[code], views, counts=counts) if code in cells else MatrixCell(column=column, row=None)
            for code, column in columns.items()
        ],
    )


def _cell(column: Column, stored: Row, views: GridViews, *, counts: bool) -> MatrixCell:
    row = views.row(stored)
    if not views.editable:
        return MatrixCell(column=column, row=row)
    line = blocks.down(stored)
    names = format_html("c-{grid}-{column} h-{grid}-{line}", grid=stored.grid.code, column=column.code, line=line.code)
    field = format_html(
        '<input class="cell number" id="{id}:value" name="{id}:value" value="{value}" inputmode="decimal" '
        'autocomplete="off" maxlength="80" data-column="m-{column}" data-block="{block}" data-of="{column}" '
        'aria-labelledby="{names}"{counts}{wrong}>{unit}',
        id=row.id,
        value=row.value,
        column=column.code,
        block=blocks.block_of(stored.grid, line).code,
        names=names,
        counts=SafeString(" data-counts" if counts else ""),
        wrong=_wrong(row, "value"),
        # Typed in the row's own unit, unless a file brought another one in.
        unit=format_html('<input type="hidden" name="{}:unit" value="{}">', row.id, row.unit_code)
        if row.unit_code != stored.unit.code
        else "",
    )
    words = format_html(
        '<select class="cell" id="{id}:how" name="{id}:how" data-usual="{usual}" aria-label="{title}: {how}"'
        "{wrong_how}>{options}</select>"
        '<input class="cell" id="{id}:note" name="{id}:note" value="{text}" autocomplete="off" maxlength="2500" '
        'placeholder="{note}" aria-label="{title}: {note}"{wrong_note}>',
        id=row.id,
        usual=row.usual_how,
        title=row.title,
        how=_("How it is known"),
        note=pgettext("column", "Note"),
        options=row.how_options,
        text=row.note,
        wrong_how=_wrong(row, "how"),
        wrong_note=_wrong(row, "note"),
    )
    return MatrixCell(column=column, row=row, field=field, words=words)


def _wrong(row: RowView, name: str) -> SafeString:
    """Tells a screen reader that a field is wrong, and where it says why."""
    if name not in row.problems:
        return SafeString()
    return format_html(' aria-invalid="true" aria-describedby="e-{}:{}"', row.id, name)


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
