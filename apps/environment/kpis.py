"""What the figures of HKEX aspects A1 and A2 mean."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.formats import typed
from apps.core.units import UNITS, factor_between
from apps.environment.models import (
    PackagingMaterial,
    PackagingUse,
    Product,
    ProductionOutput,
    Resource,
    ResourceUse,
    SitePackaging,
    SiteProduct,
    SiteResource,
    SiteWaste,
    StackTest,
    WasteRecord,
    WasteType,
)
from apps.indicators.amounts import tonnes_of
from apps.indicators.declarations import (
    Family,
    Flow,
    Kpi,
    Ratio,
    RowCount,
    Text,
    declared,
)
from apps.submissions.catalogue import QuantityItem

SECTION: Final = "environment"
OUTPUT: Final = "ENV-OUTPUT"
_IN_TONNES: Final = "the quantity, converted to tonnes"


def every_resource() -> QuerySet[Resource]:
    """With the lines above them, so that nobody asks for each: all families of resources read the catalogue once."""
    return Resource.objects.select_related("reported_under")


def _density(item: QuantityItem, total: Flow) -> tuple[Ratio, ...]:
    """``total`` per tonne of output, in the unit that the catalogue row prints."""
    factor = factor_between(item.unit, item.printed_density_unit)
    if factor is None:
        return ()
    return (
        Ratio(
            code=f"{total.code}-D",
            title=gettext("%(item)s, per tonne of product") % {"item": item.name},
            unit=f"{item.printed_density_unit.code}/t",
            decimals=item.density_decimals,
            section=SECTION,
            hkex=total.hkex,
            numerator=total.code,
            denominator=OUTPUT,
            factor=factor,
        ),
    )


def _product(item: Product, code: str) -> tuple[Kpi, ...]:
    return (
        Flow(
            code=code,
            title=item.name,
            unit=item.unit_code,
            decimals=item.decimals,
            section=SECTION,
            source=ProductionOutput,
            where=Q(product=item.pk),
        ),
    )


def _resource(item: Resource, code: str) -> tuple[Kpi, ...]:
    total = Flow(
        code=code,
        title=item.name,
        unit=item.unit_code,
        decimals=item.decimals,
        section=SECTION,
        hkex=item.hkex_codes(),
        source=ResourceUse,
        where=Q(resource_item=item.pk) | Q(resource_item__reported_under=item.pk),
    )
    return (total, *_density(item, total))


def _waste(item: WasteType, code: str) -> tuple[Kpi, ...]:
    total = Flow(
        code=code,
        title=item.name,
        unit=item.unit_code,
        decimals=item.decimals,
        section=SECTION,
        hkex=("A1.3",) if item.is_hazardous else ("A1.4",),
        source=WasteRecord,
        where=Q(waste_type=item.pk),
    )
    return (total, *_density(item, total))


def _packaging(item: PackagingMaterial, code: str) -> tuple[Kpi, ...]:
    total = Flow(
        code=code,
        title=item.name,
        unit=item.unit_code,
        decimals=item.decimals,
        section=SECTION,
        hkex=("A2.5",),
        source=PackagingUse,
        where=Q(material=item.pk),
    )
    return (total, *_density(item, total))


def _sample(model: type[Any]) -> Callable[[], Any]:
    return lambda: model(pk=0, code="sample", name_en="Sample", unit_code="t")


PRODUCTS = declared.register(
    Family(
        code="ENV-OUTPUT-*",
        title=_("Production by product"),
        rows=Product.objects.all,
        declare=_product,
        sample=_sample(Product),
        site_row=SiteProduct,
        row_field="product",
        hkex="none",
        meaning="What the sites made of each product, intermediates included, in the unit of the product.",
        worked_example="Hami 20,000 t and Baishan 19,641 t of magnesium ingot: 39,641 t.",
    )
)
declared.register(
    Flow(
        code=OUTPUT,
        title=_("Output of finished products"),
        unit="t",
        decimals=0,
        decimals_of=PRODUCTS.code,
        section=SECTION,
        source=ProductionOutput,
        where=Q(product__counts_as_output=True),
        amount=tonnes_of("product"),
        amount_meaning=_IN_TONNES,
        meaning="Tonnes of the products that count as output: what every density is divided by.",
        worked_example=(
            "30,000 t of ingot, 9,641,000 kg of alloy and 50,000 t of calcined dolomite, an intermediate that does "
            "not count: 30,000 + 9,641 = 39,641 t."
        ),
    )
)
RESOURCES = declared.register(
    Family(
        code="ENV-RES-*",
        title=_("Energy, water and materials"),
        rows=every_resource,
        declare=_resource,
        sample=_sample(Resource),
        site_row=SiteResource,
        row_field="resource_item",
        hkex="as the row says, such as A2.1 for energy and A2.2 for water",
        part_of="reported_under_id",
        meaning=(
            "What was used of each resource, in its unit and per tonne of output in the unit of its density. A line "
            "includes the grades or sources that are reported under it, which also have figures of their own."
        ),
        worked_example=(
            "55,320,585 kWh / 39,641 t = 1,395.539593…, printed 1,395.5 kWh/t; 831 L / 39,641 t = 0.020963…, printed "
            "0.021 L/t; 106,352 t / 39,641 t = 2.682879…, printed 2.7 t/t; 129,095 m³ / 39,641 t = 3.256603…, printed "
            "3.3 m³/t."
        ),
    )
)
WASTES = declared.register(
    Family(
        code="ENV-WASTE-*",
        title=_("Waste by type"),
        rows=WasteType.objects.all,
        declare=_waste,
        sample=_sample(WasteType),
        site_row=SiteWaste,
        row_field="waste_type",
        hkex="A1.3 for hazardous waste, A1.4 for non-hazardous waste",
        meaning=(
            "What arose of each type of waste, whatever its treatment, in its unit and per tonne of output in the "
            "unit of its density."
        ),
        worked_example="Waste engine oil: 16.0 t × 1,000 / 39,641 t = 0.403622…, printed 0.404 kg/t.",
    )
)
for _code, _title, _hazardous, _hkex in (
    ("ENV-WASTE-HAZ", _("Hazardous waste, total"), True, "A1.3"),
    ("ENV-WASTE-NONHAZ", _("Non-hazardous waste, total"), False, "A1.4"),
):
    declared.register(
        Flow(
            code=_code,
            title=_title,
            unit="t",
            decimals=1,
            decimals_of=WASTES.code,
            section=SECTION,
            hkex=(_hkex,),
            source=WasteRecord,
            where=Q(waste_type__is_hazardous=_hazardous),
            amount=tonnes_of("waste_type"),
            amount_meaning=_IN_TONNES,
            meaning="All types of the class together, in tonnes, also those kept in another unit.",
            worked_example=(
                "Waste engine oil 15.2 t and oil drums 800 kg: 15.2 + 0.8 = 16.0 t."
                if _hazardous
                else "Solid waste 30,321.0, recycled dust 339.8 and domestic waste 173.0 t: 30,833.8 t."
            ),
        )
    )
declared.register(
    Ratio(
        code="ENV-WASTE-HAZ-D",
        title=_("Hazardous waste, per tonne of product"),
        # In tonnes per tonne the figure would print as 0.000.
        unit="kg/t",
        decimals=3,
        section=SECTION,
        hkex=("A1.3",),
        numerator="ENV-WASTE-HAZ",
        denominator=OUTPUT,
        factor=UNITS["t"].factor / UNITS["kg"].factor,
        meaning="Kilograms of hazardous waste per tonne of output.",
        worked_example="16.0 t × 1,000 / 39,641 t = 0.403622…, printed 0.404 kg/t.",
    )
)
declared.register(
    Ratio(
        code="ENV-WASTE-NONHAZ-D",
        title=_("Non-hazardous waste, per tonne of product"),
        unit="t/t",
        decimals=2,
        section=SECTION,
        hkex=("A1.4",),
        numerator="ENV-WASTE-NONHAZ",
        denominator=OUTPUT,
        meaning="Tonnes of non-hazardous waste per tonne of output.",
        worked_example="30,833.8 t / 39,641 t = 0.777826…, printed 0.78 t/t.",
    )
)
PACKAGING = declared.register(
    Family(
        code="ENV-PACK-*",
        title=_("Packaging by material"),
        rows=PackagingMaterial.objects.all,
        declare=_packaging,
        sample=_sample(PackagingMaterial),
        site_row=SitePackaging,
        row_field="material",
        hkex="A2.5",
        meaning="What was used of each material on finished products, and per tonne of output.",
        worked_example="Wrap: 15 t × 1,000 / 39,641 t = 0.378396…, printed 0.378 kg/t.",
    )
)
declared.register(
    Flow(
        code="ENV-PACK",
        title=_("Packaging of finished products, total"),
        unit="t",
        decimals=1,
        decimals_of=PACKAGING.code,
        section=SECTION,
        hkex=("A2.5",),
        source=PackagingUse,
        amount=tonnes_of("material"),
        amount_meaning=_IN_TONNES,
        meaning="All materials together, in tonnes, also those kept in another unit.",
        worked_example="Wrap 14 t and steel strapping 1,000 kg: 14 + 1 = 15 t.",
    )
)
declared.register(
    Ratio(
        code="ENV-PACK-D",
        title=_("Packaging of finished products, per tonne of product"),
        unit="kg/t",
        decimals=3,
        section=SECTION,
        hkex=("A2.5",),
        numerator="ENV-PACK",
        denominator=OUTPUT,
        factor=UNITS["t"].factor / UNITS["kg"].factor,
        meaning="Kilograms of packaging per tonne of output.",
        worked_example="15 t × 1,000 / 39,641 t = 0.378396…, printed 0.378 kg/t.",
    )
)


def _tests(code: str, title: Text, where: Q, meaning: str, worked_example: str) -> None:
    declared.register(
        RowCount(
            code=code,
            title=title,
            unit="tests",
            unit_name=_("tests"),
            decimals=0,
            section=SECTION,
            hkex=("A1.1",),
            source=StackTest,
            where=where,
            annotate=_with_limit,
            describe=_measured,
            meaning=meaning,
            worked_example=worked_example,
        )
    )


def _with_limit(tests: Any) -> Any:
    return tests.with_limit()


def _measured(test: Any) -> str:
    return gettext("%(value)s mg/m³, limit %(limit)s") % {
        "value": typed(test.concentration_mg_m3),
        "limit": typed(test.limit),
    }


_tests(
    "ENV-AIR-TESTS",
    _("Stack tests"),
    Q(),
    "Number of measured concentrations, one for each pollutant of each test report.",
    "One report with particulates and sulphur dioxide: 2 tests.",
)
_tests(
    "ENV-AIR-EXCEEDED",
    _("Stack tests not lower than the limit"),
    Q(concentration_mg_m3__gte=F("limit")),
    "Number of tests whose concentration is not lower than the limit in force on the day.",
    "Particulates of 149.9, 150 and 151 mg/m³ against a limit of 150: the last two, so 2 tests.",
)
_tests(
    "ENV-AIR-NO-LIMIT",
    _("Stack tests without a known limit"),
    Q(limit__isnull=True),
    "Number of tests that could be compared with no limit, because none has been entered for that stack and day.",
    "Two tests at a stack whose permit limit is blank and one at a kiln with a limit of 150: 2 tests.",
)
