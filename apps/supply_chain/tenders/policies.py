"""Who may see and do what with a tender. Each question stands beside its twin for lists."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Prefetch, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.http import Http404

from apps.accounts.models import User
from apps.audit.models import Change, Operation
from apps.organisation.choices import Role
from apps.organisation.models import Site
from apps.organisation.policies import READING_ROLES, grants, has_role
from apps.supply_chain.models import (
    Bid,
    BidFile,
    KnockOut,
    KnockOutResult,
    Score,
    StatedInterest,
    Tender,
    TenderScorer,
    TenderState,
    TenderWeight,
)
from apps.supply_chain.policies import SECTION

_REVIEWING_ROLES = (Role.REVIEWER, Role.LEAD_REVIEWER)
_TENDER = Tender._meta.db_table
# The rows that make a tender what it is, by the column that leads to it or to one of its bids.
_PARTS = tuple(model._meta.db_table for model in (TenderWeight, KnockOut, TenderScorer, Bid))
_PARTS_OF_BIDS = tuple(model._meta.db_table for model in (BidFile, KnockOutResult, StatedInterest, Score))
# What a reviewer does to a selection is no part in it.
_REVIEWED = Q(
    operation=Operation.UPDATE,
    before__state=TenderState.SELECTED,
    after__state__in=(TenderState.RANKED, TenderState.AWARDED),
)


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


def may_review_somewhere(user: User) -> bool:
    return has_role(user, _REVIEWING_ROLES, section=SECTION)


def hands_in(tender: Tender) -> set[int]:
    """Everybody who shaped the tender: by what its rows say now, and by what the trail says of them and of rows gone.

    The function ``supply_chain_tender_hands`` asks the same in the database.
    """
    bids = list(tender.bids.all())
    hands = {
        tender.created_by_id,
        tender.weights_fixed_by_id,
        tender.opened_by_id,
        tender.scoring_by_id,
        tender.decided_by_id,
        *(scorer.user_id for scorer in tender.scorers.all()),
        *(person for bid in bids for person in (bid.entered_by_id, bid.read_by_id, bid.withdrawn_by_id)),
    }
    own = Q(table=_TENDER, row_id=tender.pk) & ~_REVIEWED
    parts = Q(table__in=_PARTS) & (Q(before__tender_id=tender.pk) | Q(after__tender_id=tender.pk))
    pks = [bid.pk for bid in bids]
    of_bids = Q(table__in=_PARTS_OF_BIDS) & (Q(before__bid_id__in=pks) | Q(after__bid_id__in=pks))
    hands |= set(Change.objects.filter(own | parts | of_bids).order_by().values_list("actor_id", flat=True).distinct())
    return {person for person in hands if person is not None}


def took_part(user: User, tender: Tender) -> bool:
    """Shaped the tender in any way, also one that was undone since."""
    return user.pk in hands_in(tender)


def may_approve(user: User, tender: Tender) -> bool:
    return tender.state == TenderState.SELECTED and may_review(user, tender) and not took_part(user, tender)


def approvable_by(user: User) -> Q:
    return Q(state=TenderState.SELECTED) & _sites(user, _REVIEWING_ROLES) & ~taken_part_in_by(user)


def taken_part_in_by(user: User) -> Q:
    """The twin of ``took_part``."""
    own = Q(pk__in=TenderScorer.objects.filter(user=user.pk).values("tender"))
    for path in ("created_by", "weights_fixed_by", "opened_by", "scoring_by", "decided_by"):
        own |= Q(**{path: user.pk})
    entered = Q(entered_by=user.pk) | Q(read_by=user.pk) | Q(withdrawn_by=user.pk)
    own |= Q(pk__in=Bid.objects.filter(entered).order_by().values("tender"))
    done = Change.objects.filter(actor_id=user.pk).order_by()
    own |= Q(pk__in=done.filter(Q(table=_TENDER) & ~_REVIEWED).values("row_id"))
    own |= Q(pk__in=_led_to(done.filter(table__in=_PARTS), "tender_id"))
    bids = Bid.objects.filter(pk__in=_led_to(done.filter(table__in=_PARTS_OF_BIDS), "bid_id"))
    return own | Q(pk__in=bids.order_by().values("tender"))


def _led_to(changes: QuerySet[Change], column: str) -> Any:
    """What ``column`` of the changed rows says."""
    leads = Cast(KeyTextTransform(column, Coalesce("after", "before")), BigIntegerField())
    return changes.annotate(leads=leads).filter(leads__isnull=False).values("leads")


def may_excuse(user: User, tender: Tender) -> bool:
    """Lets a scorer go who cannot go on: a lead reviewer who does not score."""
    return may_see_interests(user, tender) and scorer_of(user, tender) is None


def may_see_interests(user: User, tender: Tender) -> bool:
    """Who leads the review decides what an interest of a scorer means."""
    return _at(user, (Role.LEAD_REVIEWER,), tender.site_id)


def interests_visible_to(user: User) -> Q:
    return _sites(user, (Role.LEAD_REVIEWER,))


def tenders_for(user: User) -> QuerySet[Tender]:
    """The one door to tenders on behalf of somebody."""
    return Tender.objects.filter(visible_to(user))


def access_tender(
    user: User,
    pk: int,
    *,
    to_run: bool = False,
    to_review: bool = False,
    to_score: bool = False,
    to_excuse: bool = False,
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
            "weights__attribute",
            "knock_outs",
            Prefetch("scorers", TenderScorer.objects.select_related("user", "excused_by")),
            Prefetch("bids", Bid.objects.select_related("supplier", "withdrawn_by")),
            "bids__results",
            "bids__files",
        )
        .first()
    )
    if tender is None:
        raise Http404
    allowed = (
        (not to_run or may_run(user, tender))
        and (not to_review or may_review(user, tender))
        and (not to_score or scorer_of(user, tender) is not None)
        and (not to_excuse or may_excuse(user, tender))
    )
    if not allowed:
        raise PermissionDenied
    return tender
