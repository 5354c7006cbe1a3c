"""What the database refuses about the workforce, tried by SQL: no form stands between."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from apps.audit.models import Change
from apps.submissions.models import Record, Submission
from apps.workforce.models import (
    Remedy,
    SiteLabourItem,
    StandardItem,
    WorkforceGroup,
    YearConvention,
)
from tests.by_hand import refused
from tests.factories import World
from tests.published import mark_published
from tests.workforce.every_kind import MAKE
from tests.workforce.records import (
    approve,
    breakdown,
    month,
    put_count,
    put_course,
    put_follow_up,
    put_injury,
    put_labour,
    put_standard,
    standards,
)


def taken(sql: str, *params: object) -> int:
    """Runs ``sql`` and returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


# Whole numbers and none below zero ----------------------------------------------------------------------------------

HALF = "quantity = 1.5, entered_value = 1.5"
FRACTION = f"{HALF} WHERE id = %s"


def test_persons_are_whole(workforce_world: World) -> None:
    form = breakdown(workforce_world.hami)
    women, hours = put_count(form, "year_end", "women", 80), put_count(form, "training_hours", "women", 80)
    assert "1.5" in refused(f"UPDATE workforce_workforcecount SET {FRACTION}", women.pk)
    assert "no whole number" in refused(f"UPDATE workforce_workforcecount SET {HALF}"), "one of many"
    assert taken(f"UPDATE workforce_workforcecount SET {FRACTION}", hours.pk) == 1
    copy = (
        "INSERT INTO workforce_workforcecount (submission_id, entered_at, note, state, method, entered_value, "
        "entered_unit, quantity, measure_id, group_id) SELECT submission_id, entered_at, '', state, method, 2.5, "
        "entered_unit, 2.5, measure_id, (SELECT id FROM workforce_workforcegroup WHERE code = 'men') "
        "FROM workforce_workforcecount WHERE id = %s"
    )
    assert "no whole number" in refused(copy, women.pk)
    assert taken(copy, hours.pk) == 1


def test_people_of_a_month_and_cases_are_whole(workforce_world: World) -> None:
    form, statement = month(workforce_world.hami, 3), standards(workforce_world.hami)
    checked, worked = put_labour(form, "health_checks_done", 3), put_labour(form, "hours_worked", 3)
    assert "no whole number" in refused(f"UPDATE workforce_labourrecord SET {FRACTION}", checked.pk)
    assert taken(f"UPDATE workforce_labourrecord SET {FRACTION}", worked.pk) == 1
    age = put_standard(statement, "youngest_age", 18)
    assert "no whole number" in refused(f"UPDATE workforce_standardrecord SET {FRACTION}", age.pk)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("workforce_workforcecount", "quantity = -1, entered_value = -1"),
        ("workforce_labourrecord", "quantity = -1, entered_value = -1"),
        ("workforce_standardrecord", "quantity = -1, entered_value = -1"),
        ("workforce_injury", "days_lost = -1"),
        ("workforce_injuryfollowup", "days_lost = -1"),
        ("workforce_trainingcourse", "women = -1, men = general + 1"),
        ("workforce_trainingcourse", "senior = -1, general = women + men + 1"),
        ("workforce_rosterupload", "line_count = -1"),
    ],
)
def test_nothing_is_negative(workforce_world: World, table: str, change: str) -> None:
    model = next(model for model in RECORDS if model._meta.db_table == table)
    MAKE[model](workforce_world, 0)
    words = refused(f"UPDATE {table} SET {change}")
    assert "not_negative" in words or "_check" in words


# Cases --------------------------------------------------------------------------------------------------------------


def test_a_follow_up_is_of_the_same_site(workforce_world: World) -> None:
    case = put_injury(month(workforce_world.hami, 3))
    with pytest.raises(IntegrityError, match="of the same site"), transaction.atomic():
        put_follow_up(month(workforce_world.baishan, 4), case)
    own = put_follow_up(month(workforce_world.hami, 4), case)
    other = put_injury(month(workforce_world.baishan, 3))
    move = "UPDATE workforce_injuryfollowup SET case_id = %s WHERE id = %s"
    assert "of the same site" in refused(move, other.pk, own.pk)


