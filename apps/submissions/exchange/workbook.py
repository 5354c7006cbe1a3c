"""Reading XLSX: calamine reads the values; a look at the XML beforehand finds what calamine would hide or choke on.

calamine shows an error value and a formula without a result as a blank cell, and lays a sheet out in memory as wide
and as long as its farthest cell.
"""

import datetime as dt
import io
import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from xml.parsers import expat

import python_calamine
from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.formats import plain_text
from apps.core.spreadsheets import SpreadsheetError, refuse_hostile_xlsx
from apps.submissions.exchange.reader import Table, plain

_MAX_COLUMNS: Final = 40
# Room for blank rows between and above the others.
_SPARE_ROWS: Final = 1_000


def _not_whole() -> SpreadsheetError:
    return SpreadsheetError(
        _("This file is not a whole XLSX workbook. Open it in Excel or WPS, save it again as .xlsx and retry.")
    )


def read_xlsx(data: bytes, sheet: str = "") -> Table:
    """The named sheet, or the first visible one that holds something."""
    refuse_hostile_xlsx(io.BytesIO(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _Parts(archive)
            filled = tuple(name for name, path in parts.sheets.items() if _holds_something(archive, path))
            if not filled:
                return Table(rows=[])
            if sheet and sheet not in filled:
                raise SpreadsheetError(
                    _("There is no sheet “%(sheet)s” with entries. There are: %(sheets)s.")
                    % {"sheet": sheet[:40], "sheets": ", ".join(filled)}
                )
            name = sheet or filled[0]
            look = _look_at(archive, parts.sheets[name], trusted=not parts.recalculates)
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            values = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (
        zipfile.BadZipFile,
        python_calamine.CalamineError,
        expat.ExpatError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        if isinstance(error, SpreadsheetError):
            raise
        raise _not_whole() from error
    rows = []
    for number, cells in enumerate(values, start=1):
        texts = [text_of(cell) for cell in cells]
        if any(texts) or number in look.odd_rows:
            rows.append((number, texts))
    return Table(rows=rows, sheet=name, sheets=filled, odd=look.odd, formulas=look.formulas)


def _number(value: float) -> str:
    # repr() gives the shortest digits that mean this double: what was typed, not its binary neighbour.
    return plain_text(Decimal(repr(value)))


_TEXTS: Final[dict[type, Callable[[Any], str]]] = {
    str: plain,
    float: _number,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    dt.date: dt.date.isoformat,
    dt.datetime: lambda value: value.date().isoformat() if value.time() == dt.time() else value.isoformat(" "),
}


def text_of(value: Any) -> str:
    """A cell as text, so that every rule about it is the one for typed text."""
    return "" if value == "" else _TEXTS.get(type(value), str)(value)


def _parse(archive: zipfile.ZipFile, path: str, start: Callable[[str, dict[str, str]], None]) -> Any:
    parser = expat.ParserCreate()

    def refuse(*args: Any) -> None:
        raise _not_whole()

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    try:
        part = archive.open(path)
    except KeyError as error:
        raise _not_whole() from error
    with part:
        yield parser
        parser.ParseFile(part)
