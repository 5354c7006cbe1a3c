"""From the fields of a posted entry page to what was entered, all of it still text."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from apps.submissions.entry import Cell, Entered
from apps.submissions.sections import Section

# Nobody types more into a cell; what is longer is cut before anything looks at it.
_LONGEST = 2500
_CELL_FIELDS = ("value", "unit", "how", "note")
# A revision that no submission has.
UNKNOWN_REVISION = -1


@dataclass(frozen=True, kw_only=True)
class Posted:
    """``revision`` is the one the person looked at."""

    revision: int
    entered: Entered


def read(data: QueryDict, section: Section) -> Posted:
    """Fields are called ``<row id>:<field>``, ``explain:<code>:<row>``, ``again:<code>:<row>``, ``nothing:<table>``."""
    registers_sent = all(f"{register.code}-TOTAL_FORMS" in data for register in section.typed_registers)
    # A plain dictionary is read several times as fast, and a form has hundreds of fields.
    sent = {name: values[-1] for name, values in data.lists() if values}
    return Posted(
        revision=revision_of(sent),
        entered=Entered(
            cells=_cells(sent, section),
            registers=data if section.typed_registers and registers_sent else None,
            nothing_to_report={
                register.code: f"nothing:{register.code}" in data
                for register in section.registers
                if register.answer_required and registers_sent
            },
            explanations=explanations_of(sent),
            explained_as_before=explained_as_before(sent),
        ),
    )


def revision_of(data: Mapping[str, str]) -> int:
    text = data.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else UNKNOWN_REVISION


def _text(data: Mapping[str, str], name: str) -> str:
    return data.get(name, "").replace("\x00", "")[:_LONGEST]


def _cells(data: Mapping[str, str], section: Section) -> Mapping[str, Cell]:
    extras = {grid.code: grid.extra_quantities for grid in section.grids}
    cells = {}
    for name in data:
        row, _, field = name.rpartition(":")
        table = row.partition(":")[0]
        if field == "value" and table in extras:
            cells[row] = Cell(
                **{field: _text(data, f"{row}:{field}") for field in _CELL_FIELDS},
                extras={extra: _text(data, f"{row}:{extra}") for extra in extras[table]},
            )
    return cells


def _places(data: Mapping[str, str], prefix: str) -> list[tuple[str, tuple[str, str]]]:
    found = []
    for name in data:
        if name.startswith(prefix):
            code, _, row = name.removeprefix(prefix).partition(":")
            found.append((name, (code, row)))
    return found


def explanations_of(data: Mapping[str, str]) -> dict[tuple[str, str], str]:
    return {place: _text(data, name) for name, place in _places(data, "explain:")}


def explained_as_before(data: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(place for _name, place in _places(data, "again:"))