@pytest.mark.parametrize("number", [2, 3])
def test_a_follow_up_is_of_a_later_month(workforce_world: World, number: int) -> None:
    case = put_injury(month(workforce_world.hami, 3), day=1)
    with pytest.raises(IntegrityError, match="of an earlier"), transaction.atomic():
        put_follow_up(month(workforce_world.hami, number), case)


def test_nothing_follows_a_death(workforce_world: World) -> None:
    case = put_injury(month(workforce_world.hami, 3), severity="fatal")
    with pytest.raises(IntegrityError, match="not fatal"), transaction.atomic():
        put_follow_up(month(workforce_world.hami, 4), case)


def test_nobody_dies_twice_and_no_line_comes_after_a_death(workforce_world: World) -> None:
    case = put_injury(month(workforce_world.hami, 3), severity="serious")
    put_follow_up(month(workforce_world.hami, 6), case, severity="fatal")
    for number, severity in ((7, "fatal"), (7, "serious"), (5, "fatal")):
        with pytest.raises(IntegrityError, match="nothing follows the death"), transaction.atomic():
            put_follow_up(month(workforce_world.hami, number), case, severity=severity)
    assert put_follow_up(month(workforce_world.hami, 5), case, severity="serious").pk


def test_an_injury_that_is_followed_up_becomes_no_death_of_its_own_month(workforce_world: World) -> None:
    """Its month may be open again; the follow-up tells of the death, and both would be counted."""
    case = put_injury(month(workforce_world.hami, 3), severity="serious")
    put_follow_up(month(workforce_world.hami, 4), case, severity="fatal")
    for change in (
        "severity = 'fatal', outcome = 'closed'",
        "happened_on = '2020-04-01'",
        "happened_on = '2020-03-09'",
        "case_number = 'other'",
    ):
        assert "is followed by later months" in refused(f"UPDATE workforce_injury SET {change} WHERE id = %s", case.pk)
    assert taken("UPDATE workforce_injury SET days_lost = 12 WHERE id = %s", case.pk) == 1


def test_an_injury_that_nothing_follows_can_be_put_right(workforce_world: World) -> None:
    case = put_injury(month(workforce_world.hami, 3), severity="serious")
    death = "severity = 'fatal', outcome = 'closed', happened_on = '2020-03-09', case_number = 'other'"
    assert taken(f"UPDATE workforce_injury SET {death} WHERE id = %s", case.pk) == 1


@pytest.mark.parametrize("table", ["injury", "injuryfollowup"])
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("severity = 'fatal', action = 'x'", "fatal_is_closed"),
        ("severity = 'fatal', action = 'x', outcome = 'returned', returned_on = '2020-04-02'", "fatal_is_closed"),
        ("outcome = 'returned'", "return_has_a_day"),
        ("returned_on = '2020-04-02'", "return_has_a_day"),
        ("outcome = 'closed', returned_on = '2020-04-02'", "return_has_a_day"),
        ("severity = 'serious', action = ''", "grave_is_told"),
        ("severity = 'fatal', outcome = 'closed', action = ''", "grave_is_told"),
        ("days_lost = 32", "days_of_a_month"),
        ("severity = 'light', action = 'x'", "known_words"),
        ("outcome = 'asleep'", "known_words"),
    ],
)
def test_impossible_cases_are_refused(workforce_world: World, table: str, change: str, constraint: str) -> None:
    case = put_injury(month(workforce_world.hami, 3))
    if table == "injuryfollowup":
        put_follow_up(month(workforce_world.hami, 4), case)
    assert f"{table}_{constraint}" in refused(f"UPDATE workforce_{table} SET {change}")


def test_nobody_comes_back_before_the_accident(workforce_world: World) -> None:
    case = put_injury(month(workforce_world.hami, 3), day=10)
    back = "UPDATE workforce_injury SET outcome = 'returned', returned_on = %s WHERE id = %s"
    assert "injury_return_after_accident" in refused(back, dt.date(2020, 3, 9), case.pk)
    assert taken(back, dt.date(2020, 3, 10), case.pk) == 1


