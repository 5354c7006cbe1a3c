"""The word and the sign under which people see a provision and a statement."""

from typing import Final

from django.utils.translation import gettext as _

from apps.reporting.index import Status
from apps.reporting.models import Statement, StatementState
from apps.submissions.choices import STATE_SIGNS, State
from apps.submissions.marks import Mark

_STATUS: Final = {
    Status.REPORTED: ("approved", "✓"),
    Status.EXPLAINED: ("submitted", "i"),
    Status.NOT_APPLICABLE: ("draft", "–"),
    Status.MISSING: ("returned", "○"),
}


def status_mark(status: Status, *, blocks: bool = False) -> Mark:
    """The status of a provision; red where the year cannot be published like this."""
    code, sign = ("late", "!") if blocks else _STATUS[status]
    return Mark(code=code, sign=sign, label=str(status.label))


def statement_mark(statement: Statement | None) -> Mark:
    """Where the words stand; without any, and where only somebody was named for them, they are not written."""
    if statement is None or not statement.revision:
        return Mark(code="not_due", sign="○", label=_("Not written"))
    state = StatementState(statement.state)
    return Mark(code=state.value, sign=STATE_SIGNS[State(state.value)], label=str(state.label))
