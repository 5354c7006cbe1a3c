"""The roster: what it comes to, what its page says of it, and that all of it is saved or nothing."""

import datetime as dt
import hashlib
from decimal import Decimal

from django.urls import reverse

from apps.submissions import checks, services
from apps.submissions.entry import Cell
from apps.submissions.sheets import load_sheet
from apps.workforce.models import Dimension, RosterUpload, WorkforceCount, WorkforceGroup
from apps.workforce.roster.people import age_on
from tests.factories import ReportingYearFactory, World
from tests.saving import save_cells
from tests.submissions.exchange_files import csv_bytes
from tests.workforce.rosters import (
    SignIn,
    breakdown,
    confirm,
    derived,
    line,
    problems,
    roster,
    send,
    stored,
    text_of,
    totals,
)

# Somebody for every rule; the numbers below are worked out by hand.
PEOPLE = (
    # 29 on the first day of the year, 30 on the last.
    line(birth_date="1990-12-31"),
    # 29 on the last day; hired in the year.
    line(gender="men", birth_date="1991-01-01", hire_date="2020-03-01", category="middle", origin="other_mainland",
         trained="no", training_hours="0"),
    # 50 on the first day, 51 on the last.
    line(gender="men", birth_date="1969-12-31", hire_date="2000-01-01", employment_type="part_time", category="senior",
         origin="hong_kong", training_hours="16.5"),
    # Leaves on the last day, and so has left.
    line(birth_date="1970-01-01", hire_date="2010-01-01", leaving_date="2020-12-31", training_hours="4"),
    # Comes and goes within the year.
    line(gender="men", birth_date="2000-02-29", hire_date="2020-02-01", leaving_date="2020-06-30", origin="elsewhere",
         trained="no", training_hours="0"),
    line(employment_type="dispatched", hire_date="2019-01-01", training_hours="10"),
    # Left before the year; hired after it.
    line(leaving_date="2019-12-31"),
    line(hire_date="2021-01-01"),
)  # fmt: skip
# By measure what is not zero.
WORKED_OUT: dict[str, dict[str, str]] = {
    "year_end": {
        "women": "1", "men": "2", "full_time": "2", "part_time": "1", "dispatched": "1",
        "below_30": "1", "from_30_to_50": "1", "above_50": "1",
        "local": "1", "other_mainland": "1", "hong_kong": "1", "senior": "1", "middle": "1", "general": "1",
    },
    "year_start": {
        "women": "2", "men": "1", "full_time": "2", "part_time": "1", "dispatched": "1",
        "below_30": "1", "from_30_to_50": "2", "local": "2", "hong_kong": "1", "senior": "1", "general": "2",
    },
    "hired": {"men": "2"},
    "leavers": {
        "women": "1", "men": "1", "full_time": "2", "below_30": "1", "from_30_to_50": "1",
        "local": "1", "elsewhere": "1", "general": "2",
    },
    "trained": {
        "women": "1", "men": "1", "full_time": "1", "part_time": "1", "dispatched": "1",
        "from_30_to_50": "1", "above_50": "1", "local": "1", "hong_kong": "1", "senior": "1", "general": "1",
    },
    "training_hours": {
        "women": "12", "men": "16.5", "full_time": "12", "part_time": "16.5", "dispatched": "10",
        "from_30_to_50": "12", "above_50": "16.5", "local": "12", "hong_kong": "16.5", "senior": "16.5",
        "general": "12",
    },
}  # fmt: skip


EXPECTED = {
    f"headcount:{measure}/{group}": total for measure, groups in WORKED_OUT.items() for group, total in groups.items()
}


