"""What a document is made of, whatever the file: headings, words, tables, charts, in one language.

``outline.py`` puts them together from the content of a year; the writers of PDF, DOCX and HTML print them, so that all
three say the same. Every string is plain text: no writer reads markup in it.
"""

from dataclasses import dataclass
from typing import Literal

from apps.reporting.documents.charts import Svg

TextStyle = Literal["body", "item", "note", "label"]
RowStyle = Literal["plain", "sum", "part", "heading"]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Level 1 is a part of the report, 2 an aspect, 3 a provision. ``anchor`` is unique in the document."""

    level: int
    text: str
    anchor: str
    starts_page: bool = False


@dataclass(frozen=True, kw_only=True)
class Text:
    """A paragraph. ``item`` is one of a list, with its own mark; ``note`` is small; ``label`` stands out."""

    text: str
    style: TextStyle = "body"
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """``width`` is its share of the page beside the other columns."""

    title: str
    width: int
    is_number: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """``anchor`` names the heading that a cell points to."""

    text: str
    anchor: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    cells: tuple[Cell, ...]
    style: RowStyle = "plain"


@dataclass(frozen=True, kw_only=True)
class Table:
    """``title`` stands above it and names it to people who listen. A heading row has one cell over the whole width."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart, with its values in words."""

    chart: Svg


Block = Heading | Text | Table | Picture


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What stands on the first page and at the head of the others. ``draft`` is empty for an edition."""

    title: str
    group: str
    stock_code: str
    year: str
    period: str
    guide: str
    edition: str
    notice: str
    draft: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole, in one language. ``dated`` is the day the file carries: of publication, for a draft the year's end."""

    language: str
    dated: str
    cover: Cover
    contents_title: str
    parts: tuple[tuple[str, tuple[Block, ...]], ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for _name, blocks in self.parts for block in blocks)
