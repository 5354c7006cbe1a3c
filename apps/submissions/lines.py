"""Lines that a site does not usually answer: which there are, and how one is put on a sheet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from apps.submissions.sections import Grid
from apps.submissions.sheets import Sheet, add_row

# Lines somebody may add by hand before saving: more come by saving in between, or by a file.
MOST_ADDED = 20


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


def put_on(sheet: Sheet, row_ids: Iterable[str]) -> None:
    """Puts named lines on the sheet that are not there yet. Names that mean nothing are passed over."""
    new = dict.fromkeys(name for name in row_ids if name not in sheet.rows)
    for row_id in list(new)[:MOST_ADDED]:
        _put_on(sheet, row_id)


def _put_on(sheet: Sheet, row_id: str) -> None:
    table, _, key = row_id.partition(":")
    grid = next((grid for grid in sheet.section.grids if grid.code == table), None)
    if grid is None:
        return
    codes = key.split("/")
    if len(codes) != len(grid.model.row_fields) or not key.isprintable():
        return
    catalogue = [
        model._default_manager.filter(code=code).first()
        for (_label, model), code in zip(_catalogues(grid), codes, strict=True)
    ]
    if None not in catalogue:
        add_row(sheet, grid, tuple(catalogue))
