"""The Word file: real headings, tables that a program can read, and templates that a company made."""

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from apps.reporting.documents.files import make
from apps.reporting.documents.word import DEFAULT_TEMPLATE
from apps.reporting.documents.word_template import default_template
from apps.reporting.template_check import problems
from tests.reporting.documents.contents import HOSTILE, year_content


def opened(language: str, template: bytes | None = None) -> Document:
    return docx.Document(io.BytesIO(make(year_content(), "docx", language, template=template).content))


def template_with(change: Callable[[Document], object]) -> bytes:
    document = docx.Document(io.BytesIO(DEFAULT_TEMPLATE.read_bytes()))
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_headings_tables_and_charts_can_be_read() -> None:
    document = opened("zh-hant")
    headings = [
        (each.style.name, each.text) for each in document.paragraphs if each.style and "Heading" in str(each.style.name)
    ]
    assert ("Heading 2", "A1 排放物") in headings
    assert ("Heading 3", "A1.3 Hazardous waste") in headings
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["電力", "kWh", "55,320,585", "1,395.5 kWh/t"] in rows
    assert ["廢機油", "16.0", "出售予附近企業"] in rows
    for table in document.tables:
        assert table._tbl.tr_lst[0].find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
    charts = [shape._inline.docPr for shape in document.inline_shapes]
    assert charts and all(len(chart.get("descr")) > 20 for chart in charts)
    assert any("2019 130,000" in chart.get("descr") for chart in charts)
    fonts = {each.get(qn("w:eastAsia")) for each in document.styles.element.iter(qn("w:rFonts"))}
    assert "Microsoft JhengHei" in fonts and "Microsoft YaHei" not in fonts
    assert "DRAFT · 草稿 · 草擬本" in document.sections[0].footer.paragraphs[0].text


def test_what_a_person_typed_is_text() -> None:
    document = opened("en")
    assert f"1.\t{HOSTILE}" in [paragraph.text for paragraph in document.paragraphs]
    assert any(HOSTILE in cell.text for table in document.tables for row in table.rows for cell in row.cells)
    template = template_with(lambda changed: changed.paragraphs[0].add_run(" {{ notice }}"))
    content = year_content()
    content["group"]["notice"] = {"en": f"<w:p/>&{HOSTILE}\x0b\ue000report\ue000"}
    made = docx.Document(io.BytesIO(make(content, "docx", "en", template=template).content))
    assert made.paragraphs[0].text.endswith(f"<w:p/>&{HOSTILE}report")


def test_the_shipped_template_is_what_its_program_writes() -> None:
    def parts(content: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert parts(DEFAULT_TEMPLATE.read_bytes()) == parts(default_template())
    assert problems(DEFAULT_TEMPLATE.read_bytes()) == []


def test_a_company_may_put_parts_in_another_order() -> None:
    def change(document: Document) -> None:
        for paragraph in document.paragraphs:
            if paragraph.text == "{{ report }}":
                paragraph.insert_paragraph_before("{{ index }}")
                paragraph.insert_paragraph_before("Our own words")
                paragraph.text = "{{ chapters }}"

    template = template_with(change)
    assert problems(template) == []
    texts = [paragraph.text for paragraph in opened("en", template).paragraphs]
    assert texts.index("Index of the guide") < texts.index("Our own words") < texts.index("A1 Emissions")
    assert "Methods and coverage" not in texts


def test_names_of_styles_as_word_writes_them_are_found() -> None:
    def change(document: Document) -> None:
        for style in document.styles:
            if style.name in ("TOC 1", "Report Note"):
                style.element.find(qn("w:name")).set(qn("w:val"), str(style.name).lower())

    document = opened("en", template_with(change))
    used = {str(paragraph.style.name) for paragraph in document.paragraphs if paragraph.style}
    assert {"toc 1", "report note"} <= used


def _in_a_table(document: Document) -> None:
    document.add_table(1, 1).cell(0, 0).text = "{{ index }}"


def _without_report(document: Document) -> None:
    for paragraph in document.paragraphs:
        paragraph.text = paragraph.text.replace("{{ report }}", "")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda document: document.add_paragraph("{{ grup }}"), "The report has no tag {{ grup }}."),
        (lambda document: document.add_paragraph("{% if draft %}"), "The tags of the template cannot be read"),
        (
            lambda document: document.add_paragraph("{{ group.__class__.__mro__ }}"),
            "The tags of the template cannot be",
        ),
        (_in_a_table, "{{ index }} must stand alone in a paragraph"),
        (_without_report, "Nothing of the report would be in it"),
    ],
)
def test_a_template_with_wrong_tags_is_refused(change: Callable[[Document], object], sentence: str) -> None:
    found = problems(template_with(change))
    assert len(found) == 1 and sentence in found[0]


@pytest.mark.parametrize(
    ("part", "written", "sentence"),
    [
        ("word/vbaProject.bin", b"macro", "The template has macros."),
        (
            "word/_rels/header9.xml.rels",
            b'<Relationships><Relationship Id="r" Type="x/image" Target="http://example.org/a.png"'
            b' TargetMode="External"/></Relationships>',
            "takes a picture or a file from elsewhere",
        ),
        ("word/large.xml", b" " * (51 * 1024 * 1024), "unpacks to more than"),
    ],
)
def test_a_template_with_more_than_words_is_refused(part: str, written: bytes, sentence: str) -> None:
    buffer = io.BytesIO(DEFAULT_TEMPLATE.read_bytes())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, written)
    found = problems(buffer.getvalue())
    assert len(found) == 1 and sentence in found[0]


def test_what_is_no_word_file_is_refused() -> None:
    for content in (b"no zip", b"PK\x03\x04 cut off", b""):
        assert problems(content) == ["This is no Word file. Save the template in Word as .docx and send it again."]
