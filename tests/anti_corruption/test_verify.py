"""What people declare is proven by itself, and shows in no trail, in no admin, and to nobody who helps themselves."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption import policies, readings
from apps.anti_corruption.conflicts import services
from apps.anti_corruption.models import Declaration, Document, IntegritySettings, Opening, Post
from apps.anti_corruption.proofs import APPEND_ONLY
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.organisation.choices import Role
from apps.organisation.models import Membership
from tests.anti_corruption.records import Integrity, answered, correct, round_of, sign
from tests.anti_corruption.yearly_records import put_case, put_gift, settle
from tests.by_hand import refused, words
from tests.factories import MembershipFactory, UserFactory

SignIn = Callable[[User], Client]
WORD = "ZQ4711"


@pytest.fixture
def declared(integrity: Integrity) -> Declaration:
    """A declaration that replaces another, a conflict with a decision, a gift, a case: a row of nearly every kind."""
    buyer = UserFactory(username="buyer")
    round_of(integrity, buyer)
    first = sign(policies.duties_of(buyer).get(), answered(gifts=WORD, wrongdoing=WORD))
    made = correct(first, answered(loans=WORD), reason=WORD)
    with acting_as(integrity.officer, "test"):
        services.decide(
            user=integrity.officer, conflict_id=made.conflicts.get().pk, ruling="managed", words=f"so {WORD}"
        )
        readings.note(user=integrity.officer, declaration=made)
    settle(put_gift(buyer, integrity.world.hami, timezone.localdate()), integrity.officer)
    put_case(integrity.officer, integrity.world.hami, timezone.localdate(), reference=WORD)
    return made


# Proofs ---------------------------------------------------------------------------------------------------------------


def test_an_honest_database_holds(declared: Declaration) -> None:
    call_command("verify_audit")


@pytest.mark.parametrize(
    ("table", "tampering", "told"),
    [
        (
            "anti_corruption_declaration",
            "UPDATE anti_corruption_declaration SET signed_name = 'Somebody' WHERE id = {pk}",
            "declaration {pk}: what was signed differs",
        ),
        (
            "anti_corruption_declaration",
            """UPDATE anti_corruption_declaration SET answers = jsonb_set(answers, '{{0,details}}', '"x"')
               WHERE id = {pk}""",
            "declaration {pk}: what was signed differs",
        ),
        (
            "anti_corruption_documentversion",
            "UPDATE anti_corruption_documentversion SET text_zh_hant = 'x' WHERE id = {statement}",
            "the text differs from its digest",
        ),
        (
            "anti_corruption_duty",
            "UPDATE anti_corruption_duty SET state = 'declined', signed_on = NULL WHERE id = {duty}",
            "duty {duty}: it is declined, and the reason is gone",
        ),
    ],
)
def test_what_was_changed_past_the_triggers_is_found(
    declared: Declaration, capsys: pytest.CaptureFixture[str], table: str, tampering: str, told: str
) -> None:
    names = {"pk": declared.pk, "statement": declared.statement_id, "duty": declared.duty_id}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(tampering.format(**names))
        assert cursor.rowcount == 1
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match="difference"):
        call_command("verify_audit")
    assert told.format(**names) in capsys.readouterr().out


def test_a_declaration_that_is_gone_is_missed(integrity: Integrity, capsys: pytest.CaptureFixture[str]) -> None:
    round_of(integrity, integrity.world.clerk)
    made = sign(policies.duties_of(integrity.world.clerk).get())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE anti_corruption_declaration DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM anti_corruption_declaration")
        cursor.execute("DROP TRIGGER append_only ON anti_corruption_gift")
    with pytest.raises(CommandError, match="difference"):
        call_command("verify_audit")
    told = capsys.readouterr().out
    assert f"duty {made.duty_id}: it is signed, and its declaration is gone" in told
    assert "trigger append_only on anti_corruption_gift: is gone" in told
    assert "trigger append_only on anti_corruption_declaration: is off or gone" in told


def test_rows_are_neither_changed_nor_deleted(declared: Declaration) -> None:
    for model in APPEND_ONLY:
        table = model._meta.db_table
        assert "never changed or deleted" in refused(f"UPDATE {table} SET id = id")
        assert "never changed or deleted" in refused(f"DELETE FROM {table}")


# Nowhere else ---------------------------------------------------------------------------------------------------------


def test_the_trail_has_none_of_it(integrity: Integrity, declared: Declaration, sign_in: SignIn) -> None:
    tables = {model._meta.db_table for model in APPEND_ONLY}
    assert Opening._default_manager.exists()
    assert not Change.objects.filter(table__in=tables).exists()
    assert Change.objects.filter(table="anti_corruption_duty").exists()
    for user in (integrity.world.auditor, integrity.world.administrator, integrity.world.lead):
        page = reverse("admin:audit_change_changelist")
        shown = words(sign_in(user).get(page)) + words(sign_in(user).get(page, {"q": "buyer"}))
        assert WORD not in shown


def test_the_admin_keeps_catalogues_and_settings_alone(declared: Declaration, sign_in: SignIn) -> None:
    own = {model for model in admin.site._registry if model._meta.app_label == "anti_corruption"}
    kept = own - {model for model in own if model._meta.model_name in RECORDS}
    assert kept == {Post, Document, IntegritySettings}
    assert not own & set(APPEND_ONLY)


RECORDS = {"signedyear", "integritycount", "channel", "integritytraining"}


def test_settings_are_one_row(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.world.administrator)
    page = client.get(reverse("admin:anti_corruption_integritysettings_changelist"), follow=True)
    assert page.status_code == 200 and "days to sign" in words(page).lower()
    address = reverse("admin:anti_corruption_integritysettings_change", args=[1])
    sent = {"days_to_sign": "20", "days_to_remind": "5", "gift_threshold_cny": "100", "gift_days": "2"}
    assert client.post(address, sent).status_code == 302
    assert IntegritySettings.current().days_to_sign == 20
    assert "at least one day" in words(client.post(address, {**sent, "gift_days": "0"}))
    assert client.get(reverse("admin:anti_corruption_integritysettings_add")).status_code == 403
    # What is no secret is read by whoever may use the admin, and kept by administrators alone.
    assert sign_in(integrity.world.reviewer).post(address, sent).status_code == 403


def test_the_rank_of_a_position_stays_once_somebody_is_asked(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.world.administrator)
    post = integrity.buying
    address = reverse("admin:anti_corruption_post_change", args=[post.pk])
    names = {"name_en": "Buying", "name_zh_hans": "采购", "name_zh_hant": "採購", "position": "60"}
    assert client.post(address, {**names, "rank": "middle"}).status_code == 302
    post.refresh_from_db()
    assert (post.rank, post.name_en) == ("middle", "Buying")
    round_of(integrity, UserFactory())
    assert client.post(address, {**names, "rank": "senior"}).status_code == 302
    post.refresh_from_db()
    assert post.rank == "middle"


# Roles ----------------------------------------------------------------------------------------------------------------

SENTENCE = "You cannot give yourself a role that reads what people declare; ask another administrator."


@pytest.mark.parametrize("role", ["integrity_officer", "integrity_auditor"])
def test_nobody_gives_themselves_a_role_that_reads_declarations(
    integrity: Integrity, sign_in: SignIn, role: str
) -> None:
    me = integrity.world.administrator
    client, add = sign_in(me), reverse("admin:organisation_membership_add")
    response = client.post(add, {"user": me.pk, "role": role, "site": "", "section": ""})
    assert response.status_code == 200 and SENTENCE in words(response)
    own = me.memberships.get()
    response = client.post(
        reverse("admin:accounts_user_change", args=[me.pk]),
        {
            "username": me.username,
            "full_name": me.full_name,
            "language": "en",
            "is_active": "on",
            "memberships-TOTAL_FORMS": "2",
            "memberships-INITIAL_FORMS": "1",
            "memberships-0-id": own.pk,
            "memberships-0-user": me.pk,
            "memberships-0-role": own.role,
            "memberships-0-site": "",
            "memberships-0-section": "",
            "memberships-1-user": me.pk,
            "memberships-1-role": role,
            "memberships-1-site": "",
            "memberships-1-section": "",
        },
    )
    assert response.status_code == 200 and SENTENCE in words(response)
    assert me.memberships.count() == 1
    with acting_as(me, "test"):
        said = refused("INSERT INTO organisation_membership (user_id, role, section) VALUES (%s, %s, '')", me.pk, role)
    assert "nobody gives themselves" in said


def test_a_role_of_another_is_not_turned_into_ones_own(integrity: Integrity, sign_in: SignIn) -> None:
    me = integrity.world.administrator
    role = integrity.officer.memberships.get()
    page = reverse("admin:organisation_membership_change", args=[role.pk])
    response = sign_in(me).post(page, {"user": me.pk, "role": role.role, "site": "", "section": ""})
    assert response.status_code == 200 and SENTENCE in words(response)
    other = MembershipFactory(user=me, role=Role.PREPARER, site=integrity.world.hami)
    with acting_as(me, "test"):
        said = refused("UPDATE organisation_membership SET role = 'integrity_officer' WHERE id = %s", other.pk)
    assert "nobody gives themselves" in said


def test_another_administrator_gives_and_takes_it(integrity: Integrity, sign_in: SignIn) -> None:
    second = UserFactory()
    MembershipFactory(user=second, role=Role.ADMINISTRATOR)
    me = integrity.world.administrator
    sent = {"user": me.pk, "role": "integrity_officer", "site": integrity.world.hami.pk, "section": ""}
    assert sign_in(second).post(reverse("admin:organisation_membership_add"), sent).status_code == 302
    given = Membership.objects.get(user=me, role="integrity_officer")
    assert policies.is_officer(User.objects.get(pk=me.pk), integrity.world.hami.pk)
    # Whoever has it may give it up.
    gone = sign_in(me).post(reverse("admin:organisation_membership_delete", args=[given.pk]), {"post": "yes"})
    assert gone.status_code == 302 and not Membership.objects.filter(pk=given.pk).exists()
