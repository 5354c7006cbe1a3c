"""What the annual form copies for its year: counts, and nothing else, of what few may read.

A statement belongs to the year in which it was due, a conflict to the year in which its statement was first signed, a
decision to the year in which it was made. Whoever enters or reviews the form reads no more than these numbers.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from apps.anti_corruption.models import (
    CaseOutcome,
    ConcernedPerson,
    ConcludedCase,
    Conflict,
    Decision,
    Duty,
    DutyState,
    Gift,
    GiftHandling,
    Handling,
    IntegrityCount,
    Measure,
    Rank,
    SignedYear,
)
from apps.submissions.models import Submission

_OUTCOMES: Final = {
    CaseOutcome.CONVICTED: Measure.CASES_CONVICTED,
    CaseOutcome.ACQUITTED: Measure.CASES_ACQUITTED,
    CaseOutcome.SETTLED: Measure.CASES_SETTLED,
    CaseOutcome.DISMISSED: Measure.CASES_DISMISSED,
}
_HANDLINGS: Final = {Handling.HANDED_IN: Measure.GIFTS_HANDED_IN, Handling.RETURNED: Measure.GIFTS_RETURNED}


def signed_of(submission: Submission) -> Sequence[SignedYear]:
    """A line for each rank, also where nobody was asked: who had to sign by a day of the period, and who of them did
    so by its last day. One question.
    """
    period = submission.period
    told: Any = (
        Duty.objects.counting()
        .filter(site=submission.site_id, due_on__range=(period.starts_on, period.ends_on))
        .order_by()
        .values("rank")
        .annotate(
            due=Count("pk"),
            signed=Count("pk", filter=Q(state=DutyState.SIGNED, signed_on__lte=period.ends_on)),
            people=Count("user", distinct=True),
        )
    )
    by_rank: dict[str, Any] = {row["rank"]: row for row in told}
    nobody = {"due": 0, "signed": 0, "people": 0}
    now = timezone.now()
    return [
        SignedYear(
            submission=submission,
            rank=rank.value,
            entered_at=now,
            **{name: by_rank.get(rank.value, nobody)[name] for name in nobody},
        )
        for rank in Rank
    ]


def counts_of(submission: Submission) -> Sequence[IntegrityCount]:
    """A line for each measure, so that zero is stated: four questions."""
    counts = Counter(dict.fromkeys(Measure, 0))
    _count_cases(submission, counts)
    _count_conflicts(submission, counts)
    _count_gifts(submission, counts)
    now = timezone.now()
    return [
        IntegrityCount(submission=submission, measure=measure.value, count=counts[measure], entered_at=now)
        for measure in Measure
    ]


def _count_cases(submission: Submission, counts: Counter[Measure]) -> None:
    period = submission.period
    cases: Any = ConcludedCase.objects.current().filter(
        site=submission.site_id, concluded_on__range=(period.starts_on, period.ends_on)
    )
    counts.update(_OUTCOMES[CaseOutcome(outcome)] for outcome in cases.values_list("outcome", flat=True))


def _count_conflicts(submission: Submission, counts: Counter[Measure]) -> None:
    """Declared, as declarations say now: a corrected one counts in its correction, in the year of the first signature.

    Decided, whatever was corrected since: who decided in a year did so. One is the same in all corrections of a
    declaration, and whom it concerns does not decide it.
    """
    period = submission.period
    span = (period.starts_on, period.ends_on)
    conflicts: Any = Conflict.objects.current().filter(declaration__duty__site=submission.site_id)
    counts[Measure.CONFLICTS_DECLARED] = conflicts.filter(declaration__duty__signed_on__range=span).count()
    concerned: Any = ConcernedPerson._default_manager.filter(
        user=OuterRef("decided_by"),
        conflict__kind=OuterRef("conflict__kind"),
        conflict__declaration__duty=OuterRef("conflict__declaration__duty"),
    )
    decided: Any = Decision._default_manager.filter(
        ~Exists(concerned), conflict__declaration__duty__site=submission.site_id, decided_at__date__range=span
    )
    matters = decided.order_by().values("conflict__declaration__duty", "conflict__kind").distinct()
    counts[Measure.CONFLICTS_DECIDED] = matters.count()


def _count_gifts(submission: Submission, counts: Counter[Measure]) -> None:
    """Those received in the period, with what was said last of what became of them."""
    period = submission.period
    handlings: Any = GiftHandling._default_manager
    last = handlings.filter(gift=OuterRef("pk")).order_by("-pk").values("handling")[:1]
    gifts: Any = Gift.objects.current().filter(
        site=submission.site_id, received_on__range=(period.starts_on, period.ends_on)
    )
    for handling in gifts.annotate(last=Subquery(last)).values_list("last", flat=True):
        counts[Measure.GIFTS_REGISTERED] += 1
        if handling in _HANDLINGS:
            counts[_HANDLINGS[handling]] += 1
