"""What a new version of a factor would move, before anybody adds it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.core.formats import change_percent
from apps.greenhouse_gases.factor_sets import factors_for
from apps.greenhouse_gases.models import Factor, FactorPin
from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.declarations import Worked
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.organisation.models import ReportingYear, Site


@dataclass(frozen=True, kw_only=True)
class Move:
    """One figure at one place as it is and as it would be."""

    before: Figure
    after: Figure

    @property
    def change(self) -> Decimal | None:
        return change_percent(self.after.value, self.before.value)


@dataclass(frozen=True, kw_only=True)
class YearMoves:
    """The figures of a year that would move, by everything entered so far, and whether the factor holds for it."""

    year: ReportingYear
    holds: bool
    moves: Sequence[Move]


def preview(factor: Factor) -> list[YearMoves]:
    """Every figure of every unpublished year that ``factor``, which need not be stored, would move."""
    kpis = current_kpis()
    wanted = kpis.of(resting_on_factors(kpis))
    sites = list(Site.objects.all())
    return [_of_year(year, sites, factor, kpis, wanted) for year in ReportingYear.objects.filter(published_at=None)]


def resting_on_factors(kpis: KpiSet) -> list[str]:
    """The figures that factors move, directly or through others."""
    found: dict[str, None] = {}
    for kpi in kpis:  # what a figure is made of is declared before it
        if (isinstance(kpi, Worked) and kpi.prepare is factors_for) or any(code in found for code in kpi.needs):
            found[kpi.code] = None
    return list(found)


def _of_year(year: ReportingYear, sites: Sequence[Site], factor: Factor, kpis: KpiSet, wanted: KpiSet) -> YearMoves:
    if not factor.holds_on(year.ends_on):
        return YearMoves(year=year, holds=False, moves=())
    now = factors_for(year)
    before, after = (
        compute(year=year, sites=sites, basis=Basis.ALL, kpis=wanted, prepared={factors_for: factors})
        for factors in (now, now.having(factor))
    )
    moves: list[Move] = []
    for code in resting_on_factors(kpis):
        for place in (None, *sites):
            move = Move(before=before.of(code, place), after=after.of(code, place))
            if move.before.value != move.after.value:
                moves.append(move)
    return YearMoves(year=year, holds=True, moves=moves)


def published_years() -> Iterator[tuple[ReportingYear, int]]:
    """Years that keep the factors they were published with, with the number of their newest edition's pins."""
    for year in ReportingYear.objects.filter(published_at__isnull=False):
        newest = FactorPin.objects.filter(year=year).order_by("-number").values_list("number", flat=True).first()
        yield year, newest or 0
