"""The factors that a year is reckoned with: the ones its editions are pinned to, or those that hold on its last day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

from django.db.models import Max

from apps.greenhouse_gases.choices import GridSeries, Parameter
from apps.greenhouse_gases.models import Factor, FactorPin, YearBasis
from apps.greenhouse_gases.models.factors import Key
from apps.indicators.calculations import CalculationLine
from apps.indicators.preparation import Preparation
from apps.organisation.models import ReportingYear, Site

# The region of the national series.
NATIONAL = "China"


@dataclass(frozen=True, kw_only=True)
class FoundSteps:
    """A line with its factors, and their product: at other sites it is the same but for the amount and the result."""

    line: CalculationLine
    product: Fraction


@dataclass(frozen=True, kw_only=True)
class FactorSet:
    """One factor at most of each key, with the basis that chooses among grid factors and global warming potentials."""

    year: ReportingYear
    basis: YearBasis
    factors: tuple[Factor, ...]

    def __iter__(self) -> Iterator[Factor]:
        return iter(self.factors)

    @cached_property
    def _by_key(self) -> dict[Key, Factor]:
        return {factor.key: factor for factor in self.factors}

    @cached_property
    def found_steps(self) -> dict[object, FoundSteps]:
        """The lines of one site, as kpis/lines.py found them: hundreds of sites share a few sets of factors."""
        return {}

    def find(self, subject: str, parameter: Parameter) -> Factor | None:
        """A factor that has neither region nor GWP set."""
        return self._by_key.get((subject, parameter.value, "", "", ""))

    def gwp(self, subject: str) -> Factor | None:
        """The global warming potential of a gas in the set of the year."""
        return self._by_key.get((subject, Parameter.GWP.value, "", "", self.basis.gwp_set))

    def grid(self, subject: str, site: Site) -> Factor | None:
        """The grid factor of a site in the series of the year."""
        series = self.basis.grid_series
        return self._by_key.get((subject, Parameter.GRID.value, self.grid_region(site), series, ""))

    def grid_region(self, site: Site) -> str:
        """Where the electricity of a site comes from, as the series of the year cuts it; empty where nobody said so."""
        if self.basis.grid_series == GridSeries.AVERAGE_REGION:
            return site.grid_region
        if self.basis.grid_series == GridSeries.AVERAGE_PROVINCE:
            return site.province
        return NATIONAL

    def having(self, added: Factor) -> "FactorSet":
        """The same with one more version, if it would hold for the year. It need not be stored."""
        if not added.holds_on(self.year.ends_on):
            return self
        return replace(self, factors=(*(factor for factor in self.factors if factor.key != added.key), added))


def by_grid(factors: FactorSet, site: Site) -> str:
    """By what the factors of a site are chosen: the grid of its electricity alone; all others hold everywhere."""
    return factors.grid_region(site)


def factors_now(year: ReportingYear) -> FactorSet:
    """The newest version of each factor that holds on the last day of the year, whatever its editions rest on."""
    return FactorSet(year=year, basis=YearBasis.of(year), factors=_holding(year, Factor.objects.order_by("version")))


def _holding(year: ReportingYear, factors: Iterable[Factor]) -> tuple[Factor, ...]:
    """Of ``factors``, older versions first, the newest of each key that holds on the last day of the year."""
    return tuple({factor.key: factor for factor in factors if factor.holds_on(year.ends_on)}.values())


def _factors_of(years: Sequence[ReportingYear]) -> dict[int, FactorSet]:
    """The factors that the newest edition of each year is pinned to; without an edition those that hold now."""
    numbers = [year.pk for year in years]
    newest = dict(FactorPin.objects.filter(year__in=numbers).order_by().values_list("year").annotate(Max("number")))
    pinned: dict[int, list[Factor]] = defaultdict(list)
    if newest:
        pins = FactorPin.objects.filter(year__in=list(newest)).select_related("factor").order_by("factor")
        for pin in pins:
            if pin.number == newest[pin.year_id]:
                pinned[pin.year_id].append(pin.factor)
    now = list(Factor.objects.order_by("version")) if len(newest) < len(set(numbers)) else []
    bases = YearBasis.of_years(years)
    return {
        year.pk: FactorSet(
            year=year,
            basis=bases[year.pk],
            factors=tuple(pinned[year.pk]) if year.pk in newest else _holding(year, now),
        )
        for year in years
    }


factors_for: Final = Preparation(of_years=_factors_of)


def pinned_years(factor: Factor) -> Iterable[tuple[str, int]]:
    """The editions that rest on a factor: the code of the year and the number."""
    pins = FactorPin.objects.filter(factor=factor).order_by("-year__starts_on", "number")
    return pins.values_list("year__code", "number")
