"""What a dashboard shows of a site or of the group: how the year goes, from the same figures as the figures page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.formats import change_percent, number, percent
from apps.core.graphs import Graph, Point, Series, draw
from apps.indicators.basis import year_before
from apps.indicators.choice import Choice
from apps.indicators.computation import Figures, compute
from apps.indicators.declarations import Kpi, RecordKpi
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.indicators.monthly import MonthlyFigures, MonthValue, compute_months
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
class Dashboard:
    """Everything on the page. Graphs of figures without a value are left out."""

    year: ReportingYear
    last_year: ReportingYear | None
    headlines: Sequence[Headline]
    monthly: Sequence[Graph]
    yearly: Sequence[Graph]
    heads: Sequence[Kpi]
    sites: Sequence[SiteLine]
    exceedances: Exceedances | None
    coverage: CoverageTable
    tasks: Tasks


def build_dashboard(choice: Choice, user: User) -> Dashboard:
    """Asks the database a number of questions that does not grow with the sites or with the records."""
    year = choice.known_year
    kpis = current_kpis().within(choice.sections)
    shown = kpis.of(code for code in (*HEADLINES, *INTENSITIES) if code in kpis)
    years = _years(year)
    computed = [compute(year=each, sites=choice.sites, basis=choice.basis, kpis=shown) for each in years]
    figures = computed[0]
    last = computed[1] if len(computed) > 1 else None
    months = _months(choice, year, kpis)
    before = _months(choice, years[1], kpis) if last else None
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
        heads=[kpis[code] for code in INTENSITIES if _has_sites(choice, figures, code)],
        sites=_site_lines(choice, figures),
        exceedances=exceedances(choice, user, year),
        coverage=coverage_table(choice, months),
        tasks=tasks(choice, user, year),
    )


def _years(year: ReportingYear) -> list[ReportingYear]:
    """This year and those before it, the newest first, without a gap."""
    found = [year]
    while len(found) < YEARS:
        earlier = year_before(found[-1])
        if earlier is None:
            break
        found.append(earlier)
    return found


def _months(choice: Choice, year: ReportingYear, kpis: KpiSet) -> MonthlyFigures:
    wanted = [kpis[code] for code in MONTHLY if code in kpis]
    records = [kpi for kpi in wanted if isinstance(kpi, RecordKpi)]
    return compute_months(year=year, sites=choice.sites, kpis=records, basis=choice.basis)


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


def _has_sites(choice: Choice, figures: Figures, code: str) -> bool:
    """Whether sites of the group can be held beside each other."""
    return (
        choice.place is None
        and code in figures.kpis
        and any(figures.of(code, site).value is not None for site in choice.sites)
    )


def _site_lines(choice: Choice, figures: Figures) -> list[SiteLine]:
    codes = [code for code in INTENSITIES if _has_sites(choice, figures, code)]
    most = {
        code: max((figures.of(code, site).value or Decimal(0) for site in choice.sites), default=Decimal(0))
        for code in codes
    }
    if not codes:
        return []
    return [
        SiteLine(site=site, bars=[_bar(figures.of(code, site), most[code]) for code in codes]) for site in choice.sites
    ]


def _bar(figure: Figure, most: Decimal) -> SiteBar:
    width = (figure.value or Decimal(0)) / most * _HUNDRED if most else Decimal(0)
    return SiteBar(figure=figure, width=f"{width:.1f}")


def _present(graphs: Iterable[Graph | None]) -> list[Graph]:
    return [graph for graph in graphs if graph is not None]
