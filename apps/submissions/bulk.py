"""Approving or sending back several submissions: first what would happen, then each by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.submissions import policies, workflow
from apps.submissions.choices import State
from apps.submissions.models import Comment, Submission

MOST = 200


class BulkVerb(StrEnum):
    APPROVE = "approve"
    SEND_BACK = "send-back"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What would happen, or has happened, to one submission; ``refusal`` says why it stays as it is."""

    submission: Submission
    refusal: str = ""


def preview(verb: BulkVerb, user: User, submissions: Iterable[Submission]) -> list[Outcome]:
    """The same answers as the workflow's, for all at once. What is decided is decided again when it is done."""
    listed = list(submissions)
    ids = [submission.pk for submission in listed]
    approvable = set(Submission.objects.filter(policies.approvable_by(user), pk__in=ids).values_list("pk", flat=True))
    asked = set(
        Comment.objects.filter(submission__in=ids, is_question=True, settled_at__isnull=True).values_list(
            "submission_id", flat=True
        )
    )
    return [
        Outcome(submission=submission, refusal=_refusal(verb, user, submission, approvable, asked))
        for submission in listed
    ]


def _refusal(verb: BulkVerb, user: User, submission: Submission, approvable: set[int], asked: set[int]) -> str:
    if not policies.may_review(user, submission):
        return not_reviewer(submission)
    if submission.state != State.SUBMITTED:
        return _("It is “%(state)s”; only what waits for review can be decided.") % {"state": submission.reviewer_label}
    if verb == BulkVerb.APPROVE and submission.pk not in approvable:
        return workflow.own_work(submission).message
    if verb == BulkVerb.APPROVE and submission.pk in asked:
        return workflow.open_question(submission).message
    return ""


def not_reviewer(submission: Submission) -> str:
    return _("You do not review “%(submission)s”.") % {"submission": submission}


def carry_out(verb: BulkVerb, user: User, seen: Sequence[tuple[Submission, int]], comment: str = "") -> list[Outcome]:
    """Each through the workflow in a transaction of its own: one that is refused stops none of the others.

    ``seen`` pairs a submission with the revision the reviewer looked at.
    """
    return [
        Outcome(submission=submission, refusal=_try(verb, user, submission, revision, comment))
        for submission, revision in seen
    ]


def _try(verb: BulkVerb, user: User, submission: Submission, revision: int, comment: str) -> str:
    try:
        with transaction.atomic():
            if verb == BulkVerb.APPROVE:
                workflow.approve(submission_id=submission.pk, user=user, revision=revision)
            else:
                workflow.send_back(submission_id=submission.pk, user=user, comment=comment, revision=revision)
    except workflow.Refused as refused:
        return refused.message
    except PermissionDenied:
        return not_reviewer(submission)
    return ""
