"""Each figure of B1 to B4, worked by hand: a handful of records and what must come out."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.declarations import Least, RecordKpi, declared
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import current_kpis
from apps.organisation.models import Site
from apps.workforce.models import YearConvention
from tests.factories import World
from tests.workforce.records import (
    breakdown,
    hand_in,
    month,
    put_counts,
    put_course,
    put_disease,
    put_follow_up,
    put_injury,
    put_labour,
    put_standard,
    standards,
)

Example = Callable[[World], None]
EXAMPLES: dict[str, Example] = {}


def example(*codes: str) -> Callable[[Example], Example]:
    """Says which declarations an example is about."""

    def note(function: Example) -> Example:
        for code in codes:
            EXAMPLES[code] = function
        return function

    return note


def figure(world: World, code: str, site: Site | None = None) -> Figure:
    """One figure with what it is made of, as its own page asks for it."""
    kpis = current_kpis().only(code)
    return compute(year=world.year, sites=[world.hami, world.baishan], basis=Basis.ALL, kpis=kpis).of(code, site)


def printed(world: World, code: str, site: Site | None = None) -> tuple[str, str]:
    found = figure(world, code, site)
    return found.display, str(found.kpi.unit)


def chosen(world: World, turnover: str) -> None:
    """The convention of the year."""
    YearConvention.objects.update_or_create(year=world.year, defaults={"turnover": turnover})


# The breakdown ------------------------------------------------------------------------------------------------------


def two_hundred_people(world: World) -> None:
    """80 women and 120 men at year end, 90 and 130 at year start, 24 and 16 left; over both sites."""
    hami, baishan = breakdown(world.hami), breakdown(world.baishan)
    put_counts(hami, "year_end", women=50, men=70)
    put_counts(baishan, "year_end", women=30, men=50)
    put_counts(hami, "year_start", women=55, men=80)
    put_counts(baishan, "year_start", women=35, men=50)
    put_counts(hami, "hired", women=5, men=4)
    put_counts(baishan, "hired", women=3, men=8)
    put_counts(hami, "leavers", women=14, men=6)
    put_counts(baishan, "leavers", women=10, men=10)


@example("WF-END-*", "WF-END")
def people_at_year_end(world: World) -> None:
    two_hundred_people(world)
    put_counts(breakdown(world.hami), "year_end", dispatched=20, full_time=100)
    assert printed(world, "WF-END") == ("200", "person")
    assert printed(world, "WF-END-WOMEN") == ("80", "person")
    assert printed(world, "WF-END-WOMEN-D") == ("40.0", "%")
    # Told against the employees, and no part of them.
    assert printed(world, "WF-END-DISPATCHED-D") == ("10.0", "%")


@example("WF-START-*", "WF-START", "WF-HIRED", "WF-AVG-*", "WF-AVG")
def people_at_year_start_and_on_average(world: World) -> None:
    two_hundred_people(world)
    assert printed(world, "WF-START-WOMEN") == ("90", "person")
    assert printed(world, "WF-START") == ("220", "person")
    assert printed(world, "WF-HIRED") == ("20", "person")
    assert printed(world, "WF-AVG-WOMEN") == ("85.0", "person")
    assert printed(world, "WF-AVG") == ("210.0", "person")


@example("WF-LEFT-*", "WF-LEFT")
def leavers_and_their_rate_by_the_convention(world: World) -> None:
    two_hundred_people(world)
    assert printed(world, "WF-LEFT-WOMEN") == ("24", "person")
    assert printed(world, "WF-LEFT") == ("40", "person")
    for turnover, rate in (("year_end", "30.0"), ("average", "28.2"), ("total", "12.0")):
        chosen(world, turnover)
        assert printed(world, "WF-LEFT-WOMEN-D") == (rate, "%")


@example("WF-TURN_E-*", "WF-TURN_A-*", "WF-TURN_T-*")
def three_turnover_rates_of_a_group(world: World) -> None:
    two_hundred_people(world)
    assert printed(world, "WF-TURN_E-WOMEN") == ("30.0", "%")
    assert printed(world, "WF-TURN_A-WOMEN") == ("28.2", "%")
    average = figure(world, "WF-TURN_A-WOMEN").value_text
    assert average is not None and average.startswith("28.23529411764705882")
    shares = [figure(world, f"WF-TURN_T-{group}") for group in ("WOMEN", "MEN")]
    assert [share.display for share in shares] == ["12.0", "8.0"]
    assert sum(share.value or 0 for share in shares) == figure(world, "WF-TURN_E").value == 20


@example("WF-TURN_E", "WF-TURN_A", "WF-TURN")
def turnover_of_everybody(world: World) -> None:
    two_hundred_people(world)
    assert printed(world, "WF-TURN_E") == ("20.0", "%")
    assert printed(world, "WF-TURN_A") == ("19.0", "%")
    for turnover, rate in (("year_end", "20.0"), ("average", "19.0"), ("total", "20.0")):
        chosen(world, turnover)
        assert printed(world, "WF-TURN") == (rate, "%")


def a_year_of_training(world: World) -> None:
    """240 of 300 men in 2,700 h, 60 of 100 women in 1,000 h."""
    hami, baishan = breakdown(world.hami), breakdown(world.baishan)
    put_counts(hami, "year_end", women=60, men=200)
    put_counts(baishan, "year_end", women=40, men=100)
    put_counts(hami, "trained", women=30, men=150)
    put_counts(baishan, "trained", women=30, men=90)
    put_counts(hami, "training_hours", women="400.5", men=1700)
    put_counts(baishan, "training_hours", women="599.5", men=1000)


@example("WF-TRAINED-*", "WF-TRAINED", "WF-TRAINED_P", "WF-TRAINED_S-*")
def people_trained(world: World) -> None:
    a_year_of_training(world)
    assert printed(world, "WF-TRAINED-MEN") == ("240", "person")
    assert printed(world, "WF-TRAINED-MEN-D") == ("80.0", "%")
    assert printed(world, "WF-TRAINED-WOMEN-D") == ("60.0", "%")
    assert printed(world, "WF-TRAINED") == ("300", "person")
    assert printed(world, "WF-TRAINED_P") == ("75.0", "%")
    assert printed(world, "WF-TRAINED_S-MEN") == ("80.0", "%")
    assert printed(world, "WF-TRAINED_S-WOMEN") == ("20.0", "%")


@example("WF-HOURS-*", "WF-HOURS", "WF-HOURS_AVG")
def hours_of_training(world: World) -> None:
    a_year_of_training(world)
    assert printed(world, "WF-HOURS-MEN") == ("2,700.0", "h")
    assert printed(world, "WF-HOURS-MEN-D") == ("9.00", "h/person")
    assert printed(world, "WF-HOURS-WOMEN-D") == ("10.00", "h/person")
    assert printed(world, "WF-HOURS") == ("3,700.0", "h")
    assert printed(world, "WF-HOURS_AVG") == ("9.25", "h/person")


@example("WF-LOCAL", "WF-LOCAL-SHARE")
def local_people(world: World) -> None:
    hami = breakdown(world.hami)
    put_counts(hami, "year_end", women=160, men=240, local=208, other_mainland=192)
    assert printed(world, "WF-LOCAL", world.hami) == ("208", "person")
    assert printed(world, "WF-LOCAL-SHARE", world.hami) == ("52.0", "%")


# Safety and training ------------------------------------------------------------------------------------------------


@example("WF-INJ", "WF-INJ-COMMUTING")
def injuries_on_the_way_home_too(world: World) -> None:
    march = month(world.hami, 3)
    put_injury(march, day=4)
    put_injury(march, day=20, is_commuting=True)
    put_injury(month(world.baishan, 10))
    assert printed(world, "WF-INJ") == ("3", "case")
    assert printed(world, "WF-INJ-COMMUTING") == ("1", "case")


@example("WF-FATAL", "WF-FATAL-NEW", "WF-FATAL-LATER", "WF-FATAL-R")
def a_death(world: World) -> None:
    put_counts(breakdown(world.hami), "year_end", women=200, men=300)
    put_counts(breakdown(world.baishan), "year_end", women=100, men=200)
    put_injury(month(world.hami, 6), severity="fatal")
    handed_in_months(world, {world.hami: (6, 7), world.baishan: (6,)})
    hand_in(breakdown(world.hami), world.clerk)
    hand_in(breakdown(world.baishan), world.other_clerk)
    assert printed(world, "WF-FATAL-NEW") == ("1", "case")
    assert printed(world, "WF-FATAL-LATER") == ("0", "case")
    assert printed(world, "WF-FATAL") == ("1", "person")
    assert printed(world, "WF-FATAL-R") == ("0.125", "%")
    later = put_injury(month(world.baishan, 8), days=21, severity="serious")
    put_follow_up(month(world.baishan, 9), later, days=4, severity="fatal")
    assert printed(world, "WF-FATAL-LATER") == ("1", "case")
    assert printed(world, "WF-FATAL") == ("2", "person")


@example("WF-LOST", "WF-LOST-NEW", "WF-LOST-LATER")
def days_of_three_months(world: World) -> None:
    case = put_injury(month(world.hami, 3), day=20, days=11)
    put_follow_up(month(world.hami, 4), case, days=30)
    put_follow_up(month(world.hami, 5), case, days=4, returned_on=dt.date(2020, 5, 5))
    assert printed(world, "WF-LOST-NEW") == ("11", "days")
    assert printed(world, "WF-LOST-LATER") == ("34", "days")
    assert printed(world, "WF-LOST") == ("45", "days")


@example("WF-WORKED", "WF-INJ-F", "WF-INJ-S")
def rates_by_hours_worked(world: World) -> None:
    for number in range(1, 13):
        put_labour(month(world.hami, number), "hours_worked", 40000)
        put_labour(month(world.baishan, number), "hours_worked", 28000)
    days_of_three_months(world)
    put_injury(month(world.baishan, 3))
    put_injury(month(world.baishan, 4))
    assert printed(world, "WF-WORKED") == ("816,000", "h")
    assert printed(world, "WF-INJ-F") == ("3.68", "case/1,000,000 h")
    assert printed(world, "WF-INJ-S") == ("55.15", "days/1,000,000 h")


def handed_in_months(world: World, months: dict[Site, tuple[int, ...]]) -> None:
    for site, numbers in months.items():
        clerk = world.clerk if site == world.hami else world.other_clerk
        for number in numbers:
            hand_in(month(site, number), clerk)


def a_year_of_heads(world: World, hami: str, baishan: str) -> None:
    """Every month of both sites is handed in with its average headcount."""
    for site, heads in ((world.hami, hami), (world.baishan, baishan)):
        for number in range(1, 13):
            put_labour(month(site, number), "average_headcount", heads)
        handed_in_months(world, {site: tuple(range(1, 13))})


@example("WF-HEADMONTHS", "WF-HEADS")
def the_mean_of_the_months(world: World) -> None:
    a_year_of_heads(world, "400", "250")
    assert printed(world, "WF-HEADMONTHS", world.hami) == ("4,800", "person-months")
    assert printed(world, "WF-HEADS", world.hami) == ("400.0", "person")
    assert printed(world, "WF-HEADS", world.baishan) == ("250.0", "person")
    assert printed(world, "WF-HEADMONTHS") == ("7,800", "person-months")
    assert printed(world, "WF-HEADS") == ("650.0", "person")


@example("WF-FATAL-K")
def deaths_per_thousand(world: World) -> None:
    put_injury(month(world.baishan, 6), severity="fatal")
    a_year_of_heads(world, "500", "300")
    assert printed(world, "WF-FATAL-K") == ("1.25", "‰")


@example("WF-DISEASE")
def a_case_of_disease(world: World) -> None:
    put_disease(month(world.hami, 5))
    assert printed(world, "WF-DISEASE") == ("1", "case")


@example("WF-ITEM-*")
def what_the_months_add_up_to(world: World) -> None:
    put_labour(month(world.hami, 5), "health_checks_done", 120)
    put_labour(month(world.hami, 10), "health_checks_done", 30)
    put_labour(month(world.hami, 10), "health_checks_offered", 40)
    assert printed(world, "WF-ITEM-HEALTH_CHECKS_DONE") == ("150", "person")
    # A mean of months is no sum of them.
    assert "WF-ITEM-AVERAGE_HEADCOUNT" not in current_kpis()


@example("WF-COURSES", "WF-COURSE-HOURS")
def courses_by_their_people(world: World) -> None:
    put_course(month(world.hami, 3), "2", women=10, men=30)
    put_course(month(world.hami, 3), "1.5", women=25, senior=2, middle=3)
    assert printed(world, "WF-COURSES") == ("2", "courses")
    assert printed(world, "WF-COURSE-HOURS") == ("117.5", "h")
    put_course(month(world.baishan, 5), "0.25", men=1)
    assert printed(world, "WF-COURSES") == ("3", "courses")
    assert figure(world, "WF-COURSE-HOURS").value == Decimal("117.75")


# Labour standards ---------------------------------------------------------------------------------------------------


@example("WF-STD-*")
def what_both_sites_state(world: World) -> None:
    for site, age, members in ((world.hami, 19, 300), (world.baishan, 18, 120)):
        statement = standards(site)
        put_standard(statement, "child_labour", 0)
        put_standard(statement, "youngest_age", age)
        put_standard(statement, "union_members", members)
    assert printed(world, "WF-STD-CHILD_LABOUR") == ("0", "case")
    assert printed(world, "WF-STD-UNION_MEMBERS") == ("420", "person")
    assert printed(world, "WF-STD-YOUNGEST_AGE") == ("18", "year")
    assert printed(world, "WF-STD-YOUNGEST_AGE", world.hami) == ("19", "year")


# What holds for all of them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("worked", dict.fromkeys(EXAMPLES.values()), ids=lambda worked: worked.__name__)
def test_worked_by_hand(worked: Example, workforce_world: World) -> None:
    worked(workforce_world)


def test_every_declaration_has_its_example() -> None:
    assert set(EXAMPLES) == {entry.code for entry in declared if entry.code.startswith("WF-")}


def test_the_rows_behind_every_figure_make_it_up(workforce_world: World) -> None:
    """For every figure that is made of records, at each site and over both; the least of them for the youngest."""
    world = workforce_world
    two_hundred_people(world)
    a_year_of_training(world)
    put_counts(breakdown(world.baishan), "year_end", local=90, other_mainland=None)
    rates_by_hours_worked(world)
    courses_by_their_people(world)
    what_both_sites_state(world)
    what_the_months_add_up_to(world)
    sites = [world.hami, world.baishan]
    found = compute(year=world.year, sites=sites, basis=Basis.ALL)
    compared = set()
    for kpi in found.kpis:
        if isinstance(kpi, RecordKpi) and kpi.code.startswith("WF-"):
            for site in (None, *sites):
                rows = kpi.records(year=world.year, sites=[site] if site else sites, basis=Basis.ALL)
                amounts = [row.contribution for row in rows if row.contribution is not None]
                shown = found.of(kpi.code, site)
                assert shown.rows == len(amounts), kpi.code
                if amounts:
                    made = min(amounts) if isinstance(kpi, Least) else sum(amounts)
                    assert shown.value == made, (kpi.code, site)
                    compared.add(kpi.code)
    assert len(compared) >= 30
