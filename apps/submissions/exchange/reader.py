"""From an uploaded file to rows of text with their row numbers, or to a sentence that says why it is not read."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import PurePath
from typing import Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from apps.core.spreadsheets import SpreadsheetError
from apps.submissions.exchange.tables import PackedRows, Table, plain
from apps.submissions.exchange.workbook import read_xlsx

# As many lines as a sheet has rows; more are blank lines or no table.
MAX_LINES = 1_048_576
# What a row of nine short cells takes in the XML of a sheet.
_BYTES_OF_A_ROW: Final = 250


def read_table(name: str, data: bytes, sheet: str = "") -> Table:
    """The table in ``data``; ``name`` says by its ending what the file claims to be.

    Raises SpreadsheetError with a sentence for its owner.
    """
    if not data:
        raise SpreadsheetError(_("This file is empty."))
    if len(data) > settings.IMPORT_MAX_BYTES:
        raise SpreadsheetError(
            _("This file has %(size)s and at most %(limit)s are read. Split it.")
            % {"size": filesizeformat(len(data)), "limit": filesizeformat(settings.IMPORT_MAX_BYTES)}
        )
    table = _reader_for(name, data)(data, sheet)
    if not table.rows:
        raise SpreadsheetError(_("There is nothing in this file."))
    if len(table.records) > settings.IMPORT_MAX_ROWS:
        raise SpreadsheetError(
            _("This file has %(count)d rows and at most %(limit)d are read. Split it.")
            % {"count": len(table.records), "limit": settings.IMPORT_MAX_ROWS}
        )
    return table


def is_long(data: bytes) -> bool:
    """Whether a file may have more rows than are read while its person waits; told without reading it."""
    if not data.startswith(b"PK"):
        return data.count(b"\n") > settings.IMPORT_IN_REQUEST_ROWS
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sheets = (part.file_size for part in archive.infolist() if part.filename.startswith("xl/worksheets/"))
            return sum(sheets) > settings.IMPORT_IN_REQUEST_ROWS * _BYTES_OF_A_ROW
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError):
        return False  # no workbook: its reader finds the words for it


def _reader_for(name: str, data: bytes) -> Callable[[bytes, str], Table]:
    ending = PurePath(name).suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise SpreadsheetError(
            _("Files like “%(name)s” are not read. Save it as .xlsx or .csv and retry.") % {"name": name[-60:]}
        )
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetError(
            _(
                "This is an old .xls workbook, or one locked with a password. "
                "Open it in Excel or WPS, save it as .xlsx without a password and retry."
            )
        )
    is_zip = data.startswith(b"PK")
    if ending == ".xlsx" and not is_zip:
        raise SpreadsheetError(
            _("“%(name)s” is named like a workbook and is none. Save it as .xlsx or .csv and retry.")
            % {"name": name[-60:]}
        )
    if ending == ".csv" and is_zip:
        raise SpreadsheetError(
            _("“%(name)s” is named .csv and is a workbook. Rename it to .xlsx and retry.") % {"name": name[-60:]}
        )
    return read_xlsx if is_zip else read_csv


def read_csv(data: bytes, sheet: str = "") -> Table:
    """Text with commas, semicolons or tabs, in UTF-8 or, as Chinese Excel saves it, in GB 18030."""
    text, encoding = _decoded(data)
    first_line = text[:20_000].lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = PackedRows()
    number = 0
    try:
        for record in reader:
            number += 1
            if number > MAX_LINES:
                raise SpreadsheetError(
                    _("This file has more than %(limit)d lines. Delete the blank ones, or split it.")
                    % {"limit": MAX_LINES}
                )
            if any(record):
                cells = [plain(cell) for cell in record]
                if any(cells):
                    rows.append(number, cells)
    except csv.Error as error:
        raise SpreadsheetError(
            _(
                "From row %(row)d on this file is no table: a quotation mark is left open, or the file is cut off. "
                "Save it again as CSV and retry."
            )
            % {"row": number + 1}
        ) from error
    return Table(rows=rows, encoding=encoding)


def _decoded(data: bytes) -> tuple[str, str]:
    if b"\0" in data:
        raise SpreadsheetError(_("This file is no CSV text. Save it as “CSV UTF-8” or as .xlsx and retry."))
    for encoding, name in (("utf-8-sig", "UTF-8"), ("gb18030", "GB 18030")):
        try:
            return data.decode(encoding), name
        except UnicodeDecodeError:
            continue
    raise SpreadsheetError(
        _("The letters of this file cannot be read: it is neither UTF-8 nor GB 18030. Save it as “CSV UTF-8”.")
    )
