"""The report as a Word file, from a template that the company can replace.

Short tags ({{ group }}) are filled by docxtpl in a sandbox; a paragraph that is one tag of a part ({{ report }}) gives
way to headings, words, tables and charts in the styles of the template. docs/report_template.md lists the tags. The
file is packed again with fixed dates, so that the same content gives the same bytes.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import docx
import jinja2
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment

from apps.reporting.documents.appendices import APPENDICES
from apps.reporting.documents.blocks import Block, Cover, Heading, Report
from apps.reporting.documents.word_blocks import WordWriter, clean

DEFAULT_TEMPLATE: Final = Path(__file__).resolve().parent / "templates" / "report.docx"
COVER_TAGS: Final = tuple(Cover.__dataclass_fields__)
# Each stands alone in its paragraph. "report" is all that follows it.
PART_TAGS: Final = ("contents", "report", "chapters", *APPENDICES)
TAGS: Final = (*COVER_TAGS, "contents_title", *PART_TAGS)
# Around the name of a part while docxtpl fills the rest: a sign that no text has.
MARK: Final = "\ue000"
_FOUND: Final = re.compile(f"^{MARK}([a-z_]+){MARK}$")
_CHINESE_TYPE: Final = {"zh-hans": "Microsoft YaHei", "zh-hant": "Microsoft JhengHei", "en": "Microsoft YaHei"}
_LANG: Final = {"en": ("en-GB", "zh-CN"), "zh-hans": ("en-GB", "zh-CN"), "zh-hant": ("en-GB", "zh-HK")}
# What the programs behind this raise for a file that is broken in one of many ways.
_BROKEN: Final = (
    jinja2.TemplateError,
    zipfile.BadZipFile,
    PackageNotFoundError,
    SyntaxError,  # of XML
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    OSError,
)
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


class TemplateError(ValueError):
    """A template cannot be filled; the text is what the programs behind it said."""


def word(report: Report, template: bytes | None = None) -> bytes:
    """``template`` is the company's own; without it the portal's. Raises TemplateError for one that is broken."""
    filled = _fill(template if template is not None else DEFAULT_TEMPLATE.read_bytes(), _context(report))
    document = docx.Document(io.BytesIO(filled))
    _set_type(document, report.language)
    writer = WordWriter(document)
    parts = _parts(report)
    for paragraph in list(_all_paragraphs(document)):
        found = _FOUND.match(paragraph.text.strip())
        if found:
            if found.group(1) == "contents":
                writer.contents(paragraph, [block for block in report.blocks if isinstance(block, Heading)])
            else:
                writer.blocks(paragraph, parts[found.group(1)])
            _remove(paragraph)
    _set_properties(document, report)
    buffer = io.BytesIO()
    document.save(buffer)
    return _repacked(buffer.getvalue())


def tags_of(template: bytes) -> set[str]:
    """The names between double braces. Raises TemplateError where it is no Word file, or its tags are broken."""
    try:
        return set(DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables(_sandbox()))
    except _BROKEN as error:
        raise TemplateError(str(error)) from error


def _context(report: Report) -> dict[str, str]:
    cover = {name: clean(text) for name, text in asdict(report.cover).items()}
    marks = {name: f"{MARK}{name}{MARK}" for name in PART_TAGS}
    return {**cover, "contents_title": clean(report.contents_title), **marks}


def _parts(report: Report) -> Mapping[str, tuple[Block, ...]]:
    return {"report": report.blocks, **dict(report.parts)}


def _sandbox() -> jinja2.Environment:
    """A template comes from outside: it sees these texts and nothing of the portal."""
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)


def _fill(template: bytes, context: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    try:
        filled = DocxTemplate(io.BytesIO(template))
        filled.render(dict(context), jinja_env=_sandbox(), autoescape=True)
        filled.save(buffer)
    except _BROKEN as error:
        raise TemplateError(str(error)) from error
    return buffer.getvalue()


def _all_paragraphs(document: Document) -> Iterator[Paragraph]:
    """Those of the body: parts cannot stand inside a table or a head."""
    yield from document.paragraphs


def _remove(paragraph: Paragraph) -> None:
    element = paragraph._p
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _set_type(document: Document, language: str) -> None:
    """Chinese type by language, unless the template has chosen its own."""
    styles: Any = document.styles.element
    latin, east_asian = _LANG[language]
    for fonts in styles.iter(qn("w:rFonts")):
        if fonts.get(qn("w:eastAsia")) in _CHINESE_TYPE.values():
            fonts.set(qn("w:eastAsia"), _CHINESE_TYPE[language])
    for lang in styles.iter(qn("w:lang")):
        lang.set(qn("w:val"), latin)
        lang.set(qn("w:eastAsia"), east_asian)


def _set_properties(document: Document, report: Report) -> None:
    at = dt.datetime.fromisoformat(f"{report.dated}T00:00:00")
    properties = document.core_properties
    properties.title = clean(f"{report.cover.title} {report.cover.year}")[:255]
    properties.author = properties.last_modified_by = clean(report.cover.group)[:255]
    properties.language = {"en": "en", "zh-hans": "zh-CN", "zh-hant": "zh-HK"}[report.language]
    properties.comments = clean(report.cover.edition)[:255]
    properties.created = properties.modified = at
    properties.revision = 1


def _repacked(content: bytes) -> bytes:
    """With one date in all its entries, in the order of their names after the one that has to come first."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in sorted(source.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, source.read(name))
    return buffer.getvalue()
