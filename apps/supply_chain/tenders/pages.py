"""What the pages of a tender show, as strings and small objects, so that templates stay plain."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from apps.accounts.models import User
from apps.core.formats import number, plain_text
from apps.organisation.choices import Role
from apps.supply_chain.models import Bid, Score, Tender, TenderState
from apps.supply_chain.models.tenders import WAY
from apps.supply_chain.policies import SECTION
from apps.supply_chain.tenders import policies
from apps.supply_chain.tenders.ranking import Part, Ranking, Standing, ranking_of, shown

# Names said of those who can take the next step; the others are counted.
_NAMED: Final = 4


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A state as a pill: which colour of the portal's states, a sign, a word."""

    code: str
    sign: str
    label: str


_MARKS: Final = {
    TenderState.PREPARING: ("draft", "✎"),
    TenderState.INVITING: ("submitted", "✉"),
    TenderState.OPENED: ("draft", "✎"),
    TenderState.SCORING: ("submitted", "…"),
    TenderState.RANKED: ("draft", "✎"),
    TenderState.SELECTED: ("submitted", "…"),
    TenderState.AWARDED: ("approved", "✓"),
    TenderState.CANCELLED: ("not_due", "✕"),
}


def mark_of(tender: Tender) -> Mark:
    code, sign = _MARKS[TenderState(tender.state)]
    return Mark(code=code, sign=sign, label=tender.get_state_display())


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the way: taken (with when and who), the next one (with who can), or still far."""

    title: StrPromise | str
    kind: str
    at: dt.datetime | None = None
    by: str = ""
    words: str = ""


_TITLES: Final[dict[TenderState, StrPromise]] = {
    TenderState.PREPARING: gettext_lazy("Prepared"),
    TenderState.INVITING: gettext_lazy("Weights fixed, bids invited"),
    TenderState.OPENED: gettext_lazy("Bids opened"),
    TenderState.SCORING: gettext_lazy("Requirements checked, scoring begun"),
    TenderState.RANKED: gettext_lazy("All scores in, ranked"),
    TenderState.SELECTED: gettext_lazy("Bid selected"),
    TenderState.AWARDED: gettext_lazy("Approved and awarded"),
}
_STAMPS: Final = {
    TenderState.PREPARING: "created",
    TenderState.INVITING: "weights_fixed",
    TenderState.OPENED: "opened",
    TenderState.SCORING: "scoring",
    TenderState.RANKED: "ranked",
    TenderState.SELECTED: "decided",
    TenderState.AWARDED: "approved",
}


def steps_of(tender: Tender) -> list[Step]:
    """The way of the tender: what has happened, by whom and when; what is next and who can do it."""
    steps = []
    told_next = tender.is_over
    for state in WAY:
        at = getattr(tender, f"{_STAMPS[state]}_at")
        by = getattr(tender, f"{_STAMPS[state]}_by", None)
        if at is not None:
            steps.append(Step(title=_TITLES[state], kind="done", at=at, by=str(by or "")))
        elif not told_next:
            told_next = True
            steps.append(Step(title=_TITLES[state], kind="next", words=_who_is_next(tender)))
        elif tender.state != TenderState.CANCELLED:
            steps.append(Step(title=_TITLES[state], kind="later"))
    if tender.state == TenderState.CANCELLED:
        by, because = str(tender.cancelled_by), tender.cancelled_because
        steps.append(Step(title=_("Cancelled"), kind="cancelled", at=tender.cancelled_at, by=by, words=because))
    return steps


def _who_is_next(tender: Tender) -> str:
    if tender.state == TenderState.SCORING:
        waiting = [
            str(scorer.user) for scorer in tender.scorers.all() if scorer.handed_in_at is None and not scorer.is_excused
        ]
        return _("Not handed in yet: %(names)s.") % {"names": _listed(waiting)}
    roles: tuple[Role, ...] = (Role.PREPARER,)
    if tender.state == TenderState.SELECTED:
        roles = (Role.REVIEWER, Role.LEAD_REVIEWER)
    people = (
        User.objects.filter(
            Q(memberships__site=tender.site_id) | Q(memberships__site__isnull=True),
            memberships__section__in=("", SECTION),
            memberships__role__in=roles,
            is_active=True,
        )
        .distinct()
        .order_by("full_name")
    )
    hands = policies.hands_in(tender) if tender.state == TenderState.SELECTED else set()
    able = [str(person) for person in people if person.pk not in hands]
    if not able:
        return _("Nobody can do this yet: an administrator has to give somebody the role.")
    return _("Can be done by: %(names)s.") % {"names": _listed(able)}


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    listed = " · ".join(names[:_NAMED])
    return _("%(names)s and %(count)d more") % {"names": listed, "count": more} if more > 0 else listed


def money(tender: Tender, value: Any) -> str:
    """An amount with the tender's currency."""
    return f"{number(value, 2)} {tender.currency}" if value is not None else number(None, 2)


