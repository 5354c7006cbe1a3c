"""What the database refuses, tried by SQL and by the ORM's short cuts."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit.context import acting_as
from apps.environment.models import Resource, ResourceUse
from apps.organisation.choices import Role
from apps.organisation.models import Period, ReportingYear
from apps.submissions import comments
from apps.submissions.models import NothingToReport, Seal, Submission, SubmissionEvent
from apps.submissions.seals import seal
from tests.by_hand import refused
from tests.factories import ReportingYearFactory, ResourceFactory, World
from tests.published import mark_published

Act = Callable[..., Submission]


def test_rows_of_an_approved_submission_change_on_no_path(world: World, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    row = ResourceUse.objects.get(submission=submission, resource_item=world.diesel)

    assert "locked" in refused("UPDATE environment_resourceuse SET quantity = 1 WHERE id = %s", row.pk)
    assert "locked" in refused("DELETE FROM environment_resourceuse WHERE id = %s", row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResourceUse.objects.filter(pk=row.pk).update(quantity=Decimal(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    row.quantity = Decimal(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResourceUse.objects.bulk_update([row], ["quantity"])
    row.pk = None
    row.resource_item = world.coal
    with pytest.raises(IntegrityError), transaction.atomic():
        ResourceUse.objects.bulk_create([row])
    assert ResourceUse.objects.get(submission=submission, resource_item=world.diesel).quantity == 40


def test_a_submitted_submission_is_locked_as_well(world: World, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 3), world.clerk)
    words = refused("UPDATE environment_resourceuse SET note = 'x' WHERE submission_id = %s", submission.pk)
    assert "submitted" in words


def test_a_row_cannot_be_moved_into_or_out_of_a_submission(world: World, approve: Act, fill_in: Act) -> None:
    approved = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    draft = fill_in(world.submission(world.hami, 4), world.clerk)
    ResourceUse.objects.filter(submission=draft, resource_item=world.coal).delete()
    move = "UPDATE environment_resourceuse SET submission_id = %s WHERE submission_id = %s AND resource_item_id = %s"
    assert "stays" in refused(move, draft.pk, approved.pk, world.coal.pk)
    assert "stays" in refused(move, world.submission(world.hami, 5).pk, draft.pk, world.diesel.pk)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE submissions_submission SET state = 'approved' WHERE id = %s", "cannot go from draft to approved"),
        ("UPDATE submissions_submission SET revision = -1 WHERE id = %s", "only grows"),
        ("UPDATE submissions_submission SET site_id = site_id + 1 WHERE id = %s", "keeps its site"),
        ("UPDATE submissions_submission SET state = 'submitted' WHERE id = %s", "with a new revision only"),
        (
            "UPDATE submissions_submission SET state = 'submitted', revision = revision + 1 WHERE id = %s",
            "handed_in_by_someone",
        ),
        ("UPDATE submissions_submission SET state = 'lost' WHERE id = %s", "cannot go from draft to lost"),
    ],
)
def test_a_submission_moves_only_along_the_arrows(world: World, sql: str, words: str) -> None:
    assert words in refused(sql, world.submission(world.hami, 3).pk)


def test_no_move_without_an_event_and_no_approval_without_a_seal(world: World, hand_in: Act, approve: Act) -> None:
    handed_in = hand_in(world.submission(world.hami, 3), world.clerk)
    approved = approve(world.submission(world.hami, 4), world.clerk, world.reviewer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert "without an event" in refused(
        "UPDATE submissions_submission SET state = 'returned', revision = revision + 1 WHERE id = %s", handed_in.pk
    )
    assert "without an event" in refused(
        "UPDATE submissions_submission SET state = 'returned', revision = revision + 1, "
        "approved_by_id = NULL, approved_at = NULL WHERE id = %s",
        approved.pk,
    )
    SubmissionEvent.objects.create(
        submission=handed_in, verb="approved", actor=world.lead, revision=handed_in.revision + 1
    )
    assert "without a seal" in refused(
        "UPDATE submissions_submission SET state = 'approved', revision = revision + 1, "
        "approved_by_id = %s, approved_at = submitted_at WHERE id = %s",
        world.lead.pk,
        handed_in.pk,
    )


def test_an_approved_submission_keeps_its_stamps(world: World, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    words = refused("UPDATE submissions_submission SET approved_by_id = %s WHERE id = %s", world.lead.pk, submission.pk)
    assert "locked" in words


def test_the_database_refuses_an_approval_by_somebody_who_changed_a_row(world: World, hand_in: Act) -> None:
    helper = world.person("helper", Role.PREPARER, world.hami)
    submission = world.submission(world.hami, 3)
    with acting_as(helper, "test"):
        NothingToReport.objects.create(submission=submission, table="stack_test", stated_by=helper)
    submission = hand_in(submission, world.clerk)
    words = refused(
        "UPDATE submissions_submission SET state = 'approved', approved_by_id = %s, approved_at = now() WHERE id = %s",
        helper.pk,
        submission.pk,
    )
    assert "cannot approve it" in words


def test_a_worked_on_submission_cannot_be_deleted(world: World, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    assert "cannot be deleted" in refused("DELETE FROM submissions_submission WHERE id = %s", submission.pk)


def test_trails_are_append_only(world: World, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or TRUNCATE waits for checks of foreign keys
    for table in ("audit_change", "submissions_submissionevent", "submissions_seal"):
        assert "never changed" in refused(f"UPDATE {table} SET id = id WHERE id > 0")
        assert "never changed" in refused(f"DELETE FROM {table}")
        assert "truncating" in refused(f"TRUNCATE {table}")
    assert "truncating" in refused("TRUNCATE environment_resourceuse")
    assert SubmissionEvent.objects.filter(submission=submission).count() == 2
    assert Seal.objects.filter(submission=submission).count() == 1


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("quantity = -1, entered_value = -1", "resourceuse_not_negative"),
        ("quantity = NULL", "resourceuse_value_or_reason"),
        ("entered_unit = ''", "resourceuse_value_or_reason"),
        ("method = 'guessed'", "resourceuse_value_or_reason"),
        ("method = 'estimated', note = ''", "resourceuse_reason_given"),
        ("state = 'zero'", "resourceuse_known_state"),
        ("state = 'not_measured', note = 'meter broken'", "resourceuse_value_or_reason"),
    ],
)
def test_impossible_cells_are_refused(world: World, fill_in: Act, change: str, constraint: str) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    sql = f"UPDATE environment_resourceuse SET {change} WHERE submission_id = %s AND resource_item_id = %s"
    assert constraint in refused(sql, submission.pk, world.coal.pk)


def test_one_row_for_each_item(world: World, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    row = ResourceUse.objects.get(submission=submission, resource_item=world.coal)
    row.pk = None
    with pytest.raises(IntegrityError, match="resourceuse_once"), transaction.atomic():
        row.save(force_insert=True)


def test_reporting_years_do_not_overlap(world: World) -> None:
    words = refused(
        "INSERT INTO organisation_reportingyear (code, starts_on, ends_on) VALUES ('2020b', '2020-12-01', '2021-11-30')"
    )
    assert "reportingyear_no_overlap" in words


def test_a_table_of_the_sessions_own_hides_no_lock(world: World, approve: Act) -> None:
    """Temporary tables come before all others wherever a function does not name its search path."""
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE submissions_submission (id bigint, state text) ON COMMIT DROP")
        cursor.execute("CREATE TEMP TABLE environment_resourceuse (resource_item_id bigint) ON COMMIT DROP")
        cursor.execute("CREATE TEMP TABLE audit_change (submission_id bigint) ON COMMIT DROP")
    change = "UPDATE public.environment_resourceuse SET quantity = 1 WHERE submission_id = %s"
    assert "locked" in refused(change, submission.pk)
    assert "keeps its unit_code" in refused(
        "UPDATE environment_resource SET unit_code = 'MWh' WHERE id = %s", world.electricity.pk
    )


def test_every_function_that_guards_names_its_search_path(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND prorettype = 'trigger'::regtype AND prosrc ~ '(FROM|INTO) '"
            " AND NOT coalesce(proconfig::text LIKE '%search_path%', false)"
        )
        assert cursor.fetchall() == []


def test_the_event_and_seal_of_an_earlier_approval_do_for_no_later_one(world: World, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    back = "UPDATE submissions_submission SET state = 'returned', approved_by_id = NULL, approved_at = NULL"
    assert "with a new revision only" in refused(f"{back} WHERE id = %s", submission.pk)
    with pytest.raises(IntegrityError, match="submissionevent_once"), transaction.atomic():
        SubmissionEvent.objects.create(
            submission=submission, verb="reopened", actor=world.lead, comment="x", revision=submission.revision
        )
    with pytest.raises(IntegrityError, match="seal_once"), transaction.atomic():
        seal(submission)


def test_the_event_names_who_approved(world: World, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 3), world.clerk)
    revision = submission.revision + 1
    SubmissionEvent.objects.create(submission=submission, verb="approved", actor=world.reviewer, revision=revision)
    Seal.objects.create(submission=submission, revision=revision, content="", previous_digest="", digest="x")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    words = refused(
        "UPDATE submissions_submission SET state = 'approved', revision = revision + 1, "
        "approved_by_id = %s, approved_at = submitted_at WHERE id = %s",
        world.second_reviewer.pk,
        submission.pk,
    )
    assert "without an event" in words


def test_who_handed_in_is_not_exchanged_for_the_approval(world: World, hand_in: Act) -> None:
    """Four eyes compare the approver with the person who handed in, so that name must not move."""
    submission = hand_in(world.submission(world.hami, 3), world.clerk)
    words = refused(
        "UPDATE submissions_submission SET state = 'approved', revision = revision + 1, "
        "submitted_by_id = %s, approved_by_id = %s, approved_at = now() WHERE id = %s",
        world.second_reviewer.pk,
        world.reviewer.pk,
        submission.pk,
    )
    assert "keeps who handed it in" in words
    draft = world.submission(world.hami, 4)
    assert "keeps who handed it in" in refused(
        "UPDATE submissions_submission SET submitted_by_id = %s, submitted_at = now() WHERE id = %s",
        world.clerk.pk,
        draft.pk,
    )


def test_an_approval_of_a_published_year_stands(world: World, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    mark_published(world.year, world.lead)
    words = refused(
        "UPDATE submissions_submission SET state = 'returned', revision = revision + 1, "
        "approved_by_id = NULL, approved_at = NULL WHERE id = %s",
        submission.pk,
    )
    assert "published year" in words


def test_a_comment_stays_as_it_was_said_and_is_settled_once(world: World, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 3), world.clerk)
    asked = comments.remark(submission, world.reviewer, "Which meter?", is_question=True)
    for change in ("text = 'x'", "is_question = false", "author_id = author_id + 1", "\"row\" = 'resource:coal'"):
        assert "never changed" in refused(f"UPDATE submissions_comment SET {change} WHERE id = %s", asked.pk)
    assert "never changed" in refused("DELETE FROM submissions_comment WHERE id = %s", asked.pk)
    comments.settle(submission, asked.pk, world.reviewer)
    unsettle = "UPDATE submissions_comment SET settled_at = NULL, settled_by_id = NULL WHERE id = %s"
    assert "never changed" in refused(unsettle, asked.pk)
    assert "never changed" in refused(
        "UPDATE submissions_comment SET settled_by_id = %s WHERE id = %s", world.lead.pk, asked.pk
    )


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ("organisation_site SET code = 'X' WHERE code = 'HAMI'", "code"),
        ("organisation_period SET code = 'X' WHERE code = '2020-03'", "code"),
        ("organisation_period SET starts_on = '2020-03-02' WHERE code = '2020-03'", "starts_on"),
        ("organisation_period SET ends_on = '2020-03-30' WHERE code = '2020-03'", "ends_on"),
        ("organisation_period SET frequency = 'year' WHERE code = '2020-03'", "frequency"),
        ("organisation_period SET year_id = year_id + 1 WHERE code = '2020-03'", "year_id"),
        ("organisation_reportingyear SET code = '2019'", "code"),
        ("organisation_reportingyear SET ends_on = '2021-06-30'", "ends_on"),
        ("environment_resource SET code = 'power' WHERE code = 'electricity'", "code"),
        ("environment_resource SET unit_code = 'MWh' WHERE code = 'electricity'", "unit_code"),
        ("environment_product SET unit_code = 'kg'", "unit_code"),
        ("environment_wastetype SET unit_code = 'kg'", "unit_code"),
        ("environment_packagingmaterial SET unit_code = 'kg'", "unit_code"),
    ],
)
def test_what_figures_and_files_rest_on_is_kept(world: World, fill_in: Act, change: str, kept: str) -> None:
    fill_in(world.submission(world.hami, 3), world.clerk)
    words = refused(f"UPDATE {change}")
    assert "keeps its" in words and kept in words


def test_what_nothing_rests_on_yet_can_be_put_right(world: World, fill_in: Act) -> None:
    fill_in(world.submission(world.hami, 3), world.clerk)
    unused = ResourceFactory(code="gas", unit_code="m3")
    assert Resource.objects.filter(pk=unused.pk).update(unit_code="Nm3") == 1
    future = ReportingYearFactory(code="2030")
    assert ReportingYear.objects.filter(pk=future.pk).update(ends_on="2031-03-31") == 1
    assert Period.objects.filter(code="2020-03").update(due_on="2020-05-31") == 1


def test_a_line_and_what_is_reported_under_it_have_one_unit(world: World) -> None:
    anthracite = ResourceFactory(code="anthracite", unit_code="t", reported_under=world.coal)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    words = "resource_in_the_unit_of_its_line"
    assert words in refused("UPDATE environment_resource SET unit_code = 'kWh' WHERE id = %s", world.coal.pk)
    assert words in refused("UPDATE environment_resource SET unit_code = 'kWh' WHERE id = %s", anthracite.pk)
    assert words in refused(
        "UPDATE environment_resource SET reported_under_id = %s WHERE id = %s", world.electricity.pk, anthracite.pk
    )
