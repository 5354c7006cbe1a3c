"""Rows of a matrix in blocks that divide the same whole, such as the dimensions of a workforce, and what they miss."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.submissions.sections import Block, Grid
from apps.submissions.sheets import Row


def across(row: Row) -> Any:
    """The catalogue row of the column in which a row of a matrix stands."""
    return row.catalogue[row.grid.model.row_fields.index(row.grid.across)]


def down(row: Row) -> Any:
    """The catalogue row of the line in which it stands."""
    (name,) = (name for name in row.grid.model.row_fields if name != row.grid.across)
    return row.catalogue[row.grid.model.row_fields.index(name)]


def block_of(grid: Grid, entry: Any) -> Block:
    """The block in which a line of a matrix stands."""
    if grid.block_of is None:
        raise TypeError(f"the rows of {grid.code} stand in no blocks")
    return grid.block_of(entry)


@dataclass(kw_only=True)
class BlockSum:
    """What the lines of a block add up to in one column. ``gaps``: lines without a value or an answer.

    ``missing`` is the whole less the sum, positive where something is missing; None where either has gaps.
    """

    block: Block
    total: Decimal = Decimal(0)
    values: int = 0
    gaps: int = 0
    first_row: str = ""
    missing: Decimal | None = None


@dataclass(kw_only=True)
class ColumnSums:
    """One column in every block, by the block's code."""

    column: Any
    blocks: dict[str, BlockSum] = field(default_factory=dict)

    @property
    def whole(self) -> BlockSum | None:
        """The block that gives the total."""
        return next((found for found in self.blocks.values() if found.block.gives_total), None)

    @property
    def total(self) -> Decimal | None:
        """The total, or None where it has gaps."""
        return None if self.whole is None or self.whole.gaps else self.whole.total


def sums(grid: Grid, rows: Iterable[Row]) -> dict[str, ColumnSums]:
    """The sums of a matrix by the code of the column."""
    found: dict[str, ColumnSums] = {}
    for row in rows:
        block = block_of(grid, down(row))
        if not block.counts:
            continue
        column = across(row)
        of_column = found.setdefault(column.code, ColumnSums(column=column))
        of_block = of_column.blocks.setdefault(block.code, BlockSum(block=block, first_row=row.id))
        if row.quantity is None:
            of_block.gaps += 1
        else:
            of_block.total += row.quantity
            of_block.values += 1
    for of_column in found.values():
        for of_block in of_column.blocks.values():
            if of_column.total is not None and not of_block.gaps:
                of_block.missing = of_column.total - of_block.total
    return found
