"""Writing the rows of a long sheet as XML: a library that makes an object of each cell takes ten times as long.

What is around the rows (styles, widths, headings, the parts of the file) comes from a workbook that xlsxwriter made,
whose second row shows each format once: a day, then numbers with 0, 1, 2 … decimals. That row is replaced. Text comes
made harmless already.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Final
from xml.sax.saxutils import escape

from apps.submissions.exchange.lines import letters

DIGITS_OF_A_CELL: Final = 15  # significant digits that a spreadsheet keeps of a number
_SHEET: Final = "xl/worksheets/sheet1.xml"
_SAMPLE: Final = re.compile(r'(<row r="2".*?</row>)', re.DOTALL)
# Excel takes it for the size of the table, which nobody knows before the end.
_DIMENSION: Final = re.compile(r"<dimension[^>]*/>")
_STYLE: Final = re.compile(r' s="(\d+)"')
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# How a sheet names a character that XML cannot hold, and a text that looks like such a name.
_LIKE_A_NAME: Final = re.compile("(_x[0-9a-fA-F]{4}_)")
_DAY_ZERO: Final = dt.date(1899, 12, 30)
# Cells are kept by their text, for most come again and again; not more of them than this.
_KEPT: Final = 10_000
_ROWS_AT_ONCE: Final = 500


def write_rows(
    stream: IO[bytes], empty: IO[bytes], rows: Iterable[Sequence[str | None]], kinds: Sequence[type]
) -> None:
    """Writes ``empty`` to ``stream`` with ``rows`` below its headings; ``kinds``: str, Decimal or date, by column."""
    with (
        zipfile.ZipFile(empty) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in source.namelist():
            if name != _SHEET:
                target.writestr(name, source.read(name))
        before, sample, after = _cut(source.read(_SHEET).decode())
        with target.open(_SHEET, "w", force_zip64=True) as part:
            part.write(before.encode())
            for block in _blocks(_Cells(sample, kinds), rows):
                part.write(block.encode())
            part.write(after.encode())


def _cut(sheet: str) -> tuple[str, str, str]:
    before, sample, after = _SAMPLE.split(sheet)
    return _DIMENSION.sub("", before), sample, after


def _blocks(cells: "_Cells", rows: Iterable[Sequence[str | None]]) -> Iterator[str]:
    block: list[str] = []
    for number, row in enumerate(rows, start=2):
        block.append(cells.row(number, row))
        if len(block) == _ROWS_AT_ONCE:
            yield "".join(block)
            block = []
    yield "".join(block)


class _Cells:
    def __init__(self, sample: str, kinds: Sequence[type]) -> None:
        self._day_style, *self._number_styles = _STYLE.findall(sample)
        self._columns = [
            (letters(place), {str: self._text, Decimal: self._number, dt.date: self._day}[kind])
            for place, kind in enumerate(kinds)
        ]
        self._kept: dict[tuple[str, str], str] = {}

    def row(self, number: int, row: Sequence[str | None]) -> str:
        kept = self._kept
        cells = []
        for (letter, written), text in zip(self._columns, row, strict=True):
            if text:
                rest = kept.get((letter, text))
                if rest is None:
                    if len(kept) >= _KEPT:
                        kept.clear()
                    rest = kept[letter, text] = written(text)
                cells.append(f'<c r="{letter}{number}"{rest}')
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _text(self, text: str) -> str:
        written = escape(_CONTROL.sub(_named, _LIKE_A_NAME.sub(r"_x005F\1", text)))
        space = ' xml:space="preserve"' if written != written.strip() else ""
        return f' t="inlineStr"><is><t{space}>{written}</t></is></c>'

    def _number(self, text: str) -> str:
        if len(text.replace(".", "").replace("-", "").strip("0")) > DIGITS_OF_A_CELL:
            # More digits than a spreadsheet keeps: text loses none.
            return self._text(text)
        decimals = len(text.partition(".")[2])
        return f' s="{self._number_styles[decimals]}"><v>{text}</v></c>'

    def _day(self, text: str) -> str:
        return f' s="{self._day_style}"><v>{(dt.date.fromisoformat(text) - _DAY_ZERO).days}</v></c>'


def _named(character: re.Match[str]) -> str:
    return f"_x{ord(character[0]):04X}_"
