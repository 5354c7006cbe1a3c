"""Writes the Word template that ships with the portal: what a company opens in Word to make its own."""

import io
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from apps.reporting.documents.word_blocks import STYLES, TABLE_STYLE

_ACCENT: Final = RGBColor(0x0D, 0x5B, 0x62)
_SOFT: Final = RGBColor(0x55, 0x62, 0x6A)
_WARN: Final = RGBColor(0x8A, 0x3B, 0x12)
_LATIN: Final = "Calibri"
_CHINESE: Final = "Microsoft YaHei"
# In EMU, in which Word files measure.
_HALF_POINT: Final = 6350
_TEXT_WIDTH: Final = Mm(166)

_TABLE_STYLE: Final = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">
  <w:name w:val="{TABLE_STYLE}"/><w:uiPriority w:val="99"/><w:qFormat/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:space="0" w:color="0D5B62"/>
      <w:bottom w:val="single" w:sz="4" w:space="0" w:color="C9D3D6"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="C9D3D6"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/><w:color w:val="0D5B62"/></w:rPr>
    <w:tcPr>
      <w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="0D5B62"/></w:tcBorders>
      <w:vAlign w:val="bottom"/>
    </w:tcPr>
  </w:tblStylePr>
</w:style>
"""


def default_template() -> bytes:
    """The file that ``manage.py write_report_template`` writes."""
    document = docx.Document()
    _page(document)
    _styles(document)
    _head_and_foot(document)
    _body(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(26), Mm(22)
    section.different_first_page_header_footer = True


def _styles(document: Document) -> None:
    normal = _style(document, "Normal", 20)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 23 / 20
    for level, size, before, after in ((1, 40, 26, 14), (2, 28, 20, 8), (3, 21, 14, 6)):
        heading = _style(document, f"Heading {level}", size, colour=_ACCENT, is_bold=True)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(before), Pt(after)
        heading.paragraph_format.keep_with_next = True
    title = _style(document, "Title", 56, colour=_ACCENT)
    title.paragraph_format.space_after = Pt(24)
    for border in title.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    _style(document, "Report Year", 112, colour=_ACCENT, is_bold=True).paragraph_format.space_before = Pt(110)
    _style(document, "Report Contents", 40, colour=_ACCENT, is_bold=True).paragraph_format.page_break_before = True
    _style(document, STYLES["note"], 17, colour=_SOFT)
    label = _style(document, STYLES["label"], 20, colour=_ACCENT, is_bold=True)
    label.paragraph_format.keep_with_next = True
    item = _style(document, STYLES["item"], 20)
    item.paragraph_format.left_indent, item.paragraph_format.first_line_indent = Mm(7), Mm(-7)
    item.paragraph_format.space_after = Pt(3)
    item.paragraph_format.tab_stops.add_tab_stop(Mm(7))
    caption = _style(document, STYLES["title"], 19, is_bold=True)
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(10), Pt(4)
    caption.paragraph_format.keep_with_next = True
    cell = _style(document, STYLES["cell"], 17)
    cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(2)
    cell.paragraph_format.line_spacing = 1
    _style(document, "Report Draft", 28, colour=_WARN, is_bold=True)
    for level in (1, 2):
        entry = _style(document, f"TOC {level}", 20, is_bold=level == 1, colour=_ACCENT if level == 1 else None)
        entry.paragraph_format.left_indent = Mm(6 * (level - 1))
        entry.paragraph_format.space_after = Pt(2)
        entry.paragraph_format.space_before = Pt(6 if level == 1 else 0)
        entry.paragraph_format.tab_stops.add_tab_stop(_TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    document.styles.element.append(parse_xml(_TABLE_STYLE))


def _style(
    document: Document, name: str, half_points: int, *, colour: RGBColor | None = None, is_bold: bool = False
) -> ParagraphStyle:
    """A paragraph style in both types of letters; the theme of Word would overrule them."""
    styles = document.styles
    if name in {style.name for style in styles}:
        style: Any = styles[name]
    else:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.quick_style = True
    style.font.size = Emu(half_points * _HALF_POINT)
    style.font.bold = is_bold
    style.font.italic = False
    if colour is not None:
        style.font.color.rgb = colour
    properties = style.element.get_or_add_rPr()
    for fonts in list(properties.iter(qn("w:rFonts"))):
        properties.remove(fonts)
    fonts = OxmlElement("w:rFonts")
    for attribute, family in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _LATIN), ("eastAsia", _CHINESE)):
        fonts.set(qn(f"w:{attribute}"), family)
    properties.insert(0, fonts)
    made: ParagraphStyle = style
    return made


def _head_and_foot(document: Document) -> None:
    """The first page has none: it is the cover."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.style = document.styles[STYLES["note"]]
    head.add_run("{{ title }} {{ year }} · {{ group }}")
    foot = section.footer.paragraphs[0]
    foot.style = document.styles[STYLES["note"]]
    foot.paragraph_format.tab_stops.add_tab_stop(_TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    draft = foot.add_run("{{ draft }}")
    draft.bold, draft.font.color.rgb = True, _WARN
    foot.add_run("\t")
    for kind in ("begin", "PAGE", "separate", "1", "end"):
        run = foot.add_run()
        if kind == "PAGE":
            written = OxmlElement("w:instrText")
            written.text = kind
            run._r.append(written)
        elif kind == "1":
            run.text = kind
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _body(document: Document) -> None:
    """The cover, the contents, and everything else in its place."""
    for text, style in (
        ("{{ group }}", "Normal"),
        ("{{ stock_code }}", STYLES["note"]),
        ("{{ year }}", "Report Year"),
        ("{{ title }}", "Title"),
        ("{{ period }}", "Normal"),
        ("{{ guide }}", "Normal"),
        ("{{ edition }}", STYLES["label"]),
        ("{{ draft }}", "Report Draft"),
        ("{{ notice }}", STYLES["note"]),
        ("{{ contents_title }}", "Report Contents"),
        ("{{ contents }}", "Normal"),
        ("{{ report }}", "Normal"),
    ):
        paragraph = document.add_paragraph(text, style=style)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
