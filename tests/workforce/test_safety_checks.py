"""Checks of injuries, their follow-up, hours and health checks: what is questioned, and what just within is not."""

import datetime as dt
from typing import Any

import pytest

from apps.submissions import checks, services
from apps.submissions.findings import Finding
from apps.submissions.models import Explanation, Submission
from apps.submissions.sheets import load_sheet, load_sheets
from apps.workforce.beside import CASES
from apps.workforce.models import Injury, InjuryFollowUp, YearConvention
from tests.factories import ReportingYearFactory, World
from tests.workforce.records import month, put_follow_up, put_injury, put_labour


def findings(submission: Submission, code: str) -> list[Finding]:
    return [found for found in checks.run(load_sheet(submission)) if found.code == code]


def the_one(submission: Submission, code: str, severity: str) -> Finding:
    (finding,) = findings(submission, code)
    assert finding.severity == severity and finding.is_open == (severity != "notice")
    return finding


class Case:
    """A case of Hami, told month by month: days lost in each from the accident on."""

    def __init__(self, world: World, first: int, *days: int, **fields: Any) -> None:
        self.world = world
        self.injury = put_injury(month(world.hami, first), days=days[0], **fields)
        for number, lost in enumerate(days[1:], start=first + 1):
            self.follow(number, lost)

    def follow(self, number: int, days: int, **fields: Any) -> InjuryFollowUp:
        return put_follow_up(month(self.world.hami, number), self.injury, days=days, **fields)


# Which days count ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("chosen", "words"), [("working", "scheduled working days"), ("calendar", "calendar days")])
def test_the_convention_of_days_is_told_where_there_are_any(workforce_world: World, chosen: str, words: str) -> None:
    YearConvention.objects.create(year=workforce_world.year, lost_days=chosen)
    case = Case(workforce_world, 3, 5)
    case.follow(4, 5)
    for number in (3, 4):
        message = the_one(month(workforce_world.hami, number), "days_convention", "notice").message
        assert message == f"Lost days of this year are counted as {words}."
    assert findings(month(workforce_world.hami, 5), "days_convention") == []


def test_without_a_choice_they_are_working_days(workforce_world: World) -> None:
    Case(workforce_world, 3, 5)
    assert "scheduled working days" in the_one(month(workforce_world.hami, 3), "days_convention", "notice").message


# Open cases ---------------------------------------------------------------------------------------------------------


def test_whoever_is_absent_has_a_line_in_each_later_month(workforce_world: World) -> None:
    world = workforce_world
    case = Case(world, 3, 11)
    assert findings(month(world.hami, 3), "open_case") == []
    assert findings(month(world.baishan, 4), "open_case") == []
    message = the_one(month(world.hami, 4), "open_case", "error").message
    assert message.startswith(f"Case {case.injury.case_number} of 2020-03-10 is still open")
    case.follow(4, 30)
    assert findings(month(world.hami, 4), "open_case") == []
    the_one(month(world.hami, 5), "open_case", "error")
    case.follow(5, 4, returned_on=dt.date(2020, 5, 5))
    for number in (5, 6, 12):
        assert findings(month(world.hami, number), "open_case") == []


@pytest.mark.parametrize(
    "end",
    [{"returned_on": dt.date(2020, 3, 20)}, {"outcome": "closed"}, {"severity": "fatal"}],
    ids=["back at work", "closed otherwise", "fatal"],
)
def test_a_case_that_is_over_is_asked_about_no_more(workforce_world: World, end: dict[str, Any]) -> None:
    Case(workforce_world, 3, 9, **end)
    assert findings(month(workforce_world.hami, 4), "open_case") == []


def test_an_open_case_goes_on_over_the_end_of_the_year(workforce_world: World) -> None:
    services.open_year(ReportingYearFactory(code="2021"))
    Case(workforce_world, 12, 11)
    the_one(month(workforce_world.hami, 1, "2021"), "open_case", "error")


def test_a_month_that_was_filled_in_late_looks_at_earlier_months_alone(workforce_world: World) -> None:
    """May says that the man is back; April was left blank, and he was absent then."""
    case = Case(workforce_world, 3, 11)
    case.follow(5, 4, returned_on=dt.date(2020, 5, 5))
    the_one(month(workforce_world.hami, 4), "open_case", "error")


