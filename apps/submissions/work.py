"""What a person has to do: the open submissions of their sites, by urgency, with what is done and what is asked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.core.paging import InTurn
from apps.submissions import policies
from apps.submissions.choices import State, Verb
from apps.submissions.marks import Mark, mark_of
from apps.submissions.models import Comment, Submission, SubmissionEvent
from apps.submissions.progress import Progress, progress_of

APPROVED_LATELY = dt.timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One line of the to-do list."""

    submission: Submission
    mark: Mark
    rows_answered: int
    rows_expected: int
    # The id of the first thing to do on the entry page.
    anchor: str
    # The words with which it came back, and whose they are.
    returned: SubmissionEvent | None
    open_questions: int

    @property
    def days_late(self) -> int:
        return -self.submission.days_left


def due_for(user: User) -> InTurn:
    """Open submissions of begun periods that the person prepares: what came back first, then by due date."""
    due = (
        Submission.objects.with_place()
        .select_related("saved_by")
        .filter(policies.preparable_by(user), period__starts_on__lte=timezone.localdate())
        .order_by("period__due_on", "period__starts_on", "site__position", "section", "pk")
    )
    return InTurn(due.filter(state=State.RETURNED), due.filter(state=State.DRAFT))


def approved_lately(user: User) -> QuerySet[Submission]:
    return (
        Submission.objects.approved()
        .with_place()
        .select_related("approved_by")
        .filter(policies.visible_to(user), approved_at__gte=timezone.now() - APPROVED_LATELY)
        .order_by("-approved_at", "-pk")[:8]
    )


def duties(submissions: Sequence[Submission]) -> list[Duty]:
    """Adds progress and the reviewer's words, with a number of queries that does not grow with the list."""
    progress = progress_of(submissions)
    returned = [submission.pk for submission in submissions if submission.state == State.RETURNED]
    words, questions = _last_words(returned), _questions(returned)
    return [
        Duty(
            submission=submission,
            mark=mark_of(submission),
            rows_answered=progress[submission.pk].rows_answered,
            rows_expected=progress[submission.pk].rows_expected,
            anchor=_first_thing(progress[submission.pk], questions[submission.pk]),
            returned=words.get(submission.pk),
            open_questions=len(questions[submission.pk]),
        )
        for submission in submissions
    ]


def _last_words(submission_ids: list[int]) -> dict[int, SubmissionEvent]:
    if not submission_ids:
        return {}
    events = SubmissionEvent.objects.filter(
        submission__in=submission_ids, verb__in=[Verb.SENT_BACK, Verb.REOPENED]
    ).select_related("actor")
    return {event.submission_id: event for event in events.order_by("pk")}


def _questions(submission_ids: list[int]) -> dict[int, list[str]]:
    """The rows with a question that is not settled; "" is the form itself."""
    rows: dict[int, list[str]] = defaultdict(list)
    if submission_ids:
        asked = Comment.objects.filter(submission__in=submission_ids, is_question=True, settled_at__isnull=True)
        for submission_id, row in asked.order_by("pk").values_list("submission_id", "row"):
            rows[submission_id].append(row)
    return rows


def _first_thing(progress: Progress, asked_rows: list[str]) -> str:
    for row in asked_rows:
        if row:
            return f"row-{row}"
    return f"{progress.first_missing}:value" if progress.first_missing else "content"
