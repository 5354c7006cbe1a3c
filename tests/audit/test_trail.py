"""The audit trail sees every path, names the person, and misses nothing."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from apps.accounts.models import User
from apps.audit.context import acting_as, telling
from apps.audit.models import Change
from apps.environment.models import Resource, ResourceUse
from apps.submissions.models import Submission
from tests.factories import World

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


def test_verify_finds_nothing_on_an_honest_database(
    world: World, approve: Act, capsys: pytest.CaptureFixture[str]
) -> None:
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
