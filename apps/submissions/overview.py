"""The reviewers' start page: what waits for them, how complete a year is, and what stands out."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.organisation.models import Period, ReportingYear, Site
from apps.organisation.policies import has_role
from apps.submissions import policies
from apps.submissions.attention import Item, Watch, review_url, watches
from apps.submissions.choices import Severity, Verb
from apps.submissions.differences import since_returned
from apps.submissions.marks import Mark, all_marks, mark_of
from apps.submissions.models import Submission, SubmissionEvent
from apps.submissions.sections import Section, sections
from apps.submissions.tasks import Listed, tasks_for

QUEUE_SHOWN = 30
LATE_SHOWN = 8


def queue(user: User) -> QuerySet[Submission]:
    """What waits for this person's review, oldest first."""
    return (
        Submission.objects.to_review()
        .filter(policies.reviewable_by(user))
        .with_place()
        .select_related("submitted_by")
        .order_by("submitted_at", "pk")
    )


def neighbours(user: User, submission: Submission) -> tuple[int | None, int | None, int, int]:
    """The submissions before and after this one in the queue, its place (0: not in it) and the queue's length."""
    waiting: list[tuple[dt.datetime | None, int]] = list(queue(user).values_list("submitted_at", "pk"))
    here = (submission.submitted_at, submission.pk)
    if here in waiting:
        at = waiting.index(here)
        before = waiting[at - 1][1] if at else None
        after = waiting[at + 1][1] if at + 1 < len(waiting) else None
        return before, after, at + 1, len(waiting)
    return None, next_in_queue(user, submission, waiting), 0, len(waiting)


def next_in_queue(
    user: User, submission: Submission, waiting: Sequence[tuple[dt.datetime | None, int]] | None = None
) -> int | None:
    """Where a reviewer goes on after ``submission``: to the one handed in next, else to the oldest."""
    if waiting is None:
        waiting = list(queue(user).values_list("submitted_at", "pk"))
    later = [
        pk
        for submitted_at, pk in waiting
        if submission.submitted_at and submitted_at and (submitted_at, pk) > (submission.submitted_at, submission.pk)
    ]
    return next(iter(later or [pk for _, pk in waiting if pk != submission.pk]), None)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One line of the queue. ``changed`` is None for what is handed in for the first time."""

    submission: Submission
    url: str
    warnings: int
    changed: int | None
    may_approve: bool


def waiting_lines(user: User) -> list[Waiting]:
    listed = list(queue(user)[:QUEUE_SHOWN])
    ids = [submission.pk for submission in listed]
    approvable = set(queue(user).filter(policies.approvable_by(user), pk__in=ids).values_list("pk", flat=True))
    warnings = _warnings(ids)
    differences = since_returned(listed)
    return [
        Waiting(
            submission=submission,
            url=review_url(submission),
            warnings=warnings.get(submission.pk, 0),
            changed=len(differences[submission.pk].rows) if differences[submission.pk].since else None,
            may_approve=submission.pk in approvable,
        )
        for submission in listed
    ]


def _warnings(submission_ids: list[int]) -> dict[int, int]:
    """How many warnings the checks had when each was last handed in."""
    handed_in = (
        SubmissionEvent.objects.filter(submission__in=submission_ids, verb=Verb.SUBMITTED)
        .order_by("submission_id", "-pk")
        .distinct("submission_id")
    )
    return {
        submission_id: sum(finding.get("severity") == Severity.WARNING for finding in findings)
        for submission_id, findings in handed_in.values_list("submission_id", "findings")
    }


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One submission in the matrix."""

    mark: Mark
    url: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """How complete one section is: a line for each site, a column for each period; None where nothing is expected."""

    section: Section
    periods: Sequence[Period]
    lines: Sequence[tuple[Site, Sequence[Cell | None]]]


def matrix(user: User, year: ReportingYear) -> list[Block]:
    base = reverse("admin:submissions_submission_change", args=[0])
    cells: dict[str, dict[Site, dict[Period, Cell]]] = defaultdict(lambda: defaultdict(dict))
    expected = policies.submissions_for(user).filter(period__year=year).select_related("site", "period")
    for submission in expected.order_by("site__position", "site__code", "period__starts_on"):
        if submission.section in sections:
            cells[submission.section][submission.site][submission.period] = Cell(
                mark=mark_of(submission, for_reviewer=True), url=base.replace("/0/", f"/{submission.pk}/")
            )
    blocks = []
    for section in sections:
        if section.code in cells:
            of_section = cells[section.code]
            periods = sorted(
                {period for of_site in of_section.values() for period in of_site}, key=lambda period: period.starts_on
            )
            lines = [(site, [of_site.get(period) for period in periods]) for site, of_site in of_section.items()]
            blocks.append(Block(section=section, periods=periods, lines=lines))
    return blocks


@dataclass(frozen=True, kw_only=True)
class Late:
    """Overdue submissions, the oldest of them by name."""

    total: int
    shown: Sequence[tuple[Submission, str]]


def late(user: User) -> Late:
    overdue = Submission.objects.late().filter(policies.visible_to(user))
    listed = overdue.with_place().order_by("period__due_on", "site__position", "section", "pk")[:LATE_SHOWN]
    return Late(total=overdue.count(), shown=[(submission, review_url(submission)) for submission in listed])


@dataclass(frozen=True, kw_only=True)
class StartPage:
    """Everything on it."""

    reviews: bool
    waiting: Sequence[Waiting]
    waiting_total: int
    years: Sequence[ReportingYear]
    year: ReportingYear | None
    blocks: Sequence[Block]
    late: Late
    watched: Sequence[tuple[Watch, Sequence[Item]]]
    # What waits for this person beside the forms.
    tasks: Sequence[Listed]
    key: Sequence[Mark]


def chosen_year(years: Sequence[ReportingYear], code: str | None) -> ReportingYear | None:
    """The year asked for, else the one we are in, else the newest that has begun."""
    today = timezone.localdate()
    for year in years:
        if year.code == code:
            return year
    begun = [year for year in years if year.starts_on <= today]
    return next(iter(begun or years), None)


def start_page(user: User, year_code: str | None) -> StartPage:
    years = list(ReportingYear.objects.order_by("-starts_on"))
    year = chosen_year(years, year_code)
    waiting = waiting_lines(user)
    return StartPage(
        reviews=has_role(user, (Role.REVIEWER, Role.LEAD_REVIEWER)),
        waiting=waiting,
        waiting_total=queue(user).count() if len(waiting) == QUEUE_SHOWN else len(waiting),
        years=years,
        year=year,
        blocks=matrix(user, year) if year else [],
        late=late(user),
        watched=[(watch, watch.items(user, year)) for watch in watches] if year else [],
        tasks=tasks_for(user),
        key=all_marks(),
    )
