"""Whole statements over many forms, as a program or a person with SQL would approve and reopen them."""

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from apps.accounts.models import User
from apps.submissions.choices import State, Verb
from apps.submissions.models import Submission, SubmissionEvent
from apps.submissions.seals import seal


def move(forms: Sequence[Submission], state: State, verb: Verb, actor: User, **stamps: object) -> None:
    """One UPDATE over all of them, and what the database wants to see beside it."""
    listed = Submission.objects.filter(pk__in=[form.pk for form in forms])
    listed.update(state=state, revision=F("revision") + 1, **stamps)
    SubmissionEvent.objects.bulk_create(
        SubmissionEvent(
            submission=form,
            verb=verb,
            actor=actor,
            revision=form.revision,
            comment="" if verb == Verb.APPROVED or verb == Verb.SUBMITTED else "A reason.",
        )
        for form in listed
    )
    if verb == Verb.APPROVED:
        for form in listed.select_related("site", "period__year"):
            seal(form)


def approve_at_once(forms: Sequence[Submission], clerk: User, reviewer: User) -> None:
    """Hands all of them in and approves them, one statement each."""
    now = timezone.now()
    move(forms, State.SUBMITTED, Verb.SUBMITTED, clerk, submitted_by=clerk, submitted_at=now)
    move(forms, State.APPROVED, Verb.APPROVED, reviewer, approved_by=reviewer, approved_at=now)


def reopen_at_once(forms: Sequence[Submission], lead: User) -> None:
    """Opens all of them again in one statement."""
    move(forms, State.RETURNED, Verb.REOPENED, lead, approved_by=None, approved_at=None)
