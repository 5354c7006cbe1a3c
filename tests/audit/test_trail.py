"""The audit trail sees every path, names the person, and misses nothing."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as, telling
from apps.audit.models import Change
from apps.environment.models import Resource, ResourceUse
from apps.submissions import evidence
from apps.submissions.by_number import by_number
from apps.submissions.models import Evidence, Submission
from apps.submissions.seals import seal
from tests.factories import World
from tests.submissions.pages import cells, save

Act = Callable[..., Submission]


def changes_of(table: str) -> list[Change]:
    return list(Change.objects.filter(table=table).order_by("pk"))


def test_what_a_person_saves_is_logged_under_their_name(world: World, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    rows = Change.objects.filter(submission_id=submission.pk, table="environment_resourceuse")
    assert {(row.operation, row.actor_id, row.actor_name) for row in rows} == {("I", world.clerk.pk, "Clerk Hami")}
    diesel = next(row for row in rows if row.after["resource_item_id"] == world.diesel.pk)
    assert diesel.before is None and float(diesel.after["quantity"]) == 40


def test_bulk_update_and_sql_are_logged_and_no_change_is_not(world: World, fill_in: Act) -> None:
    fill_in(world.submission(world.hami, 3), world.clerk)
    start = Change.objects.count()
    ResourceUse.objects.update(note="")
    assert Change.objects.count() == start
    with acting_as(world.lead, "by hand"):
        ResourceUse.objects.filter(resource_item=world.coal).update(note="checked")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM environment_resourceuse WHERE resource_item_id = %s", [world.diesel.pk])
    update, delete = changes_of("environment_resourceuse")[-2:]
    assert (update.operation, update.before["note"], update.after["note"]) == ("U", "", "checked")
    assert (update.actor_name, update.source) == ("Lead Reviewer", "by hand")
    assert (delete.operation, delete.after) == ("D", None)


def test_catalogue_and_people_are_logged_without_passwords(world: World) -> None:
    Resource.objects.filter(pk=world.coal.pk).update(decimals=3)
    assert changes_of("environment_resource")[-1].after["decimals"] == 3
    user = User.objects.get(pk=world.clerk.pk)
    before = Change.objects.count()
    user.set_password("another long password 8")
    user.save()
    assert Change.objects.count() == before
    user.full_name = "Clerk, renamed"
    user.save()
    logged = changes_of("accounts_user")[-1]
    assert logged.after["full_name"] == "Clerk, renamed"
    assert "password" not in logged.after and "last_login" not in logged.after


def test_the_person_survives_a_rolled_back_savepoint_and_does_not_leak(world: World) -> None:
    with telling(lambda: world.lead, "test"):
        with transaction.atomic():
            try:
                with transaction.atomic():
                    Resource.objects.filter(pk=world.coal.pk).update(decimals=2)
                    raise ValueError
            except ValueError:
                pass
            Resource.objects.filter(pk=world.coal.pk).update(decimals=4)
        assert changes_of("environment_resource")[-1].actor_name == "Lead Reviewer"


def test_the_name_ends_with_its_block_inside_a_transaction(world: World) -> None:
    with telling(lambda: world.lead, "outer"), transaction.atomic():
        Resource.objects.filter(pk=world.coal.pk).update(decimals=2)
        with telling(lambda: world.clerk, "inner"):
            Resource.objects.filter(pk=world.coal.pk).update(decimals=3)
        Resource.objects.filter(pk=world.coal.pk).update(decimals=4)
    Resource.objects.filter(pk=world.coal.pk).update(decimals=5)
    told = [(row.actor_name, row.source) for row in changes_of("environment_resource")[-4:]]
    assert told == [("Lead Reviewer", "outer"), ("Clerk Hami", "inner"), ("Lead Reviewer", "outer"), ("", "")]


def test_a_saved_page_is_logged_under_its_person_and_address(world: World, sign_in: Callable[[User], Client]) -> None:
    """The statement that locks the form tells who acts; one that locks none, for there is none, must not count."""
    client, march = sign_in(world.clerk), world.submission(world.hami, 3)
    assert save(client, march, cells()).status_code == 302
    logged = Change.objects.filter(submission_id=march.pk)
    assert len(logged) == 6
    address = f"POST {reverse('submissions:edit', args=[march.pk])}"
    assert {(row.actor_id, row.actor_name, row.source) for row in logged} == {(world.clerk.pk, "Clerk Hami", address)}


def test_locking_what_is_not_there_tells_nothing(world: World) -> None:
    with telling(lambda: world.lead, "test"), transaction.atomic():
        assert by_number(0, lock=True) is None
        Resource.objects.filter(pk=world.coal.pk).update(decimals=2)
    assert changes_of("environment_resource")[-1].actor_name == "Lead Reviewer"


def test_what_a_lock_told_in_a_savepoint_is_told_again_after_it(world: World) -> None:
    with telling(lambda: world.lead, "outer"), transaction.atomic():
        try:
            with transaction.atomic():
                by_number(world.submission(world.hami, 3).pk, lock=True)
                raise ValueError
        except ValueError:
            pass
        Resource.objects.filter(pk=world.coal.pk).update(decimals=2)
        with telling(lambda: world.clerk, "inner"):
            by_number(world.submission(world.hami, 3).pk, lock=True)
            Resource.objects.filter(pk=world.coal.pk).update(decimals=3)
    told = [(row.actor_name, row.source) for row in changes_of("environment_resource")[-2:]]
    assert told == [("Lead Reviewer", "outer"), ("Clerk Hami", "inner")]


def test_the_innermost_name_counts_where_a_form_is_locked(world: World) -> None:
    with telling(lambda: world.lead, "outer"), transaction.atomic():
        with telling(lambda: world.clerk, "inner"):
            by_number(world.submission(world.hami, 3).pk, lock=True)
            Resource.objects.filter(pk=world.coal.pk).update(decimals=2)
        Resource.objects.filter(pk=world.coal.pk).update(decimals=3)
    told = [(row.actor_name, row.source) for row in changes_of("environment_resource")[-2:]]
    assert told == [("Clerk Hami", "inner"), ("Lead Reviewer", "outer")]


@pytest.mark.django_db(transaction=True)
def test_the_name_does_not_leak_into_the_next_transaction() -> None:
    world = World()
    with telling(lambda: world.lead, "first"):
        Resource.objects.filter(pk=world.coal.pk).update(decimals=2)
        with transaction.atomic():
            Resource.objects.filter(pk=world.coal.pk).update(decimals=3)
    with transaction.atomic():
        Resource.objects.filter(pk=world.coal.pk).update(decimals=4)
    last = changes_of("environment_resource")[-2:]
    assert [(row.after["decimals"], row.actor_name, row.source) for row in last] == [
        (3, "Lead Reviewer", "first"),
        (4, "", ""),
    ]


def attached(world: World) -> Evidence:
    """A file with Hami's March."""
    with acting_as(world.clerk, "test"):
        return evidence.attach(
            submission_id=world.submission(world.hami, 3).pk,
            user=world.clerk,
            row="resource:coal",
            upload=SimpleUploadedFile("ticket.pdf", b"%PDF-1.7\n5,300 t"),
        )


