"""One site over all years: the lines of the printed tables that yearly sums give, a column for each year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import get_script_prefix
from django.utils.html import escape
from django.utils.safestring import SafeString

from apps.indicators.cells import figure_cell
from apps.indicators.computation import Figures, compute_years
from apps.indicators.declarations import Line, ReportTable, Text, tables
from apps.indicators.figures import query_of
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.indicators.sums.conditions import summable
from apps.organisation.models import ReportingYear, Site


@dataclass(frozen=True, kw_only=True)
class YearsTable:
    """A printed table with the years beside each other; ``rows`` are its lines, ready to be printed."""

    code: str
    title: Text
    item_title: Text
    rows: SafeString


@dataclass(frozen=True, kw_only=True)
class SiteYears:
    """``years`` are the columns, the oldest first."""

    site: Site
    years: Sequence[ReportingYear]
    tables: Sequence[YearsTable]


def years_of(site: Site, years: Sequence[ReportingYear], sections: frozenset[str]) -> SiteYears:
    """Approved figures of ``site`` in ``sections``, with as many queries as one year takes.

    Figures about people are left out: who is so few that nothing is printed is asked year by year.
    """
    oldest_first = sorted(years, key=lambda year: year.starts_on)
    kpis = current_kpis().within(sections)
    shown = [(table, list(_lines(table, kpis))) for table in tables if table.section in sections]
    wanted = kpis.of(line.total for _table, lines in shown for line in lines)
    figures = compute_years(oldest_first, sites=[site], kpis=wanted)
    found = [(table, _rows(lines, figures, site)) for table, lines in shown]
    return SiteYears(
        site=site,
        years=oldest_first,
        tables=[
            YearsTable(code=table.code, title=table.title, item_title=table.item_title, rows=rows)
            for table, rows in found
            if rows
        ],
    )


def _lines(table: ReportTable, kpis: KpiSet) -> Iterator[Line]:
    for line in table.lines(kpis):
        if line.total not in kpis:
            continue
        kpi = kpis[line.total]
        if summable(kpi) is not None and not kpi.people and not kpi.counts_people:
            yield line


def _rows(lines: Sequence[Line], years: Sequence[Figures], site: Site) -> SafeString:
    """The lines of which somebody said something in any year."""
    prefix, rows = get_script_prefix(), []
    for line in lines:
        figures = [(each.year, each.of(line.total, site)) for each in years]
        if not any(figure.rows or figure.gaps for _year, figure in figures):
            continue
        kpi = figures[0][1].kpi
        query = query_of(site, figures[0][1].basis)
        cells = [
            f'<td class="number" data-label="{escape(year.code)}">'
            f"<span>{figure_cell(figure, year.code, query, prefix)}</span></td>"
            for year, figure in figures
        ]
        rows.append(
            f'<tr><th scope="row">{escape(line.title or kpi.title)}</th>'
            f'<td class="unit">{escape(kpi.unit_label)}</td>{"".join(cells)}</tr>'
        )
    return SafeString("\n".join(rows))
