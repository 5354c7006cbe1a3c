"""The tables of greenhouse gases and energy, laid out as the annual report prints them."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.environment.kpis import OUTPUT, SECTION
from apps.greenhouse_gases.choices import GridSeries
from apps.greenhouse_gases.kpis.energy import TYPES
from apps.greenhouse_gases.kpis.scope_one import FUELS
from apps.greenhouse_gases.kpis.scope_three import CATEGORIES
from apps.greenhouse_gases.kpis.scope_three import SECTION as SCOPE_THREE
from apps.greenhouse_gases.models import YearBasis
from apps.indicators.declarations import Line, ReportTable, tables
from apps.indicators.kpi_set import KpiSet, Member
from apps.organisation.models import ReportingYear

_DENSITY: Final = _("Density per tonne, calculated on the production of %(output)s")


def _by_type(kpis: KpiSet, family: str) -> Iterator[Line]:
    """The lines of a catalogue, each followed by its grades."""
    members = kpis.members(family)
    for member in members:
        if member.part_of is None:
            for each in (member, *(part for part in members if part.part_of == member.item.pk)):
                yield _line(each)


def _line(member: Member) -> Line:
    return Line(
        total=member.total,
        density=member.density,
        item=member.item,
        part_of=member.part_of,
        title=member.item.name,
    )


def _gases(kpis: KpiSet) -> Iterator[Line]:
    yield from _by_type(kpis, FUELS.code)
    for code in ("FUEL", "DOLOMITE", "FESI", "GAS"):
        yield Line(total=f"GHG-S1-{code}", wants_rows=True)
    yield Line(total="GHG-S1", is_sum=True)
    yield Line(total="GHG-S2-ELEC", wants_rows=True)
    yield Line(total="GHG-S2-HEAT", wants_rows=True)
    yield Line(total="GHG-S2", is_sum=True)
    yield Line(total="GHG-S12", density="GHG-S12-D", is_sum=True)


def _energy(kpis: KpiSet) -> Iterator[Line]:
    yield from _by_type(kpis, TYPES.code)
    yield Line(total="NRG-DIRECT", is_sum=True)
    yield Line(total="NRG-INDIRECT", is_sum=True)
    yield Line(total="NRG-TOTAL", density="NRG-TOTAL-D", is_sum=True)
    yield Line(total="NRG-GJ", is_sum=True)
    yield Line(total="NRG-TCE", density="NRG-TCE-D", is_sum=True)


def _basis(year: ReportingYear) -> str:
    basis = YearBasis.of(year)
    return gettext(
        "CO₂ of fuels and process by the factors of the guideline for magnesium smelters; global warming potentials of "
        "%(gwp)s; electricity location-based, grid factors: %(grid)s."
    ) % {"gwp": basis.gwp_set, "grid": GridSeries(basis.grid_series).label}


tables.register(
    ReportTable(
        code="A1-GHG",
        title=_("A1 Greenhouse gases"),
        sheet=_("A1 Greenhouse gases"),
        section=SECTION,
        item_title=pgettext_lazy("of greenhouse gases", "Sources"),
        amount_title=_("Emissions"),
        density_title=_DENSITY,
        denominator=OUTPUT,
        lines=_gases,
        note=_basis,
    )
)
tables.register(
    ReportTable(
        code="A1-S3",
        title=_("A1 Greenhouse gases of the value chain (scope 3)"),
        sheet=_("A1 Scope 3"),
        section=SCOPE_THREE,
        item_title=_("Categories"),
        amount_title=_("Emissions"),
        families=(CATEGORIES.code,),
        lines=lambda kpis: [
            *(Line(total=member.total, item=member.item) for member in kpis.members(CATEGORIES.code)),
            Line(total="GHG-S3", is_sum=True),
        ],
    )
)
tables.register(
    ReportTable(
        code="A2-NRG",
        title=_("A2 Energy"),
        sheet=_("A2 Energy"),
        section=SECTION,
        item_title=_("Types of energy"),
        amount_title=_("Consumption"),
        density_title=_DENSITY,
        denominator=OUTPUT,
        lines=_energy,
    )
)
