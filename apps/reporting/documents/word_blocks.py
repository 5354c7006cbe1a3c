"""Puts blocks into a Word document, in the styles of its template, in front of a given paragraph."""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu
from docx.text.paragraph import Paragraph

from apps.reporting.documents.blocks import Block, Cell, Column, Heading, Picture, Row, Table, Text
from apps.reporting.documents.pdf import png

TABLE_STYLE: Final = "Report Table"
STYLES: Final = {
    "body": "Normal",
    "item": "Report Item",
    "note": "Report Note",
    "label": "Report Label",
    "title": "Report Table Title",
    "cell": "Report Cell",
}
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9]")
_IMPOSSIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ue000\ufffe\uffff]")
# Twentieths of a point in an EMU; a head that is shaded; the indent of a part of the line above.
_EMU_IN_TWIP: Final = 635
_TINT: Final = "EEF4F4"
_PART_INDENT: Final = 240
# Word counts the ids of bookmarks in a document.
_FIRST_BOOKMARK: Final = 1000


class WordWriter:
    """Writes into ``document``. Styles that the template lacks fall back to its normal text."""

    def __init__(self, document: Document) -> None:
        self._document = document
        # Word writes the names of its own styles small.
        self._styles = {str(style.name).lower(): style for style in document.styles}
        self._bookmarks = _FIRST_BOOKMARK
        section = document.sections[-1]
        width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        self._width = Emu(width)

    def blocks(self, before: Paragraph, blocks: Iterable[Block]) -> None:
        """Everything of a part, in front of ``before``."""
        for block in blocks:
            if isinstance(block, Heading):
                self._heading(before, block)
            elif isinstance(block, Text):
                self._text(before, block)
            elif isinstance(block, Table):
                self._table(before, block)
            else:
                self._picture(before, block)

    def contents(self, before: Paragraph, headings: Sequence[Heading]) -> None:
        """Each chapter with a link and the page it starts on, which Word and LibreOffice work out."""
        for heading in headings:
            if heading.level > 2:
                continue
            paragraph = self._paragraph(before, f"TOC {heading.level}")
            link = _element("w:hyperlink", {"w:anchor": _bookmark_name(heading.anchor), "w:history": "1"})
            link.append(_run(heading.text))
            tab = _element("w:r")
            tab.append(_element("w:tab"))
            link.append(tab)
            for part in _field(f"PAGEREF {_bookmark_name(heading.anchor)} \\h"):
                link.append(part)
            paragraph._p.append(link)

    def _paragraph(self, before: Paragraph, style: str) -> Paragraph:
        found: Any = self._styles.get(style.lower())
        return before.insert_paragraph_before(style=found)

    def _heading(self, before: Paragraph, heading: Heading) -> None:
        paragraph = self._paragraph(before, f"Heading {heading.level}")
        if heading.starts_page:
            paragraph.paragraph_format.page_break_before = True
        self._bookmarks += 1
        number = str(self._bookmarks)
        paragraph._p.append(_element("w:bookmarkStart", {"w:id": number, "w:name": _bookmark_name(heading.anchor)}))
        paragraph._p.append(_run(heading.text))
        paragraph._p.append(_element("w:bookmarkEnd", {"w:id": number}))

    def _text(self, before: Paragraph, text: Text) -> None:
        paragraph = self._paragraph(before, STYLES[text.style])
        if text.style == "item":
            paragraph._p.append(_run(text.mark))
            tab = _element("w:r")
            tab.append(_element("w:tab"))
            paragraph._p.append(tab)
        paragraph._p.append(_run(text.text))

    def _picture(self, before: Paragraph, picture: Picture) -> None:
        chart = picture.chart
        title = self._paragraph(before, STYLES["title"])
        title._p.append(_run(chart.title))
        title.paragraph_format.keep_with_next = True
        paragraph = self._paragraph(before, STYLES["body"])
        inline: Any = paragraph.add_run().add_picture(io.BytesIO(png(chart)), width=Emu(int(self._width * 92 // 100)))
        properties = inline._inline.docPr
        properties.set("descr", clean(chart.description))
        properties.set("title", clean(chart.title))

    def _table(self, before: Paragraph, table: Table) -> None:
        """Written as elements: python-docx would need minutes for a thousand lines."""
        title = self._paragraph(before, STYLES["title"])
        title._p.append(_run(table.title))
        title.paragraph_format.keep_with_next = True
        whole = _element("w:tbl")
        properties = _element("w:tblPr")
        style_id = self._style_id(TABLE_STYLE)
        if style_id:
            properties.append(_element("w:tblStyle", {"w:val": style_id}))
        properties.append(_element("w:tblW", {"w:w": "5000", "w:type": "pct"}))
        properties.append(_element("w:tblLayout", {"w:type": "fixed"}))
        look = {"w:val": "0020", "w:firstRow": "1", "w:noHBand": "1", "w:noVBand": "1"}
        properties.append(_element("w:tblLook", look))
        properties.append(_element("w:tblCaption", {"w:val": clean(table.title)}))
        whole.append(properties)
        widths = self._widths(table.columns)
        grid = _element("w:tblGrid")
        for width in widths:
            grid.append(_element("w:gridCol", {"w:w": str(width)}))
        whole.append(grid)
        head = tuple(Cell(text=column.title) for column in table.columns)
        whole.append(self._row(table, Row(cells=head), widths, is_head=True))
        for row in table.rows:
            whole.append(self._row(table, row, widths, is_head=False))
        before._p.addprevious(whole)
        # Word needs a paragraph between two tables.
        self._paragraph(before, STYLES["note"])

    def _row(self, table: Table, row: Row, widths: Sequence[int], *, is_head: bool) -> Any:
        made = _element("w:tr")
        properties = _element("w:trPr")
        properties.append(_element("w:cantSplit"))
        if is_head:
            properties.append(_element("w:tblHeader"))
        made.append(properties)
        if row.style == "heading":
            made.append(self._cell(row.cells[0], sum(widths), span=len(widths), is_strong=True, is_shaded=True))
            return made
        for index, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
            made.append(
                self._cell(
                    cell,
                    widths[index],
                    is_number=column.is_number,
                    is_strong=row.style == "sum",
                    is_indented=index == 0 and row.style == "part",
                )
            )
        return made

    def _cell(
        self,
        cell: Cell,
        width: int,
        *,
        span: int = 1,
        is_number: bool = False,
        is_strong: bool = False,
        is_shaded: bool = False,
        is_indented: bool = False,
    ) -> Any:
        made = _element("w:tc")
        properties = _element("w:tcPr")
        properties.append(_element("w:tcW", {"w:w": str(width), "w:type": "dxa"}))
        if span > 1:
            properties.append(_element("w:gridSpan", {"w:val": str(span)}))
        if is_shaded:
            properties.append(_element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": _TINT}))
        made.append(properties)
        paragraph = _element("w:p")
        style = _element("w:pPr")
        style_id = self._style_id(STYLES["cell"])
        if style_id:
            style.append(_element("w:pStyle", {"w:val": style_id}))
        if is_shaded:
            style.append(_element("w:keepNext"))
        if is_indented:
            style.append(_element("w:ind", {"w:left": str(_PART_INDENT)}))
        if is_number:
            style.append(_element("w:jc", {"w:val": WD_ALIGN_PARAGRAPH.RIGHT.name.lower()}))
        paragraph.append(style)
        run = _run(cell.text, is_strong=is_strong)
        if cell.anchor:
            link = _element("w:hyperlink", {"w:anchor": _bookmark_name(cell.anchor), "w:history": "1"})
            link.append(run)
            paragraph.append(link)
        else:
            paragraph.append(run)
        made.append(paragraph)
        return made

    def _widths(self, columns: Sequence[Column]) -> list[int]:
        whole = sum(column.width for column in columns)
        return [int(self._width) // _EMU_IN_TWIP * column.width // whole for column in columns]

    def _style_id(self, name: str) -> str:
        found = self._styles.get(name.lower())
        return found.style_id if found is not None else ""


def _bookmark_name(anchor: str) -> str:
    """Word takes letters, digits and lines below, at most forty."""
    return _NOT_IN_A_NAME.sub("_", anchor)[:40]


def clean(text: str) -> str:
    """Without signs that no XML file can hold, and without the one that marks the place of a part."""
    return _IMPOSSIBLE.sub("", text)


def _element(tag: str, attributes: dict[str, str] | None = None) -> Any:
    made: Any = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        made.set(qn(name), value)
    return made


def _run(text: str, *, is_strong: bool = False) -> Any:
    run = _element("w:r")
    if is_strong:
        properties = _element("w:rPr")
        properties.append(_element("w:b"))
        run.append(properties)
    written = _element("w:t", {"xml:space": "preserve"})
    written.text = clean(text)
    run.append(written)
    return run


def _field(instruction: str) -> list[Any]:
    """A field that the program works out when it opens the file."""
    parts = []
    for kind in ("begin", "instruction", "separate", "end"):
        run = _element("w:r")
        if kind == "instruction":
            written = _element("w:instrText", {"xml:space": "preserve"})
            written.text = instruction
            run.append(written)
        else:
            attributes = {"w:fldCharType": kind}
            if kind == "begin":
                attributes["w:dirty"] = "true"
            run.append(_element("w:fldChar", attributes))
        parts.append(run)
    return parts
