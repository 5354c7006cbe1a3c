"""Interests of scorers in bidders: what they state for the tender, and what they declared elsewhere."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from apps.organisation.interests import declared_interests
from apps.supply_chain.models import Bid, StatedInterest, Tender, TenderScorer


@dataclass(frozen=True, kw_only=True)
class KnownInterest:
    """An interest of a scorer in a bidder. ``stated`` tells the scorer's own word from a declaration elsewhere."""

    scorer: TenderScorer
    bid: Bid
    words: str
    stated: bool


def interests_in(tenders: Sequence[Tender]) -> dict[int, list[KnownInterest]]:
    """By tender, for tenders with their scorers and bids at hand. Asks a fixed number of questions."""
    scorers = [scorer for tender in tenders for scorer in tender.scorers.all()]
    bids = {bid.pk: bid for tender in tenders for bid in tender.bids.all()}
    seats = {scorer.pk: scorer for scorer in scorers}
    found: dict[int, list[KnownInterest]] = defaultdict(list)
    for said in StatedInterest.objects.filter(scorer__in=list(seats)).order_by("scorer", "bid__supplier__code"):
        scorer, bid = seats[said.scorer_id], bids[said.bid_id]
        found[scorer.tender_id].append(KnownInterest(scorer=scorer, bid=bid, words=said.words, stated=True))
    people = {scorer.user_id for scorer in scorers}
    partners = {bid.supplier.code for bid in bids.values() if not bid.is_withdrawn}
    meetings: dict[tuple[int, str], list[tuple[TenderScorer, Bid]]] = defaultdict(list)
    for tender in tenders:
        for scorer in tender.scorers.all():
            for bid in tender.live_bids:
                meetings[scorer.user_id, bid.supplier.code].append((scorer, bid))
    for interest in declared_interests(people, partners) if meetings else ():
        for scorer, bid in meetings.get((interest.user_id, interest.partner), ()):
            known = KnownInterest(scorer=scorer, bid=bid, words=interest.words, stated=False)
            found[scorer.tender_id].append(known)
    return found


def how_many(known: Sequence[KnownInterest]) -> str:
    """What everybody may read of interests: how many scorers have one."""
    count = len({interest.scorer.pk for interest in known})
    return ngettext(
        "%(count)d scorer stated or declared an interest in a bidder. The lead reviewers read which.",
        "%(count)d scorers stated or declared an interest in a bidder. The lead reviewers read which.",
        count,
    ) % {"count": count}


def interests_of(tender: Tender) -> list[KnownInterest]:
    return interests_in([tender]).get(tender.pk, [])
