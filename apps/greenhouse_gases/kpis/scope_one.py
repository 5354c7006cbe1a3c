"""Scope 1: what burns, what leaves the process, what escapes as gas, in tonnes of CO₂ equivalent."""

from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.units import UNITS
from apps.environment.kpis import PRODUCTS, RESOURCES, SECTION, every_resource
from apps.environment.models import Product, Resource
from apps.environment.models.resources import ResourceKind
from apps.greenhouse_gases.choices import Parameter
from apps.greenhouse_gases.factor_sets import FactorSet, by_grid, factors_for
from apps.greenhouse_gases.kpis.lines import (
    Used,
    calculation,
    converted,
    heat_steps,
    is_emitting,
    is_fuel,
    is_line,
    is_part_of,
    lines_of,
    member_of,
    needed,
    step,
    to_unit,
)
from apps.indicators.calculations import Calculation, CalculationLine, Step
from apps.indicators.computation import Figures
from apps.indicators.declarations import Family, Kpi, Total, Worked, declared
from apps.organisation.models import Site

UNIT: Final = "tCO2e"
HKEX: Final = ("A1.2", "D-28")
DOLOMITE: Final = "dolomite"
FERROSILICON: Final = "ferrosilicon_made"


def burned(used: Used) -> CalculationLine:
    """Amount × net calorific value × carbon content × oxidation rate × 44/12."""
    carbon = needed(used, used.factors.find(used.item.code, Parameter.CARBON), Parameter.CARBON)
    oxidation = needed(used, used.factors.find(used.item.code, Parameter.OXIDATION), Parameter.OXIDATION)
    return used.line(
        *heat_steps(used),
        *converted(Fraction(1, 1000), "GJ", "TJ"),
        step(carbon),
        step(oxidation),
        Step(title=gettext("carbon to CO₂"), value=Fraction(44, 12), written="44/12"),
    )


def calcined(used: Used) -> CalculationLine:
    """Tonnes × purity × emissions of the pure stone. A row without a purity is taken as pure."""
    purity = used.factors.find(used.item.code, Parameter.PURITY)
    emission = needed(used, used.factors.find(used.item.code, Parameter.PROCESS), Parameter.PROCESS)
    steps = (step(purity),) if purity else ()
    return used.line(*to_unit(used, UNITS["t"]), *steps, step(emission))


def escaped(used: Used) -> CalculationLine:
    """Kilograms × global warming potential; all cover gas that is used counts as emitted."""
    potential = needed(used, used.factors.gwp(used.item.code), Parameter.GWP)
    return used.line(
        *to_unit(used, UNITS["kg"]), step(potential, potential.gwp_set), *converted(Fraction(1, 1000), "kg", "t")
    )


def _fuel(item: Resource, code: str) -> tuple[Kpi, ...]:
    if not is_fuel(item):
        return ()

    def work(factors: FactorSet, figures: Figures, site: Site) -> Calculation:
        return calculation(lines_of(figures, factors, site, member_of(figures, RESOURCES.code, item.pk), burned))

    return (
        Worked(
            code=code,
            title=gettext("Greenhouse gases: %(item)s") % {"item": item.name},
            unit=UNIT,
            # A few litres would otherwise print as nothing.
            decimals=2 if item.unit_code in ("L", "kg") else 0,
            section=SECTION,
            hkex=HKEX,
            inputs_among=((RESOURCES.code, lambda row: row.pk == item.pk),),
            beside_among=((RESOURCES.code, lambda row: row.reported_under_id == item.pk),),
            prepare=factors_for,
            work=work,
            alike=by_grid,
        ),
    )


FUELS: Final = declared.register(
    Family(
        code="GHG-FUEL-*",
        title=_("Greenhouse gases by fuel"),
        rows=every_resource,
        declare=_fuel,
        sample=lambda: Resource(pk=0, code="sample", name_en="Sample", unit_code="t", kind=ResourceKind.ENERGY),
        part_of="reported_under_id",
        hkex="A1.2, D-28",
        meaning=(
            "CO₂ of a fuel burned at the sites: amount × net calorific value × carbon content × oxidation rate × 44/12 "
            "with the factors of the year. CO₂ only, as the national guideline counts it. A line with grades has the "
            "emissions of its grades; what stands under no grade leaves it without a value. Gas made from own coal is "
            "not entered, since it is in the coal."
        ),
        worked_example=(
            "Bituminous coal: 106,352 t × 19.570 GJ/t × 26.18 tC/TJ / 1,000 × 0.93 × 44/12 = 185,806.3… tCO₂; as "
            "anthracite 106,352 × 20.304 × 27.49 / 1,000 × 0.94 × 44/12 = 204,597.9… tCO₂. Diesel: 831 L × 0.84 kg/L / "
            "1,000 × 42.652 × 20.2 / 1,000 × 0.98 × 44/12 = 2.161… tCO₂."
        ),
    )
)
declared.register(
    Total(
        code="GHG-S1-FUEL",
        title=_("Scope 1: fuels"),
        unit=UNIT,
        decimals=0,
        section=SECTION,
        hkex=HKEX,
        parts_among=((FUELS.code, is_line),),
        meaning="CO₂ of all fuels burned at the sites. A fuel used that has no factor leaves it without a value.",
        worked_example="Bituminous coal 185,806.3… and diesel 2.161…: 185,808.4… tCO₂e.",
    )
)


