"""What a dashboard shows of a site or of the group: how the year goes, from the same figures as the figures page."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.formats import change_percent, number, percent
from apps.core.graphs import Graph, Point, Series, draw
from apps.indicators.choice import Choice
from apps.indicators.computation import Figures, compute_years
from apps.indicators.declarations import Kpi, RecordKpi
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.indicators.monthly import MonthlyFigures, MonthValue, compute_months_of
from apps.organisation.models import ReportingYear, Site
from apps.reporting.dashboard_lists import (
    CoverageTable,
    Exceedances,
    Tasks,
    coverage_table,
    exceedances,
    month_name,
    tasks,
)

# By code, since their catalogue rows belong to the administrator; what is not there is not shown.
HEADLINES: Final = (
    "ENV-OUTPUT",
    "NRG-TOTAL",
    "GHG-S12",
    "ENV-RES-WATER",
    "ENV-WASTE-HAZ",
    "ENV-AIR-EXCEEDED",
    "WF-INJ",
    "WF-LOST",
)
MONTHLY: Final = (
    "ENV-OUTPUT",
    "ENV-RES-ELECTRICITY",
    "ENV-RES-COAL",
    "ENV-RES-WATER",
    "ENV-WASTE-HAZ",
    "ENV-WASTE-NONHAZ",
)
INTENSITIES: Final = (
    "ENV-RES-ELECTRICITY-D",
    "ENV-RES-COAL-D",
    "ENV-RES-WATER-D",
    "ENV-WASTE-HAZ-D",
    "NRG-TOTAL-D",
    "GHG-S12-D",
)
# Years of a trend, this one included.
YEARS: Final = 5
# So many sites are listed at once; of more some at a time.
FEW_SITES: Final = 25
SITES_ON_A_PAGE: Final = 20
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Headline:
    """A figure of the year beside the year before. ``change`` is empty where the two do not compare."""

    figure: Figure
    last: str
    change: str


@dataclass(frozen=True, kw_only=True)
class SiteBar:
    """An intensity of one site; ``width`` is its share of the highest, of 100."""

    figure: Figure
    width: str


@dataclass(frozen=True, kw_only=True)
class SiteLine:
    """The intensities of one site, beside each other."""

    site: Site
    bars: Sequence[SiteBar]


@dataclass(frozen=True, kw_only=True)
class SiteTable:
    """The sites of a group beside each other. ``page`` where there are more than a person takes in at once."""

    heads: Sequence[Kpi]
    lines: Sequence[SiteLine]
    page: Page[Any] | None = None
    # The address of the other pages, behind its question mark.
    query: str = ""


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """Everything on the page. Graphs of figures without a value are left out."""

    year: ReportingYear
    last_year: ReportingYear | None
    headlines: Sequence[Headline]
    monthly: Sequence[Graph]
    yearly: Sequence[Graph]
    sites: SiteTable
    exceedances: Exceedances | None
    coverage: CoverageTable
    tasks: Tasks


def build_dashboard(choice: Choice, user: User, page: str | None = None) -> Dashboard:
    """Asks the database a number of questions that does not grow with the sites or with the records.

    ``page`` is that of the sites of a large group.
    """
    year = choice.known_year
    kpis = current_kpis().within(choice.sections)
    shown = kpis.of(code for code in (*HEADLINES, *INTENSITIES) if code in kpis)
    years = _years(year, choice.years)
    computed = compute_years(years, sites=choice.sites, basis=choice.basis, kpis=shown)
    figures = computed[0]
    last = computed[1] if len(computed) > 1 else None
    months, *earlier = _months(choice, years[:2], kpis)
    before = earlier[0] if earlier else None
    return Dashboard(
        year=year,
        last_year=years[1] if last else None,
        headlines=[
            _headline(choice, figures, last, code)
            for code in HEADLINES
            if code in kpis and _is_expected(figures, code, choice.place)
        ],
        monthly=_present(_monthly(code, kpis, months, before, choice.place) for code in MONTHLY if code in kpis),
        yearly=_present(_yearly(code, computed, choice.place) for code in INTENSITIES if code in kpis),
        sites=_site_table(choice, figures, page),
        exceedances=exceedances(choice, user, year),
        coverage=coverage_table(choice, months),
        tasks=tasks(choice, user, year),
    )


def _years(year: ReportingYear, known: Sequence[ReportingYear]) -> list[ReportingYear]:
    """This year and those before it, the newest first, without a gap. ``known`` are all years."""
    by_end = {each.ends_on: each for each in known}
    found = [year]
    while len(found) < YEARS and (earlier := by_end.get(found[-1].starts_on - dt.timedelta(days=1))):
        found.append(earlier)
    return found


def _months(choice: Choice, years: Sequence[ReportingYear], kpis: KpiSet) -> list[MonthlyFigures]:
    wanted = [kpis[code] for code in MONTHLY if code in kpis]
    records = [kpi for kpi in wanted if isinstance(kpi, RecordKpi)]
    by_site = choice.place is not None
    return compute_months_of(years, sites=choice.sites, kpis=records, basis=choice.basis, by_site=by_site)


def _is_expected(figures: Figures, code: str, place: Site | None) -> bool:
    return bool(figures.of(code, place).coverage.expected)


def _headline(choice: Choice, figures: Figures, last: Figures | None, code: str) -> Headline:
    figure = figures.of(code, choice.place)
    before = last.of(code, choice.place) if last else None
    compares = before is not None and (
        figure.kpi.is_quotient or figure.coverage.is_as_far_as(before.coverage, choice.basis)
    )
    change = change_percent(figure.value, before.value) if before and compares else None
    return Headline(
        figure=figure,
        last=before.display if before and before.value is not None else "",
        change=percent(change) if change is not None else "",
    )


def _monthly(
    code: str, kpis: KpiSet, months: MonthlyFigures, before: MonthlyFigures | None, place: Site | None
) -> Graph | None:
    """The months of this year beside those of the year before."""
    kpi = kpis[code]
    these = months.of(code, place)
    if all(month.value is None for month in these):
        return None
    series = [Series(title=months.year.code, points=_points(these))]
    if before is not None:
        series.insert(0, Series(title=before.year.code, points=_points(before.of(code, place)), is_before=True))
    counted = [month for month in these if month.value is not None]
    most = max(counted, key=lambda month: month.value or Decimal(0))
    summary = _("%(count)d months have a value. The highest is %(value)s %(unit)s in %(month)s.") % {
        "count": len(counted),
        "value": number(most.value, kpi.decimals),
        "unit": kpi.unit_label,
        "month": month_name(most.first_day),
    }
    return draw(
        code=code,
        title=str(kpi.title),
        unit=kpi.unit_label,
        summary=summary,
        labels=[month_name(month.first_day) for month in these],
        series=series,
        decimals=kpi.decimals,
    )


def _points(months: Sequence[MonthValue]) -> list[Point]:
    return [Point(value=month.value, is_partial=month.is_partial) for month in months]


def _yearly(code: str, computed: Sequence[Figures], place: Site | None) -> Graph | None:
    """The years of an intensity, the oldest first; one year alone is no trend."""
    kpi = computed[0].kpis[code]
    oldest_first = list(reversed(computed))
    values = [figures.of(code, place) for figures in oldest_first]
    if sum(figure.value is not None for figure in values) < 2:
        return None
    told = ", ".join(
        f"{figures.year.code}: {figure.display}" for figures, figure in zip(oldest_first, values, strict=True)
    )
    return draw(
        code=code,
        title=str(kpi.title),
        unit=kpi.unit_label,
        summary=told,
        labels=[figures.year.code for figures in oldest_first],
        series=[Series(title=str(kpi.title), points=[_year_point(figure) for figure in values])],
        decimals=kpi.decimals,
        shows_values=True,
    )


def _year_point(figure: Figure) -> Point:
    coverage = figure.coverage
    return Point(value=figure.value, is_partial=coverage.counted(figure.basis) < coverage.expected)


def _site_table(choice: Choice, figures: Figures, page: str | None) -> SiteTable:
    """The sites whose intensities can be held beside each other; the highest of those listed is the measure."""
    if choice.place is not None:
        return SiteTable(heads=(), lines=())
    sites = choice.sites
    listed = Paginator(sites, SITES_ON_A_PAGE).get_page(page) if len(sites) > FEW_SITES else None
    shown: Sequence[Site] = list(listed.object_list) if listed is not None else sites
    figures.look_at(shown)
    most: dict[str, Decimal] = {}
    for code in INTENSITIES:
        values = [figures.of(code, site).value for site in shown] if code in figures.kpis else []
        known = [value for value in values if value is not None]
        # A page of sites without a value has the column of the other pages.
        if known or (listed is not None and code in figures.kpis and figures.of(code).value is not None):
            most[code] = max(known, default=Decimal(0))
    if not most:
        return SiteTable(heads=(), lines=())
    return SiteTable(
        heads=[figures.kpis[code] for code in most],
        lines=[
            SiteLine(site=site, bars=[_bar(figures.of(code, site), highest) for code, highest in most.items()])
            for site in shown
        ],
        page=listed,
        query=f"year={figures.year.code}&{choice.query}".rstrip("&"),
    )


def _bar(figure: Figure, most: Decimal) -> SiteBar:
    width = (figure.value or Decimal(0)) / most * _HUNDRED if most else Decimal(0)
    return SiteBar(figure=figure, width=f"{width:.1f}")


def _present(graphs: Iterable[Graph | None]) -> list[Graph]:
    return [graph for graph in graphs if graph is not None]
