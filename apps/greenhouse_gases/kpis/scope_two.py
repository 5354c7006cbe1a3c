"""Scope 2: electricity and heat from outside, location-based, and scopes 1 and 2 together."""

from collections.abc import Callable
from typing import Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from apps.core.units import UNITS
from apps.environment.kpis import OUTPUT, RESOURCES, SECTION
from apps.environment.models import Resource
from apps.greenhouse_gases.choices import GridSeries, Parameter
from apps.greenhouse_gases.factor_sets import NATIONAL, FactorSet, by_grid, factors_for
from apps.greenhouse_gases.kpis.lines import (
    ELECTRICITY,
    HEAT,
    MissingFactorError,
    Used,
    Work,
    calculation,
    is_part_of,
    lines_of,
    needed,
    step,
    to_unit,
)
from apps.greenhouse_gases.kpis.scope_one import HKEX, UNIT
from apps.indicators.calculations import Calculation, CalculationLine
from apps.indicators.computation import Figures
from apps.indicators.declarations import Ratio, Text, Total, Worked, declared
from apps.organisation.models import Site

# Regional grids that shipped factors are of.
_GRIDS: Final = {"northwest": _("Northwest grid"), "northeast": _("Northeast grid")}


def from_the_grid(used: Used) -> CalculationLine:
    """MWh × the factor of the grid that supplies the site, in the series of the year."""
    factors = used.factors
    factor = factors.grid(used.item.code, used.site)
    if factor is None:
        raise MissingFactorError(_no_grid_factor(used))
    return used.line(*to_unit(used, UNITS["MWh"]), step(factor, _grid_name(used)))


def _grid_name(used: Used) -> str:
    """The grid region or province of the site as people name it; the series of the country has one factor alone."""
    if used.factors.basis.grid_series == GridSeries.AVERAGE_PROVINCE:
        site = used.site
        names = {"zh-hans": site.province_zh_hans, "zh-hant": site.province_zh_hant}
        return names.get(get_language() or "") or site.province
    region = used.factors.grid_region(used.site)
    return str(_GRIDS.get(region, region)) if region != NATIONAL else ""


def _no_grid_factor(used: Used) -> str:
    region = used.factors.grid_region(used.site)
    words = {
        "item": used.name,
        "site": used.site.name,
        "region": region,
        "series": GridSeries(used.factors.basis.grid_series).label,
        "year": used.factors.year,
    }
    if not region:
        return gettext("%(item)s: %(site)s has no grid region. Ask the administrator to enter it.") % words
    return (
        gettext(
            "%(item)s: there is no grid factor “%(series)s” for %(region)s in %(year)s. Add it under “Emission "
            "factors”, or choose others on the basis of the year."
        )
        % words
    )


def piped(used: Used) -> CalculationLine:
    """GJ × the factor of purchased heat."""
    factor = needed(used, used.factors.find(used.item.code, Parameter.HEAT), Parameter.HEAT)
    return used.line(*to_unit(used, UNITS["GJ"]), step(factor))


def _purchased(code: str, title: Text, resource: str, each: Work, meaning: str, worked_example: str) -> None:
    def takes(item: Resource) -> bool:
        return item.code == resource

    declared.register(
        Worked(
            code=code,
            title=title,
            unit=UNIT,
            decimals=0,
            section=SECTION,
            hkex=HKEX,
            inputs_among=((RESOURCES.code, takes),),
            beside_among=((RESOURCES.code, is_part_of(takes)),),
            prepare=factors_for,
            work=_over(takes, each),
            alike=by_grid,
            meaning=meaning,
            worked_example=worked_example,
        )
    )


def _over(takes: Callable[[Resource], bool], each: Work) -> Callable[[FactorSet, Figures, Site], Calculation]:
    def work(factors: FactorSet, figures: Figures, site: Site) -> Calculation:
        members = [member for member in figures.kpis.members(RESOURCES.code) if isinstance(member.item, Resource)]
        return calculation(
            line
            for member in members
            if isinstance(member.item, Resource) and takes(member.item)
            for line in lines_of(figures, factors, site, member, each)
        )

    return work


_purchased(
    "GHG-S2-ELEC",
    _("Scope 2: purchased electricity"),
    ELECTRICITY,
    from_the_grid,
    "CO₂ of purchased electricity, location-based: MWh × the grid factor of the series chosen for the year, for the "
    "country, the grid region or the province of the site. Contracts for green electricity are noted beside it and not "
    "taken off.",
    "55,320.585 MWh × 0.6101 tCO₂/MWh = 33,751.0… tCO₂e; with 0.5810 32,141.2…, with 0.5703 31,549.3….",
)
_purchased(
    "GHG-S2-HEAT",
    _("Scope 2: purchased heat"),
    HEAT,
    piped,
    "CO₂ of purchased steam and hot water: GJ × the factor of heat.",
    "1,000 GJ × 0.11 tCO₂/GJ = 110 tCO₂e.",
)
declared.register(
    Total(
        code="GHG-S2",
        title=_("Scope 2, total"),
        unit=UNIT,
        decimals=0,
        section=SECTION,
        hkex=HKEX,
        parts=("GHG-S2-ELEC", "GHG-S2-HEAT"),
        meaning="Indirect emissions of purchased electricity and heat, location-based.",
        worked_example="Electricity 33,751.0… and heat 110: 33,861.0… tCO₂e.",
    )
)
BOTH: Final = declared.register(
    Total(
        code="GHG-S12",
        title=_("Scopes 1 and 2, total"),
        unit=UNIT,
        decimals=0,
        section=SECTION,
        hkex=HKEX,
        parts=("GHG-S1", "GHG-S2"),
        meaning="Direct emissions and those of purchased energy together.",
        worked_example="Scope 1 232,887.4… and scope 2 33,751.0…: 266,638.5… tCO₂e.",
    )
)
declared.register(
    Ratio(
        code="GHG-S12-D",
        title=_("Scopes 1 and 2, per tonne of product"),
        unit="tCO2e/t",
        decimals=2,
        section=SECTION,
        hkex=HKEX,
        numerator=BOTH.code,
        denominator=OUTPUT,
        meaning="Greenhouse gases of scopes 1 and 2 per tonne of output.",
        worked_example="266,638.5… tCO₂e / 39,641 t = 6.726…, printed 6.73 tCO₂e/t.",
    )
)
