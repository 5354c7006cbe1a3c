"""The four transitions of a submission: the only code that writes its state.

Each locks the submission, asks the policy, looks at what is missing, writes state and stamps, and logs an event, in
one transaction. Lock order everywhere: the submission first, then its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.submissions import checks, policies
from apps.submissions.choices import State, Verb
from apps.submissions.findings import Finding, blocking
from apps.submissions.models import Comment, Submission, SubmissionEvent
from apps.submissions.seals import seal
from apps.submissions.sheets import load_sheet


@dataclass
class Refused(Exception):
    """The transition cannot be made now; ``message`` says why and what to do."""

    message: str
    findings: Sequence[Finding] = field(default_factory=tuple)

    def __str__(self) -> str:
        return self.message


def _locked(submission_id: int) -> Submission:
    return (
        Submission.objects.select_related("site", "period__year").select_for_update(of=("self",)).get(pk=submission_id)
    )


def moved_on(submission: Submission) -> Refused:
    return Refused(
        _("“%(submission)s” is now “%(state)s”; somebody was quicker. Reload the page to see it.")
        % {"submission": submission, "state": submission.get_state_display()}
    )


def own_work(submission: Submission) -> Refused:
    return Refused(
        _("You worked on “%(submission)s” yourself; somebody else has to approve it.") % {"submission": submission}
    )


def open_question(submission: Submission) -> Refused:
    return Refused(_("A question on “%(submission)s” is still open. Settle it first.") % {"submission": submission})


def _require_state(submission: Submission, *states: State) -> None:
    if submission.state not in states:
        raise moved_on(submission)


def _require_revision(submission: Submission, revision: int | None) -> None:
    """What a reviewer decides on is what the reviewer saw, even if it came back under the same state."""
    if revision is not None and revision != submission.revision:
        raise Refused(
            _("“%(submission)s” changed since you opened it. Look at it again, then decide.")
            % {"submission": submission}
        )


def _move(submission: Submission, *fields: str) -> None:
    submission.revision += 1
    submission.save(update_fields=["state", "revision", *fields])


@transaction.atomic
def submit(*, submission_id: int, user: User, revision: int) -> Submission:
    """The preparer hands in: every expected row answered, no error, every warning explained.

    ``revision`` is the one the person looked at; a newer one means that a colleague saved in between.
    """
    submission = _locked(submission_id)
    if not policies.may_prepare(user, submission):
        raise PermissionDenied
    _require_state(submission, State.DRAFT, State.RETURNED)
    if revision != submission.revision:
        raise Refused(_("A colleague saved this page in between. Look at it again, then hand it in."))
    findings = checks.run(load_sheet(submission))
    open_findings = blocking(findings)
    if open_findings:
        raise Refused(_("This cannot be handed in yet: correct the errors and explain the warnings."), open_findings)
    submission.state = State.SUBMITTED
    submission.submitted_by = user
    submission.submitted_at = timezone.now()
    _move(submission, "submitted_by", "submitted_at")
    SubmissionEvent.objects.create(
        submission=submission,
        verb=Verb.SUBMITTED,
        actor=user,
        revision=submission.revision,
        findings=[
            {
                "code": finding.code,
                "severity": finding.severity,
                "row": finding.row,
                "message": finding.message,
                "explanation": finding.explanation,
            }
            for finding in findings
        ],
    )
    return submission


@transaction.atomic
def send_back(
    *,
    submission_id: int,
    user: User,
    comment: str,
    rows: Sequence[tuple[str, str]] = (),
    revision: int | None = None,
) -> Submission:
    """The reviewer sends back with a comment; ``rows`` names single rows, each with its question."""
    submission = _locked(submission_id)
    if not policies.may_review(user, submission):
        raise PermissionDenied
    _require_state(submission, State.SUBMITTED)
    _require_revision(submission, revision)
    return _return(submission, user, Verb.SENT_BACK, comment, rows)


@transaction.atomic
def reopen(*, submission_id: int, user: User, reason: str) -> Submission:
    """The lead reviewer opens an approved submission again, with a reason, until its year is published."""
    submission = _locked(submission_id)
    _require_state(submission, State.APPROVED)
    if not policies.may_reopen(user, submission):
        raise PermissionDenied
    return _return(submission, user, Verb.REOPENED, reason, ())


def _return(
    submission: Submission, user: User, verb: Verb, comment: str, rows: Sequence[tuple[str, str]]
) -> Submission:
    if not comment.strip():
        raise Refused(_("Say why it goes back, so that the site knows what to do."))
    submission.state = State.RETURNED
    submission.approved_by = None
    submission.approved_at = None
    _move(submission, "approved_by", "approved_at")
    SubmissionEvent.objects.create(
        submission=submission, verb=verb, actor=user, comment=comment.strip(), revision=submission.revision
    )
    Comment.objects.bulk_create(
        Comment(submission=submission, row=row, text=text.strip(), is_question=True, author=user)
        for row, text in rows
        if text.strip()
    )
    return submission


@transaction.atomic
def approve(*, submission_id: int, user: User, revision: int | None = None) -> Submission:
    """A reviewer who neither prepared nor handed it in approves; what was approved is sealed.

    ``revision`` is the one the reviewer looked at.
    """
    submission = _locked(submission_id)
    if not policies.may_review(user, submission):
        raise PermissionDenied
    _require_state(submission, State.SUBMITTED)
    _require_revision(submission, revision)
    if not policies.may_approve(user, submission):
        raise own_work(submission)
    if submission.comments.filter(is_question=True, settled_at__isnull=True).exists():
        raise open_question(submission)
    submission.state = State.APPROVED
    submission.approved_by = user
    submission.approved_at = timezone.now()
    _move(submission, "approved_by", "approved_at")
    SubmissionEvent.objects.create(submission=submission, verb=Verb.APPROVED, actor=user, revision=submission.revision)
    seal(submission)
    return submission