def test_a_roster_fills_the_breakdown(workforce_world: World, sign_in: SignIn) -> None:
    """16 groups in five measures and two in the sixth: all are filled, with zeros too."""
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    preview = derived(client, submission, *PEOPLE)
    assert totals(preview) == EXPECTED
    assert (preview.context["kept"].line_count, preview.context["kept"].not_in_year) == (8, 2)
    assert not stored(submission) and not RosterUpload.objects.exists(), "the preview saves nothing"

    answer = confirm(client, preview)
    assert (answer.status_code, answer["Location"]) == (302, reverse("submissions:edit", args=[submission.pk]))
    kept = stored(submission)
    assert len(kept) == 16 * 5 + 2
    assert {row: total for row, total in kept.items() if total} == {
        row: Decimal(total) for row, total in EXPECTED.items()
    }
    assert set(WorkforceCount.objects.values_list("method", "note", "entered_by")) == {
        ("recorded", "", workforce_world.clerk.pk)
    }
    upload = RosterUpload.objects.get()
    digest = hashlib.sha256(csv_bytes(roster(*PEOPLE))).hexdigest()
    assert (upload.submission, upload.sha256, upload.line_count) == (submission, digest, 8)
    assert upload.entered_by == workforce_world.clerk
    submission.refresh_from_db()
    assert (submission.revision, submission.saved_by) == (1, workforce_world.clerk)


