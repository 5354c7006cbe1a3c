"""What must hold for any people, cases and courses: order, splitting and months do not matter, parts make wholes."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import current_kpis
from apps.organisation.models import Site
from tests.factories import World
from tests.workforce.records import breakdown, month, put_counts, put_course, put_follow_up, put_injury

few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

HOURS = st.decimals(min_value="0.25", max_value=40, places=2)
COURSES = st.lists(st.tuples(HOURS, st.integers(0, 60), st.integers(1, 60)), min_size=1, max_size=5)
# Days lost in the month of the accident and in months after it.
CASES = st.lists(st.lists(st.integers(0, 10), min_size=1, max_size=4), min_size=1, max_size=4)
# Large enough that nothing is withheld.
PEOPLE = st.integers(min_value=5, max_value=5000)


@contextmanager
def forgotten() -> Iterator[None]:
    """Each example writes into a transaction of its own that is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def figure(world: World, code: str, site: Site | None = None) -> Figure:
    kpis = current_kpis().only(code)
    return compute(year=world.year, sites=[world.hami, world.baishan], basis=Basis.ALL, kpis=kpis).of(code, site)


def held(world: World, courses: list[tuple[int, tuple[Decimal, int, int]]], site: Site | None = None) -> Decimal | None:
    """The hours of courses, each with the month it is held in."""
    with forgotten():
        for number, (hours, women, men) in courses:
            put_course(month(site or world.hami, number), hours, women=women, men=men)
        return figure(world, "WF-COURSE-HOURS").value


@few
@given(courses=COURSES)
def test_courses_add_up_in_any_order_and_in_any_month(
    workforce_world: World, courses: list[tuple[Decimal, int, int]]
) -> None:
    together = [(3, course) for course in courses]
    apart = list(enumerate(courses, start=4))
    expected = sum(hours * (women + men) for hours, women, men in courses)
    assert held(workforce_world, together) == expected
    assert held(workforce_world, together[::-1]) == expected
    assert held(workforce_world, apart) == expected
    assert held(workforce_world, apart, workforce_world.baishan) == expected


@few
@given(hours=HOURS, women=st.integers(1, 80), men=st.integers(1, 80), left=st.integers(0, 80))
def test_a_course_held_in_two_rooms_is_as_many_hours(
    workforce_world: World, hours: Decimal, women: int, men: int, left: int
) -> None:
    stay = min(left, women)
    whole = [(3, (hours, women, men))]
    rooms = [(3, (hours, stay, men)), (5, (hours, women - stay, 0))] if stay < women else whole
    assert held(workforce_world, whole) == held(workforce_world, rooms)


def lost(world: World, cases: list[list[int]], first: int, site: Site | None = None) -> tuple[Decimal | None, ...]:
    """Lost days and injuries of cases that begin in month ``first``, each with its follow-ups in later months."""
    place = site or world.hami
    with forgotten():
        for at_first, *later in cases:
            case = put_injury(month(place, first), days=at_first)
            for number, days in enumerate(later, start=first + 1):
                put_follow_up(month(place, number), case, days=days)
        return figure(world, "WF-LOST").value, figure(world, "WF-INJ").value


@few
@given(cases=CASES, first=st.integers(1, 8))
def test_days_add_up_over_the_months_of_a_case(workforce_world: World, cases: list[list[int]], first: int) -> None:
    world = workforce_world
    followed = any(len(case) > 1 for case in cases)
    days, injuries = lost(world, cases, first)
    assert injuries == len(cases)
    # Without a follow-up nothing says what later months lost: nobody has handed in.
    assert days == (sum(map(sum, cases)) if followed else None)
    assert lost(world, cases[::-1], first) == (days, injuries)
    assert lost(world, cases, 1) == (days, injuries)
    assert lost(world, cases, first, world.baishan) == (days, injuries)


@few
@given(days=st.lists(st.integers(0, 10), min_size=2, max_size=2))
def test_two_cases_lose_what_one_case_of_both_would(workforce_world: World, days: list[int]) -> None:
    one, two = (lost(workforce_world, cases, 3)[0] for cases in ([[sum(days), 0]], [[days[0], 0], [days[1], 0]]))
    assert one == two == sum(days)


@few
@given(
    women=st.tuples(PEOPLE, PEOPLE),
    men=st.tuples(PEOPLE, PEOPLE),
    left=st.tuples(st.integers(0, 100), st.integers(0, 100)),
)
def test_the_rate_of_the_group_is_one_of_sums(
    workforce_world: World, women: tuple[int, int], men: tuple[int, int], left: tuple[int, int]
) -> None:
    world = workforce_world
    with forgotten():
        for site, at_end, others, gone in zip((world.hami, world.baishan), women, men, left, strict=True):
            put_counts(breakdown(site), "year_end", women=at_end, men=others)
            put_counts(breakdown(site), "leavers", women=gone, men=7)
        rates = [figure(world, "WF-TURN_E-WOMEN", place).value for place in (None, world.hami, world.baishan)]
        shares = [figure(world, f"WF-TURN_T-{group}").value for group in ("WOMEN", "MEN")]
        whole = figure(world, "WF-TURN_E").value
    group, hami, baishan = (Fraction(rate or 0) for rate in rates)
    assert abs(group - Fraction(sum(left) * 100, sum(women))) < Fraction(1, 10**50)
    assert min(hami, baishan) - group < Fraction(1, 10**50) and group - max(hami, baishan) < Fraction(1, 10**50)
    # On all employees the groups of a dimension add up to the rate of everybody.
    assert abs(sum(map(Fraction, shares), Fraction(0)) - Fraction(whole or 0)) < Fraction(1, 10**50)


@few
@given(trained=st.tuples(st.integers(0, 3000), st.integers(1, 3000)))
def test_the_shares_of_those_trained_make_a_hundred(workforce_world: World, trained: tuple[int, int]) -> None:
    women, men = trained
    with forgotten():
        form = breakdown(workforce_world.hami)
        put_counts(form, "year_end", women=3000, men=3000)
        put_counts(form, "trained", women=women, men=men)
        shares = [figure(workforce_world, f"WF-TRAINED_S-{group}").value for group in ("WOMEN", "MEN")]
    assert abs(sum(map(Fraction, shares), Fraction(0)) - 100) < Fraction(1, 10**50)


@pytest.mark.parametrize("back", [dt.date(2020, 3, 11), dt.date(2020, 3, 31), dt.date(2020, 4, 1)])
def test_all_days_between_accident_and_return_can_be_lost_and_no_more(workforce_world: World, back: dt.date) -> None:
    """From the day after the accident to the day before the return."""
    case = put_injury(month(workforce_world.hami, 3), day=10, returned_on=back)
    between = (back - dt.date(2020, 3, 10)).days - 1
    assert case.most_days(dt.date(2020, 3, 11)) == between
