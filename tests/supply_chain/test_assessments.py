"""Assessments of suppliers: evidence, four eyes, what stays, re-checks, and what stands on the to-do lists."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.supply_chain.models import Assessment, AssessmentFile, CorrectiveAction
from tests.by_hand import refused, words
from tests.factories import MembershipFactory, SupplierFactory, World
from tests.supply_chain.suppliers import assess, pdf

SignIn = Callable[[User], Client]


AUDIT = {
    "kind": "labour",
    "assessed_on": "2020-06-01",
    "assessor": "Purchasing department",
    "child_labour": "none",
    "forced_labour": "none",
    "result": "conditional",
    "findings": "Two exits are not marked.",
    "valid_until": "2021-06-01",
}


def post(client: Client, name: str, pk: int, **data: Any) -> Any:
    return client.post(reverse(f"supply_chain:{name}", args=[pk]), data)


def test_an_audit_goes_its_whole_way(supply_world: World, sign_in: SignIn) -> None:
    supplier = SupplierFactory(is_major=True)
    clerk, reviewer = sign_in(supply_world.clerk), sign_in(supply_world.reviewer)
    assert post(clerk, "assessment_add", supplier.pk, **AUDIT).status_code == 302
    audit = Assessment.objects.get()
    page = words(clerk.get(reverse("supply_chain:assessment", args=[audit.pk])))
    for missing in ("evidence on child labour", "evidence on forced labour", "what is to be put right"):
        assert missing in page
    post(reviewer, "assessment_confirm", audit.pk)
    audit.refresh_from_db()
    assert not audit.is_confirmed
    post(clerk, "assessment_file_add", audit.pk, about="child_labour", file=pdf("ages.pdf"))
    post(clerk, "assessment_file_add", audit.pk, about="forced_labour", file=pdf("contracts.pdf"))
    post(clerk, "action_add", audit.pk, what="Mark the exits", due_on="2020-09-01")
    post(clerk, "assessment_confirm", audit.pk)
    audit.refresh_from_db()
    assert not audit.is_confirmed, "whoever keeps suppliers confirms none"
    assert supplier.name_zh in words(reviewer.get(reverse("submissions:my_work")))
    post(reviewer, "assessment_confirm", audit.pk)
    audit.refresh_from_db()
    assert audit.confirmed_by == supply_world.reviewer
    action = audit.actions.get()
    todo = words(clerk.get(reverse("submissions:my_work")))
    assert "Check again: Mark the exits" in todo and "days late" in todo
    early = post(clerk, "action_recheck", action.pk, checked_on="2020-05-31", outcome="All marked.", put_right="yes")
    assert early.status_code == 422 and "between the assessment and today" in words(early)
    assert (
        post(
            clerk, "action_recheck", action.pk, checked_on="2020-08-20", outcome="All marked.", put_right="yes"
        ).status_code
        == 302
    )
    assert "Mark the exits" not in words(clerk.get(reverse("submissions:my_work")))
    page = words(clerk.get(reverse("supply_chain:assessment", args=[audit.pk])))
    assert "All marked." in page
    again = post(clerk, "action_recheck", action.pk, checked_on="2020-08-21", outcome="Not so.", put_right="no")
    assert "checked again already" in words(again)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"child_labour": ""}, "says of child labour and of forced labour"),
        ({"kind": "safety"}, "says of child labour and of forced labour"),
        ({"forced_labour": "found"}, "the audit is failed"),
        ({"findings": ""}, "Say what was found"),
        ({"valid_until": ""}, "Say until when"),
        ({"valid_until": "2020-05-01"}, "Say until when"),
        ({"result": "failed"}, "Say until when"),
        ({"assessed_on": "2999-01-01", "valid_until": "2999-06-01"}, "still to come"),
    ],
)
def test_an_audit_that_does_not_hold_together_is_refused(
    supply_world: World, sign_in: SignIn, changes: dict[str, str], sentence: str
) -> None:
    response = post(sign_in(supply_world.clerk), "assessment_add", SupplierFactory().pk, **{**AUDIT, **changes})
    assert response.status_code == 422
    assert sentence in words(response)
    assert not Assessment.objects.exists()


def test_the_same_audit_is_not_entered_twice(supply_world: World, sign_in: SignIn) -> None:
    supplier, clerk = SupplierFactory(), sign_in(supply_world.clerk)
    assert post(clerk, "assessment_add", supplier.pk, **AUDIT).status_code == 302
    again = post(clerk, "assessment_add", supplier.pk, **AUDIT)
    assert again.status_code == 422 and "entered already" in words(again)


def test_what_is_confirmed_stays_in_every_part(supply_world: World, sign_in: SignIn) -> None:
    audit = assess(SupplierFactory(), supply_world.clerk, supply_world.reviewer, result="conditional", findings="Exits")
    clerk = sign_in(supply_world.clerk)
    kept, action = AssessmentFile.objects.first(), CorrectiveAction.objects.get()
    assert kept is not None
    post(clerk, "assessment_edit", audit.pk, **{**AUDIT, "assessor": "Somebody else"})
    post(clerk, "assessment_delete", audit.pk)
    post(clerk, "assessment_file_delete", kept.pk)
    post(clerk, "assessment_file_add", audit.pk, about="other", file=pdf())
    post(clerk, "action_delete", action.pk)
    post(clerk, "action_add", audit.pk, what="Another", due_on="2020-10-01")
    audit.refresh_from_db()
    assert audit.assessor == "Purchasing department"
    assert (audit.files.count(), audit.actions.count()) == (2, 1)
    row = f"WHERE id = {audit.pk}"
    assert "only be withdrawn" in refused(f"UPDATE supply_chain_assessment SET valid_until = '2030-01-01' {row}")
    assert "only be withdrawn" in refused(
        f"UPDATE supply_chain_assessment SET confirmed_by_id = %s {row}", supply_world.lead.pk
    )
    assert "stays" in refused(f"DELETE FROM supply_chain_assessment {row}")
    assert "stays" in refused("DELETE FROM supply_chain_assessmentfile")
    assert "stays" in refused("UPDATE supply_chain_correctiveaction SET due_on = '2031-01-01'")
    assert "stays" in refused("DELETE FROM supply_chain_correctiveaction")


def test_the_database_confirms_only_with_evidence_and_other_eyes(supply_world: World) -> None:
    assess(SupplierFactory(), supply_world.clerk)
    confirm = "UPDATE supply_chain_assessment SET confirmed_at = now(), confirmed_by_id = %s"
    assert "had no hand in it" in refused(confirm, supply_world.clerk.pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM supply_chain_assessmentfile WHERE about = 'forced_labour'")
    assert "lacks its evidence" in refused(confirm, supply_world.reviewer.pk)
    assert "as it stands" in refused(f"{confirm}, result = 'passed', assessor = 'x'", supply_world.reviewer.pk)
    conditional = assess(SupplierFactory(), supply_world.clerk, kind="permits", result="conditional", findings="One")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM supply_chain_correctiveaction")
    assert "no corrective action" in refused(f"{confirm} WHERE id = {conditional.pk}", supply_world.reviewer.pk)


def test_whoever_had_a_hand_in_an_audit_does_not_confirm_it(supply_world: World, sign_in: SignIn) -> None:
    """A buyer who reviews as well attaches a file to a colleague's draft: from then on it is their work too."""
    MembershipFactory(user=supply_world.reviewer, role=Role.PREPARER, site=supply_world.hami, section="supply_chain")
    audit = assess(SupplierFactory(), supply_world.clerk)
    client = sign_in(supply_world.reviewer)
    post(client, "assessment_file_add", audit.pk, about="other", file=pdf("more.pdf"))
    assert post(client, "assessment_confirm", audit.pk).status_code == 403
    sql = "UPDATE supply_chain_assessment SET confirmed_at = now(), confirmed_by_id = %s"
    assert "had no hand in it" in refused(sql, supply_world.reviewer.pk)
    assert post(sign_in(supply_world.second_reviewer), "assessment_confirm", audit.pk).status_code == 302
    audit.refresh_from_db()
    assert audit.is_confirmed


