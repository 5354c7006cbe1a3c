"""The reviewers' decisions through the admin: one at a time, comments, several at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.organisation.choices import Role
from apps.organisation.models import Membership
from apps.submissions import bulk, workflow
from apps.submissions.choices import State
from apps.submissions.entry import Cell
from apps.submissions.models import Comment, Seal, Submission
from tests.factories import UserFactory, World
from tests.submissions.pages import text_of
from tests.submissions.reviewing import LIST, decision, url

SignIn = Callable[[User], Client]
Act = Callable[..., Submission]


def test_approving_seals_and_goes_on_to_the_next(world: World, sign_in: SignIn, hand_in: Act) -> None:
    first = hand_in(world.submission(world.hami, 1), world.clerk)
    second = hand_in(world.submission(world.hami, 2), world.clerk)
    client = sign_in(world.reviewer)
    response = client.post(url(first, "approve"), decision(first, comment="Well documented."))
    assert response.status_code == 302 and response["Location"] == url(second)
    first.refresh_from_db()
    assert (first.state, first.approved_by) == (State.APPROVED, world.reviewer)
    assert first.comments.get().text == "Well documented."
    assert Seal.objects.get(submission=first).digest in text_of(client.get(url(first)))
    last = client.post(url(second, "approve"), decision(second), follow=True)
    assert "Nothing more waits for your review." in text_of(last)


def test_sending_back_names_single_rows(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    sent = decision(
        submission, comment="Coal is off.", flag=["resource:coal"], **{"reason-resource:coal": "Which weighbridge?"}
    )
    assert sign_in(world.reviewer).post(url(submission, "send_back"), sent).status_code == 302
    submission.refresh_from_db()
    assert submission.state == State.RETURNED
    question = submission.comments.get()
    assert (question.row, question.text, question.is_question) == ("resource:coal", "Which weighbridge?", True)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"comment": ""}, "Say why it goes back"),
        ({"comment": "Coal.", "flag": ["resource:coal"]}, "say what is wrong with this row"),
    ],
)
def test_an_unfinished_sending_back_loses_nothing(
    world: World, sign_in: SignIn, hand_in: Act, fields: dict[str, Any], complaint: str
) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    sent = decision(submission, **{"reason-resource:diesel": "Typed already"}, **fields)
    response = sign_in(world.reviewer).post(url(submission, "send_back"), sent)
    text = text_of(response)
    assert complaint in text and "Typed already" in text and fields["comment"] in text
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED
    assert not submission.comments.exists()


def test_rows_marked_to_go_back_are_not_approved_by_a_slip(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    response = sign_in(world.reviewer).post(url(submission, "approve"), decision(submission, flag=["resource:coal"]))
    assert "You marked rows to send back (Coal)" in text_of(response)
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED


def test_nobody_approves_their_own_work(world: World, sign_in: SignIn, hand_in: Act, fill_in: Act) -> None:
    both = world.person("clerk-and-reviewer", Role.PREPARER, world.hami)
    Membership.objects.create(user=both, role=Role.REVIEWER, site=world.hami)
    fill_in(world.submission(world.hami, 1), both, {"resource:coal": Cell(value="5200", unit="t")})
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    client = sign_in(both)
    assert "somebody else approves it" in text_of(client.get(url(submission)))
    for response in (
        client.post(url(submission, "approve"), decision(submission)),
        client.post(
            reverse("admin:submissions_submission_bulk", args=["approve"]),
            {"item": f"{submission.pk}:{submission.revision}"},
        ),
    ):
        assert "You worked on" in text_of(response)
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED


def test_a_superuser_and_an_administrator_decide_nothing(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    for user in (UserFactory(is_superuser=True), world.administrator, world.auditor):
        client = sign_in(user)
        assert client.get(url(submission)).status_code == 200
        for what in ("approve", "send_back", "reopen", "comment"):
            sent = decision(submission, comment="x", text="x", kind="comment")
            assert client.post(url(submission, what), sent).status_code == 403, (user, what)
        assert client.post(reverse("admin:submissions_submission_bulk", args=["approve"])).status_code == 403
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED


def test_a_decision_on_something_that_moved_answers_politely(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    seen = decision(submission, comment="My words")
    with acting_as(world.second_reviewer, "test"):
        workflow.send_back(submission_id=submission.pk, user=world.second_reviewer, comment="Mine first.")
    client = sign_in(world.reviewer)
    for what in ("approve", "send_back"):
        response = client.post(url(submission, what), seen)
        assert response.status_code == 200 and "somebody was quicker" in text_of(response)
    # It comes back under the same state with other content: what was seen is not what would be approved.
    hand_in(submission, world.clerk, {"resource:coal": Cell(value="5,000", unit="t")})
    response = client.post(url(submission, "approve"), seen)
    assert "changed since you opened it" in text_of(response)
    assert client.post(url(submission, "approve"), {}).status_code == 200
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED


def test_only_a_lead_reviewer_opens_an_approval_again(world: World, sign_in: SignIn, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    reason = {"comment": "A meter was read wrongly."}
    for user in (world.reviewer, world.administrator, UserFactory(is_superuser=True)):
        assert sign_in(user).post(url(submission, "reopen"), reason).status_code == 403
    client = sign_in(world.lead)
    assert "Say why it goes back" in text_of(client.post(url(submission, "reopen"), {"comment": " "}))
    assert client.post(url(submission, "reopen"), reason).status_code == 302
    submission.refresh_from_db()
    assert submission.state == State.RETURNED


def test_forged_forms_change_nothing(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    before = list(Change.objects.values_list("pk", flat=True))
    forged = {"state": "approved", "revision": "9", "site": str(world.baishan.pk), "_save": "1", "resource:coal": "1"}
    for user in (world.reviewer, world.lead, UserFactory(is_superuser=True)):
        client = sign_in(user)
        assert client.post(url(submission), forged).status_code == 403
        assert client.post(url(submission, "delete"), {"post": "yes"}).status_code == 403
        assert client.post(reverse("admin:submissions_submission_add"), forged).status_code == 403
    state = Submission.objects.get(pk=submission.pk)
    assert (state.state, state.revision, state.site) == (State.SUBMITTED, submission.revision, world.hami)
    assert list(Change.objects.exclude(table="accounts_user").values_list("pk", flat=True)) == [
        pk for pk in before if Change.objects.get(pk=pk).table != "accounts_user"
    ]


def test_another_sites_submission_is_not_there(
    world: World, sign_in: SignIn, hand_in: Act, hami_reviewer: User
) -> None:
    submission = hand_in(world.submission(world.baishan, 1), world.other_clerk)
    client = sign_in(hami_reviewer)
    assert client.get(url(submission)).status_code == 404
    assert client.get(url(submission, "history")).status_code == 404
    for what in ("approve", "send_back", "reopen", "comment"):
        assert client.post(url(submission, what), decision(submission, comment="x")).status_code == 404
    address = reverse("admin:submissions_submission_bulk", args=["approve"])
    assert client.post(address, {"item": f"{submission.pk}:{submission.revision}"}).status_code == 404
    assert "Baishan" not in text_of(client.get(reverse(LIST)))
    assert "Baishan" not in text_of(client.get(reverse(LIST) + f"?site__id__exact={world.baishan.pk}"))


# Comments ---------------------------------------------------------------------------------------------------------


def test_a_question_holds_the_approval_back_until_it_is_settled(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    client = sign_in(world.reviewer)
    asked = {"row": "resource:coal", "text": "Is the ticket of the 31st in it?", "kind": "question"}
    assert client.post(url(submission, "comment"), asked).status_code == 302
    question = submission.comments.get()
    assert "Open question:" in text_of(client.get(url(submission)))
    assert "is still open" in text_of(client.post(url(submission, "approve"), decision(submission)))
    settle = reverse("admin:submissions_submission_settle", args=[submission.pk, question.pk])
    assert client.post(settle).status_code == 302
    question.refresh_from_db()
    assert question.settled_by == world.reviewer
    assert client.post(url(submission, "approve"), decision(submission)).status_code == 302
    submission.refresh_from_db()
    assert submission.state == State.APPROVED


def test_comments_fit_their_submission(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    other = hand_in(world.submission(world.hami, 2), world.clerk)
    with acting_as(world.reviewer, "test"):
        question = Comment.objects.create(submission=other, text="?", is_question=True, author=world.reviewer)
    client = sign_in(world.reviewer)
    for wrong in ({"row": "resource:gold", "text": "x", "kind": "comment"}, {"text": "", "kind": "comment"}):
        client.post(url(submission, "comment"), wrong)
    assert not submission.comments.exists()
    settle = reverse("admin:submissions_submission_settle", args=[submission.pk, question.pk])
    assert client.post(settle).status_code == 404
    assert sign_in(world.clerk).post(settle).status_code == 403


# Several at once --------------------------------------------------------------------------------------------------


def test_several_at_once_says_first_what_will_happen(
    world: World, sign_in: SignIn, hand_in: Act, approve: Act, fill_in: Act
) -> None:
    good = hand_in(world.submission(world.hami, 1), world.clerk)
    asked = hand_in(world.submission(world.hami, 2), world.clerk)
    with acting_as(world.second_reviewer, "test"):
        Comment.objects.create(submission=asked, text="?", is_question=True, author=world.second_reviewer)
    draft = fill_in(world.submission(world.hami, 3), world.clerk)
    client = sign_in(world.reviewer)
    chosen = {"action": "approve_selected", "_selected_action": [good.pk, asked.pk, draft.pk], "index": "0"}
    page = client.post(reverse(LIST), chosen)
    assert [outcome.submission for outcome in page.context["accepted"]] == [good]
    reasons = {outcome.submission: outcome.refusal for outcome in page.context["refused"]}
    assert "still open" in reasons[asked] and "In progress" in reasons[draft]
    good.refresh_from_db()
    assert good.state == State.SUBMITTED


def test_one_refusal_stops_none_of_the_others(world: World, sign_in: SignIn, hand_in: Act) -> None:
    months = [hand_in(world.submission(world.hami, month), world.clerk) for month in (1, 2, 3)]
    items = [f"{submission.pk}:{submission.revision}" for submission in months]
    with acting_as(world.second_reviewer, "test"):
        workflow.approve(submission_id=months[1].pk, user=world.second_reviewer)
    response = sign_in(world.reviewer).post(
        reverse("admin:submissions_submission_bulk", args=["approve"]), {"item": items}
    )
    assert [outcome.submission for outcome in response.context["accepted"]] == [months[0], months[2]]
    assert [outcome.submission for outcome in response.context["refused"]] == [months[1]]
    assert {Submission.objects.get(pk=submission.pk).state for submission in months} == {State.APPROVED}


def test_several_are_sent_back_with_one_comment(world: World, sign_in: SignIn, hand_in: Act) -> None:
    months = [hand_in(world.submission(world.hami, month), world.clerk) for month in (1, 2)]
    items = [f"{submission.pk}:{submission.revision}" for submission in months]
    address = reverse("admin:submissions_submission_bulk", args=["send-back"])
    client = sign_in(world.reviewer)
    response = client.post(address, {"item": items, "comment": " "})
    assert "Say why they go back" in text_of(response)
    assert {submission.state for submission in Submission.objects.filter(pk__in=[m.pk for m in months])} == {
        "submitted"
    }
    client.post(address, {"item": items, "comment": "Use the new meter's readings."})
    for submission in months:
        submission.refresh_from_db()
        assert submission.state == State.RETURNED
        assert submission.events.get(verb="sent_back").comment == "Use the new meter's readings."


def test_the_trail_names_who_decided(world: World, sign_in: SignIn, hand_in: Act) -> None:
    """Requests of this view run outside one big transaction; the name must be told in each."""
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    address = reverse("admin:submissions_submission_bulk", args=["approve"])
    sign_in(world.reviewer).post(address, {"item": f"{submission.pk}:{submission.revision}"})
    last = Change.objects.filter(table="submissions_submission", row_id=submission.pk).first()
    assert last is not None
    assert (last.actor_id, last.source) == (world.reviewer.pk, f"POST {address}")


@pytest.mark.parametrize("item", ["", "x", "1", "1:x", "99999999999999999999:1", "-1:1"])
def test_nonsense_items_are_not_found(world: World, sign_in: SignIn, item: str) -> None:
    address = reverse("admin:submissions_submission_bulk", args=["approve"])
    assert sign_in(world.reviewer).post(address, {"item": item}).status_code == 404


def test_the_bulk_preview_and_the_workflow_agree(world: World, hand_in: Act) -> None:
    """What the confirmation page promises is what the workflow then does, reason by reason."""
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    for user in (world.auditor, world.clerk, world.reviewer):
        (promised,) = bulk.preview(bulk.BulkVerb.APPROVE, user, [submission])
        try:
            workflow.approve(submission_id=submission.pk, user=user)
            done = ""
        except workflow.Refused as refused:
            done = refused.message
        except PermissionDenied:
            done = bulk.not_reviewer(submission)
        assert promised.refusal == done
    submission.refresh_from_db()
    assert submission.state == State.APPROVED
