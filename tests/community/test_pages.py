"""The two forms as a browser without scripts gets them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode

from apps.accounts.models import User
from apps.community.models import Contribution, FocusArea, HiringArrangement, LocalHiringRecord
from apps.community.sections import COMMUNITY, LOCAL_HIRING
from apps.submissions.models import NothingToReport, Submission
from apps.submissions.seals import content
from apps.submissions.sections import sections
from tests.by_hand import words
from tests.community.records import (
    approve,
    hand_in,
    month,
    put_arrangement,
    put_community,
    put_contribution,
    put_hiring,
    put_rate,
    whole_year,
)
from tests.factories import World

SignIn = Callable[[User], Client]
HIRING = {
    "hires": "52",
    "local_hires": "29",
    "surplus_labour": "18",
    "farm_leave_people": "41",
    "farm_leave_days": "492",
    "job_fairs": "3",
}


def entry(submission: Submission) -> str:
    return reverse("submissions:edit", args=[submission.pk])


def line(**fields: Any) -> dict[str, Any]:
    """A new contribution of money as the page sends it."""
    area = FocusArea.objects.get(code="education")
    told = {"given_on": "2020-03-10", "focus_area": area.pk, "what": "Books", "for_whom": "School of the township"}
    amounts = {"money": "1,000", "goods_at_cost": "", "currency": "CNY"}
    return {**told, **amounts, "volunteer_people": "", "volunteer_hours": "", "beneficiaries": "", **fields}


def sent(submission: Submission, *lines: dict[str, Any], stored: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {
        "revision": submission.revision,
        "contribution-TOTAL_FORMS": str(len(lines)),
        "contribution-INITIAL_FORMS": str(stored),
    }
    for number, fields in enumerate(lines):
        data |= {f"contribution-{number}-{name}": value for name, value in fields.items()}
    return data


def test_a_month_is_entered(community_world: World, sign_in: SignIn) -> None:
    march = month(community_world.hami, 3)
    client = sign_in(community_world.clerk)
    full_width = line(money="１２，３４５．６", goods_at_cost="1,200", volunteer_people="5", volunteer_hours="12.5")
    assert client.post(entry(march), sent(march, full_width)).status_code == 302
    given = Contribution.objects.get()
    assert given.entered_by == community_world.clerk
    assert (given.money, given.money_rmb) == (Decimal("12345.6"), Decimal("12345.6"))
    assert (given.goods_at_cost, given.goods_rmb, given.rate) == (1200, 1200, None)
    assert (given.volunteer_people, given.volunteer_hours, given.beneficiaries) == (5, Decimal("12.5"), None)
    shown = words(client.get(entry(march)))
    assert "Contributions to the community" in shown and "never the people who were helped" in shown


def test_no_contribution_is_a_statement(community_world: World, sign_in: SignIn) -> None:
    march = month(community_world.hami, 3)
    client = sign_in(community_world.clerk)
    submit = reverse("submissions:submit", args=[march.pk])
    assert "Contributions to the community: add what there was" in words(client.get(submit))
    client.post(entry(march), {**sent(march), "nothing:contribution": "1"})
    assert NothingToReport.objects.get().table == "contribution"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"given_on": "2020-02-29"}, "It was given outside this period"),
        ({"given_on": "2020-04-01"}, "It was given outside this period"),
        ({"money": ""}, "Enter money, goods or volunteer hours: at least one above zero."),
        ({"money": "0"}, "Enter money, goods or volunteer hours: at least one above zero."),
        ({"money": "", "beneficiaries": "30"}, "Enter money, goods or volunteer hours: at least one above zero."),
        ({"money": "-5"}, "An amount cannot be negative."),
        ({"goods_at_cost": "-5"}, "An amount cannot be negative."),
        ({"money": "ten"}, "“ten” is not a number."),
        ({"money": "0.001"}, "no more than 2 decimal places"),
        ({"volunteer_people": "5"}, "Of volunteer work enter both"),
        ({"volunteer_hours": "5"}, "Of volunteer work enter both"),
        ({"volunteer_people": "1", "volunteer_hours": "745"}, "more hours than a month has"),
        ({"volunteer_people": "2.5", "volunteer_hours": "5"}, "Enter a whole number."),
        ({"volunteer_people": "100001", "volunteer_hours": "5"}, "At most 100,000 volunteers."),
        ({"volunteer_people": "3000000", "volunteer_hours": "5"}, "At most 100,000 volunteers."),
        ({"volunteer_people": "2147483647", "volunteer_hours": "5"}, "At most 100,000 volunteers."),
        ({"volunteer_people": "2147483648", "volunteer_hours": "5"}, "At most 100,000 volunteers."),
        ({"volunteer_people": "9" * 30, "volunteer_hours": "5"}, "At most 100,000 volunteers."),
        ({"volunteer_people": "9" * 5000, "volunteer_hours": "5"}, "Enter a whole number."),
        ({"volunteer_people": "5", "volunteer_hours": "9" * 8}, "no more than 7 digits before the decimal point"),
        ({"beneficiaries": "100000001"}, "At most 100,000,000 people."),
        ({"beneficiaries": "2147483648"}, "At most 100,000,000 people."),
        ({"beneficiaries": "9" * 30}, "At most 100,000,000 people."),
        ({"money": "9" * 40}, "has too many digits"),
        ({"goods_at_cost": "99999999999999999"}, "too many digits"),
        ({"currency": "U$"}, "Write the currency in three letters"),
        ({"currency": "USD"}, "There is no rate of USD of 2020-03-10 or the 31 days before. Ask the administrator"),
        ({"currency": "USD", "money": "", "volunteer_people": "1", "volunteer_hours": "2"}, "leave the currency CNY"),
        ({"for_whom": ""}, "This field is required."),
    ],
)
def test_a_contribution_that_cannot_be_is_explained(
    community_world: World, sign_in: SignIn, fields: dict[str, str], sentence: str
) -> None:
    march = month(community_world.hami, 3)
    response = sign_in(community_world.clerk).post(entry(march), sent(march, line(**fields)))
    assert response.status_code == 422
    assert sentence in words(response)
    assert not Contribution.objects.exists()


def test_the_largest_contribution_is_kept(community_world: World, sign_in: SignIn) -> None:
    """As many people, hours and units of the dearest currency as the form takes."""
    put_rate("9999999999", currency="KWD")
    march = month(community_world.hami, 3)
    most = {"volunteer_people": "100000", "volunteer_hours": "2400000", "beneficiaries": "100000000"}
    fields = line(**most, money="99999999999999.99", goods_at_cost="99999999999999.99", currency="KWD")
    client = sign_in(community_world.clerk)
    assert client.post(entry(march), sent(march, fields)).status_code == 302
    given = Contribution.objects.get()
    assert (given.volunteer_people, given.beneficiaries) == (100_000, 100_000_000)
    assert given.money_rmb == Decimal("999999999899999900000000.01")
    assert client.get(entry(march)).status_code == 200
    figure = reverse("indicators:figure", args=["2020", "CI-GIVEN"])
    assert "1,999,999,999,799,999,800,000,000.02" in words(
        sign_in(community_world.auditor).get(f"{figure}?{urlencode({'basis': 'all'})}")
    )


def test_the_same_line_twice_is_refused_with_a_sentence(community_world: World, sign_in: SignIn) -> None:
    march = month(community_world.hami, 3)
    put_contribution(march, 5, what="Books", for_whom="School of the township")
    response = sign_in(community_world.clerk).post(entry(march), sent(march, line()))
    assert response.status_code == 422 and "This contribution is entered already." in words(response)


def test_an_amount_in_another_currency_says_how_it_was_converted(community_world: World, sign_in: SignIn) -> None:
    world = community_world
    put_rate("7.0001", "2020-03-02", source="Test bank")
    march = month(world.hami, 3)
    client = sign_in(world.clerk)
    assert client.post(entry(march), sent(march, line(currency="usd", money="100"))).status_code == 302
    told = "Books: USD 100 × 7.0001 = RMB 700.01, by the rate of 2020-03-02 (Test bank)."
    assert told in words(client.get(entry(march)))
    march.refresh_from_db()
    hand_in(march, world.clerk)
    review = reverse("admin:submissions_submission_change", args=[march.pk])
    shown = words(sign_in(world.reviewer).get(review))
    assert told in shown and "Money in RMB" in shown and "700.01" in shown


def test_a_stored_line_is_corrected_and_deleted(community_world: World, sign_in: SignIn) -> None:
    march = month(community_world.hami, 3)
    client = sign_in(community_world.clerk)
    client.post(entry(march), sent(march, line()))
    given = Contribution.objects.get()
    march.refresh_from_db()
    client.post(entry(march), sent(march, line(id=given.pk, money="2000"), stored=1))
    given.refresh_from_db()
    assert (given.money, given.money_rmb) == (2000, 2000)
    march.refresh_from_db()
    client.post(entry(march), sent(march, line(id=given.pk, DELETE="on"), stored=1))
    assert not Contribution.objects.exists()


def test_a_month_goes_from_the_clerk_to_approval(community_world: World, sign_in: SignIn) -> None:
    """Entered, questioned for its missing receipt, explained, handed in and approved through the pages."""
    world = community_world
    march = month(world.hami, 3)
    client = sign_in(world.clerk)
    client.post(entry(march), sent(march, line(money="20000")))
    given = Contribution.objects.get()
    submit = reverse("submissions:submit", args=[march.pk])
    march.refresh_from_db()
    client.post(submit, {"revision": march.revision})
    march.refresh_from_db()
    assert march.state == "draft"
    assert "no evidence is attached" in words(client.get(submit))
    row = f"contribution:{given.pk}"
    said = {f"explain:contribution_without_evidence:{row}": "In the safe of the office"}
    response = client.post(entry(march), {**sent(march, {**line(id=given.pk, money="20000")}, stored=1), **said})
    assert response.status_code == 302, words(response)
    march.refresh_from_db()
    client.post(submit, {"revision": march.revision})
    march.refresh_from_db()
    assert march.state == "submitted"
    approve_url = reverse("admin:submissions_submission_change", args=[march.pk])
    assert "In the safe of the office" in words(sign_in(world.reviewer).get(approve_url))
    assert sign_in(world.other_clerk).get(entry(march)).status_code == 404


def test_what_is_sealed_names_area_rate_and_both_amounts(community_world: World) -> None:
    world = community_world
    rate = put_rate("7.0001")
    march = month(world.hami, 3)
    put_contribution(march, 100, currency="USD")
    approve(march, world.clerk, world.reviewer)
    (sealed,) = content(march)["tables"]["contribution"]
    assert (sealed["focus_area__code"], sealed["rate"], sealed["money"], sealed["money_rmb"]) == (
        "education", rate.pk, "100", "700.01",
    )  # fmt: skip


def test_a_year_is_entered(community_world: World, sign_in: SignIn) -> None:
    form = whole_year(community_world.hami)
    client = sign_in(community_world.clerk)
    units = {"farm_leave_days": "day", "job_fairs": "times"}
    data: dict[str, Any] = {
        "revision": form.revision,
        "hiring_arrangement-TOTAL_FORMS": "1",
        "hiring_arrangement-INITIAL_FORMS": "0",
        "hiring_arrangement-0-description": "Leave for the harvest",
        "hiring_arrangement-0-for_whom": "Employees from farm households",
        "hiring_arrangement-0-since": "2018-08-01",
    }
    for code, value in HIRING.items():
        data |= {f"local_hiring:{code}:value": value, f"local_hiring:{code}:unit": units.get(code, "person")}
    assert client.post(entry(form), data).status_code == 302
    assert {record.item.code: record.quantity for record in LocalHiringRecord.objects.select_related("item")} == {
        code: Decimal(value) for code, value in HIRING.items()
    }
    assert HiringArrangement.objects.get().description == "Leave for the harvest"
    form.refresh_from_db()
    data |= {"revision": form.revision, "local_hiring:hires:value": "52.5"}
    response = client.post(entry(form), data)
    assert response.status_code == 422 and "52.5 is no whole number" in words(response)
    response = client.post(entry(form), data | {"local_hiring:hires:value": "9" * 30})
    assert response.status_code == 422 and "has too many digits" in words(response)
    data |= {"hiring_arrangement-TOTAL_FORMS": "0", "local_hiring:hires:value": "99999999999999"}
    assert client.post(entry(form), data).status_code == 302
    assert client.get(entry(form)).status_code == 200


@pytest.mark.parametrize("code", ["CI-MONEY", "CI-HOURS", "CI-AREAS", "CI-GIVEN-EDUCATION"])
def test_a_figure_opens_down_to_its_rows(community_world: World, sign_in: SignIn, code: str) -> None:
    world = community_world
    put_rate("7.0001")
    put_contribution(month(world.hami, 3), 100, None, "12.5", 5, currency="USD", what="Books")
    url = reverse("indicators:figure", args=["2020", code])
    shown = words(sign_in(world.auditor).get(f"{url}?{urlencode({'basis': 'all'})}"))
    assert "Books: RMB 700.01 (USD 100), 12.5 hours of 5 volunteers" in shown


def test_one_of_everything_stands_at_its_place(world: World) -> None:
    """What the tests of all URLs rest on."""
    put_community(world)
    for code in (COMMUNITY, LOCAL_HIRING):
        for table in sections[code].tables:
            assert table.model._default_manager.filter(submission__site=world.hami).count() == 1, table.code


@pytest.mark.parametrize("kind", ["month", "year"])
def test_a_form_costs_the_same_however_much_stands_on_it(community_world: World, sign_in: SignIn, kind: str) -> None:
    world = community_world
    put_rate(7)
    april = month(world.hami, 4)
    form = april if kind == "month" else whole_year(world.hami)
    client = sign_in(world.clerk)

    def enter(count: int, first: int) -> None:
        for number in range(first, first + count):
            put_contribution(month(world.hami, 3), 100, what=f"Earlier {number}")
            put_contribution(april, 20_000, currency="USD" if number % 2 else "CNY", day=1, what=f"Gift {number}")
            put_arrangement(whole_year(world.hami), f"Arrangement {number}")

    def cost() -> int:
        client.get(entry(form))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(entry(form)).status_code == 200
        return len(asked)

    put_hiring(whole_year(world.hami), "hires", 52)
    enter(2, 0)
    few = cost()
    enter(6, 2)
    assert cost() == few
