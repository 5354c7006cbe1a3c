"""Scoring, blind: each scorer states interests, scores the remaining bids, and hands in.

Only scorers come here, and the lead reviewer who excuses one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.supply_chain.models import Score, StatedInterest, Tender, TenderScorer, TenderState
from apps.supply_chain.tenders import policies, steps
from apps.supply_chain.tenders.steps import TenderError, locked


@dataclass(frozen=True, kw_only=True)
class Points:
    """What a scorer gives one attribute of one bid; without a value it is left open."""

    value: Decimal | None
    note: str = ""


def _seat(tender_id: int, user: User) -> TenderScorer:
    """The place of ``user`` among the scorers, with the tender locked, before it is handed in."""
    tender = locked(tender_id, TenderState.SCORING)
    scorer = tender.scorers.filter(user=user).first()
    if scorer is None or not user.is_active:
        raise PermissionDenied
    if scorer.is_excused:
        raise TenderError(_("You were excused from scoring this tender."))
    if scorer.handed_in_at is not None:
        raise TenderError(_("You have handed in your scores; they stay as they are."))
    scorer.tender = tender
    return scorer


@transaction.atomic
def state_interests(*, tender_id: int, user: User, words: Mapping[int, str]) -> TenderScorer:
    """Keeps which interest the scorer has in which bidder; without any, that there is none."""
    scorer = _seat(tender_id, user)
    bids = {bid.pk for bid in scorer.tender.live_bids}
    said = {bid_id: text.strip() for bid_id, text in words.items() if text.strip() and bid_id in bids}
    scorer.interests.exclude(bid__in=said).delete()
    for bid_id, text in said.items():
        StatedInterest.objects.update_or_create(scorer=scorer, bid_id=bid_id, defaults={"words": text})
    scorer.stated_at = timezone.now()
    scorer.save(update_fields=["stated_at"])
    return scorer


@transaction.atomic
def save_scores(*, tender_id: int, user: User, points: Mapping[tuple[int, int], Points]) -> int:
    """Keeps a draft, by (bid, attribute), and returns how many cells changed."""
    scorer = _seat(tender_id, user)
    if scorer.stated_at is None:
        raise TenderError(_("Say first whether you have an interest in a bidder."))
    cells = _cells(scorer.tender)
    kept = {(score.bid_id, score.attribute_id): score for score in scorer.scores.all()}
    changed = 0
    for cell, given in points.items():
        if cell not in cells:
            raise TenderError(_("Points are given to the remaining bids, for the attributes with a weight."))
        score = kept.get(cell) or Score(scorer=scorer, bid_id=cell[0], attribute_id=cell[1])
        if (score.points, score.note) == (given.value, given.note):
            continue
        score.points, score.note = given.value, given.note
        score.save()
        changed += 1
    return changed


def _cells(tender: Tender) -> set[tuple[int, int]]:
    attributes = list(tender.weights.values_list("attribute", flat=True))
    bids = tender.bids.filter(eliminated=False, withdrawn_at=None).values_list("pk", flat=True)
    return {(bid, attribute) for bid in bids for attribute in attributes}


@transaction.atomic
def hand_in(*, tender_id: int, user: User) -> Tender:
    """Closes the scorer's scores for good. With the last of them the tender is ranked, in the same transaction."""
    scorer = _seat(tender_id, user)
    tender: Tender = scorer.tender
    if scorer.stated_at is None:
        raise TenderError(_("Say first whether you have an interest in a bidder."))
    scored = set(scorer.scores.filter(points__isnull=False).values_list("bid", "attribute"))
    if _cells(tender) - scored:
        raise TenderError(_("Score every bid for every attribute first."))
    scorer.handed_in_at = timezone.now()
    scorer.save(update_fields=["handed_in_at"])
    return steps.rank_if_all_are_in(tender)


@transaction.atomic
def excuse(*, tender_id: int, user: User, scorer_id: int, reason: str) -> Tender:
    """Lets a scorer go. Their points count for nothing and stay closed; where all others are in, the tender is ranked.

    Whoever excuses shapes who judges, and so does not approve.
    """
    tender = locked(tender_id, TenderState.SCORING)
    if not policies.may_excuse(user, tender):
        raise PermissionDenied
    scorers = {scorer.pk: scorer for scorer in tender.scorers.all() if not scorer.is_excused}
    scorer = scorers.pop(scorer_id, None)
    if scorer is None:
        raise TenderError(_("This person does not score this tender any more."))
    if not reason.strip():
        raise TenderError(_("Write why the scorer is excused."))
    if len(scorers) < steps.LEAST_SCORERS:
        raise TenderError(_("At least two other scorers have to remain. Otherwise cancel the tender."))
    scorer.excused_by, scorer.excused_at, scorer.excused_because = user, timezone.now(), reason.strip()
    scorer.save(update_fields=["excused_by", "excused_at", "excused_because"])
    return steps.rank_if_all_are_in(tender)