@dataclass(frozen=True, kw_only=True)
class BidLine:
    """A bid as a line of the table."""

    bid: Bid
    price: str
    is_winner: bool
    is_incomplete: bool


def bid_lines(tender: Tender) -> list[BidLine]:
    wanted = {criterion.pk for criterion in tender.knock_outs.all()}
    return [
        BidLine(
            bid=bid,
            price=money(tender, bid.price),
            is_winner=bid.pk == tender.winner_id,
            is_incomplete=not bid.eliminated
            and (bid.price is None or bool(wanted - {result.criterion_id for result in bid.results.all()})),
        )
        for bid in tender.live_bids
    ]


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A requirement with the answer of every bid, in the order of the bids."""

    text: str
    answers: Sequence[tuple[Bid, Any]]


def matrix_of(tender: Tender) -> list[MatrixRow]:
    """Requirements against bids. Without an answer it is None."""
    bids = tender.live_bids
    results = {(result.bid_id, result.criterion_id): result for bid in bids for result in bid.results.all()}
    return [
        MatrixRow(text=one.text, answers=[(bid, results.get((bid.pk, one.pk))) for bid in bids])
        for one in tender.knock_outs.all()
    ]


@dataclass(frozen=True, kw_only=True)
class ShownPart:
    """Mean and contribution of an attribute, and who gave what."""

    name: str
    weight: int
    mean: str
    contribution: str
    points: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, kw_only=True)
class ShownStanding:
    """A line of the ranking, as printed."""

    bid: Bid
    rank: int
    tied: bool
    total: str
    price: str
    is_winner: bool
    parts: Sequence[ShownPart]


@dataclass(frozen=True, kw_only=True)
class ShownRanking:
    """The ranking as printed; every number is rounded once, from its exact value."""

    standings: Sequence[ShownStanding]
    eliminated: Sequence[Bid]
    scorers: Sequence[str]
    has_ties: bool
    first_is_tied: bool


def shown_ranking(tender: Tender) -> ShownRanking | None:
    """The ranking for whoever may see the tender; None before it is made."""
    if not tender.is_ranked:
        return None
    ranking: Ranking = ranking_of(tender)
    return ShownRanking(
        standings=[_standing(tender, standing) for standing in ranking.standings],
        eliminated=ranking.eliminated,
        scorers=[str(scorer.user) for scorer in ranking.scorers],
        has_ties=ranking.has_ties,
        first_is_tied=len(ranking.firsts) > 1,
    )


def _standing(tender: Tender, standing: Standing) -> ShownStanding:
    return ShownStanding(
        bid=standing.bid,
        rank=standing.rank,
        tied=standing.tied,
        total=str(shown(standing.total)),
        price=money(tender, standing.bid.price),
        is_winner=standing.bid.pk == tender.winner_id,
        parts=[_part(part) for part in standing.parts],
    )


def _part(part: Part) -> ShownPart:
    return ShownPart(
        name=part.weight.attribute.name,
        weight=part.weight.weight,
        mean=str(shown(part.mean)),
        contribution=str(shown(part.contribution)),
        points=[_given(score) for score in part.points],
    )


def _given(score: Score) -> tuple[str, str, str]:
    points = plain_text(score.points) if score.points is not None else number(None, 1)
    return str(score.scorer.user), points, score.note
