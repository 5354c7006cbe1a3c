"""Reading a long sheet in pieces: calamine lays out a sheet as a whole, and a hundred thousand rows take 100 MB then.

A sheet that is written the usual way is cut after every so many rows, and each piece read as a workbook of its own. A
sheet with anything unusual in it is not cut: ``NotPlain`` says so, and the caller looks at it closely.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import python_calamine

# So much of a sheet, unpacked, is read at a time: about five thousand rows.
_PIECE: Final = 1024 * 1024

_ODD_CELL: Final = re.compile(rb'<c(?! r="[A-Z]\d+")[\s/>]')
_ROW: Final = re.compile(rb'<row r="(\d+)"')
_DIMENSION: Final = re.compile(rb"<dimension[^>]*>(?:</dimension>)?")
# A formula, an error, or what declares something.
_ODD: Final = (b"<f", b't="e"', b"<!")
_ROWS_BEGIN: Final = b"<sheetData>"
_ROWS_END: Final = b"</sheetData>"
_ROW_END: Final = b"</row>"


class NotPlain(Exception):
    """The sheet has to be read as a whole, with a look at each cell."""


def plain_rows(
    archive: zipfile.ZipFile, path: str, name: str, *, last_row: int
) -> Iterator[tuple[int, list[list[Any]]]]:
    """Rows that follow each other, with the number of the first: the cells that calamine reads, from column A on.

    Rows of one answer are as wide as each other.

    ``path`` is the part that holds the sheet called ``name``. Raises NotPlain, also after the first rows, where there
    is a formula, an error, a value below ``last_row`` or to the right of column Z, or a cell without its place.
    """
    others = {
        part: archive.read(part)
        for part in archive.namelist()
        if part.endswith((".xml", ".rels")) and not part.startswith("xl/worksheets/")
    }
    # The words that cells share go with each piece: where they are many, the pieces are larger.
    size = max(_PIECE, sum(len(content) for content in others.values()))
    head = b""
    for piece in _pieces(archive, path, size):
        if not head:
            head, begin, piece = piece.partition(_ROWS_BEGIN)
            if not begin or any(mark in head for mark in _ODD):
                raise NotPlain
            head = _DIMENSION.sub(b"", head) + begin
        if any(mark in piece for mark in _ODD):
            raise NotPlain
        last = max(piece.rfind(b"<v"), piece.rfind(b"<is"))
        if last < 0:
            continue  # rows that are only coloured
        row = _ROW.match(piece, max(0, piece.rfind(b"<row ", 0, last)))
        if row is None or int(row[1]) > last_row or _ODD_CELL.search(piece):
            raise NotPlain
        yield _read({**others, path: head + piece + _ROWS_END + b"</worksheet>"}, name)


def _pieces(archive: zipfile.ZipFile, path: str, size: int) -> Iterator[bytes]:
    """The part up to the end of its rows, cut behind whole rows."""
    kept = b""
    with archive.open(path) as part:
        while block := part.read(size):
            kept += block
            end = kept.find(_ROWS_END)
            if end >= 0:
                # What follows the rows, such as merged cells, holds no values.
                yield kept[:end]
                return
            cut = kept.rfind(_ROW_END) + len(_ROW_END)
            if cut >= len(_ROW_END):
                yield kept[:cut]
                kept = kept[cut:]
            elif len(kept) > 64 * size:
                raise NotPlain
    raise NotPlain


def _read(parts: dict[str, bytes], name: str) -> tuple[int, list[list[Any]]]:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as whole:
        for part, text in parts.items():
            whole.writestr(part, text)
    content.seek(0)
    with python_calamine.CalamineWorkbook.from_filelike(content) as workbook:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            return 1, []
        first, blank = sheet.start
        rows = sheet.to_python(skip_empty_area=True)
        return first + 1, [[""] * blank + cells for cells in rows] if blank else rows
