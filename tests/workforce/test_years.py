"""What a year's figures hold: its own convention, its own days, what was handed in, and sums before rates."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import current_kpis
from apps.indicators.reports import build_report
from apps.organisation.models import ReportingYear, Site
from apps.submissions import services
from apps.workforce.models import YearConvention
from tests.factories import ReportingYearFactory, World
from tests.workforce.records import (
    approve,
    breakdown,
    hand_in,
    month,
    put_counts,
    put_course,
    put_follow_up,
    put_injury,
    put_labour,
)


def figure(
    world: World, code: str, site: Site | None = None, *, year: ReportingYear | None = None, basis: Basis = Basis.ALL
) -> Figure:
    sites = [world.hami, world.baishan]
    return compute(year=year or world.year, sites=sites, basis=basis, kpis=current_kpis().only(code)).of(code, site)


def opened(code: str, **days: dt.date) -> ReportingYear:
    year: ReportingYear = ReportingYearFactory(code=code, **days)
    services.open_year(year)
    return year


# Rates and sums -----------------------------------------------------------------------------------------------------


def test_the_rate_of_the_group_divides_sums(workforce_world: World) -> None:
    """10 of 20 left at one site and 10 of 180 at the other: a tenth of all, and no mean of 50.0 and 5.6 %."""
    world = workforce_world
    for site, women, left in ((world.hami, 20, 10), (world.baishan, 180, 10)):
        put_counts(breakdown(site), "year_end", women=women, men=50)
        put_counts(breakdown(site), "leavers", women=left, men=5)
    found = [figure(world, "WF-TURN_E-WOMEN", place) for place in (None, world.hami, world.baishan)]
    assert [one.display for one in found] == ["10.0", "50.0", "5.6"]
    assert (found[0].numerator, found[0].denominator) == (20, 200)


def test_the_hours_of_a_group_are_over_all_its_people(workforce_world: World) -> None:
    world = workforce_world
    for site, men, hours in ((world.hami, 10, 100), (world.baishan, 90, 180)):
        put_counts(breakdown(site), "year_end", women=5, men=men)
        put_counts(breakdown(site), "training_hours", women=0, men=hours)
    means = [figure(world, "WF-HOURS-MEN-D", place).display for place in (None, world.hami, world.baishan)]
    assert means == ["2.80", "10.00", "2.00"]


def test_a_rate_without_people_is_none_and_says_why(workforce_world: World) -> None:
    put_counts(breakdown(workforce_world.hami), "year_end", women=0, men=10)
    put_counts(breakdown(workforce_world.hami), "leavers", women=6, men=1)
    rate = figure(workforce_world, "WF-TURN_E-WOMEN", workforce_world.hami)
    assert rate.value is None and "is zero" in rate.reason
    assert figure(workforce_world, "WF-TURN_A-WOMEN", workforce_world.hami).value is None


def test_a_rate_of_two_forms_wants_both_of_every_site(workforce_world: World) -> None:
    """Deaths of both sites over the employees of one would be a rate of nobody."""
    world = workforce_world
    for site, clerk in ((world.hami, world.clerk), (world.baishan, world.other_clerk)):
        put_counts(breakdown(site), "year_end", women=200, men=200)
        put_injury(month(site, 6), severity="fatal")
        hand_in(month(site, 6), clerk)
    hand_in(breakdown(world.hami), world.clerk)
    assert figure(world, "WF-FATAL-R", world.hami).display == "0.250"
    of_both = figure(world, "WF-FATAL-R")
    assert (of_both.value, of_both.reason) == (None, "not every site is in both parts")
    hand_in(breakdown(world.baishan), world.other_clerk)
    assert figure(world, "WF-FATAL-R").display == "0.250"


# Conventions --------------------------------------------------------------------------------------------------------


def leavers_of_two_years(world: World) -> ReportingYear:
    """Alike in both years: 24 women left, 90 at year start, 80 at year end among 200."""
    before = opened("2019")
    for code in ("2019", "2020"):
        form = breakdown(world.hami, code)
        put_counts(form, "year_start", women=90, men=130)
        put_counts(form, "year_end", women=80, men=120)
        put_counts(form, "leavers", women=24, men=16)
    return before


@pytest.mark.parametrize(
    ("turnover", "women", "all_people"),
    [("year_end", "30.0", "20.0"), ("average", "28.2", "19.0"), ("total", "12.0", "20.0")],
)
def test_the_convention_of_the_year_decides(workforce_world: World, turnover: str, women: str, all_people: str) -> None:
    leavers_of_two_years(workforce_world)
    YearConvention.objects.create(year=workforce_world.year, turnover=turnover)
    assert figure(workforce_world, "WF-LEFT-WOMEN-D").display == women
    assert figure(workforce_world, "WF-TURN").display == all_people


def test_a_year_without_a_choice_divides_by_year_end(workforce_world: World) -> None:
    leavers_of_two_years(workforce_world)
    assert figure(workforce_world, "WF-LEFT-WOMEN-D").display == "30.0"


def table(world: World, code: str, year: ReportingYear) -> Any:
    sections = frozenset({"workforce", "safety_training", "labour_standards"})
    sites = [world.hami, world.baishan]
    report = build_report(year=year, sites=sites, group=True, basis=Basis.ALL, sections=sections)
    return next(found for found in report.tables if found.declaration.code == code)


def test_the_year_before_keeps_its_own_convention(workforce_world: World) -> None:
    before = leavers_of_two_years(workforce_world)
    YearConvention.objects.create(year=before, turnover="average")
    YearConvention.objects.create(year=workforce_world.year, turnover="total")
    printed = table(workforce_world, "B1-TURN", workforce_world.year)
    women = next(line for line in printed.lines if line.title == "Women").density
    assert women.figures[0].display == "12.0"
    assert women.last.display == "28.2"
    assert "2020" in printed.note and "all employees at year end" in printed.note


def test_safety_is_printed_over_three_years(workforce_world: World) -> None:
    world = workforce_world
    opened("2019")
    third = opened("2018")
    for code, deaths in (("2018", 2), ("2019", 0), ("2020", 1)):
        for number in range(deaths):
            put_injury(month(world.hami, number + 1, code), severity="fatal")
        hand_in(month(world.baishan, 5, code), world.other_clerk)
    printed = table(world, "B2-SAFETY", world.year)
    assert printed.history_years == (third, ReportingYear.objects.get(code="2019"), world.year)
    deaths = next(line for title, line in printed.history if title == "Work-related fatalities")
    assert [entry.figure.display for entry in deaths] == ["2", "0", "1"]


# What was handed in -------------------------------------------------------------------------------------------------


def test_nothing_to_report_is_a_zero_once_it_is_approved(workforce_world: World) -> None:
    world = workforce_world
    codes = ("WF-INJ", "WF-LOST", "WF-FATAL", "WF-DISEASE", "WF-COURSES", "WF-COURSE-HOURS")

    def approved(site: Site) -> list[Decimal | None]:
        return [figure(world, code, site, basis=Basis.APPROVED).value for code in codes]

    hand_in(month(world.hami, 1), world.clerk)
    assert approved(world.hami) == [None] * 6
    approve(month(world.hami, 2), world.clerk, world.reviewer)
    assert approved(world.hami) == [0] * 6
    assert approved(world.baishan) == [None] * 6
    unsaid = figure(world, "WF-LOST", world.baishan, basis=Basis.APPROVED)
    assert (unsaid.display, unsaid.reason) == ("–", "nothing approved yet")


def test_no_mean_of_the_year_while_a_month_is_missing(workforce_world: World) -> None:
    world = workforce_world
    for site, clerk, heads in ((world.hami, world.clerk, 400), (world.baishan, world.other_clerk, 250)):
        for number in range(1, 13):
            put_labour(month(site, number), "average_headcount", heads)
            if (site, number) != (world.baishan, 12):
                approve(month(site, number), clerk, world.reviewer)
    of_hami = figure(world, "WF-HEADS", world.hami, basis=Basis.APPROVED)
    of_both = figure(world, "WF-HEADS", basis=Basis.APPROVED)
    assert of_hami.value == 400
    assert (of_both.value, of_both.reason) == (None, "not every month is in yet")
    approve(month(world.baishan, 12), world.other_clerk, world.reviewer)
    assert figure(world, "WF-HEADS", basis=Basis.APPROVED).value == 650


def test_no_mean_of_the_year_where_a_month_has_no_value(workforce_world: World) -> None:
    """Eleven months over twelve would be a mean that nobody had."""
    world = workforce_world
    for number in range(1, 13):
        put_labour(month(world.hami, number), "average_headcount", 400 if number != 7 else None)
        hand_in(month(world.hami, number), world.clerk)
    assert figure(world, "WF-HEADS", world.hami).value is None


# Days over the end of the year --------------------------------------------------------------------------------------


def test_an_open_case_counts_to_the_last_day_of_the_year_and_on_in_the_next(workforce_world: World) -> None:
    """Hurt on 20 December, back on 9 February: 11 days in 2020, and 31 + 8 in 2021."""
    world = workforce_world
    later = opened("2021")
    case = put_injury(month(world.hami, 12), day=20, days=11)
    hand_in(month(world.hami, 12), world.clerk)
    put_follow_up(month(world.hami, 1, "2021"), case, days=31)
    put_follow_up(month(world.hami, 2, "2021"), case, days=8, returned_on=dt.date(2021, 2, 9))
    hand_in(month(world.hami, 1, "2021"), world.clerk)
    assert figure(world, "WF-LOST", world.hami).value == 11
    assert figure(world, "WF-LOST", world.hami, year=later).value == 39
    assert figure(world, "WF-LOST-NEW", world.hami, year=later).value == 0
    assert figure(world, "WF-INJ", world.hami).value == 1
    assert figure(world, "WF-INJ", world.hami, year=later).value == 0


def test_a_death_counts_in_the_year_of_the_death(workforce_world: World) -> None:
    world = workforce_world
    later = opened("2021")
    case = put_injury(month(world.hami, 12), day=20, days=11, severity="serious")
    hand_in(month(world.hami, 12), world.clerk)
    put_follow_up(month(world.hami, 1, "2021"), case, days=6, severity="fatal")
    hand_in(month(world.hami, 1, "2021"), world.clerk)
    assert figure(world, "WF-FATAL", world.hami).value == 0
    assert figure(world, "WF-FATAL", world.hami, year=later).value == 1


def test_the_days_of_a_death_by_the_table_are_no_lost_days(workforce_world: World) -> None:
    put_injury(month(workforce_world.hami, 3), severity="fatal")
    hand_in(month(workforce_world.hami, 3), workforce_world.clerk)
    assert figure(workforce_world, "WF-LOST", workforce_world.hami).value == 0


def test_a_course_counts_in_the_year_it_was_held(workforce_world: World) -> None:
    later = opened("2021")
    put_course(month(workforce_world.hami, 12), "3", women=10)
    put_course(month(workforce_world.hami, 1, "2021"), "2", women=10)
    assert figure(workforce_world, "WF-COURSE-HOURS").value == 30
    assert figure(workforce_world, "WF-COURSE-HOURS", year=later).value == 20
