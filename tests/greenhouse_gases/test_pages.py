"""The pages of factors, through the door: who may, what a new version would move, and that it then does."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.greenhouse_gases.models import ContractualInstrument, Factor, YearBasis
from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.organisation.choices import Role
from apps.reporting.content.targets import instruments_of
from tests.factories import World
from tests.greenhouse_gases.conftest import Plant, opened_year
from tests.greenhouse_gases.records import publish, the_year_2020, used

SignIn = Callable[[User], Client]


def ncv() -> Factor:
    return Factor.objects.filter(subject="coal_bituminous", parameter="ncv").order_by("-version")[0]


def typed(**changed: str) -> dict[str, str]:
    return {
        "value": "20.000",
        "unit": "GJ/t",
        "valid_from": "2020-01-01",
        "valid_until": "",
        "data_year": "2020",
        "document": "Test report 7",
        "issuer": "Coal laboratory",
        "confidence": "verified",
        "note": "",
        "reason": "Mean of twelve samples",
        **changed,
    }


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_who_may(plant: Plant, sign_in: SignIn) -> None:
    site_lead = World.person("lead-of-a-site", Role.LEAD_REVIEWER, plant.hami)
    one = {"pk": ncv().pk}
    pages = {
        "list": reverse("factors:list"),
        "factor": reverse("factors:factor", kwargs=one),
        "version": reverse("factors:version", kwargs=one),
        "add": reverse("factors:add"),
        "year": reverse("factors:year", args=["2020"]),
    }
    seen = {
        user.username: [sign_in(user).get(url).status_code for url in pages.values()]
        for user in (plant.clerk, site_lead, plant.auditor, plant.reviewer, plant.lead, plant.administrator)
    }
    assert seen == {
        "clerk-hami": [403, 404, 404, 403, 404],
        "lead-of-a-site": [403, 404, 404, 403, 404],
        "auditor": [200, 200, 403, 403, 200],
        "reviewer": [200, 200, 403, 403, 200],
        "lead-reviewer": [200, 200, 200, 200, 200],
        "administrator": [200, 200, 200, 200, 200],
    }
    assert sign_in(plant.reviewer).post(pages["year"], {"gwp_set": "AR6"}).status_code == 403
    assert sign_in(plant.administrator).post(pages["year"], {"gwp_set": "AR6"}).status_code == 403


def test_the_list_narrows_and_marks_what_is_not_confirmed(plant: Plant, sign_in: SignIn) -> None:
    client = sign_in(plant.auditor)
    shown = text_of(client.get(reverse("factors:list"), {"confidence": "general_knowledge", "region": "northwest"}))
    assert "Electricity: grid emission factor" in shown and "? general knowledge" in shown
    assert "0.6671" in shown and "0.5951" not in shown
    assert "No factor fits" in text_of(client.get(reverse("factors:list"), {"subject": "diesel", "region": "Jilin"}))


def test_a_new_version_shows_what_it_moves_before_it_is_kept(plant: Plant, sign_in: SignIn) -> None:
    the_year_2020(plant.form(plant.hami))
    plant.hand_in()
    published = opened_year("2019")
    publish(published, plant.lead)
    opened_year("2018")
    client = sign_in(plant.lead)
    url = reverse("factors:version", args=[ncv().pk])

    wrong = client.post(url, typed(value="-3", unit="tC/TJ", reason=""))
    assert wrong.status_code == 422
    assert "greater than zero" in text_of(wrong) and "This field is required" in text_of(wrong)
    assert 'value="-3"' in wrong.content.decode() and "Test report 7" in wrong.content.decode()
    assert "does not fit what the factor says" in text_of(client.post(url, typed(unit="tC/TJ")))

    preview = client.post(url, typed())
    shown = text_of(preview)
    # 185,805.93… × 20 / 19.57 and 578,141.28… × 20 / 19.57
    assert "Greenhouse gases: Bituminous coal Hami 185,806 189,889 tCO₂e" in shown.replace(" +2.2%", "")
    assert "Energy: Bituminous coal Group 578,141.3 590,844.4" in shown
    assert "+2.2" in shown and "Scopes 1 and 2, per tonne of product" in shown
    assert "Scope 2: purchased electricity" not in shown
    assert "It does not hold on the last day of this year" in shown  # 2018
    assert "They keep the factors that they were published with: 2019" in shown
    assert ncv().version == 1

    again = client.post(url, {**typed(), "back": "1"})
    assert again.status_code == 200 and 'value="20.000"' in again.content.decode()

    kept = client.post(url, {**typed(), "confirm": "1", "seen_version": "1"}, follow=True)
    assert (ncv().version, ncv().value, ncv().added_by) == (2, Decimal(20), plant.lead)
    assert "Mean of twelve samples" in text_of(kept)
    assert "Greenhouse gases: Coal" in text_of(kept)  # where it is used
    value = compute(year=plant.year, sites=[plant.hami], basis=Basis.ALL).of("GHG-FUEL-COAL").display
    assert value == "189,889"

    late = client.post(url, {**typed(value="21"), "confirm": "1", "seen_version": "1"})
    assert "Somebody added a version in the meantime" in text_of(late)
    assert ncv().version == 2
    # What it would move is shown anew, against the version that came in between.
    assert 'name="seen_version" value="2"' in late.content.decode()


def test_a_factor_for_something_new(plant: Plant, sign_in: SignIn) -> None:
    client = sign_in(plant.administrator)
    about = {"subject": "semi_coke", "parameter": "tce", "region": "", "series": "", "gwp_set": ""}
    sent = {**typed(value="0.9714", unit="tce/t"), **about}
    url = reverse("factors:add")
    assert "A grid factor has a region" in text_of(client.post(url, {**sent, "region": "China"}))
    client.post(url, {**sent, "confirm": "1", "seen_version": "0"})
    assert Factor.objects.get(subject="semi_coke", parameter="tce").reference == "semi_coke.tce v1"
    assert "there already" in text_of(client.post(url, sent))


def test_the_basis_of_a_year_and_its_contracts(plant: Plant, sign_in: SignIn) -> None:
    client = sign_in(plant.lead)
    url = reverse("factors:year", args=["2020"])
    client.post(url, {"gwp_set": "AR6", "grid_series": "average_region"})
    basis = YearBasis.objects.get(year=plant.year)
    assert (basis.gwp_set, basis.grid_series) == ("AR6", "average_region")
    assert client.post(url, {"gwp_set": "AR6", "grid_series": "fossil_national"}).status_code == 422

    add = reverse("factors:instrument_add", args=["2020"])
    wrong = client.post(add, {"site": plant.hami.pk, "kind": "ppa", "mwh": "0", "note": "Contract 12"})
    assert wrong.status_code == 422 and "Contract 12" in wrong.content.decode()
    client.post(add, {"site": plant.hami.pk, "kind": "certificate", "mwh": "1,000.5", "note": "GEC 1 to 1000"})
    (noted,) = instruments_of(plant.year)
    assert (noted["site"], noted["mwh"], noted["note"]) == ("HAMI", "1000.5", "GEC 1 to 1000")
    assert noted["kind"]["en"] == "green electricity certificate" and set(noted["kind"]) == {"en", "zh-hans", "zh-hant"}
    contract = ContractualInstrument.objects.get()
    remove = reverse("factors:instrument_remove", args=[contract.pk])
    assert sign_in(plant.auditor).post(remove).status_code == 403
    assert "is deleted" in text_of(client.post(remove, follow=True))

    publish(plant.year, plant.lead)
    late = client.post(url, {"gwp_set": "SAR", "grid_series": "ets_national"}, follow=True)
    assert "stays as it is" in text_of(late)
    assert YearBasis.objects.get(year=plant.year).gwp_set == "AR6"


def test_a_figure_shows_its_calculation(plant: Plant, sign_in: SignIn) -> None:
    used(plant.form(plant.hami), "diesel", "831")
    used(plant.form(plant.baishan), "coal", "5")
    plant.hand_in()
    client = sign_in(plant.auditor)

    def page(code: str, **query: str) -> str:
        return text_of(client.get(reverse("indicators:figure", args=["2020", code]), {"basis": "all", **query}))

    shown = page("GHG-S1", site="HAMI")
    assert "Amount 831 L ENV-RES-DIESEL" in shown
    assert "× density 0.84 kg/L" in shown and "diesel.density v1 ? general knowledge" in shown
    assert "× carbon to CO₂ 44/12 by definition" in shown
    assert "= Result 2.16 tCO₂e" in shown
    assert "Coal: name the grade" in page("GHG-S1")
    assert "Line by line" not in page("NRG-GJ", site="HAMI")
