"""The word and the sign under which people see a submission: its state, or that it is late or not due yet."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.submissions.choices import REVIEWER_LABELS, STATE_SIGNS, State
from apps.submissions.models import Submission


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What ``components/state.html`` shows."""

    code: str
    sign: str
    label: str


def mark_of(submission: Submission, *, for_reviewer: bool = False) -> Mark:
    return mark_for(
        State(submission.state),
        submission.revision,
        due_on=submission.period.due_on,
        ends_on=submission.period.ends_on,
        today=timezone.localdate(),
        for_reviewer=for_reviewer,
    )


def mark_for(
    state: State, revision: int, *, due_on: dt.date, ends_on: dt.date, today: dt.date, for_reviewer: bool = False
) -> Mark:
    """Late goes before the state, save where the reviewer's words wait; what is not due yet is no draft."""
    if state == State.DRAFT and due_on < today:
        return Mark(code="late", sign=STATE_SIGNS["late"], label=_("Late"))
    if state == State.DRAFT and not revision and ends_on >= today:
        return Mark(code="not_due", sign=STATE_SIGNS["not_due"], label=_("Not due"))
    label = REVIEWER_LABELS[state] if for_reviewer else state.label
    return Mark(code=state.value, sign=STATE_SIGNS[state], label=str(label))


def all_marks() -> list[Mark]:
    """The six of them in the reviewer's words: the key to a table of signs."""
    return [
        Mark(code="not_due", sign=STATE_SIGNS["not_due"], label=_("Not due")),
        *(Mark(code=state.value, sign=STATE_SIGNS[state], label=str(REVIEWER_LABELS[state])) for state in State),
        Mark(code="late", sign=STATE_SIGNS["late"], label=_("Late")),
    ]
