"""The reviewers' start page: what waits for them, how complete a year is, and what stands out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.organisation.models import ReportingYear
from apps.organisation.policies import has_role
from apps.submissions import policies
from apps.submissions.attention import Item, Watch, review_url, watched
from apps.submissions.choices import Severity, Verb
from apps.submissions.completeness import Completeness, completeness, on_start_page
from apps.submissions.differences import since_returned
from apps.submissions.marks import Mark, all_marks
from apps.submissions.models import Submission, SubmissionEvent
from apps.submissions.sections import sections
from apps.submissions.tasks import Listed, tasks_for
from apps.submissions.year_states import late_by_period

QUEUE_SHOWN = 30
LATE_SHOWN = 8


def queue(user: User) -> QuerySet[Submission]:
    """What waits for this person's review, oldest first."""
    waiting: Any = _waiting(user)
    return waiting.with_place().select_related("submitted_by").order_by("submitted_at", "pk")  # type: ignore[no-any-return]


def neighbours(user: User, submission: Submission) -> tuple[int | None, int | None, int, int]:
    """The submissions before and after this one in the queue, its place (0: not in it) and the queue's length."""
    waiting = _waiting(user)
    count = waiting.count()
    if not waiting.filter(pk=submission.pk).exists():
        return None, next_in_queue(user, submission), 0, count
    earlier, later = _around(submission)
    before = waiting.filter(earlier).order_by("-submitted_at", "-pk").values_list("pk", flat=True)
    after = waiting.filter(later).order_by("submitted_at", "pk").values_list("pk", flat=True)
    return before.first(), after.first(), before.count() + 1, count


def next_in_queue(user: User, submission: Submission) -> int | None:
    """Where a reviewer goes on after ``submission``: to the one handed in next, else to the oldest."""
    waiting = _waiting(user).exclude(pk=submission.pk).order_by("submitted_at", "pk").values_list("pk", flat=True)
    _earlier, later = _around(submission)
    following: int | None = waiting.filter(later).first()
    return waiting.first() if following is None else following


def _waiting(user: User) -> QuerySet[Submission]:
    return Submission.objects.to_review().filter(policies.reviewable_by(user))


def _around(submission: Submission) -> tuple[Q, Q]:
    """What was handed in before this one, and what after it. One that never was has none of either."""
    at, pk = submission.submitted_at, submission.pk
    if at is None:
        return Q(pk__in=[]), Q(pk__in=[])
    same = Q(submitted_at=at)
    return Q(submitted_at__lt=at) | same & Q(pk__lt=pk), Q(submitted_at__gt=at) | same & Q(pk__gt=pk)


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
class Late:
    """Overdue submissions, the oldest of them by name."""

    total: int
    shown: Sequence[tuple[Submission, str]]


def late(user: User) -> Late:
    """The forms are read of those periods alone that were due first."""
    counts = late_by_period(user, timezone.localdate())
    first, found = [], 0
    for period, count in counts.items():
        first.append(period)
        found += count
        if found >= LATE_SHOWN:
            break
    overdue = Submission.objects.late().filter(policies.visible_to(user), period__in=first)
    listed = overdue.with_place().order_by("period__due_on", "site__position", "section", "pk")[:LATE_SHOWN]
    return Late(total=sum(counts.values()), shown=[(submission, review_url(submission)) for submission in listed])


@dataclass(frozen=True, kw_only=True)
class StartPage:
    """Everything on it."""

    reviews: bool
    waiting: Sequence[Waiting]
    waiting_total: int
    years: Sequence[ReportingYear]
    year: ReportingYear | None
    # None where there is no year yet.
    complete: Completeness | None
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
        complete=on_start_page(user, year) if year else None,
        late=late(user),
        watched=watched(user, year) if year else [],
        tasks=tasks_for(user),
        key=all_marks(),
    )


@dataclass(frozen=True, kw_only=True)
class CompletenessPage:
    """How complete one year is, on a page of its own."""

    years: Sequence[ReportingYear]
    # None where there is no year yet.
    year: ReportingYear | None
    complete: Completeness | None
    # The section in the addresses of the other years.
    section: str
    key: Sequence[Mark]


def completeness_page(user: User, year_code: str | None, section: str, page: str) -> CompletenessPage:
    """A year that there is not is nothing found: Http404. A section that the year lacks is as none."""
    years = list(ReportingYear.objects.order_by("-starts_on"))
    if year_code and all(year.code != year_code for year in years):
        raise Http404
    year = chosen_year(years, year_code)
    return CompletenessPage(
        years=years,
        year=year,
        complete=completeness(user, year, section, page) if year else None,
        section=section if any(section == each.code for each in sections) else "",
        key=all_marks(),
    )