# How many days ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("december", "asked"), [(25, False), (26, True)])
def test_a_year_has_no_more_days_than_366(workforce_world: World, december: int, asked: bool) -> None:
    case = Case(workforce_world, 1, *[31] * 11, severity="serious")
    case.follow(12, december, severity="serious")
    if asked:
        assert ": 367 days in this year" in the_one(month(workforce_world.hami, 12), "days_of_a_year", "error").message
    else:
        assert findings(month(workforce_world.hami, 12), "days_of_a_year") == []


def test_the_days_of_the_year_before_are_its_own(workforce_world: World) -> None:
    services.open_year(ReportingYearFactory(code="2021"))
    case = Case(workforce_world, 1, *[31] * 11, 25, severity="serious")
    put_follow_up(month(workforce_world.hami, 1, "2021"), case.injury, days=31, severity="serious")
    assert findings(month(workforce_world.hami, 1, "2021"), "days_of_a_year") == []


def test_a_reporting_year_of_fifteen_months_has_more_days(workforce_world: World) -> None:
    """Absent from its second day to its last, which are 454."""
    services.open_year(
        ReportingYearFactory(code="2021-22", starts_on=dt.date(2021, 1, 1), ends_on=dt.date(2022, 3, 31))
    )
    case = put_injury(month(workforce_world.hami, 1, "2021"), day=1, days=30, severity="serious")
    for year, number in [("2021", number) for number in range(2, 13)] + [("2022", 1), ("2022", 2), ("2022", 3)]:
        form = month(workforce_world.hami, number, year)
        put_follow_up(form, case, days=form.period.ends_on.day, severity="serious")
    assert findings(month(workforce_world.hami, 3, "2022"), "days_of_a_year") == []


@pytest.mark.parametrize(("days", "asked"), [(0, False), (1, True)])
def test_days_after_the_return_are_a_relapse_or_a_slip(workforce_world: World, days: int, asked: bool) -> None:
    case = Case(workforce_world, 3, 9, returned_on=dt.date(2020, 3, 20))
    case.follow(4, days)
    april = month(workforce_world.hami, 4)
    assert bool(findings(april, "days_after_the_end")) is asked
    if asked:
        assert "1 days are lost again" in the_one(april, "days_after_the_end", "warning").message


def test_days_of_a_case_that_is_open_are_no_relapse(workforce_world: World) -> None:
    Case(workforce_world, 3, 9, 30, 31)
    assert findings(month(workforce_world.hami, 5), "days_after_the_end") == []


# How grave ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("july", "severity", "asked"), [(2, "minor", False), (3, "minor", True), (3, "serious", False)]
)
def test_from_105_days_on_an_injury_is_serious(workforce_world: World, july: int, severity: str, asked: bool) -> None:
    case = Case(workforce_world, 3, 11, 30, 31, 30)
    case.follow(7, july, severity=severity)
    form = month(workforce_world.hami, 7)
    assert bool(findings(form, "severity_of_days")) is asked
    if asked:
        assert the_one(form, "severity_of_days", "warning").message.startswith("105 days are lost in this case")


def test_the_days_of_a_case_add_up_over_the_end_of_the_year(workforce_world: World) -> None:
    services.open_year(ReportingYearFactory(code="2021"))
    case = Case(workforce_world, 9, 20, 31, 30, 23)
    january = month(workforce_world.hami, 1, "2021")
    line = put_follow_up(january, case.injury, days=1)
    assert the_one(january, "severity_of_days", "warning").row == f"injury_follow_up:{line.pk}"


@pytest.mark.parametrize(("now", "asked"), [("minor", True), ("serious", False)])
def test_a_serious_case_stays_serious(workforce_world: World, now: str, asked: bool) -> None:
    case = Case(workforce_world, 3, 11, severity="serious")
    case.follow(4, 1, severity=now)
    form = month(workforce_world.hami, 4)
    assert bool(findings(form, "severity_lowered")) is asked
    if asked:
        the_one(form, "severity_lowered", "warning")


