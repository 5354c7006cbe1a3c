"""Each figure worked by hand: 2020 as the group reported it, with what the report does not say made up."""

from decimal import Decimal
from pathlib import Path

import pytest

from apps.environment.models import Product, Resource, ScopeThreeCategory, ScopeThreeEmission
from apps.greenhouse_gases.choices import GridSeries
from apps.greenhouse_gases.models import Factor, YearBasis
from apps.indicators.basis import Basis
from apps.indicators.computation import Figures, compute
from apps.indicators.declarations import declared, tables
from apps.indicators.filled_tables import fill
from apps.indicators.kpi_set import current_kpis
from apps.submissions.models import Submission
from tests.factories import ResourceFactory
from tests.greenhouse_gases.conftest import Plant, opened_year
from tests.greenhouse_gases.records import made, the_year_2020, typed, used


def figures(plant: Plant, year: object = None) -> Figures:
    plant.hand_in("2020" if year is None else str(year))
    return compute(year=year or plant.year, sites=[plant.hami, plant.baishan], basis=Basis.ALL)  # type: ignore[arg-type]


def rounded(plant: Plant, code: str, places: str = "1") -> Decimal | None:
    value = figures(plant).of(code).value
    return None if value is None else value.quantize(Decimal(places))


@pytest.mark.parametrize(("coal", "tonnes"), [("coal_bituminous", "185806"), ("coal_anthracite", "204598")])
def test_coal_burned(plant: Plant, coal: str, tonnes: str) -> None:
    """106,352 t × 19.570 × 26.18 / 1,000 × 0.93 × 44/12, and × 20.304 × 27.49 / 1,000 × 0.94 × 44/12."""
    the_year_2020(plant.form(plant.hami), coal)
    assert rounded(plant, f"GHG-FUEL-{coal.upper()}") == rounded(plant, "GHG-FUEL-COAL") == Decimal(tonnes)
    # 831 L × 0.84 / 1,000 × 42.652 × 20.2 / 1,000 × 0.98 × 44/12
    assert rounded(plant, "GHG-FUEL-DIESEL", "0.01") == Decimal("2.16")
    assert rounded(plant, "GHG-S1-FUEL", "0.01") == sum(
        (figures(plant).of(code).value or Decimal(0) for code in ("GHG-FUEL-COAL", "GHG-FUEL-DIESEL")), Decimal(0)
    ).quantize(Decimal("0.01"))


def test_gas_in_cubic_metres_and_kilograms_of_lpg(plant: Plant) -> None:
    """50,000 Nm³ = 5 × 10⁴ Nm³ × 389.31 × 15.3 / 1,000 × 0.99 × 44/12; 2,000 kg = 2 t × 50.179 × 17.2 …"""
    form = plant.form(plant.hami)
    used(form, "natural_gas", "50000")
    used(form, "lpg", "2000")
    assert rounded(plant, "GHG-FUEL-NATURAL_GAS", "0.001") == Decimal("108.109")
    assert rounded(plant, "GHG-FUEL-LPG", "0.001") == Decimal("6.203")


def test_process_and_cover_gas(plant: Plant) -> None:
    form = plant.form(plant.baishan)
    used(form, "dolomite", "100000")
    used(form, "ferrosilicon", "5000")  # purchased: scope 3
    used(form, "sf6", "10")
    used(form, "hfc_134a", "2")
    made(form, "ferrosilicon_made", "1000")
    found = figures(plant)
    assert found.of("GHG-S1-DOLOMITE").value == Decimal("46844")
    assert found.of("GHG-S1-FESI").value == Decimal("2790")
    assert found.of("GHG-S1-PROCESS").value == Decimal("49634")
    assert found.of("GHG-S1-GAS").value == Decimal("237.6")  # 10 × 23.5 + 2 × 1.3
    YearBasis.objects.create(year=plant.year, gwp_set="AR6", grid_series="ets_national")
    assert figures(plant).of("GHG-S1-GAS").value == Decimal("255.06")  # 10 × 25.2 + 2 × 1.53
    # What nobody burned is a zero, and no line of the table.
    assert found.of("GHG-S1-FUEL").value == 0
    assert found.of("GHG-S1").value == Decimal("49871.6")


@pytest.mark.parametrize(
    ("year", "series", "tonnes"), [("2020", "", "33751"), ("2021", "", "32141"), ("2022", "", "31549")]
)
def test_electricity_by_the_national_factor_of_its_year(plant: Plant, year: str, series: str, tonnes: str) -> None:
    of_year = plant.year if year == "2020" else opened_year(year)
    used(plant.form(plant.hami, year=year), "electricity", "55320585")
    value = figures(plant, of_year).of("GHG-S2-ELEC").value
    assert value is not None and value.quantize(Decimal(1)) == Decimal(tonnes)


