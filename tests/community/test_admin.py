"""The catalogues of the community and the exchange rates in the admin: who keeps them, and what stays."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.audit.models import Change
from apps.community.models import ExchangeRate, FocusArea, LocalHiringItem
from tests.by_hand import words
from tests.community.records import month, put_contribution, put_rate
from tests.factories import World

SignIn = Callable[[User], Client]
RATE = {"currency": "usd", "day": "2020-03-02", "rmb_per_unit": "6.9811", "source": "Central parity rate"}
MODELS = ("focusarea", "localhiringitem", "exchangerate")


def page(model: str, verb: str, *args: int) -> str:
    return reverse(f"admin:community_{model}_{verb}", args=args)


def test_the_administrator_enters_a_rate(community_world: World, sign_in: SignIn) -> None:
    client = sign_in(community_world.administrator)
    assert client.post(page("exchangerate", "add"), RATE).status_code == 302
    rate = ExchangeRate.objects.get()
    assert (rate.currency, rate.rmb_per_unit) == ("USD", Decimal("6.9811"))
    put_contribution(month(community_world.hami, 3), 100, currency="USD")
    shown = words(client.get(page("exchangerate", "changelist")))
    assert "USD 2 Mar 2020 6.9811 Central parity rate 1" in shown
    change = Change.objects.filter(table="community_exchangerate").order_by("pk").first()
    assert change is not None and change.actor_name == community_world.administrator.full_name


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"currency": "cny"}, "Enter the three letters of a currency other than CNY."),
        ({"currency": "U1D"}, "Enter the three letters of a currency other than CNY."),
        ({"rmb_per_unit": "0"}, "A rate is more than zero."),
        ({"rmb_per_unit": "6.123456789"}, "no more than 8 decimal places"),
        ({"source": ""}, "This field is required."),
        ({"day": "2020-03-01"}, "This currency has a rate of this day already."),
        ({"rmb_per_unit": "698.11"}, "Is this for 100 units? Give RMB for one unit. On 2020-03-01 one USD was RMB 7;"),
        ({"rmb_per_unit": "14.00000001"}, "Is this for 100 units?"),
        ({"rmb_per_unit": "3.49999999"}, "Is this for 100 units?"),
        ({"rmb_per_unit": "698.11", "day": "2020-06-01"}, "Is this for 100 units?"),  # 92 days later
        ({"rmb_per_unit": "698.11", "day": "2019-11-30"}, "Is this for 100 units?"),  # 92 days before
        ({"rmb_per_unit": "0.14", "currency": "ｕｓｄ"}, "Is this for 100 units?"),
    ],
)
def test_a_rate_that_cannot_be_is_explained(
    community_world: World, sign_in: SignIn, fields: dict[str, str], sentence: str
) -> None:
    put_rate(7, "2020-03-01")
    response = sign_in(community_world.administrator).post(page("exchangerate", "add"), {**RATE, **fields})
    assert response.status_code == 200
    assert sentence in words(response)
    assert ExchangeRate.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"rmb_per_unit": "14"},
        {"rmb_per_unit": "3.5"},
        {"rmb_per_unit": "0.0645", "currency": "JPY"},
        {"rmb_per_unit": "15", "day": "2020-06-02"},
        {"rmb_per_unit": "15", "day": "2019-11-29"},
        {"rmb_per_unit": "15", "day": "2020-04-02"},  # nearer to the rate of 20 than to that of 7
    ],
)
def test_a_rate_is_compared_with_the_nearest_of_its_currency(
    community_world: World, sign_in: SignIn, fields: dict[str, str]
) -> None:
    put_rate(7, "2020-03-01")
    if fields.get("day") == "2020-04-02":
        put_rate(20, "2020-05-01")
    before = ExchangeRate.objects.count()
    response = sign_in(community_world.administrator).post(page("exchangerate", "add"), {**RATE, **fields})
    assert response.status_code == 302, words(response)
    assert ExchangeRate.objects.count() == before + 1


def test_a_rate_is_of_no_day_to_come(community_world: World, sign_in: SignIn) -> None:
    client = sign_in(community_world.administrator)
    today = localdate()
    for day, kept in ((today + dt.timedelta(days=2), 0), (dt.date.max, 0), (today, 1)):
        response = client.post(page("exchangerate", "add"), {**RATE, "day": str(day)})
        assert ExchangeRate.objects.count() == kept
        assert ("This day is still to come." in words(response)) == (not kept)


def test_a_rate_is_corrected_until_it_is_used(community_world: World, sign_in: SignIn) -> None:
    rate = put_rate(7, "2020-03-02")
    client = sign_in(community_world.administrator)
    url = page("exchangerate", "change", rate.pk)
    assert client.post(url, RATE).status_code == 302
    rate.refresh_from_db()
    assert rate.rmb_per_unit == Decimal("6.9811")
    put_contribution(month(community_world.hami, 3), 100, currency="USD")
    # Another door brought a rate that contradicts: what may not be corrected is not asked about.
    put_rate(700, "2020-03-03")
    assert client.post(url, {**RATE, "rmb_per_unit": "7.5"}).status_code == 302
    rate.refresh_from_db()
    assert rate.rmb_per_unit == Decimal("6.9811")
    assert 'name="rmb_per_unit"' not in client.get(url).content.decode()


def test_codes_kinds_and_used_units_stay(community_world: World, sign_in: SignIn) -> None:
    client = sign_in(community_world.administrator)
    item = LocalHiringItem.objects.get(code="hires")
    shown = client.get(page("localhiringitem", "change", item.pk)).content.decode()
    assert 'name="kind"' not in shown and 'name="code"' not in shown and 'name="unit_code"' in shown
    wrong = {
        "code": "hires_again", "name_en": "Hires", "name_zh_hans": "新聘", "name_zh_hant": "新聘", "kind": "hires",
        "valid_from": "2000-01-01", "position": "90", "unit_code": "times", "decimals": "0", "jump_percent": "50",
        "unquestioned_below": "10",
    }  # fmt: skip
    response = words(client.post(page("localhiringitem", "add"), wrong))
    assert "People are counted in persons, farm leave in days." in response
    assert "This kind has its line already." in response
    assert not LocalHiringItem.objects.filter(code="hires_again").exists()


@pytest.mark.parametrize("model", MODELS)
def test_others_read_what_the_administrator_keeps(community_world: World, sign_in: SignIn, model: str) -> None:
    world = community_world
    put_rate(7)
    kept = {"focusarea": FocusArea, "localhiringitem": LocalHiringItem, "exchangerate": ExchangeRate}[model]
    row = kept.objects.first()
    assert row is not None
    urls = [page(model, "changelist"), page(model, "change", row.pk), page(model, "add"), page(model, "delete", row.pk)]
    answers = {
        "administrator": [200, 200, 200, 403],
        "reviewer": [200, 200, 403, 403],
        "auditor": [200, 200, 403, 403],
        "stranger": [403, 403, 403, 403],
        "clerk": [403, 403, 403, 403],
    }
    for name, expected in answers.items():
        client = sign_in(getattr(world, name))
        got = [client.get(url).status_code for url in urls]
        assert got == expected, name
        if name != "administrator":
            assert [client.post(url, {}).status_code for url in urls[1:]] == [403] * 3, name
