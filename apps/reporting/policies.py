"""Who may read, write and publish the report. It is the group's: a role at one site opens none of it.

What people hand in goes by submissions/policies.py, figures by indicators/policies.py.
"""

from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.organisation.models import ReportingYear
from apps.organisation.policies import has_role_of_group, may_read_report
from apps.reporting.models import (
    Guide,
    Provision,
    Restatement,
    RestatementKind,
    RestatementState,
    Statement,
    StatementEvent,
    StatementState,
    StatementVerb,
)

__all__ = [
    "access_provision",
    "access_year",
    "has_written",
    "may_approve_restatement",
    "may_approve_statement",
    "may_change_template",
    "may_edit_statement",
    "may_publish",
    "may_read_report",
    "may_reopen_statement",
    "may_review_targets",
    "may_write_statements",
    "waiting_for",
    "words_are_open",
]

_WRITING: Final = (Role.REVIEWER, Role.LEAD_REVIEWER)


def may_write_statements(user: User) -> bool:
    """Drafts the words of any provision, and names who is responsible for them."""
    return has_role_of_group(user, _WRITING)


def is_responsible(user: User, statement: Statement) -> bool:
    """Whoever is named drafts that statement and hands it in, and needs no role for it."""
    return user.is_active and statement.responsible_id == user.pk


def may_edit_statement(user: User, statement: Statement) -> bool:
    """While it is open: whoever writes the report, and the person responsible for this statement."""
    return (may_write_statements(user) or is_responsible(user, statement)) and statement.state in (
        StatementState.DRAFT,
        StatementState.RETURNED,
    )


def may_decide_statement(user: User, statement: Statement) -> bool:
    """Sends back what was handed in; approves it where nothing of it is one's own."""
    return may_write_statements(user) and statement.state == StatementState.SUBMITTED


def has_written(user: User, statement: Statement) -> bool:
    """Whether ``user`` saved or handed in the words since they were last approved."""
    return bool(_own_words(user, StatementEvent.objects.filter(statement=statement.pk)))


def _own_words(user: User, events: QuerySet[StatementEvent]) -> QuerySet[StatementEvent]:
    approved = StatementEvent.objects.filter(
        statement=OuterRef("statement"), verb=StatementVerb.APPROVED, pk__gt=OuterRef("pk")
    )
    return events.filter(~Exists(approved), actor=user.pk, verb__in=(StatementVerb.SAVED, StatementVerb.SUBMITTED))


def may_approve_statement(user: User, statement: Statement) -> bool:
    """Somebody who did not write it. The trigger asks the same."""
    return may_decide_statement(user, statement) and not has_written(user, statement)


def may_reopen_statement(user: User, statement: Statement) -> bool:
    """The lead reviewer, with a reason."""
    return may_publish(user) and statement.state == StatementState.APPROVED


def may_review_targets(user: User) -> bool:
    """Enters what the yearly review of a target found."""
    return may_write_statements(user)


def words_are_open(year: ReportingYear) -> bool:
    """Whether statements of ``year`` may change: in a published year only while a restatement of words is open."""
    return (
        year.published_at is None
        or Restatement.objects.filter(year=year, kind=RestatementKind.WORDS, state=RestatementState.OPEN).exists()
    )


def waiting_for(user: User) -> QuerySet[Statement]:
    """Statements handed in that ``user`` may approve."""
    if not may_write_statements(user):
        return Statement.objects.none()
    own = _own_words(user, StatementEvent.objects.filter(statement=OuterRef("pk")))
    return Statement.objects.filter(~Exists(own), state=StatementState.SUBMITTED)


def may_publish(user: User) -> bool:
    """Publishes a year, opens and settles restatements."""
    return has_role_of_group(user, (Role.LEAD_REVIEWER,))


def may_change_template(user: User) -> bool:
    """Keeps the Word template, as whoever keeps catalogues and people."""
    return has_role_of_group(user, (Role.ADMINISTRATOR,))


def may_approve_restatement(user: User, restatement: Restatement) -> bool:
    """Somebody who neither opened nor prepared it. A constraint refuses the others too."""
    return (
        may_publish(user)
        and restatement.state == RestatementState.PREPARED
        and user.pk not in (restatement.opened_by_id, restatement.prepared_by_id)
    )


def access_year(user: User, code: str) -> ReportingYear:
    """A year of the report, or 404 for who may not read it."""
    year = ReportingYear.objects.filter(code=code).first() if may_read_report(user) else None
    if year is None:
        raise Http404
    return year


def access_provision(user: User, year_code: str, code: str) -> tuple[ReportingYear, Provision, Statement | None]:
    """A provision of the guide of a year with its statement, where there is one.

    404 for who may neither read the report nor is responsible for this statement.
    """
    year = ReportingYear.objects.filter(code=year_code).first()
    # The database takes no NUL, which an address may hold.
    provision = provision_of(year, code) if year and "\x00" not in code else None
    if year is None or provision is None:
        raise Http404
    statement = (
        Statement.objects.select_related("responsible", "submitted_by", "approved_by", "carried_from__year")
        .filter(year=year, code=code)
        .first()
    )
    if not may_read_report(user) and (statement is None or not is_responsible(user, statement)):
        raise Http404
    return year, provision, statement


def provision_of(year: ReportingYear, code: str) -> Provision | None:
    """What the guide of ``year`` asks for under ``code``."""
    guide = Guide.of_day(year.starts_on)
    return Provision.objects.select_related("guide").filter(guide=guide, code=code).first() if guide else None
