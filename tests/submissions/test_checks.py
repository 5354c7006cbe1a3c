"""The check engine: what is questioned, what is not, and in which words."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.environment.models import ResourceUse, SiteTarget, StackTest
from apps.organisation.models import ReportingYear
from apps.submissions import checks, services
from apps.submissions.entry import Cell
from apps.submissions.findings import Finding
from apps.submissions.models import Explanation, Submission
from apps.submissions.sheets import load_sheet, load_sheets
from tests.factories import (
    AssignmentFactory,
    EmissionLimitFactory,
    PollutantFactory,
    ReportingYearFactory,
    StackFactory,
    TargetFactory,
    World,
)
from tests.saving import save_cells

Act = Callable[..., Submission]


def findings(submission: Submission, code: str | None = None) -> list[Finding]:
    return [found for found in checks.run(load_sheet(submission)) if code in (None, found.code)]


def test_a_usual_month_raises_nothing(world: World, fill_in: Act) -> None:
    fill_in(world.submission(world.hami, 2), world.clerk)
    assert findings(fill_in(world.submission(world.hami, 3), world.clerk)) == []


@pytest.mark.parametrize(
    ("typed", "unit", "times", "meant"),
    [
        ("2805000", "万kWh", "10,000 times", "Did you mean kWh?"),
        ("280.5", "kWh", "1/10,000 of", "Did you mean 万kWh?"),
        ("280.5", "MWh", "1/10 of", "Did you mean 万kWh?"),
        ("2805", "万kWh", "10 times", "Did you mean MWh?"),
        ("28050", "万kWh", "100 times", None),
        ("280500", "万kWh", "1,000 times", None),
        ("420", "GWh", "about 100 times", "Did you mean 万kWh?"),
    ],
)
def test_a_slip_of_the_unit_is_found_with_what_was_meant(
    world: World, fill_in: Act, typed: str, unit: str, times: str, meant: str | None
) -> None:
    fill_in(world.submission(world.hami, 1), world.clerk)
    fill_in(world.submission(world.hami, 2), world.clerk)
    submission = fill_in(
        world.submission(world.hami, 3), world.clerk, {"resource:electricity": Cell(value=typed, unit=unit)}
    )
    (finding,) = findings(submission)
    assert finding.code == "scale" and finding.severity == "warning"
    assert times in finding.message
    assert ("Did you mean" in finding.message) == (meant is not None)
    assert meant is None or meant in finding.message


def test_kilograms_typed_as_tonnes(world: World, fill_in: Act) -> None:
    fill_in(world.submission(world.hami, 2), world.clerk)
    submission = fill_in(
        world.submission(world.hami, 3), world.clerk, {"waste:waste_oil/sold": Cell(value="780", unit="t")}
    )
    (finding,) = findings(submission)
    assert "Did you mean kg?" in finding.message


def test_a_jump_is_questioned_against_both_neighbours(world: World, fill_in: Act) -> None:
    fill_in(world.submission(world.hami, 2), world.clerk)
    jump = {"resource:coal": Cell(value="9000", unit="t")}
    (finding,) = findings(fill_in(world.submission(world.hami, 3), world.clerk, jump))
    assert finding.code == "jump" and "+69.8 %" in finding.message and "5,300" in finding.message
    calm = {"resource:coal": Cell(value="7900", unit="t")}
    assert findings(fill_in(world.submission(world.hami, 3), world.clerk, calm)) == []


def test_a_season_is_no_jump(world: World, fill_in: Act) -> None:
    """November needs more coal than October, and as much as last November."""
    services.open_year(ReportingYearFactory(code="2021"))
    winter = {"resource:coal": Cell(value="9000", unit="t")}
    fill_in(world.submission(world.hami, 11), world.clerk, winter)
    fill_in(world.submission(world.hami, 10, "2021"), world.clerk)
    assert findings(fill_in(world.submission(world.hami, 11, "2021"), world.clerk, winter)) == []


def test_the_percentage_is_set_at_the_item(world: World, fill_in: Act) -> None:
    world.coal.jump_percent = 10
    world.coal.save()
    fill_in(world.submission(world.hami, 2), world.clerk)
    submission = fill_in(world.submission(world.hami, 3), world.clerk, {"resource:coal": Cell(value="6000", unit="t")})
    assert [finding.code for finding in findings(submission)] == ["jump"]


def test_history_is_the_sites_own(world: World, fill_in: Act) -> None:
    fill_in(world.submission(world.baishan, 2), world.other_clerk, {"resource:coal": Cell(value="53", unit="t")})
    assert findings(fill_in(world.submission(world.hami, 3), world.clerk)) == []


def test_energy_without_production(world: World, fill_in: Act) -> None:
    submission = fill_in(
        world.submission(world.hami, 3), world.clerk, {"production:magnesium": Cell(value="0", unit="t")}
    )
    (finding,) = findings(submission)
    assert finding.code == "energy_without_production"
    stopped = {
        "production:magnesium": Cell(how="not_applicable", note="plant closed"),
        "resource:electricity": Cell(value="0", unit="kWh"),
        "resource:diesel": Cell(value="0", unit="L"),
        "resource:coal": Cell(value="0", unit="t"),
    }
    assert findings(fill_in(world.submission(world.hami, 4), world.clerk, stopped), "energy_without_production") == []


def test_an_explanation_holds_for_the_value_it_was_written_for(world: World, fill_in: Act) -> None:
    fill_in(world.submission(world.hami, 2), world.clerk)
    submission = fill_in(world.submission(world.hami, 3), world.clerk, {"resource:coal": Cell(value="9000", unit="t")})
    (finding,) = findings(submission)
    Explanation.objects.create(
        submission=submission, finding=finding.code, row=finding.row, fingerprint=finding.fingerprint, text="Cold."
    )
    (explained,) = findings(submission)
    assert explained.explanation == "Cold." and not explained.is_open
    fill_in(submission, world.clerk, {"resource:coal": Cell(value="9500", unit="t")})
    (again,) = findings(submission)
    assert (again.explanation, again.earlier_explanation, again.is_open) == ("", "Cold.", True)


def stack_test(world: World, submission: Submission, concentration: str, **kwargs: object) -> StackTest:
    from django.utils import timezone

    return StackTest.objects.create(
        submission=submission,
        stack=kwargs.get("stack") or StackFactory(site=world.hami),
        pollutant=kwargs["pollutant"],
        concentration_mg_m3=Decimal(concentration),
        tested_on=submission.period.starts_on,
        report_number="R-1",
        entered_at=timezone.now(),
    )


@pytest.mark.parametrize(("concentration", "exceeds"), [("149.9", False), ("150", True), ("150.001", True)])
def test_lower_than_means_lower_than(world: World, fill_in: Act, concentration: str, exceeds: bool) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    dust = PollutantFactory(code="dust")
    EmissionLimitFactory(pollutant=dust, limit_mg_m3="150")
    stack_test(world, submission, concentration, pollutant=dust)
    assert bool(findings(submission, "limit_exceeded")) is exceeds
    assert StackTest.objects.exceeding().exists() is exceeds  # type: ignore[attr-defined]


def test_the_permit_of_the_stack_goes_before_the_standard_and_days_count(world: World, fill_in: Act) -> None:
    import datetime as dt

    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    dust, stack = PollutantFactory(code="dust"), StackFactory(site=world.hami)
    EmissionLimitFactory(pollutant=dust, limit_mg_m3="150")
    test = stack_test(world, submission, "60", pollutant=dust, stack=stack)
    assert findings(submission, "limit_exceeded") == []
    permit = EmissionLimitFactory(stack=stack, stack_type="", pollutant=dust, limit_mg_m3="50", source="permit")
    assert findings(submission, "limit_exceeded")
    permit.valid_from = test.tested_on + dt.timedelta(days=1)
    permit.save()
    assert findings(submission, "limit_exceeded") == []


def test_a_blank_limit_is_never_guessed(world: World, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    dust = PollutantFactory(code="dust")
    EmissionLimitFactory(pollutant=dust, limit_mg_m3=None)
    stack_test(world, submission, "9999", pollutant=dust)
    (finding,) = [found for found in findings(submission) if found.row.startswith("stack_test")]
    assert finding.code == "limit_unknown" and not finding.is_open


def test_a_stock_that_does_not_add_up(world: World, fill_in: Act) -> None:
    def with_stock(closing: str) -> list[Finding]:
        extras = {"opening_stock": "0.5", "taken_away": "1", "closing_stock": closing}
        return findings(
            fill_in(
                world.submission(world.hami, 3),
                world.clerk,
                {"waste:waste_oil/sold": Cell(value="800", unit="kg", extras=extras)},
            )
        )

    assert with_stock("0.3") == []
    (finding,) = with_stock("0.2")
    assert finding.code == "waste_balance" and "0.1 t" in finding.message


def test_many_sheets_cost_no_more_queries_than_one(world: World, fill_in: Act) -> None:
    fill_in(world.submission(world.hami, 1), world.clerk)
    submissions = list(Submission.objects.with_place())  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as one:
        load_sheets(submissions[:1])
    with CaptureQueriesContext(connection) as many:
        sheets = load_sheets(submissions)
    assert len(sheets) == 24
    assert len(many) == len(one)


def test_after_a_standstill_the_usual_value_is_compared(world: World, fill_in: Act) -> None:
    """The month before says nothing of a change, and 30 times lies between two slips."""
    fill_in(world.submission(world.hami, 1), world.clerk)
    fill_in(world.submission(world.hami, 2), world.clerk, {"resource:coal": Cell(value="0", unit="t")})
    submission = fill_in(world.submission(world.hami, 3), world.clerk, {"resource:coal": Cell(value="159000")})
    (finding,) = findings(submission)
    assert finding.code == "jump" and "+2,900.0 % against what is usual here (5,300)" in finding.message


def test_what_is_kept_must_be_what_was_typed(world: World, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    ResourceUse.objects.filter(submission=submission, resource_item=world.electricity).update(quantity=7)
    (finding,) = findings(submission)
    assert finding.code == "not_as_typed" and finding.severity == "error"
    assert "280.5 万kWh was typed and 7 kWh is kept" in finding.message
    fill_in(submission, world.clerk)
    assert findings(submission) == []


def test_an_annual_form_stands_beside_the_year_before_however_long_it_was(world: World, db: None) -> None:
    """After a year of 15 months, the one before began 15 months earlier."""
    services.open_year(
        ReportingYearFactory(code="2018-19", starts_on=dt.date(2018, 10, 1), ends_on=dt.date(2019, 12, 31))
    )
    target = TargetFactory(code="saving", unit_code="kWh", base_year=2015)
    SiteTarget.objects.create(site=world.hami, target=target)
    AssignmentFactory(site=world.hami, section="environment_targets")
    for year in ReportingYear.objects.all():
        services.match_assignments(year)
    before, now = Submission.objects.filter(section="environment_targets").order_by("period__starts_on")
    for submission, value in ((before, "100"), (now, "1000")):
        save_cells(submission_id=submission.pk, user=None, revision=None, cells={"target:saving": Cell(value=value)})
    (row,) = load_sheet(now).rows.values()
    assert row.previous_quantity == 100 and row.change == 900
    assert [finding.code for finding in findings(now)] == ["scale"]
