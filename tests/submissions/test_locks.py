"""What the database refuses, tried by SQL and by the ORM's short cuts."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit.context import acting_as
from apps.environment.models import ResourceUse
from apps.organisation.choices import Role
from apps.submissions.models import NothingToReport, Seal, Submission, SubmissionEvent
from tests.factories import World

Act = Callable[..., Submission]


def refused(sql: str, *params: object) -> str:
    """Runs ``sql`` and returns the database's words of refusal."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(caught.value)


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
    assert SubmissionEvent.objects.filter(submission=submission).count() == 3
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
