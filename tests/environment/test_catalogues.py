"""The shipped catalogues: what they say, and that an administrator's word goes before theirs."""

from collections.abc import Iterator
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import models

from apps.audit.models import Change
from apps.core.names import CatalogueRow
from apps.environment.catalogue.loader import ENVIRONMENT, FOLDER, LIMITS
from apps.environment.models import (
    EmissionLimit,
    PackagingMaterial,
    Pollutant,
    Product,
    Resource,
    Treatment,
    WasteType,
)
from apps.submissions.shipped import load_catalogues, read
from tests.factories import EmissionLimitFactory, PollutantFactory, ResourceFactory, WasteTypeFactory


@pytest.fixture
def catalogues(db: None) -> dict[type[models.Model], int]:
    return load_catalogues()


def _rows(model: type[CatalogueRow]) -> Iterator[CatalogueRow]:
    yield from model._default_manager.all()


def test_every_shipped_row_is_added_and_a_second_run_changes_nothing(db: None) -> None:
    first = StringIO()
    call_command("load_catalogues", stdout=first)
    for model, name in (*ENVIRONMENT.catalogues, (EmissionLimit, LIMITS)):
        assert model._default_manager.count() == len(list(read(FOLDER / name))) > 0
    assert f"resources: {Resource.objects.count()} added" in first.getvalue()
    logged = Change.objects.count()

    second = StringIO()
    call_command("load_catalogues", stdout=second)
    assert "nothing was changed" in second.getvalue()
    assert Change.objects.count() == logged


def test_additions_are_logged_under_the_command(catalogues: None) -> None:
    Product.objects.all().delete()
    call_command("load_catalogues", stdout=StringIO())
    added = Change.objects.filter(table="environment_product", operation="I", source="load_catalogues")
    assert added.count() == Product.objects.count() > 0


def test_what_an_administrator_changed_or_added_stays(catalogues: None) -> None:
    Resource.objects.filter(code="diesel").update(
        name_zh_hans="0号柴油", tonnes_per_m3=Decimal("0.835"), gj_per_unit=Decimal("0.0356"), decimals=1
    )
    own = ResourceFactory(code="biomass", unit_code="t")
    Resource.objects.filter(code="petrol").delete()

    added = load_catalogues()

    assert added[Resource] == 1
    diesel = Resource.objects.get(code="diesel")
    assert (diesel.name_zh_hans, diesel.tonnes_per_m3, diesel.gj_per_unit, diesel.decimals) == (
        "0号柴油",
        Decimal("0.835"),
        Decimal("0.0356"),
        1,
    )
    assert Resource.objects.filter(pk=own.pk).exists()
    assert Resource.objects.filter(code="petrol").exists()


def test_rows_entered_before_the_first_load_stay_too(db: None) -> None:
    WasteTypeFactory(code="waste_oil", name_en="Used oil", unit_code="kg", is_hazardous=True)
    EmissionLimitFactory(pollutant=PollutantFactory(code="so2"), stack_type="calcination", limit_mg_m3="200")

    load_catalogues()

    oil = WasteType.objects.get(code="waste_oil")
    assert (oil.name_en, oil.unit_code) == ("Used oil", "kg")
    limit = EmissionLimit.objects.get(pollutant__code="so2", stack_type="calcination")
    assert limit.limit_mg_m3 == Decimal("200")


def test_a_grade_that_no_longer_fits_its_line_stops_the_load_and_says_so(db: None) -> None:
    ResourceFactory(code="coal", unit_code="kg")
    with pytest.raises(CommandError, match=r"resources\.csv, coal_anthracite: A row has the unit of the line"):
        call_command("load_catalogues", stdout=StringIO())
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("model", "code", "unit", "decimals", "density_unit", "density_decimals"),
    [
        (Resource, "electricity", "kWh", 0, "kWh", 1),
        (Resource, "diesel", "L", 0, "L", 3),
        (Resource, "coal", "t", 0, "t", 1),
        (Resource, "water", "m3", 0, "m3", 1),
        (WasteType, "waste_oil", "t", 1, "kg", 3),
        (WasteType, "solid_waste", "t", 1, "t", 3),
        (PackagingMaterial, "wrap", "t", 0, "kg", 3),
    ],
)
def test_lines_print_like_the_report(
    catalogues: None,
    model: type[Resource],
    code: str,
    unit: str,
    decimals: int,
    density_unit: str,
    density_decimals: int,
) -> None:
    row = model._default_manager.get(code=code)
    assert (row.unit_code, row.decimals, row.printed_density_unit.code, row.density_decimals) == (
        unit,
        decimals,
        density_unit,
        density_decimals,
    )


