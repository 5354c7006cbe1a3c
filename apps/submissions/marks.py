"""The word and the sign under which people see a submission: its state, or that it is late or not due yet."""

from dataclasses import dataclass

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
    """Late goes before the state, save where the reviewer's words wait; what is not due yet is no draft."""
    state = State(submission.state)
    if submission.is_late and state != State.RETURNED:
        return Mark(code="late", sign=STATE_SIGNS["late"], label=_("Late"))
    if state == State.DRAFT and not submission.revision and not submission.is_due:
        return Mark(code="not_due", sign=STATE_SIGNS["not_due"], label=_("Not due"))
    label = submission.reviewer_label if for_reviewer else state.label
    return Mark(code=state.value, sign=STATE_SIGNS[state], label=str(label))


def all_marks() -> list[Mark]:
    """The six of them in the reviewer's words: the key to a table of signs."""
    return [
        Mark(code="not_due", sign=STATE_SIGNS["not_due"], label=_("Not due")),
        *(Mark(code=state.value, sign=STATE_SIGNS[state], label=str(REVIEWER_LABELS[state])) for state in State),
        Mark(code="late", sign=STATE_SIGNS["late"], label=_("Late")),
    ]
