"""What of the report stands on the to-do lists: words to write or correct, and words that wait for approval."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.reporting.models import Provision, Statement, StatementState
from apps.reporting.policies import may_write_statements, waiting_for
from apps.submissions.tasks import MOST, Task, TaskList, task_lists


def _tasks(statements: QuerySet[Statement], details: dict[str, str]) -> list[Task]:
    """With the title of each provision, in any edition of the guide that has its code: two queries."""
    listed = list(statements.select_related("year").order_by("year__starts_on", "code")[:MOST])
    if not listed:
        return []
    titles = {
        provision.code: provision.title
        for provision in Provision.objects.filter(code__in={each.code for each in listed}).order_by("guide__starts_on")
    }
    return [
        Task(
            title=f"{statement.year} · {statement.code} {titles.get(statement.code, '')}".strip(),
            detail=details[statement.state],
            url=reverse("reporting:statement", args=[statement.year.code, statement.code]),
        )
        for statement in listed
    ]


def statements_to_write(user: User) -> Sequence[Task]:
    """Drafts, and what was sent back, for the person who is responsible; the latter also for who handed it in.

    A published year asks for nothing.
    """
    mine = Q(responsible=user)
    if may_write_statements(user):
        mine |= Q(state=StatementState.RETURNED, submitted_by=user)
    return _tasks(
        Statement.objects.filter(
            mine,
            state__in=(StatementState.DRAFT, StatementState.RETURNED),
            year__published_at__isnull=True,
        ),
        {
            StatementState.DRAFT.value: _("Write it and hand it in"),
            StatementState.RETURNED.value: _("Correct it and hand it in again"),
        },
    )


def statements_to_approve(user: User) -> Sequence[Task]:
    """What was handed in, without what one wrote at oneself."""
    if not may_write_statements(user):
        return []
    return _tasks(waiting_for(user), {StatementState.SUBMITTED.value: _("Approve it or send it back")})


task_lists.register(
    TaskList(
        code="statements_to_write",
        title=gettext_lazy("Statements of the report"),
        tasks=statements_to_write,
        rows="reporting_statement s WHERE (s.responsible_id = asked.person OR s.submitted_by_id = asked.person) "
        "AND s.state IN ('draft', 'returned')",
    )
)
task_lists.register(
    TaskList(
        code="statements_to_approve",
        title=gettext_lazy("Statements of the report to review"),
        tasks=statements_to_approve,
        rows="reporting_statement s WHERE s.state = 'submitted'",
    )
)
