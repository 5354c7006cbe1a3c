"""A printed figure as it stands in a table: written here and not in a template, since a page has thousands of them."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Final

from django.urls import get_script_prefix, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.formats import NO_VALUE, percent
from apps.indicators.figures import Figure, query_of
from apps.indicators.filled_tables import FilledCells, FilledTable
from apps.indicators.reports import AnnualReport
from apps.organisation.models import Site

_TOTAL: Final = ' class="total"'
_PART: Final = ' class="figures__part"'


@lru_cache(maxsize=16_384)
def figure_page(year: str, code: str, prefix: str) -> str:
    """The address of a figure, ready to be printed. ``prefix`` is that of the installation."""
    return escape(reverse("indicators:figure", args=[year, code]))


def linked_cell(display: str, address: str, reason: str) -> str:
    """A number, or the dash that stands for it, with its page; ``reason`` says why it is none or lacks rows."""
    return f'<a href="{address}">{display}</a>{_reason(reason)}'


def no_value_cell(reason: str) -> str:
    """Nothing to open: nobody said anything of it."""
    return f'<span class="no-value">{NO_VALUE} {_reason(reason)}</span>'


def figure_cell(figure: Figure, year: str, query: str | None = None, prefix: str | None = None) -> SafeString:
    """The number as a link to its page, or a dash with the reason.

    ``query`` spares asking the figure for its own, and ``prefix`` the request for the installation's.
    """
    # What is printed of a number holds nothing that HTML would misread.
    if figure.value is None and not figure.rows and not figure.gaps and not figure.is_withheld:
        text = no_value_cell(figure.reason)
    else:
        query = figure.query if query is None else query
        prefix = get_script_prefix() if prefix is None else prefix
        address = figure_page(year, figure.kpi.code, prefix) + (f"?{escape(query)}" if query else "")
        text = linked_cell(figure.display, address, figure.reason if figure.value is None else figure.gap_text)
    if figure.differs:
        said = _("differs from published: %(value)s") % {"value": figure.published.display if figure.published else ""}
        text += f'<span class="differs"><span aria-hidden="true">≠</span> {escape(said)}</span>'
    return SafeString(text)


def _reason(text: str) -> str:
    return f'<span class="no-value__reason">{escape(text)}</span>' if text else ""


def site_heads(report: AnnualReport, codes: Iterable[str]) -> SafeString:
    """The head of each of those figures, with its unit."""
    kpis = [report.figures.kpis[code] for code in codes]
    return SafeString(
        "\n".join(
            [
                f'<th class="number" scope="col">{escape(str(kpi.title))} '
                f'<span class="unit">{escape(kpi.unit_label)}</span></th>'
                for kpi in kpis
            ]
        )
    )


def site_rows(report: AnnualReport, codes: Iterable[str], sites: Iterable[Site]) -> SafeString:
    """A line for each site with some of its figures, and how far it is approved."""
    listed = list(sites)
    report.figures.look_at(listed)
    page, prefix = reverse("indicators:year", args=[report.year.code]), get_script_prefix()
    rows = []
    for site in listed:
        query = query_of(site, report.basis)
        address = escape(f"{page}?{query}")
        cells = "".join(
            [
                f'<td class="number">{figure_cell(report.figures.of(code, site), report.year.code, query, prefix)}</td>'
                for code in codes
            ]
        )
        rows.append(
            f'<tr><th scope="row"><a href="{address}">{escape(site.name)}</a></th>'
            f"<td>{escape(report.coverage(site).text)}</td>{cells}</tr>"
        )
    return SafeString("\n".join(rows))


def table_rows(table: FilledTable, report: AnnualReport) -> SafeString:
    """The lines of a printed table: every figure, the year before and the change, then the words."""
    prefix, heading = get_script_prefix(), ""
    rows: list[str] = []
    for line in table.lines:
        if line.heading != heading:
            heading = line.heading
            if heading:
                rows.append(
                    format_html(
                        '<tr class="figures__heading"><th scope="rowgroup" colspan="{}">{}</th></tr>',
                        table.width,
                        heading,
                    )
                )
        cells = _block(line.total, report, prefix)
        if line.density:
            cells += _block(line.density, report, prefix)
        elif table.has_density:
            cells += f'<td colspan="{report.columns}"></td>'
        if table.declaration.words:
            cells += f'<td class="figures__words">{escape(line.words)}</td>'
        rows.append(
            f"<tr{_TOTAL if line.is_sum else ''}>"
            f'<th scope="row"{_PART if line.is_part else ""}>{escape(line.title)}</th>{cells}</tr>'
        )
    return SafeString("\n".join(rows))


def _block(cells: FilledCells, report: AnnualReport, prefix: str) -> str:
    """The unit, a figure for each place, the year before and the change."""
    year, last = report.year.code, report.last_year
    written = [f'<td class="unit figures__first">{escape(cells.unit)}</td>']
    written += [f'<td class="number">{figure_cell(each, year, None, prefix)}</td>' for each in cells.figures]
    if last and cells.last:
        written.append(f'<td class="number">{figure_cell(cells.last, last.code, None, prefix)}</td>')
        written.append(f'<td class="number">{percent(cells.change)}</td>')
    return "".join(written)
