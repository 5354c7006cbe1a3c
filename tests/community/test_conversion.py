"""Amounts in other currencies: which rate they take, and what they are in RMB."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.community.models import Contribution, currency_code, in_rmb
from apps.submissions import workflow
from tests.by_hand import words
from tests.community.records import approve, month, put_contribution, put_rate
from tests.community.test_pages import entry, line, sent
from tests.factories import ExchangeRateFactory, World

SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("amount", "rate", "rmb"),
    [
        ("100", "7.0001", "700.01"),
        ("10000.55", "0.9", "9000.50"),  # 9,000.495: half up
        ("10000.54", "0.9", "9000.49"),  # 9,000.486
        ("0.01", "0.5", "0.01"),  # 0.005
        ("0.01", "0.49999999", "0.00"),
        ("0", "7", "0.00"),
        # 28 digits and more: nothing is lost on the way.
        ("9999999999999999.97", "5000000000.5", "50000000004999999849999999.99"),  # .985
    ],
)
def test_amount_times_rate_is_rounded_half_up_once(amount: str, rate: str, rmb: str) -> None:
    found = in_rmb(Decimal(amount), ExchangeRateFactory.build(rmb_per_unit=Decimal(rate)))
    assert found == Decimal(rmb)


def test_money_and_goods_are_converted_each_by_itself(community_world: World) -> None:
    """0.005 and 0.015 are 0.01 and 0.02: what is printed for each adds up."""
    put_rate("0.5")
    given = put_contribution(month(community_world.hami, 3), "0.01", "0.03", currency="USD")
    given.refresh_from_db()
    assert (given.money_rmb, given.goods_rmb) == (Decimal("0.01"), Decimal("0.02"))


@pytest.mark.parametrize(
    ("typed", "code"), [("usd", "USD"), (" ＨＫＤ ", "HKD"), ("RMB", "CNY"), ("人民币", "CNY"), ("元", "CNY")]
)
def test_a_currency_is_understood(typed: str, code: str) -> None:
    assert currency_code(typed) == code


@pytest.mark.parametrize(
    ("days", "taken"),
    [
        (("2020-03-10",), "2020-03-10"),
        (("2020-02-08",), "2020-02-08"),  # 31 days before
        (("2020-02-07",), None),  # 32 days before
        (("2020-03-11",), None),  # a day later
        (("2020-02-20", "2020-03-09", "2020-03-11"), "2020-03-09"),
    ],
)
def test_the_newest_rate_of_the_31_days_is_taken(
    community_world: World, sign_in: SignIn, days: tuple[str, ...], taken: str | None
) -> None:
    for number, day in enumerate(days):
        put_rate(7 + number, day)
    put_rate("0.9", "2020-03-10", currency="HKD")
    march = month(community_world.hami, 3)
    response: Any = sign_in(community_world.clerk).post(entry(march), sent(march, line(currency="USD")))
    assert response.status_code == (302 if taken else 422)
    assert ("There is no rate of USD" in words(response)) == (taken is None)
    found = Contribution.objects.select_related("rate").first()
    assert (str(found.rate.day) if found and found.rate else None) == taken


def test_every_door_converts(community_world: World) -> None:
    """What is checked by the model is converted, whoever made it."""
    with pytest.raises(ValidationError, match="There is no rate of EUR"):
        put_contribution(month(community_world.hami, 3), 100, currency="EUR")
    rate = put_rate("7.8", currency="EUR")
    given = put_contribution(month(community_world.hami, 3), 100, currency="EUR")
    assert (given.rate, given.money_rmb) == (rate, 780)


def test_a_rate_that_comes_later_moves_nothing_that_is_converted(community_world: World, sign_in: SignIn) -> None:
    put_rate(7, "2020-03-02")
    march = month(community_world.hami, 3)
    client = sign_in(community_world.clerk)
    client.post(entry(march), sent(march, line(currency="USD", money="100")))
    given = Contribution.objects.get()
    put_rate(8, "2020-03-09")
    put_rate("0.9", "2020-03-01", currency="HKD")

    def saved(**fields: Any) -> Decimal | None:
        march.refresh_from_db()
        data = sent(march, line(id=given.pk, **{"currency": "USD", "money": "100", **fields}), stored=1)
        assert client.post(entry(march), data).status_code == 302
        given.refresh_from_db()
        return given.money_rmb

    assert saved(what="More books") == 700
    assert saved(money="200") == 1400
    # Another day or currency asks anew.
    assert saved(given_on="2020-03-11") == 800
    assert saved(given_on="2020-03-11", currency="HKD") == 90
    assert saved(currency="CNY") == 100
    assert given.rate is None


def test_a_reopened_month_keeps_its_rate(community_world: World, sign_in: SignIn) -> None:
    world = community_world
    put_rate(7, "2020-03-02")
    march = month(world.hami, 3)
    given = put_contribution(march, 100, currency="USD")
    approve(march, world.clerk, world.reviewer)
    with acting_as(world.lead, "test"):
        workflow.reopen(submission_id=march.pk, user=world.lead, reason="Words are missing.")
    put_rate(8, "2020-03-09")
    march.refresh_from_db()
    data = sent(march, line(id=given.pk, currency="USD", money="100", what="Books, 40 sets"), stored=1)
    assert sign_in(world.clerk).post(entry(march), data).status_code == 302
    given.refresh_from_db()
    assert (given.what, given.money_rmb) == ("Books, 40 sets", 700)
