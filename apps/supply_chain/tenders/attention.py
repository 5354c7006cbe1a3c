"""What of tenders stands on the to-do lists and on the reviewers' start page, and what the trail keeps closed."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.audit.veils import Veil, veils
from apps.organisation.models import ReportingYear
from apps.submissions.attention import Item, Watch, watches
from apps.submissions.tasks import MOST, Task, TaskList, task_lists
from apps.supply_chain.models import Tender, TenderState
from apps.supply_chain.models.tenders import LAST_STATES
from apps.supply_chain.tenders import policies
from apps.supply_chain.tenders.interests import interests_in
from apps.supply_chain.tenders.veil import unranked_scores


def _page(tender: Tender, view: str = "tender") -> str:
    return reverse(f"supply_chain:{view}", args=[tender.pk])


def tenders_to_score(user: User) -> Sequence[Task]:
    waiting = Tender.objects.filter(
        state=TenderState.SCORING,
        scorers__user=user,
        scorers__handed_in_at__isnull=True,
        scorers__excused_at__isnull=True,
    ).select_related("site")
    return [
        Task(title=str(tender), detail=tender.site.name, url=_page(tender, "tender_scores"))
        for tender in waiting[:MOST]
    ]


def tenders_to_carry_on(user: User) -> Sequence[Task]:
    """Those that somebody created: bids to be opened, bids to be read out, a bid to be selected."""
    today = timezone.localdate()
    due = Q(state=TenderState.INVITING, bids_due_on__lt=today)
    waiting = (
        Tender.objects.filter(policies.runnable_by(user), created_by=user)
        .filter(due | Q(state__in=(TenderState.OPENED, TenderState.RANKED)))
        .order_by("bids_due_on", "pk")
    )
    what = {
        TenderState.INVITING: _("Open the bids."),
        TenderState.OPENED: _("Enter what the bids say, then start scoring."),
        TenderState.RANKED: _("Select a bid."),
    }
    return [
        Task(
            title=str(tender),
            detail=what[TenderState(tender.state)],
            url=_page(tender),
            due_on=tender.bids_due_on if tender.state == TenderState.INVITING else None,
        )
        for tender in waiting[:MOST]
    ]


def tenders_to_approve(user: User) -> Sequence[Task]:
    """Selections that wait for a reviewer who took no part; for others no hands in tenders are looked up."""
    if not policies.may_review_somewhere(user):
        return []
    waiting = Tender.objects.filter(policies.approvable_by(user)).select_related("site").order_by("decided_at")
    return [Task(title=str(tender), detail=tender.site.name, url=_page(tender)) for tender in waiting[:MOST]]


def _open_or_decided(user: User, year: ReportingYear) -> list[QuerySet[Tender]]:
    decided = Q(decided_on__range=(year.starts_on, year.ends_on))
    tenders = Tender.objects.filter(policies.interests_visible_to(user)).filter(~Q(state__in=LAST_STATES) | decided)
    return [tenders.select_related("site")]


def scorers_with_interests(user: User, year: ReportingYear, looked_at: Sequence[Tender]) -> Sequence[Item]:
    """Interests of scorers in bidders, of open tenders and of those decided in the year."""
    prefetch_related_objects(looked_at, "scorers__user", "bids__supplier")
    known = interests_in(looked_at)
    return [
        Item(
            title=f"{tender.site.name} · {tender}",
            detail=_("%(scorer)s, bidder %(bidder)s: %(words)s")
            % {"scorer": interest.scorer.user, "bidder": interest.bid.supplier.name, "words": interest.words},
            url=_page(tender),
        )
        for tender in looked_at
        for interest in known.get(tender.pk, ())
    ][:MOST]


def register() -> None:
    """Called once, when the app's ``attention.py`` is read at start-up."""
    for code, title, tasks, rows in (
        (
            "tenders_to_score",
            gettext_lazy("Tenders to score"),
            tenders_to_score,
            "supply_chain_tenderscorer s WHERE s.user_id = asked.person AND s.handed_in_at IS NULL",
        ),
        (
            "tenders_to_carry_on",
            gettext_lazy("Tenders to carry on"),
            tenders_to_carry_on,
            "supply_chain_tender t WHERE t.created_by_id = asked.person "
            "AND t.state IN ('inviting', 'opened', 'ranked')",
        ),
        (
            "tenders_to_approve",
            gettext_lazy("Tenders to approve"),
            tenders_to_approve,
            "supply_chain_tender t WHERE t.state = 'selected'",
        ),
    ):
        task_lists.register(TaskList(code=code, title=title, tasks=tasks, rows=rows))
    watches.register(
        Watch(
            code="scorer_interests",
            title=gettext_lazy("Scorers with an interest in a bidder"),
            help=gettext_lazy("Of open tenders, and of those decided in the year. They may score; you decide."),
            questions=_open_or_decided,
            items=scorers_with_interests,
        )
    )
    veils.register(Veil(code="tender_scores", hidden=unranked_scores))
