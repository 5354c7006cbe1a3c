"""The tables of HKEX aspects A1 and A2, laid out as the annual report prints them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from apps.environment.kpis import OUTPUT, PACKAGING, PRODUCTS, RESOURCES, SECTION, WASTES
from apps.environment.models import WasteRecord
from apps.indicators.declarations import Line, ReportTable, Words, tables
from apps.indicators.kpi_set import KpiSet


def _lines(family: str, only: Callable[[Any], bool] = lambda item: True) -> Callable[[KpiSet], Iterator[Line]]:
    """The lines of a catalogue, each followed by its parts."""

    def lines(kpis: KpiSet) -> Iterator[Line]:
        members = [member for member in kpis.members(family) if only(member.item)]
        for member in members:
            if member.part_of is None:
                for each in (member, *(part for part in members if part.part_of == member.item.pk)):
                    yield Line(total=each.total, density=each.density, item=each.item, part_of=each.part_of)

    return lines


def _and_sum(
    lines: Callable[[KpiSet], Iterable[Line]], total: str, density: str = ""
) -> Callable[[KpiSet], Iterator[Line]]:
    def with_sum(kpis: KpiSet) -> Iterator[Line]:
        yield from lines(kpis)
        yield Line(total=total, density=density, is_sum=True)

    return with_sum


_TREATMENT: Final = Words(title=_("Treatment"), source=WasteRecord, item="waste_type", words="treatment")
_DENSITY: Final = _("Density per tonne, calculated on the production of %(output)s")

tables.register(
    ReportTable(
        code="production",
        title=_("Production"),
        sheet=_("Production"),
        section=SECTION,
        item_title=_("Products"),
        amount_title=_("Output"),
        families=(PRODUCTS.code,),
        lines=_and_sum(_lines(PRODUCTS.code), OUTPUT),
    )
)
tables.register(
    ReportTable(
        code="A1-AIR",
        title=_("A1 Stack tests"),
        sheet=_("A1 Air"),
        section=SECTION,
        item_title=_("Emission concentrations"),
        amount_title=_("Number"),
        lines=lambda kpis: [Line(total=f"ENV-AIR-{code}") for code in ("TESTS", "EXCEEDED", "NO-LIMIT")],
    )
)
tables.register(
    ReportTable(
        code="A1-HAZ",
        title=_("A1 Hazardous waste"),
        sheet=_("A1 Hazardous waste"),
        section=SECTION,
        item_title=_("Types of hazardous waste"),
        amount_title=_("Quantity generated"),
        density_title=_DENSITY,
        denominator=OUTPUT,
        families=(WASTES.code,),
        lines=_and_sum(_lines(WASTES.code, lambda item: bool(item.is_hazardous)), "ENV-WASTE-HAZ", "ENV-WASTE-HAZ-D"),
        words=_TREATMENT,
    )
)
tables.register(
    ReportTable(
        code="A1-NONHAZ",
        title=_("A1 Non-hazardous waste"),
        sheet=_("A1 Non-hazardous waste"),
        section=SECTION,
        item_title=_("Types of non-hazardous waste"),
        amount_title=_("Quantity generated"),
        density_title=_DENSITY,
        denominator=OUTPUT,
        families=(WASTES.code,),
        lines=_and_sum(
            _lines(WASTES.code, lambda item: not item.is_hazardous), "ENV-WASTE-NONHAZ", "ENV-WASTE-NONHAZ-D"
        ),
        words=_TREATMENT,
    )
)
tables.register(
    ReportTable(
        code="A2-RES",
        title=_("A2 Resources"),
        sheet=_("A2 Resources"),
        section=SECTION,
        item_title=_("Resources"),
        amount_title=_("Consumption"),
        density_title=_DENSITY,
        denominator=OUTPUT,
        families=(RESOURCES.code,),
        lines=_lines(RESOURCES.code),
    )
)
tables.register(
    ReportTable(
        code="A2-PACK",
        title=_("A2 Packaging of finished products"),
        sheet=_("A2 Packaging"),
        section=SECTION,
        item_title=_("Packaging materials used on finished products"),
        amount_title=_("Consumption"),
        density_title=_DENSITY,
        denominator=OUTPUT,
        families=(PACKAGING.code,),
        lines=_and_sum(_lines(PACKAGING.code), "ENV-PACK", "ENV-PACK-D"),
    )
)