@pytest.mark.parametrize(
    ("code", "gj"),
    [
        ("electricity", Decimal("0.0036")),  # 3.6 MJ
        ("diesel", Decimal("42.652") * Decimal("0.84") / 1000),  # GJ/t × t/m³ / 1,000 L
        ("petrol", Decimal("43.070") * Decimal("0.73") / 1000),
        ("coal_anthracite", Decimal("20.304")),
        ("coal_bituminous", Decimal("19.570")),
        ("coal_lignite", Decimal("14.080")),
        ("coal_washed", Decimal("26.344")),
        ("semi_coke", Decimal("28.435")),
        ("natural_gas", Decimal("389.31") / 10_000),  # a factor for 10⁴ Nm³
        ("producer_gas", Decimal("52.270") / 10_000),
        ("coke_oven_gas", Decimal("173.540") / 10_000),
        ("lpg", Decimal("50.179") / 1000),
        ("purchased_heat", Decimal(1)),
    ],
)
def test_energy_contents(catalogues: None, code: str, gj: Decimal) -> None:
    assert Resource.objects.get(code=code).gj_per_unit == gj


def test_every_energy_content_names_its_source(catalogues: None) -> None:
    assert not Resource.objects.filter(gj_per_unit__isnull=False, energy_source="").exists()
    assert "general knowledge" in Resource.objects.get(code="petrol").energy_source
    # A printed line gets its energy from its grades, never twice.
    for line in Resource.objects.filter(parts__isnull=False):
        assert line.gj_per_unit is None


def test_coal_and_water_have_their_parts_and_recycled_water_is_no_fresh_water(catalogues: None) -> None:
    parts = {line.code: line.parts.count() for line in Resource.objects.filter(code__in=["coal", "water"])}
    assert parts == {"coal": 6, "water": 3}
    assert Resource.objects.get(code="recycled_water").reported_under is None


def test_hkex_codes(catalogues: None) -> None:
    assert set(Resource.objects.filter(kind="energy").values_list("hkex", flat=True)) == {"A2.1"}
    assert set(Resource.objects.filter(kind="water").values_list("hkex", flat=True)) == {"A2.2"}
    assert Resource.objects.get(code="sf6").hkex_codes() == ("A1.2",)


def test_intermediates_do_not_count_as_output(catalogues: None) -> None:
    counting = set(Product.objects.filter(counts_as_output=True).values_list("code", flat=True))
    assert {"magnesium_ingot", "magnesium_alloy"} <= counting
    assert counting.isdisjoint({"crude_magnesium", "calcined_dolomite"})


def test_only_limits_that_somebody_has_looked_up_have_a_value(catalogues: None) -> None:
    known = {
        (limit.stack_type, limit.pollutant.code): limit.limit_mg_m3
        for limit in EmissionLimit.objects.select_related("pollutant")
        if limit.limit_mg_m3 is not None
    }
    assert known == {("calcination", "particulates"): 150, ("calcination", "so2"): 400}
    for limit in EmissionLimit.objects.all():
        assert limit.stack is None
        assert limit.source.startswith("GB ")
        assert limit.confidence
    # The special limits of key areas hold only where a province orders them.
    assert EmissionLimit.objects.filter(limit_mg_m3__in=[10, 100]).count() == 0


@pytest.mark.parametrize("model", [Product, Resource, WasteType, Treatment, PackagingMaterial, Pollutant])
def test_names_are_given_in_three_languages_and_told_apart(catalogues: None, model: type[CatalogueRow]) -> None:
    for row in _rows(model):
        assert row.name_en.isascii(), row.code
        assert not row.name_zh_hans.isascii(), row.code
        assert not row.name_zh_hant.isascii(), row.code
    for attribute in ("name_en", "name_zh_hans", "name_zh_hant"):
        names = [getattr(row, attribute) for row in _rows(model)]
        assert len(names) == len(set(names))


def test_terms_are_those_of_the_glossary(catalogues: None) -> None:
    assert Resource.objects.get(code="coal_bituminous").name_in("zh-hant") == "煙煤"
    assert WasteType.objects.get(code="waste_oil").name_in("zh-hans") == "废机油"
    assert Treatment.objects.get(code="hygiene").name_in("zh-hant") == "由環衞部門集中處理"
    assert Pollutant.objects.get(code="particulates").name_in("zh-hant") == "顆粒物"
