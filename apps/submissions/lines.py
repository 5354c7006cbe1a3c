"""Lines that a site does not usually answer: which there are, and how one is put on a sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apps.submissions.sections import Grid
from apps.submissions.sheets import Row, Sheet, add_row


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One drop-down of the form that adds a line: a catalogue and its rows as (code, name)."""

    label: str
    options: tuple[tuple[str, str], ...]


def _catalogues(grid: Grid) -> Iterator[tuple[str, type[Any]]]:
    for name in grid.model.row_fields:
        field: Any = grid.model._meta.get_field(name)
        yield str(field.verbose_name), field.related_model


def choices(sheet: Sheet, grid: Grid) -> list[Choice]:
    """What can be chosen for a new line. Where one catalogue names the line, rows that are there are left out."""
    there = {row.key for row in sheet.rows_of(grid.code)}
    single = len(grid.model.row_fields) == 1
    return [
        Choice(
            label=label,
            options=tuple(
                (entry.code, entry.name)
                for entry in model._default_manager.all()
                if not single or entry.code not in there
            ),
        )
        for label, model in _catalogues(grid)
    ]


def named_row(sheet: Sheet, row_id: str) -> Row | None:
    """The row of that id: one of the sheet's, else a line put on it now, or None for a name that means nothing."""
    if row_id in sheet.rows:
        return sheet.rows[row_id]
    table, _, key = row_id.partition(":")
    grid = next((grid for grid in sheet.section.grids if grid.code == table), None)
    if grid is None:
        return None
    codes = key.split("/")
    if len(codes) != len(grid.model.row_fields):
        return None
    catalogue = [
        model._default_manager.filter(code=code).first()
        for (_label, model), code in zip(_catalogues(grid), codes, strict=True)
    ]
    return None if None in catalogue else add_row(sheet, grid, tuple(catalogue))
