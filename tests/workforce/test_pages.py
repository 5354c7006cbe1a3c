"""The pages of the workforce as a browser without scripts gets them, and what they cost."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.submissions.models import Submission
from apps.workforce.models import WorkforceCount
from tests.by_hand import words
from tests.factories import World
from tests.workforce import records

SignIn = Callable[[User], Client]


def entry(submission: Submission) -> str:
    return reverse("submissions:edit", args=[submission.pk])


def cells(**typed: str) -> dict[str, str]:
    """The fields of some cells of the breakdown: ``year_end__women="80"``."""
    rows = {name.replace("__", "/"): value for name, value in typed.items()}
    return {f"headcount:{row}:value": value for row, value in rows.items()}


def test_a_dimension_says_by_how_much_it_misses_the_total(workforce_world: World, sign_in: SignIn) -> None:
    form = records.breakdown(workforce_world.hami)
    client = sign_in(workforce_world.clerk)
    typed = cells(
        year_end__women="80", year_end__men="120",
        year_end__full_time="190", year_end__part_time="7",
        year_end__senior="6", year_end__middle="24", year_end__general="171",
    )  # fmt: skip
    client.post(entry(form), {"revision": form.revision, **typed})
    assert WorkforceCount.objects.filter(submission=form).count() == 7
    page = words(client.get(entry(form)))
    assert "197 3 too few" in page
    assert "201 1 too many" in page
    assert "Employees at year end by Employment type: 197, 3 fewer than the total of 200." in page
    # A dimension that is not complete is no mistake yet.
    assert "by Age group" not in page


def test_half_a_person_is_not_kept_and_everything_else_is(workforce_world: World, sign_in: SignIn) -> None:
    form = records.breakdown(workforce_world.hami)
    client = sign_in(workforce_world.clerk)
    response = client.post(
        entry(form), {"revision": form.revision, **cells(year_end__women="79.5", year_end__men="120")}
    )
    assert response.status_code == 422
    assert "79.5 is no whole number. Count whole persons." in words(response)
    assert 'value="79.5"' in response.content.decode()
    assert [count.group.code for count in WorkforceCount.objects.filter(submission=form)] == ["men"]


def test_who_may_only_read_sees_the_numbers_and_no_fields(workforce_world: World, sign_in: SignIn) -> None:
    form = records.breakdown(workforce_world.hami)
    records.put_count(form, "year_end", "women", 83)
    page = sign_in(workforce_world.auditor).get(entry(form)).content.decode()
    assert "83" in page
    assert "headcount:year_end/women:value" not in page


def test_the_line_of_an_open_case_is_asked_for_where_it_belongs(workforce_world: World, sign_in: SignIn) -> None:
    march, april = records.month(workforce_world.hami, 3), records.month(workforce_world.hami, 4)
    records.put_injury(march, day=20, days=8, case_number="HM-2020-01")
    client = sign_in(workforce_world.clerk)
    assert "Case HM-2020-01 of 2020-03-20 is still open" in words(client.get(entry(april)))
    assert "HM-2020-01" not in words(client.get(entry(records.month(workforce_world.baishan, 4))))


def test_an_injury_that_is_followed_up_cannot_be_deleted(workforce_world: World, sign_in: SignIn) -> None:
    march, april = records.month(workforce_world.hami, 3), records.month(workforce_world.hami, 4)
    injury = records.put_injury(march, day=20, days=8)
    records.put_follow_up(april, injury, days=4)
    registers = {
        f"{code}-{part}_FORMS": "0"
        for code in ("injury_follow_up", "disease", "course", "safety_measure")
        for part in ("TOTAL", "INITIAL")
    }
    fields = {
        "injury-TOTAL_FORMS": "1",
        "injury-INITIAL_FORMS": "1",
        "injury-0-id": injury.pk,
        "injury-0-DELETE": "on",
        **registers,
    }
    response = sign_in(workforce_world.clerk).post(entry(march), {"revision": march.revision, **fields})
    assert response.status_code == 422
    assert "A line that later months refer to cannot be deleted." in words(response)


@pytest.mark.parametrize(("section", "queries"), [("breakdown", 11), ("month", 13), ("standards", 10)])
def test_a_page_costs_the_same_however_much_stands_on_it(
    workforce_world: World, sign_in: SignIn, section: str, queries: int
) -> None:
    world = workforce_world
    form = {
        "breakdown": records.breakdown(world.hami),
        "month": records.month(world.hami, 4),
        "standards": records.standards(world.hami),
    }[section]
    client = sign_in(world.clerk)

    def enter(numbers: range) -> None:
        march, april = records.month(world.hami, 3), records.month(world.hami, 4)
        for number in numbers:
            case = records.put_injury(march, day=10 + number, days=2, case_number=f"C{number}")
            records.put_follow_up(april, case, days=1)
            records.put_injury(april, day=10 + number, days=2, case_number=f"A{number}")
            records.put_course(april, "2", women=3 + number)

    def cost() -> int:
        client.get(entry(form))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(entry(form)).status_code == 200
        return len(asked)

    enter(range(2))
    records.put_counts(records.breakdown(world.hami), "year_end", women=80, men=120)
    records.put_standard(records.standards(world.hami), "child_labour", 0)
    few = cost()
    enter(range(2, 8))
    records.put_counts(records.breakdown(world.hami), "year_end", senior=6, middle=24, general=170)
    records.put_standard(records.standards(world.hami), "forced_labour", 0)
    assert (few, cost()) == (queries, queries)
