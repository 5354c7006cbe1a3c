"""The report as one HTML file that needs nothing beside it: for the web, for reading aloud, and for print."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from apps.reporting.documents.blocks import Block, Cell, Cover, Heading, Picture, Report, Row, Table, Text

_CSS: Final = (Path(__file__).resolve().parent / "templates" / "report.css").read_text(encoding="utf-8")
_LANG: Final = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def html(report: Report) -> bytes:
    """Headings start at the second level, since the title of the report is the first."""
    with translation.override(report.language):
        return "\n".join(_lines(report)).encode()


def _lines(report: Report) -> Iterator[str]:
    cover = report.cover
    yield "<!DOCTYPE html>"
    yield f'<html lang="{_LANG[report.language]}">'
    yield '<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    draft = f"{cover.draft} · " if cover.draft else ""
    yield f"<title>{escape(f'{draft}{cover.title} {cover.year} · {cover.group}')}</title>"
    yield f"<style>\n{_CSS}</style>\n</head>\n<body>"
    if cover.draft:
        yield f'<aside class="draft-bar" aria-label="{escape(cover.edition)}">{escape(cover.draft)}</aside>'
    yield '<div class="page">'
    yield from _cover(cover)
    yield from _contents(report)
    yield "<main>"
    for block in report.blocks:
        yield from _block(block)
    yield "</main>\n</div>\n</body>\n</html>\n"


def _cover(cover: Cover) -> Iterator[str]:
    yield '<header class="cover">'
    yield f'<p class="soft">{escape(cover.group)}</p>'
    if cover.stock_code:
        yield f'<p class="soft">{escape(cover.stock_code)}</p>'
    yield f'<p class="year" aria-hidden="true">{escape(cover.year)}</p>'
    yield f"<h1>{escape(cover.title)} {escape(cover.year)}</h1>"
    for text in (cover.period, cover.guide):
        yield f"<p>{escape(text)}</p>"
    yield f'<p class="{"draft" if cover.draft else "label"}">{escape(cover.edition)}</p>'
    if cover.notice:
        yield f'<p class="soft">{escape(cover.notice)}</p>'
    yield "</header>"


def _contents(report: Report) -> Iterator[str]:
    yield f'<nav aria-label="{escape(report.contents_title)}"><ol>'
    is_open = False
    first = True
    for block in report.blocks:
        if not isinstance(block, Heading) or block.level > 2:
            continue
        link = f'<a href="#{escape(block.anchor)}">{escape(block.text)}</a>'
        if block.level == 2:
            yield ("" if is_open else "<ol>") + f"<li>{link}</li>"
            is_open = True
            continue
        ended = "" if first else ("</ol></li>" if is_open else "</li>")
        yield f"{ended}<li>{link}"
        is_open, first = False, False
    yield ("" if first else ("</ol></li>" if is_open else "</li>")) + "</ol></nav>"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        level = block.level + 1
        starts = ' class="starts"' if block.starts_page else ""
        yield f'<h{level}{starts} id="{escape(block.anchor)}">{escape(block.text)}</h{level}>'
    elif isinstance(block, Text):
        yield _text(block)
    elif isinstance(block, Table):
        yield from _table(block)
    else:
        yield from _picture(block)


def _text(block: Text) -> str:
    if block.style == "item":
        return f'<p class="item"><span>{escape(block.mark)}</span><span>{escape(block.text)}</span></p>'
    style = "" if block.style == "body" else f' class="{block.style}"'
    return f"<p{style}>{escape(block.text)}</p>"


def _table(table: Table) -> Iterator[str]:
    """A wide table is moved inside its frame, by keyboard too."""
    yield f'<div class="scroll" role="group" tabindex="0" aria-label="{escape(table.title)}"><table>'
    yield f"<caption>{escape(table.title)}</caption><thead><tr>"
    for column in table.columns:
        yield f'<th scope="col"{_number_class(column.is_number)}>{escape(column.title)}</th>'
    yield "</tr></thead><tbody>"
    for row in table.rows:
        yield _row(table, row)
    yield "</tbody></table></div>"


def _row(table: Table, row: Row) -> str:
    style = "" if row.style == "plain" else f' class="{row.style}"'
    if row.style == "heading":
        span = len(table.columns)
        return f'<tr{style}><th scope="colgroup" colspan="{span}">{escape(row.cells[0].text)}</th></tr>'
    first, *others = row.cells
    cells = "".join(
        f"<td{_number_class(column.is_number)}>{_cell(cell)}</td>"
        for column, cell in zip(table.columns[1:], others, strict=True)
    )
    return f'<tr{style}><th scope="row">{_cell(first)}</th>{cells}</tr>'


def _cell(cell: Cell) -> str:
    text = escape(cell.text)
    return f'<a href="#{escape(cell.anchor)}">{text}</a>' if cell.anchor else text


def _picture(block: Picture) -> Iterator[str]:
    """The drawing, and its values as a table for whoever does not see it."""
    chart = block.chart
    yield f"<figure><figcaption>{escape(chart.title)}</figcaption>{chart.markup}"
    summary = _("Values of the chart")
    yield f"<details><summary>{escape(summary)}</summary><table>"
    yield f"<caption>{escape(chart.title)} ({escape(chart.unit)})</caption><tbody>"
    for label, value in chart.values:
        yield f'<tr><th scope="row">{escape(label)}</th><td class="number">{escape(value)}</td></tr>'
    yield "</tbody></table></details></figure>"


def _number_class(is_number: bool) -> str:
    return ' class="number"' if is_number else ""
