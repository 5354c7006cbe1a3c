"""The word and the sign under which people see a submission: its state, or that it is late or not due yet."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.submissions.choices import STATE_SIGNS, State
from apps.submissions.models import Submission


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What ``components/state.html`` shows."""

    code: str
    sign: str
    label: str


def mark_of(submission: Submission, *, for_reviewer: bool = False) -> Mark:
    """Late goes before the state, save where the reviewer's words wait; what is not due yet is no draft."""
    state = State(submission.state)
    if submission.is_late and state != State.RETURNED:
        return Mark(code="late", sign=STATE_SIGNS["late"], label=_("Late"))
    if state == State.DRAFT and not submission.revision and not submission.is_due:
        return Mark(code="not_due", sign=STATE_SIGNS["not_due"], label=_("Not due"))
    label = submission.reviewer_label if for_reviewer else state.label
    return Mark(code=state.value, sign=STATE_SIGNS[state], label=str(label))
