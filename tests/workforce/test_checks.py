"""Checks of the breakdown and of labour standards: what is questioned, and what just within the border is not."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.submissions import checks, services
from apps.submissions.findings import Finding
from apps.submissions.models import Explanation, Submission
from apps.submissions.sheets import load_sheet, load_sheets
from apps.workforce.models import Remedy, StandardRecord
from tests.factories import ReportingYearFactory, World
from tests.workforce.records import (
    breakdown,
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


def findings(submission: Submission, code: str) -> list[Finding]:
    return [found for found in checks.run(load_sheet(submission)) if found.code == code]


def the_one(submission: Submission, code: str, severity: str) -> Finding:
    (finding,) = findings(submission, code)
    assert finding.severity == severity and finding.is_open == (severity != "notice")
    return finding


@pytest.fixture
def form(workforce_world: World) -> Submission:
    return breakdown(workforce_world.hami)


# The breakdown ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part_time", "words"),
    [(10, None), (9, "199, 1 fewer than the total of 200"), (12, "202, 2 more than the total of 200"), (None, None)],
)
def test_every_dimension_divides_the_same_people(form: Submission, part_time: int | None, words: str | None) -> None:
    put_counts(form, "year_end", women=80, men=120, full_time=190, part_time=part_time, dispatched=33)
    if words is None:
        assert findings(form, "dimension_mismatch") == []
    else:
        finding = the_one(form, "dimension_mismatch", "error")
        assert f"Employees at year end by Employment type: {words}." == finding.message
        assert finding.row == "headcount:year_end/full_time"


def test_no_dimension_is_measured_against_a_total_with_gaps(form: Submission) -> None:
    put_counts(form, "year_end", women=80, men=None, full_time=190, part_time=10)
    assert findings(form, "dimension_mismatch") == []


def test_hours_of_training_agree_over_the_dimensions_too(form: Submission) -> None:
    put_counts(form, "training_hours", women="10.5", men=20, senior="0.5", middle=10, general="19.9")
    assert "30.4, 0.1 fewer than the total of 30.5" in the_one(form, "dimension_mismatch", "error").message


@pytest.mark.parametrize(("left", "asked"), [(40, False), (39, True), (41, True), (None, False)])
def test_people_come_and_go(form: Submission, left: int | None, asked: bool) -> None:
    put_counts(form, "year_start", women=0, men=220)
    put_counts(form, "hired", women=0, men=20)
    put_counts(form, "leavers", women=0, men=left)
    put_counts(form, "year_end", women=0, men=200)
    if asked:
        finding = the_one(form, "come_and_go", "warning")
        assert f"220 at year start + 20 hired − {left} left makes {240 - (left or 0)}; 200" in finding.message
        assert finding.row == "headcount:leavers/women"
    else:
        assert findings(form, "come_and_go") == []


@pytest.mark.parametrize(("trained", "asked"), [(80, False), (81, True), (0, False)])
def test_nobody_is_trained_twice(form: Submission, trained: int, asked: bool) -> None:
    put_counts(form, "year_end", women=80)
    put_counts(form, "trained", women=trained)
    assert bool(findings(form, "more_trained")) is asked
    if asked:
        assert "Women: 81 trained, and 80 employees" in the_one(form, "more_trained", "warning").message


@pytest.mark.parametrize(
    ("trained", "hours", "asked"),
    [(5, 0, True), (0, "0.5", True), (0, 0, False), (1, "0.5", False), (5, None, False)],
)
def test_training_takes_hours(form: Submission, trained: int, hours: str | int | None, asked: bool) -> None:
    put_counts(form, "trained", women=trained)
    put_counts(form, "training_hours", women=hours)
    assert bool(findings(form, "training_without_hours")) is asked
    if asked:
        assert the_one(form, "training_without_hours", "warning").row == "headcount:trained/women"


@pytest.mark.parametrize(
    ("left", "employed", "asked"), [(25, 25, False), (26, 25, True), (19, 3, False), (20, 3, True), (26, None, False)]
)
def test_more_left_than_there_are(form: Submission, left: int, employed: int | None, asked: bool) -> None:
    put_counts(form, "year_end", women=employed)
    put_counts(form, "leavers", women=left)
    assert bool(findings(form, "turnover_over_100")) is asked
    if asked:
        assert "above 100 %." in the_one(form, "turnover_over_100", "warning").message


@pytest.mark.parametrize(("told", "asked"), [("117.5", False), ("117.4", True), ("117.6", True), (None, False)])
def test_hours_of_the_year_are_those_of_the_courses(
    workforce_world: World, form: Submission, told: str | None, asked: bool
) -> None:
    put_course(month(workforce_world.hami, 3), "2", women=40)
    put_course(month(workforce_world.hami, 11), "1.5", men=25)
    put_course(month(workforce_world.baishan, 3), "8", men=25)
    put_counts(form, "training_hours", women=0, men=told)
    assert bool(findings(form, "hours_of_courses")) is asked
    if asked:
        words = f"{told} training hours are reported; the courses of the months make 117.5."
        assert the_one(form, "hours_of_courses", "warning").message == words


def test_courses_of_another_year_or_none_at_all_are_no_measure(workforce_world: World, form: Submission) -> None:
    services.open_year(ReportingYearFactory(code="2019"))
    put_course(month(workforce_world.hami, 3, "2019"), "2", women=40)
    put_counts(form, "training_hours", women=5, men=5)
    assert findings(form, "hours_of_courses") == []


# Labour standards ---------------------------------------------------------------------------------------------------


@pytest.fixture
def statement(workforce_world: World) -> Submission:
    return standards(workforce_world.hami)


@pytest.mark.parametrize(("checked", "asked"), [(20, False), (19, True), (21, False), (None, False)])
def test_everybody_hired_was_checked(
    workforce_world: World, form: Submission, statement: Submission, checked: int | None, asked: bool
) -> None:
    put_counts(breakdown(workforce_world.baishan), "hired", women=900, men=900)
    put_standard(statement, "identity_checks", checked)
    assert findings(statement, "not_all_checked") == [], "the breakdown says nothing yet"
    put_counts(form, "hired", women=8, men=12)
    assert bool(findings(statement, "not_all_checked")) is asked
    if asked:
        assert "19 were checked at hiring" in the_one(statement, "not_all_checked", "warning").message


@pytest.mark.parametrize(
    ("age", "found", "asked"), [(16, 0, False), (15, 0, True), (15, None, True), (15, 1, False), (40, 0, False)]
)
def test_nobody_is_hired_as_a_child(statement: Submission, age: int, found: int | None, asked: bool) -> None:
    put_standard(statement, "youngest_age", age)
    put_standard(statement, "child_labour", found)
    assert bool(findings(statement, "child_hired")) is asked
    if asked:
        assert "hired at 15" in the_one(statement, "child_hired", "error").message


@pytest.mark.parametrize(
    ("age", "registered", "asked"),
    [(17, 0, True), (16, 0, True), (18, 0, False), (17, 1, False), (17, None, False)],
)
def test_the_young_are_registered(statement: Submission, age: int, registered: int | None, asked: bool) -> None:
    put_standard(statement, "youngest_age", age)
    put_standard(statement, "young_workers", registered)
    assert bool(findings(statement, "young_not_registered")) is asked
    if asked:
        assert the_one(statement, "young_not_registered", "warning").row == "standard:youngest_age"


def test_a_child_is_no_young_worker(statement: Submission) -> None:
    """The register is for those of 16 and 17; what was found below that has its remedy."""
    put_standard(statement, "youngest_age", 15)
    put_standard(statement, "child_labour", 1)
    put_standard(statement, "young_workers", 0)
    assert findings(statement, "young_not_registered") == []


@pytest.mark.parametrize(("kind", "other"), [("child_labour", "forced_labour"), ("forced_labour", "child_labour")])
@pytest.mark.parametrize(
    ("count", "told", "asked"), [(0, 0, False), (1, 0, True), (0, 1, True), (2, 1, True), (2, 2, False), (1, 2, True)]
)
def test_findings_have_their_remedies(
    statement: Submission, kind: str, other: str, count: int, told: int, asked: bool
) -> None:
    put_standard(statement, kind, count)
    put_standard(statement, other, 0)
    for number in range(told):
        Remedy.objects.create(
            submission=statement,
            kind=kind,
            found_on="2020-04-01",
            steps=f"Step {number}",
            entered_at="2020-04-02T00:00Z",
        )
    assert bool(findings(statement, "remedy_missing")) is asked
    if asked:
        assert the_one(statement, "remedy_missing", "error").row == f"standard:{kind}"


def test_of_findings_a_number_is_stated(statement: Submission) -> None:
    """That there was none is a zero; "not measured" is no answer."""
    put_standard(statement, "child_labour", None)
    put_standard(statement, "union_members", None)
    finding = the_one(statement, "finding_not_stated", "error")
    assert finding.row == "standard:child_labour" and "No finding is 0." in finding.message
    StandardRecord.objects.all().delete()
    put_standard(statement, "child_labour", 0)
    assert findings(statement, "finding_not_stated") == []


# Explanations and questions to the database --------------------------------------------------------------------------


def one_leaver_less(world: World, by: int) -> Submission:
    form = breakdown(world.hami)
    for kind, count in (("year_start", 220), ("hired", 20), ("leavers", 40 - by), ("year_end", 200)):
        put_counts(form, kind, women=0, men=count)
    return form


def too_many_trained(world: World, by: int) -> Submission:
    form = breakdown(world.hami)
    put_counts(form, "year_end", women=80)
    put_counts(form, "trained", women=80 + by)
    return form


def too_few_checked(world: World, by: int) -> Submission:
    put_counts(breakdown(world.hami), "hired", women=20 + by, men=0)
    statement = standards(world.hami)
    if by == 1:
        put_standard(statement, "identity_checks", 20)
    return statement


@pytest.mark.parametrize(
    ("code", "make"),
    [("come_and_go", one_leaver_less), ("more_trained", too_many_trained), ("not_all_checked", too_few_checked)],
)
def test_an_explanation_holds_for_the_numbers_it_was_written_for(
    workforce_world: World, code: str, make: Callable[[World, int], Submission]
) -> None:
    submission = make(workforce_world, 1)
    finding = the_one(submission, code, "warning")
    Explanation.objects.create(
        submission=submission, finding=code, row=finding.row, fingerprint=finding.fingerprint, text="It is so."
    )
    (explained,) = findings(submission, code)
    assert explained.explanation == "It is so." and not explained.is_open
    make(workforce_world, 2)
    again = the_one(submission, code, "warning")
    assert (again.explanation, again.earlier_explanation) == ("", "It is so.")


@pytest.mark.parametrize("section", ["safety_training", "workforce", "labour_standards"])
def test_many_sheets_cost_no_more_questions_than_one(workforce_world: World, section: str) -> None:
    """Each site has injuries, follow-ups, disease and courses in several months; the first sheet has all of them."""
    world = workforce_world
    services.open_year(ReportingYearFactory(code="2021"))
    for site in (world.hami, world.baishan):
        for code in ("2020", "2021"):
            put_counts(breakdown(site, code), "hired", women=8, men=12)
            put_standard(standards(site, code), "identity_checks", 20)
            Remedy.objects.create(
                submission=standards(site, code), kind="child_labour", found_on=f"{code}-04-01", steps="Sent home.",
                entered_at="2020-04-02T00:00Z",
            )  # fmt: skip
            cases = [put_injury(month(site, number, code)) for number in (2, 3)]
            for number in (3, 4):
                put_follow_up(month(site, number, code), cases[0], days=5)
                put_course(month(site, number, code), "2", women=3)
                put_disease(month(site, number, code))
                put_labour(month(site, number, code), "hours_worked", 100)
    submissions = list(Submission.objects.with_place().filter(section=section))  # type: ignore[attr-defined]
    fullest = sorted(submissions, key=lambda found: found.period.code not in ("2021-03", "2021"))
    assert len(submissions) in (4, 48)
    with CaptureQueriesContext(connection) as one:
        load_sheets(fullest[:1])
    with CaptureQueriesContext(connection) as two:
        load_sheets(fullest[:2])
    with CaptureQueriesContext(connection) as many:
        sheets = load_sheets(fullest)
    assert len(one) == len(two) == len(many)
    with CaptureQueriesContext(connection) as judging:
        assert sum(len(checks.run(sheet)) for sheet in sheets.values()) > len(sheets)
    assert len(judging) == 0
