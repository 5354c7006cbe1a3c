"""Each figure of A1 and A2, worked by hand: a handful of records and what must come out.

The numbers are the company's own for 2020 where it printed one.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from apps.environment.models import Product
from apps.indicators.basis import Basis
from apps.indicators.computation import Figures, compute
from apps.indicators.declarations import Family, RecordKpi, declared
from apps.submissions.choices import CellState
from tests.factories import (
    EmissionLimitFactory,
    PackagingMaterialFactory,
    PollutantFactory,
    ProductFactory,
    ResourceFactory,
    StackFactory,
    TreatmentFactory,
    WasteTypeFactory,
    World,
)
from tests.indicators.records import put, put_none, put_test

Example = Callable[[World], None]
EXAMPLES: dict[str, Example] = {}


def example(*codes: str) -> Callable[[Example], Example]:
    """Says which declarations an example is about."""

    def note(function: Example) -> Example:
        for code in codes:
            EXAMPLES[code] = function
        return function

    return note


OWN = [entry.code for entry in declared if entry.code.startswith("ENV-")]


@pytest.mark.django_db
@pytest.mark.parametrize("code", OWN)
def test_worked_by_hand(code: str, world: World) -> None:
    """Fails for a declaration that nobody wrote an example for."""
    EXAMPLES[code](world)


def test_every_example_is_of_something_declared() -> None:
    assert set(EXAMPLES) == set(OWN)


def test_every_figure_is_of_an_app_that_works_examples() -> None:
    """Another app's figures are worked in its own test_kpis.py."""
    assert {entry.code.partition("-")[0] for entry in declared} == {"ENV", "GHG", "NRG", "WF", "SC", "PR", "CI", "AC"}


@pytest.mark.parametrize("entry", list(declared), ids=lambda entry: entry.code)
def test_every_declaration_explains_itself(entry: Any) -> None:
    assert entry.meaning and entry.worked_example


def figures(world: World) -> Figures:
    return compute(year=world.year, sites=[world.hami, world.baishan], basis=Basis.ALL)


def printed(world: World, code: str) -> tuple[str, str]:
    figure = figures(world).of(code)
    return figure.display, figure.kpi.unit


def the_output_of_2020(world: World) -> None:
    """39,641 t of magnesium, split over the two sites."""
    world.magnesium.decimals = 0
    world.magnesium.save()
    put(world.submission(world.hami, 3), world.magnesium, "20000")
    put(world.submission(world.baishan, 11), world.magnesium, "19641")


@example("ENV-OUTPUT-*")
def production_of_one_product(world: World) -> None:
    the_output_of_2020(world)
    assert printed(world, "ENV-OUTPUT-MAGNESIUM") == ("39,641", "t")
    assert figures(world).of("ENV-OUTPUT-MAGNESIUM", world.hami).value == 20000


@example("ENV-OUTPUT")
def output_leaves_intermediates_out(world: World) -> None:
    alloy = ProductFactory(code="alloy", unit_code="kg", decimals=0)
    dolomite = ProductFactory(code="calcined_dolomite", counts_as_output=False, decimals=0)
    Product.objects.update(decimals=0)
    march = world.submission(world.hami, 3)
    put(march, world.magnesium, "30000")
    put(march, alloy, "9641000")
    put(march, dolomite, "50000")
    assert printed(world, "ENV-OUTPUT") == ("39,641", "t")
    assert printed(world, "ENV-OUTPUT-ALLOY") == ("9,641,000", "kg")


@example("ENV-RES-*")
def what_was_used_and_how_much_per_tonne(world: World) -> None:
    the_output_of_2020(world)
    water = ResourceFactory(code="water", unit_code="m3", decimals=0, density_decimals=1)
    well = ResourceFactory(code="water_ground", unit_code="m3", decimals=0, reported_under=water)
    january, june = world.submission(world.hami, 1), world.submission(world.baishan, 6)
    put(january, world.electricity, "3000.0585", "万kWh")
    put(june, world.electricity, "25320000")
    put(january, world.diesel, "0.69804", "t")
    put(june, world.coal, "106352")
    put(january, water, "100000")
    put(june, well, "2.9095", "万m3")
    assert printed(world, "ENV-RES-ELECTRICITY") == ("55,320,585", "kWh")
    assert printed(world, "ENV-RES-ELECTRICITY-D") == ("1,395.5", "kWh/t")
    density = figures(world).of("ENV-RES-ELECTRICITY-D").value
    assert density is not None and str(density).startswith("1395.539592845790")
    assert printed(world, "ENV-RES-DIESEL") == ("831", "L")
    assert printed(world, "ENV-RES-DIESEL-D") == ("0.021", "L/t")
    assert printed(world, "ENV-RES-COAL-D") == ("2.7", "t/t")
    assert printed(world, "ENV-RES-WATER") == ("129,095", "m3")
    assert printed(world, "ENV-RES-WATER-D") == ("3.3", "m3/t")
    assert printed(world, "ENV-RES-WATER_GROUND") == ("29,095", "m3")


