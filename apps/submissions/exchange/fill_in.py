"""A workbook to fill in: the rows that a site answers in a period, with units and words to choose from."""

from collections.abc import Iterator, Sequence
from typing import IO, Any

import xlsxwriter

from apps.accounts.models import User
from apps.core.units import Unit
from apps.submissions.choices import CellState, Method
from apps.submissions.exchange.columns import all_columns
from apps.submissions.exchange.exporter import Value
from apps.submissions.exchange.formats import RecordSheet
from apps.submissions.exchange.lookup import Lookup, NotFound
from apps.submissions.models import Submission
from apps.submissions.sheets import Row, load_sheet


def write(stream: IO[bytes], submissions: Sequence[Submission], *, user: User, headings: Sequence[str]) -> None:
    """What is recorded already stands in the file; the other quantities are blank."""
    places = {column.code: place for place, column in enumerate(all_columns())}
    with xlsxwriter.Workbook(stream) as workbook:
        sheet = RecordSheet(workbook, headings)
        lookup = Lookup(user)
        for submission in submissions:
            for row in load_sheet(submission).rows.values():
                sheet.append(list(_values(row, submission, lookup, list(places))))
                _offer(sheet, places["unit"], [unit.code for unit in row.item.typed_units])
        if sheet.row:
            states = [str(state.label) for state in CellState]
            methods = [str(method.label) for method in Method]
            _offer(sheet, places["state"], states, first=1)
            _offer(sheet, places["method"], methods, first=1)


def _offer(sheet: RecordSheet, place: int, words: list[str], first: int | None = None) -> None:
    # Excel takes a list of at most 255 characters.
    if sum(len(word) + 1 for word in words) <= 255:
        sheet.sheet.data_validation(
            sheet.row if first is None else first, place, sheet.row, place, {"validate": "list", "source": words}
        )


def _values(row: Row, submission: Submission, lookup: Lookup, codes: list[str]) -> Iterator[Value]:
    record = row.record
    known: dict[str, Any] = {
        "site": submission.site.code,
        "period": submission.period.code,
        "record_kind": _kind_word(row, lookup),
        "item": _item_word(row, lookup),
        "unit": _usual_unit(row).code,
    }
    if record is not None:
        known |= {
            "quantity": record.entered_value,
            "unit": record.entered_unit or None,
            "state": str(CellState(record.state).label),
            "method": str(Method(record.method).label) if record.method else None,
            "note": record.note or None,
            **{name: getattr(record, name) for name in row.grid.extra_quantities},
        }
    for code in codes:
        yield known.get(code)


def _kind_word(row: Row, lookup: Lookup) -> str:
    """The title where it can be told from all others, else the code."""
    title = str(row.grid.title)
    try:
        return title if lookup.kind(title).table == row.grid else row.grid.code
    except NotFound:
        return row.grid.code


def _item_word(row: Row, lookup: Lookup) -> str:
    try:
        return row.title if lookup.item(row.grid, row.title)[0] == row.key else row.key
    except NotFound:
        return row.key


def _usual_unit(row: Row) -> Unit:
    """The unit of the newest earlier value, for people keep to theirs."""
    for _day, record in sorted(row.history.items(), reverse=True):
        for unit in row.item.typed_units:
            if unit.code == record.entered_unit:
                return unit
    return row.unit
