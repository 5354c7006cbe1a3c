"""Energy by type, direct and indirect, in '000 kWh, GJ and tonnes of standard coal."""

from fractions import Fraction
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.units import UNITS, factor_between
from apps.environment.kpis import OUTPUT, RESOURCES, SECTION, every_resource
from apps.environment.models import Resource
from apps.environment.models.resources import ResourceKind
from apps.greenhouse_gases.choices import Parameter
from apps.greenhouse_gases.factor_sets import FactorSet, by_grid, factors_for
from apps.greenhouse_gases.kpis.lines import (
    Used,
    calculation,
    converted,
    heat_steps,
    is_energy,
    is_fuel,
    is_line,
    lines_of,
    member_of,
    step,
    to_unit,
)
from apps.indicators.calculations import Calculation, CalculationLine, Step
from apps.indicators.computation import Figures
from apps.indicators.declarations import Family, Kpi, Ratio, Total, Worked, declared
from apps.organisation.models import Site

# '000 kWh are MWh; the guide says the former.
UNIT: Final = "MWh"
UNIT_NAME: Final = _("'000 kWh")
_HKEX: Final = ("A2.1",)
_GJ_PER_MWH: Final = Fraction(18, 5)
# By convention of GB/T 2589; for what has no coefficient of its own.
_GJ_PER_TCE: Final = Fraction("29.3076")
# What a coefficient of these units counts by.
_COAL_PER: Final = {
    "tce/t": (UNITS["t"], Fraction(1)),
    "kgce/kWh": (UNITS["kWh"], Fraction(1, 1000)),
    "kgce/Nm3": (UNITS["Nm3"], Fraction(1, 1000)),
    "kgce/GJ": (UNITS["GJ"], Fraction(1, 1000)),
}


def in_mwh(used: Used) -> CalculationLine:
    """Electricity and heat by their unit, fuels by their net calorific value / 3.6."""
    if factor_between(used.item.unit, UNITS["MWh"]) is not None:
        return used.line(*to_unit(used, UNITS["MWh"]))
    return used.line(*heat_steps(used), *converted(1 / _GJ_PER_MWH, "GJ", "MWh"))


def in_standard_coal(used: Used) -> CalculationLine:
    """By the coefficient of the resource; without one by its heat."""
    factor = used.factors.find(used.item.code, Parameter.STANDARD_COAL)
    if factor is not None:
        counted_in, scale = _COAL_PER[factor.unit]
        return used.line(*to_unit(used, counted_in), step(factor), *converted(scale, "kgce", "tce"))
    by_heat = Step(title=gettext("GJ to tce, by convention"), value=1 / _GJ_PER_TCE, written="1/29.3076")
    if factor_between(used.item.unit, UNITS["GJ"]) is not None:
        return used.line(*to_unit(used, UNITS["GJ"]), by_heat)
    return used.line(*heat_steps(used), by_heat)


def _energy(item: Resource, code: str) -> tuple[Kpi, ...]:
    if not is_energy(item):
        return ()

    # A few litres would otherwise print as nothing.
    is_small = item.unit_code in ("L", "kg")

    def work(factors: FactorSet, figures: Figures, site: Site) -> Calculation:
        return calculation(lines_of(figures, factors, site, member_of(figures, RESOURCES.code, item.pk), in_mwh))

    total = Worked(
        code=code,
        title=gettext("Energy: %(item)s") % {"item": item.name},
        unit=UNIT,
        unit_name=UNIT_NAME,
        decimals=2 if is_small else 1,
        section=SECTION,
        hkex=_HKEX,
        inputs_among=((RESOURCES.code, lambda row: row.pk == item.pk),),
        beside_among=((RESOURCES.code, lambda row: row.reported_under_id == item.pk),),
        prepare=factors_for,
        work=work,
        alike=by_grid,
    )
    return (
        total,
        Ratio(
            code=f"{code}-D",
            title=gettext("Energy: %(item)s, per tonne of product") % {"item": item.name},
            unit="kWh/t" if is_small else "MWh/t",
            unit_name="" if is_small else _("'000 kWh/t"),
            decimals=3,
            section=SECTION,
            hkex=_HKEX,
            numerator=total.code,
            denominator=OUTPUT,
            factor=Fraction(1000 if is_small else 1),
        ),
    )


TYPES: Final = declared.register(
    Family(
        code="NRG-*",
        title=_("Energy by type"),
        rows=every_resource,
        declare=_energy,
        sample=lambda: Resource(pk=0, code="sample", name_en="Sample", unit_code="t", kind=ResourceKind.ENERGY),
        part_of="reported_under_id",
        hkex="A2.1",
        meaning=(
            "Energy of each type in '000 kWh: electricity kWh / 1,000, heat GJ / 3.6, fuels amount × net calorific "
            "value / 3.6. A line with grades has the energy of its grades; what stands under no grade leaves it "
            "without a value."
        ),
        worked_example=(
            "Electricity 55,320,585 kWh / 1,000 = 55,320.585; bituminous coal 106,352 t × 19.570 GJ/t / 3.6 = "
            "578,141.28…; diesel 831 L × 0.84 kg/L / 1,000 × 42.652 / 3.6 = 8.27…."
        ),
    )
)