def test_verify_finds_nothing_on_an_honest_database(
    world: World, approve: Act, capsys: pytest.CaptureFixture[str]
) -> None:
    attached(world)
    approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    approve(world.submission(world.baishan, 3), world.other_clerk, world.reviewer)
    call_command("verify_audit")
    assert "2 seal(s) hold" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "tampering", "told"),
    [
        (
            "environment_resourceuse",
            "UPDATE environment_resourceuse SET quantity = 7 WHERE quantity = 40",
            "sealed '40', now '7'",
        ),
        ("environment_packaginguse", "DELETE FROM environment_packaginguse", "sealed, now gone"),
        (
            "submissions_seal",
            "UPDATE submissions_seal SET content = replace(content, '5300', '5200')",
            "does not fit its content",
        ),
        (
            "submissions_seal",
            "DELETE FROM submissions_seal WHERE id = (SELECT min(id) FROM submissions_seal)",
            "was removed or changed",
        ),
        ("submissions_seal", "DELETE FROM submissions_seal", "approved without a seal"),
        (
            "submissions_submissionevent",
            "UPDATE submissions_submissionevent SET findings = '[{}]' WHERE verb = 'submitted'",
            "events.0.findings",
        ),
        (
            "submissions_submission",
            "UPDATE submissions_submission SET submitted_at = submitted_at - interval '1 h' WHERE state = 'approved'",
            "submitted_at: sealed",
        ),
        (
            "submissions_evidence",
            "UPDATE submissions_evidence SET file = '../outside.pdf'",
            "its file cannot be read",
        ),
        (
            "environment_resource",
            "UPDATE environment_resource SET unit_code = 'MWh' WHERE code = 'electricity'",
            "sealed 'kWh', now 'MWh'",
        ),
        (
            "environment_resource",
            "UPDATE environment_resource SET decimals = 9 WHERE code = 'coal'",
            "differs from the trail in decimals",
        ),
        (
            "audit_change",
            "DELETE FROM audit_change WHERE \"table\" = 'environment_wasterecord'",
            "added without a trace",
        ),
    ],
)
def test_verify_finds_what_the_owner_did_with_the_triggers_off(
    world: World, approve: Act, capsys: pytest.CaptureFixture[str], table: str, tampering: str, told: str
) -> None:
    attached(world)
    approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    approve(world.submission(world.baishan, 3), world.other_clerk, world.reviewer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(tampering)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match="difference"):
        call_command("verify_audit")
    assert told in capsys.readouterr().out


