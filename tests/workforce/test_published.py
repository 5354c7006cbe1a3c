"""Tables of B1 to B4 as they are printed, against breakdowns worked by hand under each convention in use.

No other company's table stands here: the material of the project has their conventions and none of their numbers. The
one number that this company has printed is the share of Xinjiang staff at Hami, 52 %, without the people behind it;
208 of 400 is the smallest round plant that gives it.
"""

import html
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.test import Client

from apps.workforce.models import YearConvention
from tests.factories import World
from tests.workforce.records import (
    breakdown,
    hand_in,
    month,
    put_counts,
    put_injury,
    put_labour,
    put_standard,
    standards,
)

SignIn = Callable[[Any], Client]


@pytest.fixture
def printed(workforce_world: World, sign_in: SignIn) -> Callable[[str], str]:
    """The text of one printed table of Hami's provisional figures of 2020, from the page as it was first asked for."""

    @cache
    def page() -> str:
        response = sign_in(workforce_world.reviewer).get("/figures/2020/", {"site": "HAMI", "basis": "all"})
        assert response.status_code == 200
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())

    def table(title: str) -> str:
        return page().partition(f"{title} (provisional)")[2].partition("(provisional)")[0]

    return table


Printed = Callable[[str], str]


def leavers(world: World) -> None:
    """24 of 80 women and 16 of 120 men left; 90 women and 130 men were there at year start."""
    form = breakdown(world.hami)
    put_counts(form, "year_start", women=90, men=130)
    put_counts(form, "year_end", women=80, men=120)
    put_counts(form, "leavers", women=24, men=16)


@pytest.mark.parametrize(
    ("turnover", "everybody", "women", "men"),
    [
        ("year_end", "20.0", "30.0", "13.3"),
        ("average", "19.0", "28.2", "12.8"),
        ("total", "20.0", "12.0", "8.0"),
    ],
)
def test_turnover_by_gender(
    workforce_world: World, printed: Printed, turnover: str, everybody: str, women: str, men: str
) -> None:
    leavers(workforce_world)
    YearConvention.objects.create(year=workforce_world.year, turnover=turnover)
    table = printed("B1.2 Turnover")
    assert f"All employees persons 40 % {everybody}" in table
    assert f"Women persons 24 % {women}" in table
    assert f"Men persons 16 % {men}" in table
    convention = str(YearConvention.of(workforce_world.year).get_turnover_display())
    assert f"Turnover rate of 2020: {convention}." in table


def test_dimensions_are_printed_where_the_guide_wants_them(workforce_world: World, printed: Printed) -> None:
    form = breakdown(workforce_world.hami)
    put_counts(form, "year_end", women=80, men=120, full_time=190, part_time=10, dispatched=30, below_30=60)
    head, turnover, trained = (
        printed(title) for title in ("B1.1 Workforce", "B1.2 Turnover", "B3.1 Employees trained")
    )
    assert "All employees persons 200" in head
    assert "Employment type Full-time persons 190 % 95.0 Part-time persons 10 % 5.0" in head
    # Apart from the employees, after them.
    assert "Listed apart, no employees Dispatched workers persons 30 % 15.0" in head
    assert head.index("General staff") < head.index("Dispatched workers")
    for words in ("Gender", "Age group", "Region of origin"):
        assert words in turnover
    assert "Employment type" not in turnover and "Employee category" not in turnover and "Dispatched" not in turnover
    assert "Employee category" in trained and "Age group" not in trained and "Interns" not in trained


def test_training_under_both_conventions(workforce_world: World, printed: Printed) -> None:
    form = breakdown(workforce_world.hami)
    put_counts(form, "year_end", women=100, men=300)
    put_counts(form, "trained", women=60, men=240)
    put_counts(form, "training_hours", women=1000, men=2700)
    of_the_group = printed("B3.1 Employees trained")
    assert "All employees persons 300 % 75.0" in of_the_group
    assert "Women persons 60 % 60.0 Men persons 240 % 80.0" in of_the_group
    assert "Women % 20.0 Men % 80.0" in printed("B3.1 Employees trained, share of all trained")
    hours = printed("B3.2 Training hours")
    assert "All employees h 3,700.0 h/persons 9.25" in hours
    assert "Women h 1,000.0 h/persons 10.00 Men h 2,700.0 h/persons 9.00" in hours


def test_the_share_of_local_staff(workforce_world: World, printed: Printed) -> None:
    put_counts(breakdown(workforce_world.hami), "year_end", women=160, men=240, local=208, other_mainland=192)
    assert "Local employees persons 208 % 52.0" in printed("B1.1 Local staff")


def test_a_death_among_eight_hundred(workforce_world: World, printed: Printed) -> None:
    put_counts(breakdown(workforce_world.hami), "year_end", women=300, men=500)
    put_injury(month(workforce_world.hami, 6), severity="fatal")
    for number in range(1, 13):
        put_labour(month(workforce_world.hami, number), "average_headcount", 800)
        put_labour(month(workforce_world.hami, number), "hours_worked", 125000)
        hand_in(month(workforce_world.hami, number), workforce_world.clerk)
    table = printed("B2 Health and safety")
    assert "Work-related fatalities persons 1 " in table
    assert "Fatality rate % 0.125" in table
    assert "Fatalities per 1,000 workers ‰ 1.25" in table
    assert "Injury frequency rate cases per million hours 0.67" in table
    assert "Average headcount of the months persons 800.0" in table
    assert "Injuries on the way to and from work are included. Lost days of 2020 are scheduled working days" in table


def test_zero_findings_are_printed_as_zero(workforce_world: World, printed: Printed) -> None:
    statement = standards(workforce_world.hami)
    put_standard(statement, "child_labour", 0)
    put_standard(statement, "youngest_age", 18)
    table = printed("B4 Labour standards")
    assert "Findings of child labour cases 0" in table
    assert "Youngest age at hire years of age 18" in table
    assert "Findings of forced labour cases – not recorded" in table
