"""The ranking of a tender: means of the scorers' points, weighted, added up. Exact inside, rounded once at display."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from apps.supply_chain.models import Bid, Score, Tender, TenderScorer, TenderWeight

# Points go up to this, so that the best total is 100.
MOST_POINTS: Final = 10
_DECIMALS: Final = 2


class NotRankedYet(Exception):
    """Scores are asked for that nobody may see yet."""


def shown(value: Fraction) -> Decimal:
    """Rounded half up to two decimals, from the exact value."""
    scale = 10**_DECIMALS
    return Decimal((2 * value.numerator * scale + value.denominator) // (2 * value.denominator)).scaleb(-_DECIMALS)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one attribute gives to the total of one bid."""

    weight: TenderWeight
    mean: Fraction
    points: Sequence[Score]

    @property
    def contribution(self) -> Fraction:
        return self.mean * self.weight.weight / MOST_POINTS


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One remaining bid and where it stands. ``tied`` says that others have exactly the same total."""

    bid: Bid
    parts: Sequence[Part]
    total: Fraction
    rank: int
    tied: bool


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """All bids of a tender: the remaining by rank, the eliminated below."""

    weights: Sequence[TenderWeight]
    scorers: Sequence[TenderScorer]
    standings: Sequence[Standing]
    eliminated: Sequence[Bid]
    firsts: frozenset[int] = field(default_factory=frozenset)

    @property
    def has_ties(self) -> bool:
        return any(standing.tied for standing in self.standings)

    def is_first(self, bid_id: int) -> bool:
        return bid_id in self.firsts


def ranking_of(tender: Tender) -> Ranking:
    """The ranking. Raises NotRankedYet before the last scorer has handed in, whoever asks."""
    if not tender.is_ranked:
        raise NotRankedYet
    weights, bids = list(tender.weights.all()), tender.live_bids
    points: dict[tuple[int, int], list[Score]] = defaultdict(list)
    counting = Score.objects.filter(scorer__tender=tender, scorer__excused_at=None)
    for score in counting.select_related("scorer__user").order_by("scorer"):
        points[score.bid_id, score.attribute_id].append(score)
    parts = {
        bid.pk: [_part(weight, points[bid.pk, weight.attribute_id]) for weight in weights]
        for bid in bids
        if not bid.eliminated
    }
    totals = {pk: sum((part.contribution for part in of_bid), Fraction()) for pk, of_bid in parts.items()}
    remaining = sorted(
        (bid for bid in bids if not bid.eliminated), key=lambda bid: (-totals[bid.pk], bid.supplier.code)
    )
    standings = [
        Standing(
            bid=bid,
            parts=parts[bid.pk],
            total=totals[bid.pk],
            rank=1 + sum(other > totals[bid.pk] for other in totals.values()),
            tied=list(totals.values()).count(totals[bid.pk]) > 1,
        )
        for bid in remaining
    ]
    return Ranking(
        weights=weights,
        scorers=[scorer for scorer in tender.scorers.all() if not scorer.is_excused],
        standings=standings,
        eliminated=[bid for bid in bids if bid.eliminated],
        firsts=frozenset(standing.bid.pk for standing in standings if standing.rank == 1),
    )


def _part(weight: TenderWeight, scores: Sequence[Score]) -> Part:
    given = [Fraction(score.points) for score in scores if score.points is not None]
    return Part(weight=weight, mean=sum(given, Fraction()) / len(given), points=scores)
