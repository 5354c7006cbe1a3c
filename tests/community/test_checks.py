"""What the checks say of contributions and of local hiring."""

import pytest

from apps.submissions import checks, services
from apps.submissions.findings import Finding
from apps.submissions.models import Submission
from apps.submissions.sheets import load_sheet, load_sheets
from tests.community.records import (
    approve,
    month,
    put_contribution,
    put_hiring,
    put_rate,
    put_receipt,
    whole_year,
)
from tests.factories import ReportingYearFactory, World


def found(submission: Submission, *codes: str) -> list[Finding]:
    return [finding for finding in checks.run(load_sheet(submission), for_submission=False) if finding.code in codes]


# The same twice -------------------------------------------------------------------------------------------------------


def test_the_same_on_the_same_day_wants_a_word(community_world: World) -> None:
    march = month(community_world.hami, 3)
    put_contribution(march, 500, what="Books", for_whom="First school")
    for differs in (
        {"what": "Pens"},
        {"money": 501},
        {"area": "health"},
        {"day": 11},
        {"hours": "2", "people": 1},
        {"hours": "3", "people": 1},
        {"hours": "3", "people": 2},
        {"goods": 1},
    ):
        put_contribution(march, **{"money": 500, "what": "Books", "for_whom": f"{differs}", **differs})
    assert found(march, "contribution_twice") == []
    again = put_contribution(march, "500.00", what=" books ", for_whom="Second school")
    (warning,) = found(march, "contribution_twice")
    assert (warning.severity, warning.row) == ("warning", f"contribution:{again.pk}")
    assert "the same was given on 2020-03-10 too, for: First school" in warning.message


def test_the_same_money_in_two_months_wants_a_word(community_world: World) -> None:
    hami = community_world.hami
    march, may = month(hami, 3), month(hami, 5)
    put_contribution(march, 500, what="Books")
    put_contribution(march, hours="4", people=2, what="Visit")
    put_contribution(may, hours="4", people=2, what="Visit")
    put_contribution(month(community_world.baishan, 5), 500, what="Books")
    assert found(may, "contribution_twice") == []
    again = put_contribution(may, 500, what="Books", day=3)
    (warning,) = found(may, "contribution_twice")
    assert warning.row == f"contribution:{again.pk}" and "on 2020-03-10 too" in warning.message
    assert len(found(march, "contribution_twice")) == 1
    # A month that stands is not asked about what was entered after it.
    approve(march, community_world.clerk, community_world.reviewer)
    assert found(month(hami, 3), "contribution_twice") == []
    assert len(found(may, "contribution_twice")) == 1


def test_many_months_are_looked_at_together_and_each_site_by_itself(community_world: World) -> None:
    march, may = (month(community_world.hami, number) for number in (3, 5))
    elsewhere = month(community_world.baishan, 5)
    for submission in (march, may, elsewhere):
        put_contribution(submission, 500, what="Books")
    sheets = load_sheets([march, may, elsewhere])
    warned = {
        submission.pk: [finding.code for finding in checks.run(sheets[submission.pk], for_submission=False)]
        for submission in (march, may, elsewhere)
    }
    assert warned == {march.pk: ["contribution_twice"], may.pk: ["contribution_twice"], elsewhere.pk: []}


def test_months_24_before_and_after_are_looked_at(community_world: World) -> None:
    hami = community_world.hami
    for year in ("2018", "2022"):
        services.open_year(ReportingYearFactory(code=year))
    march = month(hami, 3)
    for year, number, what in (("2018", 2, "A"), ("2018", 3, "B"), ("2022", 3, "C"), ("2022", 4, "D")):
        put_contribution(month(hami, number, year), 500, what=what)
        put_contribution(march, 500, what=what)
    assert [finding.message[0] for finding in found(march, "contribution_twice")] == ["B", "C"]
    # Of two months the earlier one is named, and a sheet looked at among others sees no more than alone.
    put_contribution(month(hami, 2), 500, what="C")
    sheets = load_sheets([march, month(hami, 2, "2018"), month(hami, 4, "2022")])
    twice = [f for f in checks.run(sheets[march.pk], for_submission=False) if f.code == "contribution_twice"]
    assert [(finding.message[0], "2020-02-10" in finding.message) for finding in twice] == [("B", False), ("C", True)]


# Hours and amounts ----------------------------------------------------------------------------------------------------


def test_a_day_has_24_hours_for_each_volunteer(community_world: World) -> None:
    march = month(community_world.hami, 3)
    put_contribution(march, hours="72", people=3)
    assert found(march, "volunteer_hours") == []
    long = put_contribution(march, hours="72.5", people=3)
    (warning,) = found(march, "volunteer_hours")
    assert (warning.severity, warning.row) == ("warning", f"contribution:{long.pk}")
    assert "72.5 hours of 3 volunteers are 24.2 hours each" in warning.message


def test_without_earlier_ones_more_than_a_million_wants_a_word(community_world: World) -> None:
    march = month(community_world.hami, 3)
    put_contribution(month(community_world.baishan, 2), 100)
    put_contribution(month(community_world.hami, 2), hours="4", people=2)
    put_contribution(month(community_world.hami, 4), 100)
    put_contribution(march, 400_000, 600_000)
    assert found(march, "large_contribution") == []
    large = put_contribution(march, 400_000, "1_100_000")
    (warning,) = found(march, "large_contribution")
    assert (warning.severity, warning.row) == ("warning", f"contribution:{large.pk}")
    assert "RMB 1,500,000 (150 × 10,000) is a large amount" in warning.message