@example("ENV-WASTE-*")
def waste_by_type_whatever_its_treatment(world: World) -> None:
    the_output_of_2020(world)
    march = world.submission(world.hami, 3)
    put(march, world.waste_oil, "15.2", treatment=world.sold)
    put(march, world.waste_oil, "800", "kg", treatment=TreatmentFactory(code="contractor"))
    assert printed(world, "ENV-WASTE-WASTE_OIL") == ("16.0", "t")
    assert printed(world, "ENV-WASTE-WASTE_OIL-D") == ("0.404", "kg/t")


@example("ENV-WASTE-HAZ", "ENV-WASTE-HAZ-D")
def hazardous_waste_in_two_units(world: World) -> None:
    the_output_of_2020(world)
    drums = WasteTypeFactory(code="drums", unit_code="kg", is_hazardous=True)
    march = world.submission(world.hami, 3)
    put(march, world.waste_oil, "15.2", treatment=world.sold)
    put(march, drums, "800", treatment=world.sold)
    put(march, WasteTypeFactory(code="slag"), "5000", treatment=world.sold)
    assert printed(world, "ENV-WASTE-HAZ") == ("16.0", "t")
    assert printed(world, "ENV-WASTE-HAZ-D") == ("0.404", "kg/t")


@example("ENV-WASTE-NONHAZ", "ENV-WASTE-NONHAZ-D")
def non_hazardous_waste(world: World) -> None:
    the_output_of_2020(world)
    march = world.submission(world.baishan, 3)
    put(march, world.waste_oil, "16", treatment=world.sold)
    for code, tonnes in (("solid", "30321.0"), ("dust", "339.8"), ("domestic", "173.0")):
        put(march, WasteTypeFactory(code=code), tonnes, treatment=world.sold)
    assert printed(world, "ENV-WASTE-NONHAZ") == ("30,833.8", "t")
    assert printed(world, "ENV-WASTE-NONHAZ-D") == ("0.78", "t/t")


@example("ENV-PACK-*", "ENV-PACK", "ENV-PACK-D")
def packaging_of_finished_products(world: World) -> None:
    the_output_of_2020(world)
    world.wrap.decimals = 0
    world.wrap.save()
    strapping = PackagingMaterialFactory(code="strapping", unit_code="kg", decimals=0)
    march = world.submission(world.hami, 3)
    put(march, world.wrap, "14")
    put(march, strapping, "1000")
    assert printed(world, "ENV-PACK-WRAP") == ("14", "t")
    assert printed(world, "ENV-PACK") == ("15", "t")
    assert printed(world, "ENV-PACK-D") == ("0.378", "kg/t")
    put(world.submission(world.hami, 4), world.wrap, "1")
    assert printed(world, "ENV-PACK-WRAP-D") == ("0.378", "kg/t")


@example("ENV-AIR-TESTS", "ENV-AIR-EXCEEDED", "ENV-AIR-NO-LIMIT")
def stack_tests_against_the_limit_of_the_day(world: World) -> None:
    dust, sulphur = PollutantFactory(code="dust"), PollutantFactory(code="so2")
    EmissionLimitFactory(pollutant=dust, limit_mg_m3="150")
    kiln = StackFactory(code="kiln", site=world.hami)
    boiler = StackFactory(code="boiler", site=world.hami, stack_type="boiler")
    EmissionLimitFactory(pollutant=dust, stack=boiler, stack_type="", limit_mg_m3=None)
    march = world.submission(world.hami, 3)
    for value in ("149.9", "150", "151"):
        put_test(march, kiln, dust, value)
    put_test(march, kiln, sulphur, "1")
    put_test(march, boiler, dust, "999")
    assert printed(world, "ENV-AIR-TESTS") == ("5", "tests")
    assert printed(world, "ENV-AIR-EXCEEDED") == ("2", "tests")
    assert printed(world, "ENV-AIR-NO-LIMIT") == ("2", "tests")