def test_electricity_by_region_and_province_of_each_site(plant: Plant) -> None:
    year = opened_year("2021")
    for site in (plant.hami, plant.baishan):
        used(plant.form(site, year="2021"), "electricity", "1000000")
    basis = YearBasis.objects.create(year=year, grid_series=GridSeries.AVERAGE_REGION)
    found = figures(plant, year)
    assert [found.of("GHG-S2-ELEC", site).value for site in (plant.hami, plant.baishan)] == [
        Decimal("595.1"),
        Decimal("601.2"),
    ]
    basis.grid_series = GridSeries.AVERAGE_PROVINCE
    basis.save()
    assert figures(plant, year).of("GHG-S2-ELEC").value == Decimal("657.7") + Decimal("562.9")

    plant.baishan.province = "Hainan"
    found = figures(plant, year)
    assert found.of("GHG-S2-ELEC", plant.hami).value == Decimal("657.7")
    assert found.of("GHG-S2-ELEC").value is None
    assert "no grid factor “average of the province” for Hainan in 2021" in found.of("GHG-S12").reason
    plant.baishan.province = ""
    assert "Baishan has no grid region" in figures(plant, year).of("GHG-S2").reason


def test_heat(plant: Plant) -> None:
    used(plant.form(plant.baishan), "purchased_heat", "1000")
    found = figures(plant)
    assert found.of("GHG-S2-HEAT").value == found.of("GHG-S2").value == Decimal("110")
    assert found.of("NRG-INDIRECT").display == "277.8"  # 1,000 / 3.6
    assert found.of("NRG-TCE").value == Decimal("34.12")


def test_energy(plant: Plant) -> None:
    the_year_2020(plant.form(plant.hami))
    printed = {
        "NRG-ELECTRICITY": "55,320.6",
        "NRG-COAL_BITUMINOUS": "578,141.3",
        "NRG-COAL": "578,141.3",
        "NRG-DIESEL": "8.27",
        "NRG-DIESEL-D": "0.209",  # kWh: 8.2702228 × 1,000 / 39,641
        "NRG-DIRECT": "578,149.6",
        "NRG-INDIRECT": "55,320.6",
        "NRG-TOTAL": "633,470.1",
        "NRG-TOTAL-D": "15.98",
        "NRG-GJ": "2,280,493",
        "NRG-TCE": "82,767",
        "NRG-TCE-D": "2.09",
    }
    found = figures(plant)
    assert {code: found.of(code).display for code in printed} == printed
    assert found.of("NRG-ELECTRICITY-D").display == "1.396"
    used(plant.form(plant.hami, 4), "semi_coke", "100")  # a month that is still open
    # No coefficient of its own: 100 × 28.435 / 29.3076.
    more = figures(plant).of("NRG-TCE").value
    assert more is not None and (more - (found.of("NRG-TCE").value or 0)).quantize(Decimal("0.001")) == Decimal(
        "97.023"
    )


def test_totals_and_intensity(plant: Plant) -> None:
    form = plant.form(plant.hami)
    the_year_2020(form)
    used(form, "dolomite", "100000")
    used(form, "sf6", "10")
    found = figures(plant)
    assert found.of("GHG-S1").display == "232,887"
    assert found.of("GHG-S12").display == "266,639"
    assert found.of("GHG-S12-D").display == "6.73"


def test_coal_without_a_grade_has_no_value_and_says_what_to_do(plant: Plant) -> None:
    form = plant.form(plant.hami)
    used(form, "coal", "100")
    used(form, "coal_bituminous", "10")
    found = figures(plant)
    for code in ("GHG-FUEL-COAL", "GHG-S1", "GHG-S12-D", "NRG-COAL", "NRG-TOTAL"):
        assert found.of(code).value is None
        assert "Coal: name the grade" in found.of(code).reason
    assert found.of("GHG-FUEL-COAL_BITUMINOUS").value is not None
    lines = found.of("GHG-FUEL-COAL", plant.hami).calculation
    assert lines is not None and [(line.amount, line.result is None) for line in lines.lines] == [
        (Decimal(100), True),
        (Decimal(10), False),
    ]
    # Raw coal has a coefficient of standard coal, whatever its grade: 110 × 0.7143.
    assert found.of("NRG-TCE").value == Decimal("78.573")


def test_a_fuel_without_a_factor_has_no_value(plant: Plant) -> None:
    ResourceFactory(code="wood", name_en="Wood")
    used(plant.form(plant.hami), "wood", "3")
    reason = "Wood: there is no factor for “carbon content per heat” in 2020."
    assert reason in figures(plant).of("GHG-S1-FUEL").reason


