"""The files that a year can be had as. Each is a pure function of the content: the same bytes on every machine."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from apps.reporting.content.canonical import canonical
from apps.reporting.content.shape import LANGUAGES, Content
from apps.reporting.documents.data_book import data_book
from apps.reporting.documents.flat import flat
from apps.reporting.documents.html import html
from apps.reporting.documents.outline import outline
from apps.reporting.documents.pdf import pdf
from apps.reporting.documents.word import word


@dataclass(frozen=True, kw_only=True)
class DocumentFormat:
    """``per_language``: there is one file in each language; else one that holds all, made with language ""."""

    code: str
    title: StrPromise
    content_type: str
    per_language: bool
    stem: str = "esg-report"


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    name: str
    content_type: str
    content: bytes


FORMATS: Final = (
    DocumentFormat(code="pdf", title=_("Report as PDF"), content_type="application/pdf", per_language=True),
    DocumentFormat(
        code="docx",
        title=_("Report as Word file"),
        content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        per_language=True,
    ),
    DocumentFormat(
        code="html",
        title=_("Report as web page, for print"),
        content_type="text/html; charset=utf-8",
        per_language=True,
    ),
    DocumentFormat(
        code="xlsx",
        title=_("Data book as Excel workbook"),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        per_language=True,
        stem="esg-data-book",
    ),
    DocumentFormat(
        code="csv",
        title=_("Figures as CSV"),
        content_type="text/csv; charset=utf-8",
        per_language=False,
        stem="esg-figures",
    ),
    DocumentFormat(
        code="json",
        title=_("Whole content as JSON"),
        content_type="application/json",
        per_language=False,
        stem="esg-content",
    ),
)
# Of these formats the one that is the document itself.
WHOLE: Final = "json"
_BY_CODE: Final = {file_format.code: file_format for file_format in FORMATS}


def make(content: Content, file_format: str, language: str, *, template: bytes | None = None) -> MadeFile:
    """One file. ``template`` is the company's own for Word. Raises KeyError for a format or language there is none of.

    The JSON file is the canonical text, so that its SHA-256 is the digest of the edition.
    """
    wanted = _BY_CODE[file_format]
    if language not in (LANGUAGES if wanted.per_language else ("",)):
        raise KeyError(language)
    return MadeFile(
        name=_name(content, wanted, language),
        content_type=wanted.content_type,
        content=_content(content, file_format, language, template),
    )


def name_and_type(content: Content, file_format: str, language: str) -> tuple[str, str]:
    """What a file is called, and its type. Raises KeyError for a format there is none of."""
    wanted = _BY_CODE[file_format]
    return _name(content, wanted, language), wanted.content_type


def _name(content: Content, file_format: DocumentFormat, language: str) -> str:
    edition = f"e{content['number']}" if content["number"] > 1 else ""
    parts = [file_format.stem, content["year"]["code"], edition, language, "" if content["number"] else "draft"]
    return "-".join(part for part in parts if part) + f".{file_format.code}"


def _content(content: Content, file_format: str, language: str, template: bytes | None) -> bytes:
    if file_format == WHOLE:
        return canonical(content).encode()
    if file_format == "csv":
        return flat(content)
    if file_format == "xlsx":
        return data_book(content, language)
    report = outline(content, language)
    if file_format == "docx":
        return word(report, template)
    return pdf(report) if file_format == "pdf" else html(report)
