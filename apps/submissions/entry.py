"""Reading what was typed: from text to a record, or to a sentence that says what is wrong.

The entry page and the import both come through ``read_cell``, so a rule about a cell exists once.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from apps.core.formats import NumberError, parse_number
from apps.core.units import factor_between, parse_unit, scale
from apps.submissions.choices import CellState, Method
from apps.submissions.models import QuantityRecord
from apps.submissions.sheets import Row

NOTE_LENGTH = 500


class Cell(NamedTuple):
    """One row as typed: everything is text, so that nothing is lost when some of it is wrong.

    ``how`` is a method ("metered") or the state of a cell without a value ("not_measured").
    """

    value: str = ""
    unit: str = ""
    how: str = ""
    note: str = ""
    extras: Mapping[str, str] = MappingProxyType({})

    @property
    def is_blank(self) -> bool:
        """Not answered: no value and no word that there is none. A chosen unit or method says nothing yet."""
        return (
            not self.value.strip()
            and self.how not in _STATES_WITHOUT_VALUE
            and not self.note.strip()
            and not any(text.strip() for text in self.extras.values())
        )


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What a person sends from an entry page. What is not named stays as it is."""

    # By row id.
    cells: Mapping[str, Cell] = field(default_factory=dict)
    # Form data of the registers; None leaves them alone.
    registers: Mapping[str, Any] | None = None
    # Whether "nothing to report" is ticked, by register.
    nothing_to_report: Mapping[str, bool] = field(default_factory=dict)
    # By code and row of the finding.
    explanations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    # Findings of which the explanation of an earlier value still holds.
    explained_as_before: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with a cell, in which of its fields."""

    field: str
    message: str


_STATES_WITHOUT_VALUE = frozenset(state.value for state in CellState if state != CellState.VALUE)
_METHODS = frozenset(Method.values)
_VALUE = CellState.VALUE

# What "how" may be called in files, beside the codes: the words of the three languages.
_SPOKEN: dict[str, str] = {
    "计量": Method.METERED,
    "計量": Method.METERED,
    "from records": Method.RECORDED,
    "台账": Method.RECORDED,
    "台賬": Method.RECORDED,
    "发票": Method.INVOICED,
    "發票": Method.INVOICED,
    "计算": Method.CALCULATED,
    "計算": Method.CALCULATED,
    "估算": Method.ESTIMATED,
    "不适用": CellState.NOT_APPLICABLE,
    "不適用": CellState.NOT_APPLICABLE,
    "n/a": CellState.NOT_APPLICABLE,
    "暂无": CellState.NOT_AVAILABLE_YET,
    "暫無": CellState.NOT_AVAILABLE_YET,
    "暂无数据": CellState.NOT_AVAILABLE_YET,
    "暫無數據": CellState.NOT_AVAILABLE_YET,
    "未测量": CellState.NOT_MEASURED,
    "未測量": CellState.NOT_MEASURED,
    "数值": CellState.VALUE,
    "數值": CellState.VALUE,
}


def spoken(word: str) -> str:
    """The code of a state or method that somebody wrote in a file."""
    cleaned = unicodedata.normalize("NFKC", word).strip().lower()
    return str(_SPOKEN.get(cleaned, cleaned.replace(" ", "_")))


def how_of(record: QuantityRecord) -> str:
    return record.method if record.state == CellState.VALUE else record.state


def values_of(record: QuantityRecord, extras: tuple[str, ...]) -> dict[str, Any]:
    """The typed part of a record: two records with equal values say the same."""
    return {
        name: getattr(record, name)
        for name in ("state", "method", "entered_value", "entered_unit", "quantity", "note", *extras)
    }


def read_cell(row: Row, cell: Cell) -> tuple[dict[str, Any], list[Problem]]:
    """Field values for the record of ``row``, and all that is wrong with ``cell``. Call it for cells not blank."""
    problems: list[Problem] = []
    note = " ".join(cell.note.split()) if cell.note else ""
    if len(note) > NOTE_LENGTH:
        problems.append(
            Problem(
                field="note",
                message=_("The note has more than %(count)d characters.") % {"count": NOTE_LENGTH},
            )
        )
    values: dict[str, Any] = {
        "state": _VALUE,
        "method": "",
        "entered_value": None,
        "entered_unit": "",
        "quantity": None,
        "note": note,
    }
    how = cell.how or row.grid.usual_how
    if how in _STATES_WITHOUT_VALUE:
        values["state"] = how
        if cell.value.strip():
            problems.append(
                Problem(
                    field="how",
                    message=_("There is a value and “%(state)s” at once. Keep one of the two.")
                    % {"state": CellState(how).label},
                )
            )
        if not note:
            problems.append(
                Problem(
                    field="note",
                    message=_("Say in the note why there is no value (“%(state)s”).") % {"state": CellState(how).label},
                )
            )
    elif how in _METHODS:
        values["method"] = how
        _read_quantity(row, cell, values, problems)
        if not note and how == Method.ESTIMATED:
            problems.append(Problem(field="note", message=_("Say in the note what the estimate rests on.")))
    else:
        problems.append(
            Problem(
                field="how",
                message=_("“%(how)s” is not a known state or method. Known are: %(known)s.")
                % {
                    "how": cell.how[:40],
                    "known": ", ".join([*Method.values, *sorted(_STATES_WITHOUT_VALUE)]),
                },
            )
        )
    for name in row.grid.extra_quantities:
        values[name] = _read_extra(row, name, cell.extras.get(name, ""), problems)
    return values, problems


def _read_quantity(row: Row, cell: Cell, values: dict[str, Any], problems: list[Problem]) -> None:
    if not cell.value.strip():
        problems.append(
            Problem(field="value", message=_("Write the value, or choose why there is none. Zero is written 0."))
        )
        return
    entered = _read_number(cell.value, problems)
    item = row.item
    unit = parse_unit(cell.unit) if cell.unit.strip() else item.unit
    factor = factor_between(unit, item.unit, item.tonnes_per_m3) if unit else None
    if unit is None or factor is None:
        problems.append(
            Problem(
                field="unit",
                message=_("“%(unit)s” does not fit %(row)s. Use one of: %(known)s.")
                % {
                    "unit": cell.unit[:20],
                    "row": row.title,
                    "known": ", ".join(known.code for known in item.typed_units),
                },
            )
        )
        return
    if entered is None:
        return
    quantity = scale(entered, factor)
    if quantity.adjusted() >= 18:
        problems.append(Problem(field="value", message=_("This value is too large to be kept.")))
        return
    refusal = item.refusal(quantity)
    if refusal:
        problems.append(Problem(field="value", message=refusal))
        return
    values["entered_value"], values["entered_unit"], values["quantity"] = entered, unit.code, quantity


def _read_number(text: str, problems: list[Problem]) -> Decimal | None:
    try:
        entered = parse_number(text)
    except NumberError as error:
        problems.append(Problem(field="value", message=str(error)))
        return None
    if entered < 0:
        problems.append(Problem(field="value", message=_("A quantity cannot be negative.")))
        return None
    return entered


def _read_extra(row: Row, name: str, text: str, problems: list[Problem]) -> Decimal | None:
    if not text.strip():
        return None
    try:
        value = parse_number(text)
    except NumberError as error:
        problems.append(Problem(field=name, message=str(error)))
        return None
    if value < 0:
        problems.append(Problem(field=name, message=_("A stock cannot be negative.")))
        return None
    return value
