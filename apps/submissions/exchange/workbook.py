"""Reading XLSX: calamine reads the values; a look at the XML beforehand finds what calamine would hide or choke on.

calamine shows an error value and a formula without a result as a blank cell, and lays a sheet out in memory as wide
and as long as its farthest cell.
"""

import datetime as dt
import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from xml.parsers import expat

import python_calamine
from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.formats import plain_text
from apps.core.spreadsheets import SpreadsheetError, not_a_whole_workbook, number_of, refuse_hostile_xlsx
from apps.submissions.exchange.sheet_pieces import NotPlain, plain_rows
from apps.submissions.exchange.tables import PackedRows, Table, plain

_MAX_COLUMNS: Final = 40
# Room for blank rows above and between the others.
_SPARE_ROWS: Final = 1_000

_Start = Callable[[str, Mapping[str, str]], None]


def read_xlsx(data: bytes, sheet: str = "") -> Table:
    """The named sheet, or the first visible one that holds something."""
    refuse_hostile_xlsx(io.BytesIO(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _Parts(archive)
            filled = tuple(name for name, path in parts.sheets.items() if _holds_something(archive, path))
            if not filled:
                return Table(rows=PackedRows())
            if sheet and sheet not in filled:
                raise SpreadsheetError(
                    _("There is no sheet “%(sheet)s” with entries. There are: %(sheets)s.")
                    % {"sheet": sheet[:40], "sheets": ", ".join(filled)}
                )
            name = sheet or filled[0]
            look = _Look(trusted=not parts.recalculates)
            try:
                rows = _plain_rows(archive, parts.sheets[name], name)
            except NotPlain:
                look.through(archive, parts.sheets[name])
                rows = _rows(data, name, look)
    except SpreadsheetError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        python_calamine.CalamineError,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        LookupError,
        ValueError,
    ) as error:
        raise not_a_whole_workbook() from error
    return Table(rows=rows, sheet=name, sheets=filled, odd=look.odd, formulas=look.formulas, is_workbook=True)


def _plain_rows(archive: zipfile.ZipFile, path: str, name: str) -> PackedRows:
    """The rows of a sheet that holds nothing unusual, in pieces, so that its length costs no memory."""
    rows = PackedRows()
    for first, values in plain_rows(archive, path, name, last_row=_row_limit()):
        rows.extend(first, [_texts(cells) for cells in zip(*values, strict=True)])
    return rows


class _TextOf(dict[Any, str]):
    """Cells as text, each made once."""

    def __missing__(self, value: Any) -> str:
        text = self[value] = text_of(value)
        return text


def _texts(cells: Sequence[Any]) -> list[str]:
    """A column as text. Words and numbers are never equal to each other; other values may be, such as 1 and TRUE."""
    kinds = {*map(type, cells)}
    if kinds == {float}:
        return list(map(_number, cells))
    if kinds <= {str, float}:
        return list(map(_TextOf().__getitem__, cells))
    return list(map(text_of, cells))


def _rows(data: bytes, name: str, look: "_Look") -> PackedRows:
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        values = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    odd_rows = {number for number, _place in look.odd}
    rows = PackedRows()
    for number, cells in enumerate(values, start=1):
        texts = [text_of(cell) for cell in cells]
        if any(texts) or number in odd_rows:
            rows.append(number, texts)
    # calamine ends with the last cell that has a value; a formula without one may stand below.
    for number in sorted(odd_rows):
        if number > len(values):
            rows.append(number, [])
    return rows


def _number(value: float) -> str:
    text = f"{value:.15g}"
    # Most numbers are plain in this form already; the way of the others is ten times as long.
    return plain_text(number_of(value)) if "e" in text or text == "-0" else text


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


def _parse(archive: zipfile.ZipFile, path: str, parser: expat.XMLParserType) -> None:
    """Runs ``parser`` over a part. No part of a workbook declares a document type; one that does is an attack."""

    def refuse(*declaration: Any) -> None:
        raise not_a_whole_workbook()

    parser.StartDoctypeDeclHandler = refuse
    with archive.open(path) as part:
        parser.ParseFile(part)


def _walk(archive: zipfile.ZipFile, path: str, start: _Start) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    _parse(archive, path, parser)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Parts:
    """Which part holds which visible sheet, and whether the program that wrote the file computed its formulas."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.recalculates = False
        self._relations: dict[str, str] = {}
        self._targets: dict[str, str] = {}
        _walk(archive, "xl/workbook.xml", self._in_workbook)
        _walk(archive, "xl/_rels/workbook.xml.rels", self._in_relations)
        parts = set(archive.namelist())
        self.sheets = {
            name: self._targets[relation]
            for name, relation in self._relations.items()
            if self._targets.get(relation) in parts
        }

    def _in_workbook(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = _local(name)
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            relation = next((value for key, value in attributes.items() if _local(key) == "id"), "")
            self._relations[attributes["name"]] = relation
        elif tag == "calcPr":
            self.recalculates = attributes.get("fullCalcOnLoad") in ("1", "true")

    def _in_relations(self, name: str, attributes: Mapping[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            self._targets[attributes["Id"]] = posixpath.normpath(
                posixpath.join("/xl", attributes["Target"])
            ).removeprefix("/")


class _Found(Exception):
    """Ends a search."""


def _holds_something(archive: zipfile.ZipFile, path: str) -> bool:
    def start(name: str, attributes: Mapping[str, str]) -> None:
        if _local(name) in ("v", "is", "f"):
            raise _Found

    try:
        _walk(archive, path, start)
    except _Found:
        return True
    return False


def _row_limit() -> int:
    return int(settings.IMPORT_MAX_ROWS) + _SPARE_ROWS


class _Look:
    """One pass over a sheet: refuses one that is too long or too wide, and notes cells that cannot be believed."""

    def __init__(self, *, trusted: bool) -> None:
        self.odd: dict[tuple[int, int], str] = {}
        self.formulas = 0
        self._trusted = trusted
        self._row = self._column = 0
        self._kind = ""
        self._awaits_result = False
        self._text = ""
        self._columns: dict[str, int] = {}
        self._row_limit = _row_limit()
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start

    def through(self, archive: zipfile.ZipFile, path: str) -> None:
        _parse(archive, path, self._parser)
        self._end_cell()

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if ":" in name:
            name = _local(name)
        if name == "c":
            if self._awaits_result:
                self._end_cell()
            self._kind = attributes.get("t", "")
            reference = attributes.get("r")
            if reference:
                letters = reference.rstrip("0123456789")
                self._column = self._columns.get(letters) or self._numbered(letters)
                self._row = int(reference[len(letters) :])
            else:
                self._column += 1
        elif name == "v" or name == "is":
            self._take_value()
        elif name == "f":
            self.formulas += 1
            self._awaits_result = True
        elif name == "row":
            self._end_cell()
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0

    def _numbered(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        self._columns[letters] = number
        return number

    def _take_value(self) -> None:
        if self._row > self._row_limit:
            raise SpreadsheetError(
                _(
                    "Row %(row)d of this sheet holds something, and at most %(limit)d rows are read. "
                    "Delete what stands below the table, or split the file."
                )
                % {"row": self._row, "limit": settings.IMPORT_MAX_ROWS}
            )
        if self._column > _MAX_COLUMNS:
            raise SpreadsheetError(
                _("Row %(row)d of this sheet holds something to the right of column %(column)d. Delete it and retry.")
                % {"row": self._row, "column": _MAX_COLUMNS}
            )
        if self._awaits_result or self._kind == "e":
            self._text = ""
            self._parser.CharacterDataHandler = self._collect
            self._parser.EndElementHandler = self._end_value

    def _collect(self, text: str) -> None:
        self._text += text[:40]

    def _end_value(self, name: str) -> None:
        self._parser.CharacterDataHandler = None
        self._parser.EndElementHandler = None
        place = (self._row, self._column - 1)
        if self._kind == "e":
            self._awaits_result = False
            self.odd[place] = _("This cell shows the error %(error)s. Put the value in.") % {"error": self._text[:40]}
        elif self._trusted and (self._text or self._kind == "str"):
            self._awaits_result = False

    def _end_cell(self) -> None:
        if self._awaits_result:
            self._awaits_result = False
            self.odd[self._row, self._column - 1] = _(
                "This cell holds a formula without a result. Open the file in Excel or WPS and save it, "
                "or put the value in."
            )
