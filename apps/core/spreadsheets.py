"""Cells that go out to spreadsheets and come back: formula-like text made harmless, hostile files refused."""

import zipfile
from decimal import Decimal
from typing import IO, Final

from django.utils.translation import gettext as _

# Excel also takes the full-width signs for the start of a formula in East Asian locales.
_FORMULA_START: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# The same for PostgreSQL and Python: what ``neutralise`` puts an apostrophe before.
FORMULA_PATTERN: Final = f"^'*[{''.join(sign for sign in _FORMULA_START if sign != '-')}-]"
_MAX_UNPACKED_BYTES: Final = 200 * 1024 * 1024


class SpreadsheetError(ValueError):
    """A file we will not read; the text tells its owner why and what to do."""


def neutralise(text: str) -> str:
    """``text`` so that no spreadsheet program runs it: an apostrophe before what looks like a formula."""
    if text.startswith(_FORMULA_START) or (text.startswith("'") and text.lstrip("'").startswith(_FORMULA_START)):
        return "'" + text
    return text


def restore(text: str) -> str:
    """Undoes ``neutralise``, so that an exported file imports unchanged."""
    if text.startswith("'") and text.lstrip("'").startswith(_FORMULA_START):
        return text[1:]
    return text


def number_of(value: float) -> Decimal:
    """The number that a cell shows: fifteen digits. The two more that files carry are the noise of binary results."""
    return Decimal(f"{value:.15g}")


def not_a_whole_workbook() -> SpreadsheetError:
    """What to say of a workbook that is cut off or was put together wrongly."""
    return SpreadsheetError(
        _("This file is not a whole XLSX workbook. Open it in Excel or WPS, save it again as .xlsx and retry.")
    )


def refuse_hostile_xlsx(file: IO[bytes]) -> None:
    """Raises SpreadsheetError unless ``file`` is a whole XLSX that unpacks to a sensible size."""
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise not_a_whole_workbook() from error
    finally:
        file.seek(0)
    if "xl/workbook.xml" not in names:
        raise SpreadsheetError(_("This file is not an XLSX workbook. Save it as .xlsx or .csv and retry."))
    if unpacked > _MAX_UNPACKED_BYTES:
        raise SpreadsheetError(
            _("This workbook unpacks to more than 200 MB. Delete empty rows and pictures, or split it.")
        )