def test_what_was_serious_in_between_counts_and_not_how_it_began(workforce_world: World) -> None:
    case = Case(workforce_world, 3, 11)
    case.follow(4, 30, severity="serious")
    case.follow(5, 1)
    assert findings(month(workforce_world.hami, 4), "severity_lowered") == []
    the_one(month(workforce_world.hami, 5), "severity_lowered", "warning")


# Hours and checks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "heads", "asked"),
    [
        (3000, 10, False), ("3000.5", 10, True), (400, 10, False), ("399.5", 10, True),
        (0, 0, False), (8, 0, True), (None, 10, False), (9999, None, False),
    ],
)  # fmt: skip
def test_hours_fit_the_people(workforce_world: World, hours: str | int | None, heads: int | None, asked: bool) -> None:
    form = month(workforce_world.hami, 3)
    put_labour(form, "hours_worked", hours)
    put_labour(form, "average_headcount", heads)
    assert bool(findings(form, "hours_a_head")) is asked
    if asked:
        assert the_one(form, "hours_a_head", "warning").row == "labour:hours_worked"


@pytest.mark.parametrize(
    ("done", "offered", "asked"), [(40, 40, False), (41, 40, True), (1, 0, True), (41, None, False)]
)
def test_no_more_checks_are_done_than_offered(
    workforce_world: World, done: int, offered: int | None, asked: bool
) -> None:
    form = month(workforce_world.hami, 3)
    put_labour(form, "health_checks_done", done)
    put_labour(form, "health_checks_offered", offered)
    assert bool(findings(form, "more_checks_done")) is asked
    if asked:
        assert f"{done} health checks done" in the_one(form, "more_checks_done", "warning").message


# Explanations -------------------------------------------------------------------------------------------------------


def test_an_explanation_of_days_holds_for_those_days(workforce_world: World) -> None:
    case = Case(workforce_world, 3, 11, 30, 31, 30)
    line = case.follow(7, 3)
    form = month(workforce_world.hami, 7)
    finding = the_one(form, "severity_of_days", "warning")
    Explanation.objects.create(
        submission=form, finding=finding.code, row=finding.row, fingerprint=finding.fingerprint, text="No bone broke."
    )
    (explained,) = findings(form, "severity_of_days")
    assert not explained.is_open
    InjuryFollowUp.objects.filter(pk=line.pk).update(days_lost=4)
    assert the_one(form, "severity_of_days", "warning").earlier_explanation == "No bone broke."


def test_an_explanation_of_a_relapse_holds_for_its_days(workforce_world: World) -> None:
    case = Case(workforce_world, 3, 9, returned_on=dt.date(2020, 3, 20))
    line = case.follow(4, 3)
    form = month(workforce_world.hami, 4)
    finding = the_one(form, "days_after_the_end", "warning")
    Explanation.objects.create(
        submission=form,
        finding=finding.code,
        row=finding.row,
        fingerprint=finding.fingerprint,
        text="It swelled again.",
    )
    assert not findings(form, "days_after_the_end")[0].is_open
    InjuryFollowUp.objects.filter(pk=line.pk).update(days_lost=5)
    the_one(form, "days_after_the_end", "warning")


def test_an_error_is_never_explained_away(workforce_world: World) -> None:
    Case(workforce_world, 3, 11)
    form = month(workforce_world.hami, 4)
    finding = the_one(form, "open_case", "error")
    Explanation.objects.create(
        submission=form, finding=finding.code, row=finding.row, fingerprint=finding.fingerprint, text="He is well."
    )
    (still,) = findings(form, "open_case")
    assert still.is_open
    Injury.objects.update(outcome="closed")
    assert findings(form, "open_case") == []


def test_months_that_are_read_together_know_only_what_was_before_them(workforce_world: World) -> None:
    """As an import reads them: April's return must not close the case in April itself."""
    march, april, may = (month(workforce_world.hami, number) for number in (3, 4, 5))
    case = put_injury(march, day=20, days=8)
    put_follow_up(april, case, days=6, returned_on=dt.date(2020, 4, 9))
    sheets = load_sheets([april, may])
    known = {period.pk: sheets[period.pk].beside[CASES][0] for period in (april, may)}
    assert (known[april.pk].is_open, known[april.pk].days_so_far) == (True, 8)
    assert (known[may.pk].is_open, known[may.pk].days_so_far) == (False, 14)