def test_the_checks_find_nothing_wrong_with_what_a_roster_fills(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    confirm(client, derived(client, submission, *PEOPLE))
    assert [finding.message for finding in checks.run(load_sheet(submission))] == []


def test_the_preview_shows_sums_and_what_is_stored_now(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    save_cells(
        submission_id=submission.pk,
        user=workforce_world.clerk,
        revision=None,
        cells={
            "headcount:year_end/women": Cell(value="1"),
            "headcount:year_end/men": Cell(value="7"),
            "headcount:year_start/men": Cell(how="not_measured", note="lost"),
        },
    )
    preview = derived(client, submission, *PEOPLE)
    page = preview.context["page"]
    assert page.changes == 16 * 5 + 2 - 1
    by_gender, by_type = page.matrix.blocks[0], page.matrix.blocks[1]
    sums = [[total.text for total in block.sums] for block in (by_gender, by_type)]
    assert (by_gender.title, sums[0]) == ("Gender", ["3", "3", "2", "2", "2", "28.5"])
    assert [line.title for line in by_type.apart] == ["Dispatched workers", "Interns"]
    assert sums[1] == ["3", "3", "", "2", "2", "28.5"], "hired is asked by gender alone; those apart are no part"
    women, men = ([(cell.row.value, cell.row.previous) for cell in line.cells] for line in by_gender.lines)
    assert women[0] == ("1", "–") and women[1][1] == "–", "the same is stored, and nothing"
    assert men[0] == ("2", "7") and men[1][1] == "Not measured"
    assert "now 7" in text_of(preview) and "now Not measured" in text_of(preview)


def test_the_same_roster_again_changes_nothing(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    confirm(client, derived(client, submission, *PEOPLE))
    first = RosterUpload.objects.get()
    again = derived(client, submission, *PEOPLE)
    assert again.context["page"].changes == 0
    assert confirm(client, again).status_code == 302
    upload = RosterUpload.objects.get()
    assert upload.pk == first.pk and upload.entered_at > first.entered_at
    submission.refresh_from_db()
    assert submission.revision == 2
    confirm(client, derived(client, submission, *PEOPLE, line()))
    assert RosterUpload.objects.count() == 2
    assert stored(submission)["headcount:year_end/women"] == 2


def test_young_people_are_flagged_and_odd_lines_warned_of(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    preview = derived(
        client,
        submission,
        line(),
        # 17 on the last day, and 18 on it.
        line(birth_date="2003-01-01", hire_date="2020-05-01"),
        line(birth_date="2002-12-31", hire_date="2020-12-31"),
        # 16 on the day of the hire.
        line(birth_date="1999-06-01"),
        # 75 on the last day, and 76 on it.
        line(birth_date="1945-01-01", hire_date="1990-01-01"),
        line(birth_date="1944-12-31", hire_date="1990-01-01"),
        line(birth_date="1930-01-01", hire_date="1949-12-31"),
        line(trained="no"),
        line(training_hours="0"),
        # Not in this year: nobody's concern.
        line(birth_date="1930-01-01", hire_date="1949-12-31", leaving_date="2019-01-01"),
    )
    page = preview.context["page"]
    assert [(flag.label.partition(".")[0], flag.rows) for flag in page.flags] == [
        ("Under 18 at the end of the year", "3"),
        ("Under 18 at hire", "5"),
    ]
    assert [(warning.label.partition(",")[0], warning.rows) for warning in page.warnings] == [
        ("Older than 75. Look at the birth date.", "7, 8"),
        ("Hired before 1950. Look at the hire date.", "8"),
        ("Not trained", "9"),
        ("Trained", "10"),
    ]
    assert "Rows 7, 8" in text_of(preview) and "Row 3" in text_of(preview)
    assert confirm(client, preview).status_code == 302
    assert len(stored(submission)) == 82


def test_of_many_lines_to_look_at_the_first_are_named(workforce_world: World, sign_in: SignIn) -> None:
    lines = [line(trained="no") for _ in range(230)]
    preview = derived(sign_in(workforce_world.clerk), breakdown(workforce_world), *lines)
    (warning,) = preview.context["page"].warnings
    assert (warning.count, warning.more, len(warning.rows.split(", "))) == (230, 30, 200)
    assert "201 and 30 more" in text_of(preview)


def test_who_is_no_employee_counts_in_the_own_group_alone(workforce_world: World, sign_in: SignIn) -> None:
    preview = derived(
        sign_in(workforce_world.clerk),
        breakdown(workforce_world),
        line(employment_type="interns", hire_date="2020-07-01", leaving_date="2020-08-31", training_hours="12"),
        line(employment_type="劳务派遣", hire_date="2019-07-01", training_hours="2.5"),
    )
    assert totals(preview) == {
        "headcount:leavers/interns": "1",
        "headcount:training_hours/interns": "12",
        "headcount:year_start/dispatched": "1",
        "headcount:year_end/dispatched": "1",
        "headcount:trained/dispatched": "1",
        "headcount:training_hours/dispatched": "2.5",
    }


def test_age_groups_take_both_their_ends(workforce_world: World, sign_in: SignIn) -> None:
    preview = derived(
        sign_in(workforce_world.clerk),
        breakdown(workforce_world),
        line(birth_date="1991-01-01"),
        *(line(birth_date=born) for born in ("1990-12-31", "1970-01-01")),
        *(line(birth_date=born) for born in ("1969-12-31", "1969-12-30", "1950-01-01")),
    )
    found = totals(preview)
    of_age = [found[f"headcount:year_end/{group}"] for group in ("below_30", "from_30_to_50", "above_50")]
    assert of_age == ["1", "2", "3"]


def test_a_birthday_on_29_february_is_on_1_march_of_other_years(workforce_world: World, sign_in: SignIn) -> None:
    """Leavers and their hours count by the age on the day of leaving."""
    services.open_year(ReportingYearFactory(code="2022"))
    preview = derived(
        sign_in(workforce_world.clerk),
        breakdown(workforce_world, "2022"),
        line(birth_date="1992-02-29", leaving_date="2022-02-28", training_hours="3"),
        line(birth_date="1992-02-29", leaving_date="2022-03-01", training_hours="5"),
    )
    found = totals(preview)
    assert [found[f"headcount:leavers/{group}"] for group in ("below_30", "from_30_to_50")] == ["1", "1"]
    assert [found[f"headcount:training_hours/{group}"] for group in ("below_30", "from_30_to_50")] == ["3", "5"]


def test_the_16th_birthday_on_29_february(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    assert age_on(dt.date(2000, 2, 29), dt.date(2016, 2, 28)) == 15
    for hired, status in (("2016-02-28", 422), ("2016-02-29", 302)):
        content = csv_bytes(roster(line(birth_date="2000-02-29", hire_date=hired)))
        assert send(client, submission, content).status_code == status


# Words, groups and dimensions that an administrator keeps -----------------------------------------------------------


def test_a_group_that_took_the_place_of_another_is_told_by_the_day(workforce_world: World, sign_in: SignIn) -> None:
    """Both are asked for in the year; each measure speaks of one day."""
    WorkforceGroup.objects.filter(code="general").update(valid_until=dt.date(2020, 6, 30))
    old = WorkforceGroup.objects.get(code="general")
    WorkforceGroup.objects.create(
        code="general_new",
        name_en=old.name_en,
        name_zh_hans=old.name_zh_hans,
        name_zh_hant=old.name_zh_hant,
        dimension=old.dimension,
        roster_words=old.roster_words,
        valid_from=dt.date(2020, 7, 1),
    )
    preview = derived(
        sign_in(workforce_world.clerk),
        breakdown(workforce_world),
        line(category="staff"),
        line(category="general staff", leaving_date="2020-03-31"),
    )
    found = totals(preview)
    assert {row: found[row] for row in found if "/general" in row} == {
        "headcount:year_start/general": "2",
        "headcount:leavers/general": "1",
        "headcount:training_hours/general": "8",
        "headcount:year_end/general_new": "1",
        "headcount:trained/general_new": "1",
        "headcount:training_hours/general_new": "8",
    }


def test_only_groups_of_the_year_are_filled(workforce_world: World, sign_in: SignIn) -> None:
    WorkforceGroup.objects.filter(code="hong_kong").update(valid_until=dt.date(2019, 12, 31))
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    answer = send(client, submission, csv_bytes(roster(line(origin="hong_kong"))))
    ((_row, column, message),) = problems(answer)
    assert column == "origin (H)" and "Hong Kong" not in message
    confirm(client, derived(client, submission, line()))
    assert len(stored(submission)) == 15 * 5 + 2


def test_a_word_of_two_groups_is_asked_about(workforce_world: World, sign_in: SignIn) -> None:
    WorkforceGroup.objects.filter(code="senior").update(roster_words="boss，middle、干部")
    WorkforceGroup.objects.filter(code="middle").update(roster_words="Boss, foreman")
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    answer = send(client, submission, csv_bytes(roster(line(category="BOSS"))))
    ((row, column, message),) = problems(answer)
    assert (row, column) == (2, "category (G)") and "stands for more than one" in message
    preview = derived(client, submission, line(category="middle"), line(category="干部"))
    assert totals(preview)["headcount:year_end/middle"] == "1", "a code is stronger than a word"
    assert totals(preview)["headcount:year_end/senior"] == "1"


def test_an_age_between_the_groups_is_named(workforce_world: World, sign_in: SignIn) -> None:
    WorkforceGroup.objects.filter(code="above_50").update(age_from=60)
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    answer = send(client, submission, csv_bytes(roster(line(), line(birth_date="1965-01-01"))))
    ((row, column, message),) = problems(answer)
    assert (row, column) == (3, "birth_date (C)") and "No age group takes somebody of 54" in message
    # Nobody asks for the age of people who are listed apart. (54: at year start, on the last day of the year before.)
    derived(client, submission, line(birth_date="1965-01-01", employment_type="interns"))


def test_a_dimension_without_a_column_stays_as_it_is(workforce_world: World, sign_in: SignIn) -> None:
    Dimension.objects.filter(code="region").update(roster_column=None)
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    save_cells(
        submission_id=submission.pk,
        user=workforce_world.clerk,
        revision=None,
        cells={"headcount:year_end/local": Cell(value="4")},
    )
    preview = derived(client, submission, line(origin="whatever"))
    assert "enter them on the form: Region of origin" in text_of(preview)
    confirm(client, preview)
    kept = stored(submission)
    assert kept["headcount:year_end/local"] == 4 and "headcount:year_start/local" not in kept


def test_the_age_at_year_start_is_that_of_the_last_day_before(workforce_world: World, sign_in: SignIn) -> None:
    """Or somebody born on 1 January would stand in another group than at the end of the year before."""
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    found = totals(derived(client, submission, line(birth_date="1990-01-01", hire_date="2015-01-01")))
    assert found["headcount:year_start/below_30"] == "1"
    assert found["headcount:year_end/from_30_to_50"] == "1"