def _is_direct(item: Resource) -> bool:
    return is_line(item) and is_fuel(item)


def _is_indirect(item: Resource) -> bool:
    return is_line(item) and not is_fuel(item)


def _is_any(item: Resource) -> bool:
    return is_energy(item) and is_line(item)


for _code, _title, _takes, _meaning, _example in (
    (
        "NRG-DIRECT",
        _("Direct energy (fuels)"),
        _is_direct,
        "Energy of the fuels that the sites burned.",
        "Coal 578,141.28… and diesel 8.27…: 578,149.55… '000 kWh.",
    ),
    (
        "NRG-INDIRECT",
        _("Indirect energy (electricity and heat)"),
        _is_indirect,
        "Energy that came ready from outside: electricity and heat.",
        "Electricity 55,320.585 '000 kWh and no heat: 55,320.6 '000 kWh.",
    ),
):
    declared.register(
        Total(
            code=_code,
            title=_title,
            unit=UNIT,
            unit_name=UNIT_NAME,
            decimals=1,
            section=SECTION,
            hkex=_HKEX,
            parts_among=((TYPES.code, _takes),),
            meaning=_meaning,
            worked_example=_example,
        )
    )
declared.register(
    Total(
        code="NRG-TOTAL",
        title=_("Energy, total"),
        unit=UNIT,
        unit_name=UNIT_NAME,
        decimals=1,
        section=SECTION,
        hkex=_HKEX,
        parts=("NRG-DIRECT", "NRG-INDIRECT"),
        meaning="Direct and indirect energy together.",
        worked_example="55,320.585 + 578,141.28… + 8.27… = 633,470.1… '000 kWh.",
    )
)
declared.register(
    Ratio(
        code="NRG-TOTAL-D",
        title=_("Energy, per tonne of product"),
        unit="MWh/t",
        unit_name=_("'000 kWh/t"),
        decimals=2,
        section=SECTION,
        hkex=_HKEX,
        numerator="NRG-TOTAL",
        denominator=OUTPUT,
        meaning="'000 kWh per tonne of output.",
        worked_example="633,470.1… / 39,641 t = 15.980…, printed 15.98.",
    )
)
declared.register(
    Total(
        code="NRG-GJ",
        title=_("Energy in GJ"),
        unit="GJ",
        decimals=0,
        section=SECTION,
        hkex=_HKEX,
        parts=("NRG-TOTAL",),
        factor=_GJ_PER_MWH,
        meaning="The total in gigajoules: '000 kWh × 3.6.",
        worked_example="633,470.1… × 3.6 = 2,280,492.5… GJ.",
    )
)


def _coal(factors: FactorSet, figures: Figures, site: Site) -> Calculation:
    members = [member for member in figures.kpis.members(RESOURCES.code) if isinstance(member.item, Resource)]
    return calculation(
        line
        for member in members
        if isinstance(member.item, Resource) and _is_any(member.item)
        for line in lines_of(
            figures,
            factors,
            site,
            member,
            in_standard_coal,
            # A coefficient of the line itself, such as raw coal's, needs no grade.
            grade_matters=factors.find(member.item.code, Parameter.STANDARD_COAL) is None,
        )
    )


declared.register(
    Worked(
        code="NRG-TCE",
        title=_("Energy in tonnes of standard coal"),
        unit="tce",
        decimals=0,
        section=SECTION,
        hkex=_HKEX,
        inputs_among=((RESOURCES.code, _is_any),),
        beside_among=((RESOURCES.code, lambda item: is_energy(item) and not is_line(item)),),
        prepare=factors_for,
        work=_coal,
        alike=by_grid,
        meaning=(
            "All energy by the standard coal coefficients of GB/T 2589, electricity by its equivalent value; what has "
            "no coefficient by its heat / 29.3076 GJ."
        ),
        worked_example=(
            "55,320,585 kWh × 0.1229 / 1,000 + 106,352 t × 0.7143 + 831 L × 0.84 / 1,000 × 1.4571 = 82,767.1… tce."
        ),
    )
)
declared.register(
    Ratio(
        code="NRG-TCE-D",
        title=_("Standard coal, per tonne of product"),
        unit="tce/t",
        decimals=2,
        section=SECTION,
        hkex=_HKEX,
        numerator="NRG-TCE",
        denominator=OUTPUT,
        meaning="Tonnes of standard coal per tonne of output.",
        worked_example="82,767.1… tce / 39,641 t = 2.087…, printed 2.09 tce/t.",
    )
)
