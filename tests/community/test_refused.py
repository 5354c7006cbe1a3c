"""What the database refuses about the community, tried by SQL: no form stands between."""

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit.models import Change
from apps.community.models import Contribution, ExchangeRate, LocalHiringItem
from tests.by_hand import refused
from tests.community.records import (
    approve,
    month,
    put_arrangement,
    put_contribution,
    put_hiring,
    put_rate,
    whole_year,
)
from tests.factories import LocalHiringItemFactory, World

GIVEN = "community_contribution"
RATE = "community_exchangerate"


def taken(sql: str, *params: object) -> int:
    """Runs ``sql`` and returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


# Single rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("what = ''", "contribution_is_told"),
        ("for_whom = ''", "contribution_is_told"),
        ("money = -0.01, money_rmb = -0.01", "contribution_not_negative"),
        ("goods_at_cost = -0.01, goods_rmb = -0.01", "contribution_not_negative"),
        ("volunteer_people = NULL", "contribution_hours_of_people"),
        ("volunteer_hours = NULL", "contribution_hours_of_people"),
        ("volunteer_people = 0, volunteer_hours = 0", "contribution_hours_of_people"),
        ("volunteer_hours = 0", "contribution_hours_of_people"),
        ("volunteer_hours = 1488.01", "contribution_hours_of_a_month"),
        ("volunteer_people = 100001", "contribution_most_volunteers"),
        ("volunteer_people = 2147483647", "contribution_most_volunteers"),
        ("beneficiaries = 100000001", "contribution_most_reached"),
        ("currency = 'cny'", "contribution_known_currency"),
        ("currency = 'US'", "contribution_known_currency"),
        ("currency = 'USD'", "contribution_rate_of_foreign"),
        ("money_rmb = NULL", "contribution_in_rmb"),
        ("money_rmb = money + 0.01", "contribution_in_rmb"),
        ("money = NULL", "contribution_in_rmb"),
        ("goods_rmb = NULL", "contribution_in_rmb"),
        ("goods_rmb = goods_at_cost * 2", "contribution_in_rmb"),
        ("goods_at_cost = NULL", "contribution_in_rmb"),
        ("beneficiaries = -1", "beneficiaries"),
    ],
)
def test_a_contribution_is_whole(community_world: World, change: str, constraint: str) -> None:
    put_contribution(month(community_world.hami, 3), 100, 50, "16", 2, beneficiaries=30)
    assert constraint in refused(f"UPDATE {GIVEN} SET {change}")


def test_a_contribution_gives_something(community_world: World) -> None:
    put_contribution(month(community_world.hami, 3), 100, "0")
    nothing = ("money = 0, money_rmb = 0", "money = NULL, money_rmb = NULL")
    for change in nothing:
        assert "contribution_gives_something" in refused(f"UPDATE {GIVEN} SET {change}")
    assert taken(f"UPDATE {GIVEN} SET money = 0, money_rmb = 0, volunteer_people = 2, volunteer_hours = 1488") == 1
    assert "contribution_gives_something" in refused(
        f"UPDATE {GIVEN} SET volunteer_people = NULL, volunteer_hours = NULL"
    )


def test_a_contribution_stands_once(community_world: World) -> None:
    march = month(community_world.hami, 3)
    put_contribution(march, 100, what="Books")
    put_contribution(march, 100, what="Books", for_whom="Another school")
    with pytest.raises(IntegrityError, match="contribution_once"), transaction.atomic():
        put_contribution(march, 200, what="Books")


def test_a_contribution_stands_in_the_period_of_its_day(community_world: World) -> None:
    put_contribution(month(community_world.hami, 3), 100)
    for day in ("2020-02-29", "2020-04-01"):
        assert "in the period of its day" in refused(f"UPDATE {GIVEN} SET given_on = %s", day)
    assert taken(f"UPDATE {GIVEN} SET given_on = '2020-03-31'") == 1


# Rates ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("rmb_per_unit = 0", "exchangerate_is_positive"),
        ("rmb_per_unit = -7", "exchangerate_is_positive"),
        ("currency = 'CNY'", "exchangerate_of_a_currency"),
        ("currency = 'usd'", "exchangerate_of_a_currency"),
        ("currency = 'US'", "exchangerate_of_a_currency"),
        ("source = ''", "exchangerate_has_source"),
    ],
)
def test_a_rate_is_whole(community_world: World, change: str, constraint: str) -> None:
    put_rate(7)
    assert constraint in refused(f"UPDATE {RATE} SET {change}")


def test_a_currency_has_one_rate_a_day(community_world: World) -> None:
    put_rate(7)
    put_rate(7, "2020-03-03")
    put_rate("0.9", currency="HKD")
    with pytest.raises(IntegrityError, match="exchangerate_once"), transaction.atomic():
        put_rate("7.1")


def test_a_rate_stays_once_it_is_used_and_is_never_deleted(community_world: World) -> None:
    used, free = put_rate(7), put_rate(7, "2020-03-01")
    put_contribution(month(community_world.hami, 3), 100, currency="USD")
    for change in ("currency = 'EUR'", "day = day - 1", "rmb_per_unit = 7.1", "source = 'x'"):
        assert "keeps its" in refused(f"UPDATE {RATE} SET {change} WHERE id = %s", used.pk)
    assert taken(f"UPDATE {RATE} SET rmb_per_unit = 7.1 WHERE id = %s", free.pk) == 1
    assert "never changed or deleted" in refused(f"DELETE FROM {RATE} WHERE id = %s", free.pk)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("money_rmb = money_rmb + 0.01", "not the amount times the rate"),
        ("money_rmb = money", "not the amount times the rate"),
        ("money = money + 1", "not the amount times the rate"),
        ("goods_rmb = goods_rmb - 0.01", "not the amount times the rate"),
        ("money_rmb = NULL", "not the amount times the rate"),
        ("currency = 'EUR'", "is not converted with a rate of USD"),
        ("currency = 'CNY'", "is not converted with a rate of USD"),
        ("rate_id = NULL", "contribution_rate_of_foreign"),
        ("money = NULL, money_rmb = NULL, goods_at_cost = NULL, goods_rmb = NULL", "contribution_foreign_amount"),
    ],
)
def test_an_amount_in_rmb_is_the_amount_times_its_rate(community_world: World, change: str, words: str) -> None:
    put_rate("7.12345678")
    put_contribution(month(community_world.hami, 3), "33.33", "0.07", "16", 2, currency="USD")
    assert words in refused(f"UPDATE {GIVEN} SET {change}")


def test_a_rate_serves_its_own_day_and_the_31_after_it(community_world: World) -> None:
    first, late, early = put_rate(7, "2020-03-01"), put_rate(7, "2020-03-11"), put_rate(7, "2020-02-08")
    put_contribution(month(community_world.hami, 3), 100, currency="USD", day=10)
    assert Contribution.objects.get().rate == first
    change = f"UPDATE {GIVEN} SET rate_id = %s"
    assert "not for a contribution of 2020-03-10" in refused(change, late.pk)
    assert taken(change, early.pk) == 1  # 31 days before
    assert "not for a contribution of 2020-03-11" in refused(f"UPDATE {GIVEN} SET given_on = '2020-03-11'")
    other = put_rate(7, currency="EUR")
    assert "is not converted with a rate of EUR" in refused(change, other.pk)


def test_halves_are_rounded_up_as_the_form_does(community_world: World) -> None:
    put_rate("0.9", currency="HKD")
    put_contribution(month(community_world.hami, 3), "10000.55", currency="HKD")
    assert "not the amount times the rate" in refused(f"UPDATE {GIVEN} SET money_rmb = 9000.49")
    assert taken(f"UPDATE {GIVEN} SET money_rmb = 9000.50") == 1


# Local hiring ---------------------------------------------------------------------------------------------------------


def test_hiring_is_counted_in_whole_numbers(community_world: World) -> None:
    put_hiring(whole_year(community_world.hami), "hires", 3)
    half = "UPDATE community_localhiringrecord SET quantity = 2.5, entered_value = 2.5"
    assert "localhiringrecord_is_whole" in refused(half)
    below = "UPDATE community_localhiringrecord SET quantity = -1, entered_value = -1"
    assert "not_negative" in refused(below)
    again = "INSERT INTO community_localhiringrecord ({0}) SELECT {0} FROM community_localhiringrecord"
    columns = (
        "entered_at, note, state, method, entered_value, entered_unit, quantity, entered_by_id, item_id, submission_id"
    )
    assert "localhiringrecord_once" in refused(again.format(columns))


def test_an_arrangement_is_told_once(community_world: World) -> None:
    put_arrangement(whole_year(community_world.hami))
    for column in ("description", "for_whom"):
        assert "hiringarrangement_is_told" in refused(f"UPDATE community_hiringarrangement SET {column} = ''")
    with pytest.raises(IntegrityError, match="hiringarrangement_once"), transaction.atomic():
        put_arrangement(whole_year(community_world.hami))


def test_a_kind_that_figures_name_has_one_line_in_its_unit(community_world: World) -> None:
    LocalHiringItemFactory(kind="other")
    with pytest.raises(IntegrityError, match="localhiringitem_kind_once"), transaction.atomic():
        LocalHiringItemFactory(kind="hires", unit_code="person")
    wrong = "UPDATE community_localhiringitem SET unit_code = 'times' WHERE code = %s"
    for code in ("hires", "local_hires", "surplus_labour", "farm_leave_people", "farm_leave_days"):
        assert "localhiringitem_unit_of_its_kind" in refused(wrong, code)
    order = "UPDATE community_localhiringitem SET valid_until = valid_from - 1"
    assert "localhiringitem_dates_in_order" in refused(order)


# What stays, and the trail --------------------------------------------------------------------------------------------


def test_what_figures_are_cut_by_stays(community_world: World) -> None:
    for table in ("focusarea", "localhiringitem"):
        assert "keeps its code" in refused(f"UPDATE community_{table} SET code = code || 'x'")
    assert "keeps its code, kind" in refused("UPDATE community_localhiringitem SET kind = 'other' WHERE kind = 'hires'")
    unit = "UPDATE community_localhiringitem SET unit_code = 'pcs' WHERE code = 'job_fairs'"
    assert taken(unit) == 1
    put_hiring(whole_year(community_world.hami), "job_fairs", 3)
    assert "keeps its unit_code" in refused(unit.replace("pcs", "times"))
    assert LocalHiringItem.objects.get(code="job_fairs").unit_code == "pcs"


def test_an_approved_month_and_year_stand_still(community_world: World) -> None:
    world = community_world
    march, form = month(world.hami, 3), whole_year(world.hami)
    put_contribution(march, 100)
    put_hiring(form, "hires", 52)
    put_arrangement(form)
    approve(march, world.clerk, world.reviewer)
    approve(form, world.clerk, world.reviewer)
    for table in ("contribution", "localhiringrecord", "hiringarrangement"):
        assert "are locked" in refused(f"UPDATE community_{table} SET note = 'x'")
        assert "are locked" in refused(f"DELETE FROM community_{table}")


def test_every_change_of_a_rate_is_in_the_trail(community_world: World) -> None:
    rate = put_rate(7)
    taken(f"UPDATE {RATE} SET rmb_per_unit = 7.1")
    assert ExchangeRate.objects.get().rmb_per_unit > rate.rmb_per_unit
    trail = Change.objects.filter(table=RATE, row_id=rate.pk).order_by("pk")
    assert [change.operation for change in trail] == ["I", "U"]
