"""The four transitions: who may, from where, and what is needed."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from apps.audit.context import acting_as
from apps.organisation.choices import Role
from apps.organisation.models import Assignment
from apps.submissions import policies, services, workflow
from apps.submissions.choices import State, Verb
from apps.submissions.entry import Cell
from apps.submissions.models import Comment, Submission, SubmissionEvent
from tests.factories import AssignmentFactory, MembershipFactory, World
from tests.published import mark_published
from tests.saving import save_cells

Act = Callable[..., Submission]


def test_opening_a_year_creates_what_is_expected_once(world: World) -> None:
    assert world.year.periods.filter(frequency="month").count() == 12
    assert world.year.periods.filter(frequency="year").count() == 1
    assert Submission.objects.count() == 24
    assert services.open_year(world.year) == 0
    AssignmentFactory(site=world.hami, section="environment_targets")
    assert services.open_year(world.year) == 1
    assert Submission.objects.get(section="environment_targets").period.code == "2020"


def test_what_nobody_asks_for_any_more_goes_unless_somebody_worked_on_it(world: World, fill_in: Act) -> None:
    may = fill_in(world.submission(world.hami, 5), world.clerk)
    july = world.submission(world.hami, 7)
    Comment.objects.create(submission=july, text="The plant stands still.", author=world.lead)
    Assignment.objects.filter(site=world.hami).update(valid_until=dt.date(2020, 4, 30))
    assert services.match_assignments(world.year) == 0
    left = Submission.objects.filter(site=world.hami).values_list("period__code", flat=True)
    assert sorted(left) == ["2020-01", "2020-02", "2020-03", "2020-04", may.period.code, july.period.code]
    assert Submission.objects.filter(site=world.baishan).count() == 12


def test_a_section_handed_in_from_july_expects_six_months(world: World) -> None:
    from tests.factories import ReportingYearFactory, SiteFactory

    site = SiteFactory(code="NEW")
    AssignmentFactory(site=site, valid_from=dt.date(2021, 7, 1))
    services.open_year(ReportingYearFactory(code="2021"))
    assert Submission.objects.filter(site=site).count() == 6


def test_a_financial_year_need_not_be_a_calendar_year(world: World) -> None:
    from tests.factories import ReportingYearFactory

    year = ReportingYearFactory(code="2021-22", starts_on=dt.date(2021, 4, 1), ends_on=dt.date(2022, 3, 31))
    services.open_year(year)
    months = list(year.periods.filter(frequency="month").values_list("code", flat=True))
    assert months[0] == "2021-04" and months[-1] == "2022-03" and len(months) == 12


def test_the_whole_way(world: World, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    workflow.submit(submission_id=submission.pk, user=world.clerk, revision=submission.revision)
    workflow.approve(submission_id=submission.pk, user=world.reviewer)
    submission.refresh_from_db()
    assert submission.state == State.APPROVED
    assert (submission.submitted_by, submission.approved_by) == (world.clerk, world.reviewer)
    verbs = SubmissionEvent.objects.filter(submission=submission).values_list("verb", flat=True)
    assert list(verbs) == [Verb.SUBMITTED, Verb.APPROVED]


def test_missing_rows_keep_it_back_and_are_named(world: World) -> None:
    submission = world.submission(world.hami, 3)
    with pytest.raises(workflow.Refused) as caught:
        workflow.submit(submission_id=submission.pk, user=world.clerk, revision=0)
    rows = {finding.row for finding in caught.value.findings}
    assert "resource:electricity" in rows and "stack_test:" in rows
    assert len(rows) == 7


def test_a_warning_keeps_it_back_until_it_is_explained(world: World, approve: Act, fill_in: Act) -> None:
    approve(world.submission(world.hami, 2), world.clerk, world.reviewer)
    submission = fill_in(
        world.submission(world.hami, 3), world.clerk, {"resource:electricity": Cell(value="2805000", unit="万kWh")}
    )
    with pytest.raises(workflow.Refused) as caught:
        workflow.submit(submission_id=submission.pk, user=world.clerk, revision=submission.revision)
    (finding,) = caught.value.findings
    assert finding.code == "scale"
    assert "10,000 times" in finding.message and "Did you mean kWh?" in finding.message


def test_a_stale_page_cannot_be_handed_in(world: World, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    with pytest.raises(workflow.Refused, match="colleague"):
        workflow.submit(submission_id=submission.pk, user=world.clerk, revision=submission.revision - 1)


def test_who_may_hand_in(world: World, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    for user in (world.other_clerk, world.reviewer, world.lead, world.auditor, world.administrator, world.stranger):
        with pytest.raises(PermissionDenied):
            workflow.submit(submission_id=submission.pk, user=user, revision=submission.revision)


def test_who_may_approve(world: World, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 3), world.clerk)
    for user in (world.clerk, world.other_clerk, world.auditor, world.administrator, world.stranger):
        with pytest.raises(PermissionDenied):
            workflow.approve(submission_id=submission.pk, user=user)


def test_nobody_approves_what_they_entered_or_handed_in(world: World, hand_in: Act) -> None:
    both = world.person("both", Role.PREPARER)
    MembershipFactory(user=both, role=Role.REVIEWER)
    handed_in = hand_in(world.submission(world.hami, 3), both)
    with pytest.raises(workflow.Refused, match="somebody else"):
        workflow.approve(submission_id=handed_in.pk, user=both)

    # Entered by one, handed in by the other: still four eyes are wanted.
    april = world.submission(world.hami, 4)
    with acting_as(both, "test"):
        save_cells(submission_id=april.pk, user=both, revision=0, cells={"resource:coal": Cell(value="1", unit="t")})
    hand_in(april, world.clerk)
    with pytest.raises(workflow.Refused, match="somebody else"):
        workflow.approve(submission_id=april.pk, user=both)


def test_nobody_approves_what_they_ever_handed_in_or_entered_in_a_shell(world: World, hand_in: Act) -> None:
    both = world.person("both", Role.PREPARER)
    MembershipFactory(user=both, role=Role.REVIEWER)
    march = hand_in(world.submission(world.hami, 3), world.clerk)
    workflow.send_back(submission_id=march.pk, user=world.reviewer, comment="Again, please.")
    march.refresh_from_db()
    workflow.submit(submission_id=march.pk, user=both, revision=march.revision)
    workflow.send_back(submission_id=march.pk, user=world.reviewer, comment="And again.")
    hand_in(march, world.clerk)

    # No trail names the actor here; the rows name who entered them.
    april = world.submission(world.hami, 4)
    save_cells(submission_id=april.pk, user=both, revision=0, cells={"resource:coal": Cell(value="1", unit="t")})
    hand_in(april, world.clerk)

    for submission in (march, april):
        with pytest.raises(workflow.Refused, match="somebody else"):
            workflow.approve(submission_id=submission.pk, user=both)
        with pytest.raises(IntegrityError, match="cannot approve it"), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(
                state=State.APPROVED, approved_by=both, approved_at=timezone.now(), revision=F("revision") + 1
            )


def test_sending_back_needs_words_and_can_name_rows(world: World, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 3), world.clerk)
    with pytest.raises(workflow.Refused, match="why"):
        workflow.send_back(submission_id=submission.pk, user=world.reviewer, comment="  ")
    workflow.send_back(
        submission_id=submission.pk,
        user=world.reviewer,
        comment="Please check the coal.",
        rows=[("resource:coal", "Weighbridge says 5,100 t.")],
    )
    submission.refresh_from_db()
    assert submission.state == State.RETURNED
    assert Comment.objects.get().row == "resource:coal"


def test_an_open_question_keeps_an_approval_back(world: World, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 3), world.clerk)
    Comment.objects.create(submission=submission, text="Which meter?", is_question=True, author=world.lead)
    with pytest.raises(workflow.Refused, match="still open"):
        workflow.approve(submission_id=submission.pk, user=world.reviewer)


def test_only_a_lead_reviewer_reopens_and_only_before_publishing(world: World, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    with pytest.raises(PermissionDenied):
        workflow.reopen(submission_id=submission.pk, user=world.reviewer, reason="Wrong meter.")
    with pytest.raises(workflow.Refused, match="why"):
        workflow.reopen(submission_id=submission.pk, user=world.lead, reason="")
    workflow.reopen(submission_id=submission.pk, user=world.lead, reason="Wrong meter.")
    submission.refresh_from_db()
    assert (submission.state, submission.approved_by) == (State.RETURNED, None)

    april = approve(world.submission(world.hami, 4), world.clerk, world.reviewer)
    mark_published(world.year, world.lead)
    with pytest.raises(PermissionDenied):
        workflow.reopen(submission_id=april.pk, user=world.lead, reason="Wrong meter.")


def test_a_transition_that_came_too_late_is_told_politely(world: World, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    with pytest.raises(workflow.Refused, match="quicker"):
        workflow.approve(submission_id=submission.pk, user=world.second_reviewer)
    with pytest.raises(workflow.Refused, match="quicker"):
        workflow.send_back(submission_id=submission.pk, user=world.second_reviewer, comment="No.")


def test_each_question_agrees_with_its_twin_for_lists(world: World, approve: Act, hand_in: Act, fill_in: Act) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    hand_in(world.submission(world.hami, 2), world.clerk)
    fill_in(world.submission(world.hami, 3), world.clerk)
    hand_in(world.submission(world.baishan, 1), world.other_clerk)
    narrow = world.person("narrow", Role.REVIEWER, world.baishan)
    both = world.person("both", Role.PREPARER)
    MembershipFactory(user=both, role=Role.REVIEWER, site=world.hami)
    hand_in(world.submission(world.hami, 4), both)
    people = [
        world.clerk, world.other_clerk, world.reviewer, world.lead, world.auditor, world.administrator,
        world.stranger, narrow, both,
    ]  # fmt: skip
    pairs = [
        (policies.may_see, policies.visible_to),
        (policies.may_prepare, policies.preparable_by),
        (policies.may_edit, policies.editable_by),
        (policies.may_review, policies.reviewable_by),
        (policies.may_approve, policies.approvable_by),
        (policies.may_reopen, policies.reopenable_by),
    ]
    submissions = list(Submission.objects.with_place())  # type: ignore[attr-defined]
    for user in people:
        for may, scope in pairs:
            listed = set(Submission.objects.filter(scope(user)).values_list("pk", flat=True))
            asked = {submission.pk for submission in submissions if may(user, submission)}
            assert listed == asked, (user, may.__name__)
