"""What the database refuses, by raw SQL, and what it keeps for published years."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from apps.environment.models import Resource, SiteResource
from apps.greenhouse_gases import services
from apps.greenhouse_gases.models import ContractualInstrument, Factor, FactorPin, YearBasis
from tests.greenhouse_gases.conftest import Plant
from tests.greenhouse_gases.records import publish, version


def refused(sql: str, *values: Any, match: str = "") -> None:
    with pytest.raises(IntegrityError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, values)


def test_a_factor_never_changes(plant: Plant) -> None:
    refused("UPDATE greenhouse_gases_factor SET value = 1", match="never changed")
    refused("DELETE FROM greenhouse_gases_factor", match="never changed")
    refused("TRUNCATE greenhouse_gases_factor CASCADE", match="cannot be emptied")


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 1},  # there already
        {"version": 3},  # one is left out
        {"value": "0"},
        {"value": "-1"},
        {"unit": "kg/L"},
        {"region": "China", "series": "ets_national"},
        {"gwp_set": "AR5", "version": 1},
        {"document": ""},
        {"confidence": "sure"},
        {"valid_until": "1999-12-31"},
        {"reason": ""},
    ],
)
def test_a_version_that_cannot_be(plant: Plant, changed: dict[str, Any]) -> None:
    told = {"value": "20", "user": plant.lead, **changed}
    new = version("coal_bituminous.ncv", **told)
    with pytest.raises(IntegrityError), transaction.atomic():
        new.save(force_insert=True)
    version("coal_bituminous.ncv", "20", user=plant.lead).save(force_insert=True)


def test_a_share_is_at_most_one(plant: Plant) -> None:
    with pytest.raises(IntegrityError, match="share_at_most_one"), transaction.atomic():
        version("dolomite.purity", "98").save(force_insert=True)


def test_the_factors_of_an_edition_are_written_once(plant: Plant) -> None:
    ncv = Factor.objects.get(subject="coal_bituminous", parameter="ncv")
    services.pin(plant.year, 1, [ncv])
    refused("UPDATE greenhouse_gases_factorpin SET number = 2", match="never changed")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # As if it had been written by an earlier transaction.
        cursor.execute("ALTER TABLE greenhouse_gases_factorpin DISABLE TRIGGER append_only")
        cursor.execute("UPDATE greenhouse_gases_factorpin SET pinned_at = pinned_at - interval '1 day'")
        cursor.execute("ALTER TABLE greenhouse_gases_factorpin ENABLE TRIGGER append_only")
    other = Factor.objects.get(subject="coal_bituminous", parameter="cc")
    for number in (0, 1):
        with pytest.raises(IntegrityError, match="written already"), transaction.atomic():
            services.pin(plant.year, number, [other])
    services.pin(plant.year, 2, [other])
    assert FactorPin.objects.count() == 2


def test_a_published_year_keeps_its_factors(plant: Plant) -> None:
    now = services.factors_for(plant.year)
    services.pin(plant.year, 1, now)
    version("coal_bituminous.ncv", "21").save(force_insert=True)
    kept = services.factors_for(plant.year)
    assert {factor.pk for factor in kept} == {factor.pk for factor in now}

    def ncv(factors: services.FactorSet) -> str:
        (found,) = (factor for factor in factors if factor.code == "coal_bituminous.ncv")
        return found.reference

    assert ncv(kept) == "coal_bituminous.ncv v1"
    assert ncv(services.factors_now(plant.year)) == "coal_bituminous.ncv v2"
    services.pin(plant.year, 2, services.factors_now(plant.year))
    assert ncv(services.factors_for(plant.year)) == "coal_bituminous.ncv v2"


def test_a_later_version_for_other_years_leaves_this_one_alone(plant: Plant) -> None:
    version("electricity.grid", "0.5", "China/ets_national", valid_from="2021-01-01", valid_until=None).save(
        force_insert=True
    )
    found = services.factors_for(plant.year).grid("electricity", plant.hami)
    assert found is not None and found.reference == "electricity.grid@China/ets_national v1"


def test_what_a_published_year_is_reckoned_with_stays(plant: Plant) -> None:
    YearBasis.objects.create(year=plant.year, gwp_set="AR5", grid_series="ets_national")
    contract = ContractualInstrument.objects.create(
        year=plant.year, site=plant.hami, kind="ppa", mwh="1000", note="Contract 12, wind farm Hami"
    )
    refused("UPDATE greenhouse_gases_yearbasis SET grid_series = 'fossil_national'", match="known")
    refused("UPDATE greenhouse_gases_contractualinstrument SET mwh = 0", match="positive")
    publish(plant.year, plant.lead)
    refused("UPDATE greenhouse_gases_yearbasis SET gwp_set = 'AR6'", match="published year")
    refused("DELETE FROM greenhouse_gases_yearbasis", match="published year")
    refused("UPDATE greenhouse_gases_contractualinstrument SET mwh = 2", match="published year")
    with pytest.raises(services.PublishedError):
        services.remove_instrument(instrument_id=contract.pk, user=plant.lead)
    with pytest.raises(services.PublishedError):
        services.save_basis(basis=YearBasis(year=plant.year, grid_series="average_region"), user=plant.lead)
    assert "published" in str(_problems(YearBasis.objects.get(year=plant.year)))


def _problems(row: Any) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        row.clean()
    return caught.value


def test_no_site_answers_coal_without_a_grade(plant: Plant) -> None:
    coal, grade = (Resource.objects.get(code=code) for code in ("coal", "coal_bituminous"))
    refused(
        "INSERT INTO environment_siteresource (site_id, resource_item_id, valid_from) VALUES (%s, %s, '2020-01-01')",
        plant.hami.pk,
        coal.pk,
        match="has grades",
    )
    row = SiteResource.objects.create(site=plant.hami, resource_item=grade)
    refused("UPDATE environment_siteresource SET resource_item_id = %s", coal.pk, match="has grades")
    row.resource_item = coal
    assert "Choose the grade" in str(_problems(row))
    # A line of water has sources, and may be answered as a whole.
    SiteResource.objects.create(site=plant.hami, resource_item=Resource.objects.get(code="water"))
