"""What the annual form asks about before it is handed in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.submissions import checks, workflow
from apps.submissions.findings import Finding
from apps.submissions.models import Evidence, NothingToReport, Submission
from apps.submissions.sheets import load_sheet
from tests.anti_corruption.records import Integrity, round_of
from tests.anti_corruption.yearly_records import put_channel, put_signed, put_training, take_over, whole_year
from tests.by_hand import words
from tests.factories import MembershipFactory, UserFactory, World

OWN = {"not_all_signed", "paper_without_place", "no_channel", "no_training_of_directors"}
SignIn = Callable[[User], Client]


def found(form: Submission) -> dict[str, Finding]:
    return {finding.code: finding for finding in checks.run(load_sheet(form)) if finding.code in OWN}


@pytest.fixture
def form(integrity_world: World) -> Submission:
    return whole_year(integrity_world.hami)


def test_a_good_year_is_not_asked_about(form: Submission) -> None:
    put_signed(form, "director", 3, 3)
    line = put_signed(form, "middle", 10, 10, paper=(4, 4))
    line.note = "Binder 7, personnel office"
    line.save()
    put_channel(form)
    put_training(form, "directors", 3, "2")
    assert found(form) == {}


def test_what_was_not_signed_is_named_by_rank(form: Submission) -> None:
    put_signed(form, "director", 3, 3)
    put_signed(form, "middle", 10, 9, paper=(4, 2))
    finding = found(form)["not_all_signed"]
    assert finding.severity == "warning"
    assert finding.message.startswith("Middle management: 3 of 14 statements were not signed")
    put_signed(form, "senior", 1, 0)
    messages = [each.message for each in checks.run(load_sheet(form)) if each.code == "not_all_signed"]
    assert messages[1].startswith("Senior management: 1 of 1 statements was not signed")


def test_paper_wants_a_note_or_a_file(form: Submission) -> None:
    line = put_signed(form, "middle", 0, 0, paper=(4, 4))
    finding = found(form)["paper_without_place"]
    assert finding.severity == "warning" and "4 statements were signed on paper" in finding.message
    Evidence.objects.create(
        submission=form,
        row=finding.row,
        file="evidence/scan.pdf",
        name="scan.pdf",
        content_type="application/pdf",
        size_bytes=5,
        sha256="0" * 64,
        uploaded_by=UserFactory(),
    )
    assert "paper_without_place" not in found(form)
    Evidence.objects.all().delete()
    line.note = "Binder 7"
    line.save()
    assert "paper_without_place" not in found(form)


def test_paper_that_nobody_signed_is_kept_nowhere(form: Submission) -> None:
    put_signed(form, "middle", 0, 0, paper=(4, 0))
    assert set(found(form)) >= {"not_all_signed"} and "paper_without_place" not in found(form)


def test_no_channel_has_to_be_explained(form: Submission) -> None:
    NothingToReport.objects.create(submission=form, table="report_channel")
    assert found(form)["no_channel"].severity == "warning"
    put_channel(form)
    assert "no_channel" not in found(form)


def test_directors_without_training_are_noticed(form: Submission) -> None:
    put_training(form, "staff", 30, "1")
    assert found(form)["no_training_of_directors"].severity == "notice"
    put_training(form, "directors", 3, "1")
    assert "no_training_of_directors" not in found(form)


def test_a_form_that_is_out_of_date_is_not_handed_in(form: Submission, integrity_world: World) -> None:
    with pytest.raises(workflow.Refused):
        workflow.submit(submission_id=form.pk, user=integrity_world.clerk, revision=form.revision)
    take_over(form, integrity_world.clerk)
    assert not [each for each in checks.run(load_sheet(form)) if each.code == "out_of_date"]


# The reviewers' start page --------------------------------------------------------------------------------------------


def test_overdue_statements_are_counted_by_site(integrity_world: World, sign_in: SignIn) -> None:
    world, integrity = integrity_world, Integrity(integrity_world)
    late = [UserFactory(full_name=f"Zhao Dawei {n}") for n in range(3)]
    round_of(integrity, *late[:2], due_in=-1, opened=20)
    round_of(integrity, late[2], site=world.baishan, due_in=-1, opened=20)
    round_of(integrity, UserFactory(), due_in=0, opened=20)
    of_baishan = UserFactory()
    MembershipFactory(user=of_baishan, role="lead_reviewer", site=world.baishan)
    of_another_form = UserFactory()
    MembershipFactory(user=of_another_form, role="lead_reviewer", section="environment")
    start = reverse("admin:index")
    for user in (world.lead, world.auditor):
        shown = words(sign_in(user).get(start))
        assert "Hami 2 statements overdue" in shown and "Baishan 1 statement overdue" in shown
        assert "Zhao Dawei" not in shown
    assert "Hami 2 statements" not in words(sign_in(of_baishan).get(start))
    assert "Baishan 1 statement overdue" in words(sign_in(of_baishan).get(start))
    for user in (world.reviewer, world.administrator, of_another_form):
        shown = words(sign_in(user).get(start))
        assert "statements overdue" not in shown and "statement overdue" not in shown