# Courses, dimensions, conventions, remedies -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("women = women + 1", "same_people"),
        ("senior = senior + 1", "same_people"),
        ("women = 0, men = 0, senior = 0, middle = 0, general = 0", "somebody"),
        ("hours = 0", "hours"),
        ("hours = 1000.01", "hours"),
    ],
)
def test_impossible_courses_are_refused(workforce_world: World, change: str, constraint: str) -> None:
    put_course(month(workforce_world.hami, 3), "2", women=3, men=4, senior=1)
    assert f"trainingcourse_{constraint}" in refused(f"UPDATE workforce_trainingcourse SET {change}")


def test_one_dimension_gives_the_total_and_stays_the_one(workforce_world: World) -> None:
    second = (
        "INSERT INTO workforce_dimension (code, position, name_en, name_zh_hans, name_zh_hant, gives_total, "
        "in_headcount, in_turnover, in_training) VALUES ('x', 1, 'x', 'x', 'x', %s, true, true, true)"
    )
    assert "dimension_one_total" in refused(second, True)
    assert taken(second, False) == 1
    for change in ("gives_total = true WHERE code = 'x'", "gives_total = false WHERE code = 'gender'"):
        assert "keeps its gives_total" in refused(f"UPDATE workforce_dimension SET {change}")


@pytest.mark.parametrize("change", ["turnover = 'guessed'", "lost_days = 'all'"])
def test_conventions_are_known_ones(workforce_world: World, change: str) -> None:
    YearConvention.objects.create(year=workforce_world.year)
    assert "yearconvention_known" in refused(f"UPDATE workforce_yearconvention SET {change}")


def test_the_conventions_of_a_published_year_stay(workforce_world: World) -> None:
    YearConvention.objects.create(year=workforce_world.year)
    assert taken("UPDATE workforce_yearconvention SET turnover = 'total'") == 1
    mark_published(workforce_world.year, workforce_world.lead)
    assert "published year" in refused("UPDATE workforce_yearconvention SET turnover = 'average'")
    assert "published year" in refused("DELETE FROM workforce_yearconvention")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [("ended_on = '2020-03-31'", "remedy_dates_in_order"), ("kind = 'rumour'", "remedy_known_kind")],
)
def test_impossible_remedies_are_refused(workforce_world: World, change: str, constraint: str) -> None:
    MAKE[Remedy](workforce_world, 0)
    assert constraint in refused(f"UPDATE workforce_remedy SET {change}")


# What was used is kept ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "dimension SET code = 'sex' WHERE code = 'gender'",
        "workforcegroup SET code = 'female' WHERE code = 'women'",
        "workforcegroup SET dimension_id = dimension_id + 1 WHERE code = 'women'",
        "workforcegroup SET age_to = 34 WHERE code = 'below_30'",
        "workforcegroup SET age_from = 18 WHERE code = 'below_30'",
        "workforcegroup SET is_local = true WHERE code = 'below_30'",
        "workforcegroup SET counts_in_total = false WHERE code = 'below_30'",
        "workforcemeasure SET code = 'x' WHERE kind = 'hired'",
        "workforcemeasure SET kind = 'x' WHERE kind = 'hired'",
        "workforcemeasure SET unit_code = 'pair' WHERE kind = 'year_end'",
        "labouritem SET code = 'x' WHERE code = 'earplugs'",
        "labouritem SET kind = 'hours_worked' WHERE code = 'earplugs'",
        "labouritem SET unit_code = 'pcs' WHERE code = 'earplugs'",
        "standarditem SET code = 'x' WHERE code = 'union_members'",
        "standarditem SET kind = 'child_labour' WHERE code = 'union_members'",
        "standarditem SET unit_code = 'case' WHERE code = 'union_members'",
        "accidenttype SET code = 'x' WHERE code = 'gb6441-01'",
        "diseasecategory SET code = 'x' WHERE code = 'skin'",
        "trainingtopic SET code = 'x' WHERE code = 'fire'",
        "yearconvention SET year_id = year_id + 1",
    ],
)
def test_what_figures_are_cut_by_stays(workforce_world: World, change: str) -> None:
    put_count(breakdown(workforce_world.hami), "year_end", "below_30", 10)
    put_labour(month(workforce_world.hami, 3), "earplugs", 10)
    put_standard(standards(workforce_world.hami), "union_members", 10)
    YearConvention.objects.create(year=workforce_world.year)
    assert "keeps its" in refused(f"UPDATE workforce_{change}")