def test_a_waste_in_a_unit_without_mass_is_a_gap_of_the_total(world: World) -> None:
    lamps = WasteTypeFactory(code="lamps", unit_code="pcs", is_hazardous=True)
    march = world.submission(world.hami, 3)
    put(march, world.waste_oil, "2", treatment=world.sold)
    put(march, lamps, "40", treatment=world.sold)
    total = figures(world).of("ENV-WASTE-HAZ")
    assert (total.value, total.rows, total.gaps) == (Decimal(2), 1, 1)
    assert figures(world).of("ENV-WASTE-LAMPS").display == "40.0"


def test_a_liquid_waste_counts_through_its_density(world: World) -> None:
    solvent = WasteTypeFactory(code="solvent", unit_code="L", is_hazardous=True, tonnes_per_m3="0.9")
    put(world.submission(world.hami, 3), solvent, "1500", treatment=world.sold)
    assert figures(world).of("ENV-WASTE-HAZ").value == Decimal("1.35")


def test_a_total_is_as_precise_as_its_most_precise_line(world: World) -> None:
    WasteTypeFactory(code="fine", decimals=3)
    assert figures(world).kpis["ENV-WASTE-HAZ"].decimals == 3


def test_sums_are_exact_beyond_the_digits_of_a_float(world: World) -> None:
    for month in range(1, 11):
        put(world.submission(world.hami, month), world.coal, "0.100000000001")
    put(world.submission(world.hami, 11), world.coal, "123456789012345")
    assert figures(world).of("ENV-RES-COAL").value_text == "123456789012346.00000000001"
    put(world.submission(world.hami, 12), world.diesel, "123456789012345678")
    put(world.submission(world.baishan, 12), world.diesel, "0.000000000001")
    assert figures(world).of("ENV-RES-DIESEL").value_text == "123456789012345678.000000000001"


def test_a_row_that_does_not_apply_is_no_gap(world: World) -> None:
    put(world.submission(world.hami, 1), world.diesel, "5")
    put_none(world.submission(world.hami, 2), world.diesel, CellState.NOT_MEASURED)
    put_none(world.submission(world.hami, 3), world.diesel, CellState.NOT_APPLICABLE)
    put_none(world.submission(world.hami, 1), world.coal, CellState.NOT_APPLICABLE)
    diesel, coal = (figures(world).of(f"ENV-RES-{code}") for code in ("DIESEL", "COAL"))
    assert (diesel.value, diesel.rows, diesel.gaps) == (Decimal(5), 1, 1)
    assert (coal.value, coal.reason) == (None, "not applicable")


@pytest.mark.django_db
def test_the_rows_behind_every_figure_add_up_to_it(world: World) -> None:
    """For every KPI that is made of records, with something recorded for each."""
    hazardous_waste_in_two_units(world)
    stack_tests_against_the_limit_of_the_day(world)
    put(world.submission(world.baishan, 5), world.wrap, "0.7")
    put(world.submission(world.baishan, 5), ResourceFactory(code="grade", reported_under=world.coal), "0.3")
    put(world.submission(world.baishan, 5), world.coal, "7")
    put(world.submission(world.hami, 7), world.electricity, "12.34", "GJ")
    put(world.submission(world.hami, 8), world.electricity, "1")
    put_none(world.submission(world.hami, 9), world.electricity, CellState.NOT_MEASURED)
    sites = [world.hami, world.baishan]
    found = figures(world)
    compared = 0
    for kpi in found.kpis:
        if isinstance(kpi, RecordKpi):
            for site in (None, *sites):
                rows = kpi.records(year=world.year, sites=[site] if site else sites, basis=Basis.ALL)
                amounts = [row.contribution for row in rows if row.contribution is not None]
                figure = found.of(kpi.code, site)
                assert figure.rows == len(amounts)
                assert (figure.value or 0) == sum(amounts)
                compared += bool(amounts)
    assert compared > 25


def test_families_name_their_catalogue() -> None:
    for entry in declared:
        if isinstance(entry, Family) and entry.site_row is not None:
            assert entry.site_row._meta.get_field(entry.row_field).related_model is type(entry.sample())
