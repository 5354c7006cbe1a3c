"""PDF files for print, in Latin and Chinese type that they carry along: no machine needs fonts of its own.

The same content at the same time gives the same bytes: dates are given, nothing is random.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.fonts import TTFFont

_FONTS: Final = Path(__file__).resolve().parent / "fonts"
_LATIN: Final = "latin"
_CHINESE: Final = "chinese"
_FILES: Final = {_LATIN: "OpenSans-Regular.ttf", _CHINESE: "DroidSansFallback.ttf"}
# In millimetres; the foot carries the number of the page.
_MARGIN: Final = 20
_GREY: Final = 90
_FINE_LINE: Final = 200
_SIZES: Final = {"title": 18, "heading": 13, "text": 10, "small": 8}
# Millimetres in a point of type; the height of a line with air for Chinese as for Latin; how deep its letters stand.
_POINT: Final = 254 / 720
_LEADING: Final = _POINT * 16 / 10
_BASELINE: Final = 7 / 10
# Where a line may end: after any Chinese character, but not before what closes nor after what opens.
_OPENS: Final = "“‘（《〈「『【〔"
_CLOSES: Final = "”’），。、；：？！》〉」』】〕…"
_HAN: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_PIECE: Final = re.compile(
    rf"\s+|[{_OPENS}]*(?:[^\s{_HAN}{_OPENS}{_CLOSES}]+|[{_HAN}])[{_CLOSES}]*|[{_OPENS}{_CLOSES}]+"
)
# Printed for what neither font has, as Chinese typesetters do.
_UNKNOWN: Final = "\u3013"


class _Sheet(FPDF):
    """A4 pages with their number at the foot."""

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(_LATIN, size=_SIZES["small"])
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="C")


class PdfDocument:
    """A document that is written from top to bottom: a title, headings, paragraphs, tables of two columns."""

    def __init__(self, *, title: str, made_at: dt.datetime, language: str) -> None:
        self._pdf = _Sheet(format="A4")
        self._pdf.set_creation_date(made_at)
        self._pdf.set_lang(language)
        self._pdf.set_title(title)
        self._pdf.set_margin(_MARGIN)
        self._pdf.set_auto_page_break(auto=True, margin=_MARGIN)
        for family, file in _FILES.items():
            self._pdf.add_font(family, fname=_FONTS / file)
        self._fonts = {family: font for family, font in self._pdf.fonts.items() if isinstance(font, TTFFont)}
        # Of each character that was used: its font, and its width in millimetres at one point.
        self._signs: dict[str, tuple[str, float]] = {}
        self._pdf.add_page()
        self._write(title, "title")

    def heading(self, text: str) -> None:
        self._space(4)
        self._write(text, "heading")
        self._space(1)

    def paragraph(self, text: str, *, is_small: bool = False, is_soft: bool = False) -> None:
        """``is_soft`` is for what only introduces the next one: it is grey and keeps close to it."""
        self._write(text, "small" if is_small else "text", _GREY if is_soft else 0)
        if not is_soft:
            self._space(2)

    def table(self, rows: Iterable[tuple[str, str]]) -> None:
        """Labels beside their values, with a fine line under each. A long value goes on over pages."""
        pdf = self._pdf
        middle = pdf.epw * 3 / 10
        for label, value in rows:
            labels = list(self._lines(label, middle - 4, "text"))
            values = list(self._lines(value, pdf.epw - middle, "text"))
            for number in range(max(len(labels), len(values))):
                self._make_room("text")
                if number < len(labels):
                    self._print(labels[number], 0, "text", _GREY)
                if number < len(values):
                    self._print(values[number], middle, "text")
                self._space(_SIZES["text"] * _LEADING)
            self._space(1)
            pdf.set_draw_color(_FINE_LINE)
            pdf.line(pdf.l_margin, pdf.y, pdf.l_margin + pdf.epw, pdf.y)
            self._space(1)
        self._space(2)

    def content(self) -> bytes:
        """The finished file."""
        return bytes(self._pdf.output())

    def _space(self, millimetres: float) -> None:
        self._pdf.set_y(self._pdf.y + millimetres)

    def _write(self, text: str, kind: str, grey: int = 0) -> None:
        for line in self._lines(text, self._pdf.epw, kind):
            self._make_room(kind)
            self._print(line, 0, kind, grey)
            self._space(_SIZES[kind] * _LEADING)

    def _make_room(self, kind: str) -> None:
        if self._pdf.will_page_break(_SIZES[kind] * _LEADING):
            self._pdf.add_page()

    def _print(self, line: str, indent: float, kind: str, grey: int = 0) -> None:
        """Puts one line where the document has come to, each part in the font that has it.

        The fallback fonts of fpdf2 would do that too, but lose the font after a coloured line.
        """
        pdf = self._pdf
        x, y = pdf.l_margin + indent, pdf.y + _SIZES[kind] * _LEADING * _BASELINE
        pdf.set_text_color(grey)
        for family, signs in groupby(line, lambda sign: self._sign(sign)[0]):
            part = "".join(signs)
            pdf.set_font(family, size=_SIZES[kind])
            pdf.text(x, y, part)
            x += self._width(part, kind)
        pdf.set_text_color(0)

    def _sign(self, sign: str) -> tuple[str, float]:
        found = self._signs.get(sign)
        if found is None:
            family = _LATIN if ord(sign) in self._fonts[_LATIN].cmap else _CHINESE
            width = self._fonts[family].get_text_width(sign, 1, None)[1] * _POINT
            found = self._signs[sign] = family, width
        return found

    def _width(self, text: str, kind: str) -> float:
        return sum(self._sign(sign)[1] for sign in text) * _SIZES[kind]

    def _lines(self, text: str, room: float, kind: str) -> Iterator[str]:
        """The lines in which ``text`` fits into ``room`` millimetres."""
        for paragraph in text.splitlines() or [""]:
            line = ""
            used: float = 0
            for piece in self._pieces(paragraph, room, kind):
                taken = self._width(piece, kind)
                if line and used + taken > room and not piece.isspace():
                    yield line.rstrip()
                    line, used = "", 0
                if line or not piece.isspace():
                    line += piece
                    used += taken
            yield line.rstrip()

    def _pieces(self, text: str, room: float, kind: str) -> Iterator[str]:
        """What must not be parted; a word that is wider than the line is, where it has to be."""
        plain = "".join(" " if sign.isspace() else sign if self._has(sign) else _UNKNOWN for sign in text)
        for piece in _PIECE.findall(plain):
            if self._width(piece, kind) <= room:
                yield piece
            else:
                yield from piece

    def _has(self, sign: str) -> bool:
        return any(ord(sign) in font.cmap for font in self._fonts.values())