def test_a_lead_reviewer_withdraws_with_a_reason(supply_world: World, sign_in: SignIn) -> None:
    audit = assess(SupplierFactory(is_major=True), supply_world.clerk, supply_world.reviewer)
    assert post(sign_in(supply_world.reviewer), "assessment_withdraw", audit.pk, reason="No.").status_code == 403
    lead = sign_in(supply_world.lead)
    assert post(lead, "assessment_withdraw", audit.pk, reason=" ").status_code == 422
    assert post(lead, "assessment_withdraw", audit.pk, reason="The list was of another firm.").status_code == 302
    audit.refresh_from_db()
    assert audit.is_withdrawn
    assert not Assessment.objects.valid_on(dt.date(2020, 12, 31)).exists()
    assert "only be withdrawn" in refused("UPDATE supply_chain_assessment SET withdrawn_because = 'other'")
    # The same day may be assessed anew.
    assess(audit.supplier, supply_world.clerk, supply_world.reviewer)
    assert Assessment.objects.valid_on(dt.date(2020, 12, 31)).count() == 1


def test_strangers_reach_no_file_and_no_assessment(supply_world: World, sign_in: SignIn) -> None:
    audit = assess(SupplierFactory(), supply_world.clerk)
    kept = audit.files.first()
    assert kept is not None
    for user, status in ((supply_world.stranger, 404), (supply_world.auditor, 200)):
        client = sign_in(user)
        for name, pk in (("assessment", audit.pk), ("assessment_file", kept.pk)):
            response = client.get(reverse(f"supply_chain:{name}", args=[pk]))
            assert response.status_code == status, (user, name)
            if response.streaming:
                b"".join(response.streaming_content)  # type: ignore[arg-type]


def test_a_page_of_html_is_no_evidence(supply_world: World, sign_in: SignIn) -> None:
    audit = assess(SupplierFactory(), supply_world.clerk, kind="permits")
    upload = pdf("permit.pdf")
    upload.file.seek(0)
    upload.file.write(b"<html><script>")
    response = post(sign_in(supply_world.clerk), "assessment_file_add", audit.pk, about="other", file=upload)
    assert response.status_code == 422
    assert "is not what its name says" in words(response)
    assert not audit.files.exists()


def test_reviewers_see_major_suppliers_without_an_audit(supply_world: World, sign_in: SignIn) -> None:
    missing, ended, held = (SupplierFactory(code=code, is_major=True) for code in ("M-1", "M-2", "M-3"))
    assess(ended, supply_world.clerk, supply_world.reviewer, valid_until=dt.date(2020, 11, 30))
    assess(held, supply_world.clerk, supply_world.reviewer)
    page = words(sign_in(supply_world.reviewer).get(reverse("admin:index"), {"year": "2020"}))
    assert missing.code in page and ended.code in page and held.code not in page
