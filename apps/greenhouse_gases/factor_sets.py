"""The factors that a year is reckoned with: the ones its editions are pinned to, or those that hold on its last day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from apps.greenhouse_gases.choices import GridSeries, Parameter
from apps.greenhouse_gases.models import Factor, FactorPin, YearBasis
from apps.greenhouse_gases.models.factors import Key
from apps.indicators.calculations import Step
from apps.organisation.models import ReportingYear, Site

# The region of the national series.
NATIONAL = "China"


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
    def found_steps(self) -> dict[object, tuple[tuple[Step, ...], Fraction]]:
        """The factors of a line and their product, as kpis/lines.py found them: hundreds of sites share a few."""
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
    holding: dict[Key, Factor] = {}
    for factor in Factor.objects.order_by("version"):
        if factor.holds_on(year.ends_on):
            holding[factor.key] = factor
    return FactorSet(year=year, basis=YearBasis.of(year), factors=tuple(holding.values()))


def factors_for(year: ReportingYear) -> FactorSet:
    """The factors that the newest edition of the year is pinned to; without an edition those that hold now."""
    newest = FactorPin.objects.filter(year=year).order_by("-number").values_list("number", flat=True).first()
    if newest is None:
        return factors_now(year)
    pinned = Factor.objects.filter(pins__year=year, pins__number=newest)
    return FactorSet(year=year, basis=YearBasis.of(year), factors=tuple(pinned))


def pinned_years(factor: Factor) -> Iterable[tuple[str, int]]:
    """The editions that rest on a factor: the code of the year and the number."""
    pins = FactorPin.objects.filter(factor=factor).order_by("-year__starts_on", "number")
    return pins.values_list("year__code", "number")