def _of_row(family: str, takes: Any, each: Any) -> Any:
    """A ``work`` over those rows of a family that ``takes`` lets through."""

    def work(factors: FactorSet, figures: Figures, site: Site) -> Calculation:
        return calculation(
            line
            for member in figures.kpis.members(family)
            if takes(member.item)
            for line in lines_of(figures, factors, site, member, each)
        )

    return work


def _is_dolomite(item: Resource) -> bool:
    return item.code == DOLOMITE


def _is_ferrosilicon(item: Product) -> bool:
    return item.code == FERROSILICON


def _is_gas(item: Resource) -> bool:
    return is_line(item) and is_emitting(item) and item.code != DOLOMITE


for _code, _title, _family, _takes, _each, _meaning, _example in (
    (
        "GHG-S1-DOLOMITE",
        _("Scope 1: dolomite calcined"),
        RESOURCES.code,
        _is_dolomite,
        calcined,
        "CO₂ that leaves dolomite in the kiln: tonnes consumed × purity × emissions of pure dolomite.",
        "100,000 t × 0.98 × 0.478 tCO₂/t = 46,844 tCO₂e.",
    ),
    (
        "GHG-S1-FESI",
        _("Scope 1: ferrosilicon made on site"),
        PRODUCTS.code,
        _is_ferrosilicon,
        calcined,
        "CO₂ of the semi-coke that reduces ferrosilicon: tonnes made on site × emission factor. Purchased ferrosilicon "
        "is no scope 1; it belongs to category 1 of scope 3.",
        "1,000 t × 2.79 tCO₂/t = 2,790 tCO₂e.",
    ),
    (
        "GHG-S1-GAS",
        _("Scope 1: cover gases"),
        RESOURCES.code,
        _is_gas,
        escaped,
        "Gases that keep molten magnesium from burning: kilograms × global warming potential of the GWP set of the "
        "year. All of it counts as emitted. The gases are the materials whose catalogue row names A1.2, but dolomite.",
        "Sulphur hexafluoride: 10 kg × 23,500 (AR5) / 1,000 = 235 tCO₂e; with 25,200 (AR6) 252 tCO₂e.",
    ),
):
    declared.register(
        Worked(
            code=_code,
            title=_title,
            unit=UNIT,
            decimals=0,
            section=SECTION,
            hkex=HKEX,
            inputs_among=((_family, _takes),),
            beside_among=((_family, is_part_of(_takes)),) if _family == RESOURCES.code else (),
            prepare=factors_for,
            work=_of_row(_family, _takes, _each),
            alike=by_grid,
            meaning=_meaning,
            worked_example=_example,
        )
    )
declared.register(
    Total(
        code="GHG-S1-PROCESS",
        title=_("Scope 1: process"),
        unit=UNIT,
        decimals=0,
        section=SECTION,
        hkex=HKEX,
        parts=("GHG-S1-DOLOMITE", "GHG-S1-FESI"),
        meaning="Dolomite calcined and ferrosilicon made on site together.",
        worked_example="Dolomite 46,844 and ferrosilicon 2,790: 49,634 tCO₂e.",
    )
)
declared.register(
    Total(
        code="GHG-S1",
        title=_("Scope 1, total"),
        unit=UNIT,
        decimals=0,
        section=SECTION,
        hkex=HKEX,
        parts=("GHG-S1-FUEL", "GHG-S1-PROCESS", "GHG-S1-GAS"),
        meaning="Direct emissions: fuels, process and cover gases.",
        worked_example="Fuels 185,808.4…, process 46,844 and gases 235: 232,887.4… tCO₂e.",
    )
)