@pytest.mark.parametrize(
    "change",
    [
        "workforcegroup SET age_to = 34 WHERE code = 'below_30'",
        "workforcegroup SET is_local = true WHERE code = 'elsewhere'",
        "labouritem SET unit_code = 'pcs' WHERE code = 'earplugs'",
        "workforcegroup SET valid_until = '2025-12-31' WHERE code = 'women'",
        "workforcemeasure SET jump_percent = 70 WHERE kind = 'year_end'",
        "yearconvention SET turnover = 'total'",
    ],
)
def test_what_nothing_rests_on_yet_can_be_put_right(workforce_world: World, change: str) -> None:
    put_count(breakdown(workforce_world.hami), "year_end", "women", 10)
    YearConvention.objects.create(year=workforce_world.year)
    assert taken(f"UPDATE workforce_{change}") == 1


# Locks and trail of every record kind -------------------------------------------------------------------------------

RECORDS: list[type[Record]] = [
    model for model in apps.get_app_config("workforce").get_models() if issubclass(model, Record)
]


ALL = pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)


def unanswered(world: World) -> None:
    """The second row of each grid is not asked for, so that completing the form leaves it free."""
    past = dt.date(2019, 12, 31)
    WorkforceGroup.objects.filter(code="men").update(valid_until=past)
    StandardItem.objects.filter(code="annual_leave").update(valid_until=past)
    SiteLabourItem.objects.filter(item__code="dust_masks").update(valid_until=past)


@ALL
def test_rows_of_an_approved_form_change_on_no_path(workforce_world: World, model: type[Record]) -> None:
    row = MAKE[model](workforce_world, 0)
    table = model._meta.db_table
    unanswered(workforce_world)
    if model is Remedy:
        put_standard(standards(workforce_world.hami), "child_labour", 1)
    form = approve(Submission.objects.get(pk=row.submission_id), workforce_world.clerk, workforce_world.reviewer)
    before = model._default_manager.filter(submission=form).count()
    assert "locked" in refused(f"UPDATE {table} SET note = 'x' WHERE id = %s", row.pk)
    assert "locked" in refused(f"DELETE FROM {table} WHERE id = %s", row.pk)
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        MAKE[model](workforce_world, 1)
    assert model._default_manager.filter(submission=form).count() == before


@ALL
def test_every_change_of_a_row_stands_in_the_trail(workforce_world: World, model: type[Record]) -> None:
    row = MAKE[model](workforce_world, 0)
    table = model._meta.db_table
    assert taken(f"UPDATE {table} SET note = 'looked up' WHERE id = %s", row.pk) == 1
    assert taken(f"DELETE FROM {table} WHERE id = %s", row.pk) == 1
    added, changed, gone = Change.objects.filter(table=table, row_id=row.pk).order_by("pk")
    assert [change.operation for change in (added, changed, gone)] == ["I", "U", "D"]
    assert {change.submission_id for change in (added, changed, gone)} == {row.submission_id}
    assert (changed.before["note"], changed.after["note"], gone.before["note"]) == ("", "looked up", "looked up")


@pytest.mark.parametrize(
    "table",
    [
        "dimension", "workforcegroup", "workforcemeasure", "labouritem", "standarditem", "accidenttype",
        "diseasecategory", "trainingtopic",
    ],
)  # fmt: skip
def test_changes_of_catalogues_stand_in_the_trail(workforce_world: World, table: str) -> None:
    start = Change.objects.count()
    touched = taken(f"UPDATE workforce_{table} SET position = position + 1")
    changes = Change.objects.filter(table=f"workforce_{table}", operation="U")
    assert touched == changes.count() == Change.objects.count() - start


def test_the_choice_of_a_convention_stands_in_the_trail(workforce_world: World) -> None:
    YearConvention.objects.create(year=workforce_world.year)
    YearConvention.objects.update(turnover="average")
    change = Change.objects.get(table="workforce_yearconvention", operation="U")
    assert (change.before["turnover"], change.after["turnover"]) == ("year_end", "average")
