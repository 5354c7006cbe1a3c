"""Who may see and do what with a tender. Each question stands beside its twin for lists."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.organisation.models import Site
from apps.organisation.policies import READING_ROLES, grants, has_role
from apps.supply_chain.models import Bid, Tender, TenderScorer, TenderState
from apps.supply_chain.policies import SECTION

_REVIEWING_ROLES = (Role.REVIEWER, Role.LEAD_REVIEWER)


def _at(user: User, roles: Collection[str], site_id: int) -> bool:
    return has_role(user, roles, site_id, SECTION)


def _sites(user: User, roles: Collection[str], site_path: str = "site_id") -> Q:
    """Rows of sites where somebody has one of ``roles`` in the supply chain."""
    ids = {grant.site_id for grant in grants(user) if grant.role in roles and grant.section in ("", SECTION)}
    return Q() if None in ids else Q(**{f"{site_path}__in": ids})


def scorer_of(user: User, tender: Tender) -> TenderScorer | None:
    """The seat of ``user`` among the scorers."""
    return next((scorer for scorer in tender.scorers.all() if scorer.user_id == user.pk), None)


def visible_to(user: User) -> Q:
    """Tenders of one's sites, and those one scores."""
    reading = _sites(user, READING_ROLES)
    if not reading or not user.is_active:
        return reading
    return reading | Q(pk__in=TenderScorer.objects.filter(user=user).values("tender"))


def may_open_register(user: User) -> bool:
    return has_role(user, READING_ROLES, section=SECTION) or TenderScorer.objects.filter(user=user.pk).exists()


def may_run(user: User, tender: Tender) -> bool:
    """Prepares it, takes bids, opens them, selects."""
    return _at(user, (Role.PREPARER,), tender.site_id)


def runnable_by(user: User) -> Q:
    return _sites(user, (Role.PREPARER,))


def may_create(user: User) -> bool:
    return has_role(user, (Role.PREPARER,), section=SECTION)


def sites_to_create_at(user: User) -> QuerySet[Site]:
    return Site.objects.filter(_sites(user, (Role.PREPARER,), "pk"))


def may_review(user: User, tender: Tender) -> bool:
    """May send a selection back and, with other eyes than those of everybody in it, approve."""
    return _at(user, _REVIEWING_ROLES, tender.site_id)


def took_part(user: User, tender: Tender) -> bool:
    """Ran a step, scored, or entered or read out a bid. The trigger ``supply_chain_tender`` asks the same."""
    steps = {
        tender.created_by_id,
        tender.weights_fixed_by_id,
        tender.opened_by_id,
        tender.scoring_by_id,
        tender.decided_by_id,
    }
    return (
        user.pk in steps
        or scorer_of(user, tender) is not None
        or any(user.pk in (bid.entered_by_id, bid.read_by_id) for bid in tender.bids.all())
    )


def may_approve(user: User, tender: Tender) -> bool:
    return tender.state == TenderState.SELECTED and may_review(user, tender) and not took_part(user, tender)


def approvable_by(user: User) -> Q:
    return Q(state=TenderState.SELECTED) & _sites(user, _REVIEWING_ROLES) & ~taken_part_in_by(user)


def taken_part_in_by(user: User) -> Q:
    """The twin of ``took_part``."""
    own = Q(pk__in=TenderScorer.objects.filter(user=user.pk).values("tender"))
    for path in ("created_by", "weights_fixed_by", "opened_by", "scoring_by", "decided_by"):
        own |= Q(**{path: user.pk})
    return own | Q(pk__in=Bid.objects.filter(Q(entered_by=user.pk) | Q(read_by=user.pk)).values("tender"))


def may_see_interests(user: User, tender: Tender) -> bool:
    """Who leads the review decides what an interest of a scorer means."""
    return _at(user, (Role.LEAD_REVIEWER,), tender.site_id)


def interests_visible_to(user: User) -> Q:
    return _sites(user, (Role.LEAD_REVIEWER,))


def tenders_for(user: User) -> QuerySet[Tender]:
    """The one door to tenders on behalf of somebody."""
    return Tender.objects.filter(visible_to(user))


def access_tender(
    user: User, pk: int, *, to_run: bool = False, to_review: bool = False, to_score: bool = False
) -> Tender:
    """The tender, or 404 for a stranger, or 403 for somebody who may see and not do this."""
    tender = (
        tenders_for(user)
        .filter(pk=pk)
        .select_related(
            "site",
            "material",
            "created_by",
            "winner__supplier",
            "weights_fixed_by",
            "opened_by",
            "scoring_by",
            "decided_by",
            "approved_by",
            "sent_back_by",
            "cancelled_by",
        )
        .prefetch_related(
            "weights__attribute", "knock_outs", "scorers__user", "bids__supplier", "bids__results", "bids__files"
        )
        .first()
    )
    if tender is None:
        raise Http404
    allowed = (
        (not to_run or may_run(user, tender))
        and (not to_review or may_review(user, tender))
        and (not to_score or scorer_of(user, tender) is not None)
    )
    if not allowed:
        raise PermissionDenied
    return tender