def test_a_line_names_its_factors_and_where_they_are_from(plant: Plant) -> None:
    used(plant.form(plant.hami), "diesel", "831")
    calculation = figures(plant).of("GHG-S1").calculation
    assert calculation is not None
    (line,) = calculation.lines
    assert [step.display for step in line.steps] == ["0.84", "1/1,000", "42.652", "1/1,000", "20.2", "0.98", "44/12"]
    density, _kilograms, ncv, *_rest = line.steps
    assert (density.reference, density.is_doubtful) == ("diesel.density v1", True)
    assert (ncv.reference, ncv.is_doubtful) == ("diesel.ncv v1", False)
    assert "镁冶炼企业" in ncv.source and ncv.unit == "GJ/t"


def test_tables_show_only_what_was_used(plant: Plant) -> None:
    the_year_2020(plant.form(plant.hami))
    shown = {
        table.declaration.code: [line.title for line in table.lines]
        for table in fill([tables["A1-GHG"], tables["A2-NRG"]], figures(plant), None, [None])
    }
    assert shown["A1-GHG"][:4] == ["Diesel oil", "Coal", "Bituminous coal", "Scope 1: fuels"]
    assert shown["A2-NRG"][:4] == ["Electricity", "Diesel oil", "Coal", "Bituminous coal"]


def test_what_nobody_recorded_is_no_printed_zero(plant: Plant) -> None:
    """A smelter that did not record its dolomite must not say that it calcined none."""
    the_year_2020(plant.form(plant.hami))
    (table,) = fill([tables["A1-GHG"]], figures(plant), None, [None])
    codes = [line.total.figures[0].kpi.code for line in table.lines]
    assert "GHG-S1-FUEL" in codes and "GHG-S2-ELEC" in codes
    assert not {"GHG-S1-DOLOMITE", "GHG-S1-FESI", "GHG-S1-GAS", "GHG-S2-HEAT"} & set(codes)
    used(plant.form(plant.hami, 4), "dolomite", "0")  # a month that is still open
    (table,) = fill([tables["A1-GHG"]], figures(plant), None, [None])
    assert "GHG-S1-DOLOMITE" in [line.total.figures[0].kpi.code for line in table.lines]


def test_a_product_with_the_number_of_a_resource_has_no_grades(plant: Plant) -> None:
    product = Product.objects.get(code="ferrosilicon_made")
    if not Resource.objects.filter(pk=product.pk).exists():
        ResourceFactory(pk=product.pk)
    ResourceFactory(reported_under_id=product.pk)
    made(plant.form(plant.hami), "ferrosilicon_made", "1000")
    assert figures(plant).of("GHG-S1-FESI").value == Decimal("2790")


@pytest.mark.parametrize(("above", "code"), [("electricity", "GHG-S2-ELEC"), ("sf6", "GHG-S1-GAS")])
def test_a_row_under_electricity_or_a_gas_is_one_line(plant: Plant, above: str, code: str) -> None:
    """It has a factor of its own or says that it lacks one; the page of the figure alone opens too."""
    line = Resource.objects.get(code=above)
    ResourceFactory(code="part", name_en="Part", kind=line.kind, unit_code=line.unit_code, hkex=line.hkex,
                    reported_under=line)  # fmt: skip
    used(plant.form(plant.hami), "part", "10")
    plant.hand_in("2020")
    alone = compute(year=plant.year, sites=[plant.hami], basis=Basis.ALL, kpis=current_kpis().only(code)).of(code)
    assert alone.value is None and alone.reason.startswith("Part: there is no")
    assert alone.calculation is not None and len(alone.calculation.lines) == 1


def test_scope_three(plant: Plant) -> None:
    for site, code, value in (
        (plant.hami, "purchased_goods", "1200"),
        (plant.baishan, "purchased_goods", "800"),
        (plant.hami, "commuting", "50"),
    ):
        form = Submission.objects.get(site=site, period__code="2020", section="scope3")
        category = ScopeThreeCategory.objects.get(code=code)
        ScopeThreeEmission.objects.create(submission=form, category=category, **typed(category, value))
    found = figures(plant)
    assert found.of("GHG-S3-PURCHASED_GOODS").value == 2000
    assert found.of("GHG-S3").value == 2050
    assert found.of("GHG-S12").value == 0  # nothing of it is in scopes 1 and 2


def test_every_figure_here_has_a_test_of_its_number() -> None:
    own = {entry.code for entry in declared if entry.code.partition("-")[0] in ("GHG", "NRG")}
    source = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in sorted(own) if code.removesuffix("*") not in source] == []


def test_every_shipped_factor_is_of_something_known(plant: Plant) -> None:
    assert Factor.objects.count() == 141
    assert all(factor.document and factor.note for factor in Factor.objects.filter(confidence="general_knowledge"))