def test_verify_finds_a_file_that_was_exchanged_and_one_that_is_gone(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = attached(world)
    name = str(kept.file.name)
    default_storage.delete(name)
    with pytest.raises(CommandError, match="1 difference"):
        call_command("verify_audit")
    assert "ticket.pdf): its file cannot be read" in capsys.readouterr().out
    assert default_storage.save(name, ContentFile(b"%PDF-1.7\n5,200 t")) == name
    with pytest.raises(CommandError, match="1 difference"):
        call_command("verify_audit")
    assert "ticket.pdf): the bytes of its file are not those" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("ALTER TABLE environment_resourceuse DISABLE TRIGGER lock_update", "lock_update on environment_resourceuse"),
        ("DROP TRIGGER audit_update ON organisation_membership", "audit_update on organisation_membership"),
    ],
)
def test_verify_finds_a_trigger_that_is_off_and_still_compares_its_table(
    world: World, capsys: pytest.CaptureFixture[str], statement: str, told: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE organisation_membership DISABLE TRIGGER USER")
        cursor.execute("UPDATE organisation_membership SET role = 'lead_reviewer' WHERE role = 'auditor'")
        cursor.execute("ALTER TABLE organisation_membership ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match="2 difference"):
        call_command("verify_audit")
    out = capsys.readouterr().out
    assert f"trigger {told}: is off or gone" in out and "differs from the trail in role" in out


def test_a_second_seal_of_an_approval_proves_nothing(
    world: World, approve: Act, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody with every right on the tables changes a row, fits the trail to it and seals it again."""
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    row = ResourceUse.objects.get(submission=submission, resource_item=world.diesel)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE submissions_seal DROP CONSTRAINT seal_once")
        for change in ("DISABLE TRIGGER lock_update", "ENABLE TRIGGER lock_update"):
            cursor.execute(f"ALTER TABLE environment_resourceuse {change}")
            cursor.execute("UPDATE environment_resourceuse SET note = 'forged' WHERE id = %s AND note = ''", [row.pk])
    seal(submission)
    with pytest.raises(CommandError, match="1 difference"):
        call_command("verify_audit")
    assert "sealed '', now 'forged'" in capsys.readouterr().out


def test_a_change_made_in_another_time_zone_is_honest(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Shanghai'")
        cursor.execute("UPDATE accounts_user SET date_joined = now()")
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
    call_command("verify_audit")