def test_a_hundred_times_the_usual_wants_a_word(community_world: World) -> None:
    hami = community_world.hami
    services.open_year(ReportingYearFactory(code="2019"))
    for number, money in ((11, 300), (12, 90_000)):
        put_contribution(month(hami, number, "2019"), money)
    put_contribution(month(hami, 2), 100, 400)
    march = month(hami, 3)
    # The middle of 300, 500 and 90,000.
    put_contribution(march, 50_000)
    assert found(march, "large_contribution") == []
    put_rate("7.0001")
    large = put_contribution(march, "7142.76", currency="USD")
    (warning,) = found(march, "large_contribution")
    assert warning.row == f"contribution:{large.pk}"
    assert "RMB 50,000.03 (5.000003 × 10,000) is more than a hundred times" in warning.message
    assert "usually gives (RMB 500)" in warning.message


def test_above_ten_thousand_there_is_a_receipt(community_world: World) -> None:
    world = community_world
    march = month(world.hami, 3)
    put_contribution(march, 9_000, 1_000)
    assert found(march, "contribution_without_evidence") == []
    given = put_contribution(march, 9_000, "1000.01")
    other = put_contribution(march, 20_000)
    rows = {warning.row: warning.severity for warning in found(march, "contribution_without_evidence")}
    assert rows == {f"contribution:{given.pk}": "warning", f"contribution:{other.pk}": "warning"}
    put_receipt(given, world.clerk)
    (warning,) = found(march, "contribution_without_evidence")
    assert warning.row == f"contribution:{other.pk}"
    assert "RMB 20,000, and no evidence is attached" in warning.message


def test_a_foreign_amount_tells_its_rate(community_world: World) -> None:
    march = month(community_world.hami, 3)
    put_contribution(march, 100)
    put_rate("0.9", currency="HKD", source="Test bank")
    put_contribution(march, "10000.55", 20, currency="HKD", what="Desks")
    (notice,) = found(march, "contribution_converted")
    assert notice.severity == "notice"
    assert notice.message == (
        "Desks: HKD 10,000.55 × 0.9 = RMB 9,000.50; 20 × 0.9 = RMB 18.00, by the rate of 2020-03-02 (Test bank)."
    )


# Local hiring ---------------------------------------------------------------------------------------------------------


def test_no_more_are_local_than_were_hired(community_world: World) -> None:
    form = whole_year(community_world.hami)
    hires, local = put_hiring(form, "hires", 20), put_hiring(form, "local_hires", 20)
    surplus = put_hiring(form, "surplus_labour", 20)
    assert found(form, "more_than_hired") == []
    for record, value in ((surplus, 21), (local, 21), (hires, 20)):
        record.quantity = record.entered_value = value  # type: ignore[assignment]
        record.save()
    too_many = found(form, "more_than_hired")
    assert [(error.severity, error.row) for error in too_many] == [
        ("error", "local_hiring:local_hires"), ("error", "local_hiring:surplus_labour"),
    ]  # fmt: skip
    local.quantity = local.entered_value = 20  # type: ignore[assignment]
    local.save()
    (error,) = found(form, "more_than_hired")
    assert error.row == "local_hiring:surplus_labour"
    assert "Of these local surplus labour: 21" in error.message
    # Where nobody counts those of the region, surplus labour is of the hires.
    local.state, local.note, local.method, local.entered_unit = "not_applicable", "no region", "", ""
    local.quantity = local.entered_value = None
    local.save()
    (error,) = found(form, "more_than_hired")
    assert error.row == "local_hiring:surplus_labour" and "Hires in the year: 20" in error.message
    surplus.quantity = surplus.entered_value = 20  # type: ignore[assignment]
    surplus.save()
    assert found(form, "more_than_hired") == []


@pytest.mark.parametrize(
    ("people", "days", "row", "sentence"),
    [
        (2, 732, "", ""),
        (0, 0, "", ""),
        (1, 1, "", ""),
        (2, 733, "farm_leave_days", "733 days of farm leave are more than the year has for 2 people."),
        (0, 5, "farm_leave_people", "5 days of farm leave, and nobody who took it."),
        (3, 0, "farm_leave_days", "3 people took farm leave, and no day of it is entered."),
    ],
)
def test_farm_leave_is_of_people_and_within_the_year(
    community_world: World, people: int, days: int, row: str, sentence: str
) -> None:
    form = whole_year(community_world.hami)  # 2020 has 366 days
    put_hiring(form, "farm_leave_days", days)
    assert found(form, "farm_leave") == []  # while the people are not answered yet
    put_hiring(form, "farm_leave_people", people)
    errors = found(form, "farm_leave")
    assert [(error.severity, error.row) for error in errors] == ([("error", f"local_hiring:{row}")] if row else [])
    assert not row or sentence in errors[0].message


def test_farm_leave_of_nobody_knows_how_many_is_an_error(community_world: World) -> None:
    form = whole_year(community_world.hami)
    put_hiring(form, "farm_leave_days", 5)
    people = put_hiring(form, "farm_leave_people", 0)
    people.state, people.note, people.method, people.entered_unit = "not_measured", "nobody counted", "", ""
    people.quantity = people.entered_value = None
    people.save()
    assert [error.row for error in found(form, "farm_leave")] == ["local_hiring:farm_leave_people"]
