"""Two people at a tender at once, on two real connections with real commits."""

import threading
from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.supply_chain.models import Tender, TenderState
from apps.supply_chain.tenders import preparing, scoring, steps
from apps.supply_chain.tenders.steps import TenderError
from tests.concurrency.test_two_connections import both
from tests.factories import World
from tests.supply_chain.tenders import Market

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market(transactional_db: None) -> Market:
    return Market(World())


def meeting(*acts: Callable[[], object]) -> list[object]:
    """Runs all of them at the same moment."""
    start = threading.Barrier(len(acts))

    def waiting(act: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            start.wait()
            return act()

        return run

    return both(*(waiting(act) for act in acts))


def test_two_scorers_who_hand_in_last_rank_the_tender_once(market: Market) -> None:
    market.start_scoring()
    market.score(0)
    market.score(1, hand_in=False)
    market.score(2, hand_in=False)

    def hand_in(user: User) -> Callable[[], object]:
        def act() -> object:
            with acting_as(user, "test"):
                return scoring.hand_in(tender_id=market.pk, user=user)

        return act

    results = meeting(hand_in(market.scorers[1]), hand_in(market.scorers[2]))
    assert [type(result) for result in results] == [Tender, Tender]
    assert sorted(result.is_ranked for result in results) == [False, True]  # type: ignore[attr-defined]
    assert Tender.objects.get(pk=market.pk).state == TenderState.RANKED
    moves = Change.objects.filter(table="supply_chain_tender", row_id=market.pk, after__state="ranked")
    assert moves.count() == 1


def test_a_hand_in_and_an_excuse_rank_the_tender_once(market: Market) -> None:
    market.scorers.append(market.world.second_reviewer)
    market.start_scoring()
    market.score(0)
    market.score(1)
    market.score(2, hand_in=False)
    last = market.scorers[2]

    def hand_in() -> object:
        with acting_as(last, "test"):
            return scoring.hand_in(tender_id=market.pk, user=last)

    meeting(hand_in, lambda: market.excuse(3))
    moves = Change.objects.filter(table="supply_chain_tender", row_id=market.pk, after__state="ranked")
    assert moves.count() == 1 and Tender.objects.get(pk=market.pk).state == TenderState.RANKED


def test_two_people_who_choose_one_number_are_told_apart(market: Market) -> None:
    clerk = market.world.clerk

    def create() -> object:
        facts = {"site": market.world.hami, "material": market.dolomite, "bids_due_on": market.tender.bids_due_on}
        return preparing.create(Tender(number="TWICE", title="Once", **facts), user=clerk)

    results = meeting(create, create)
    assert sorted(type(result).__name__ for result in results) == ["NumberInUse", "Tender"]


def test_of_two_selections_one_stands(market: Market) -> None:
    market.rank()

    def select(code: str) -> Callable[[], object]:
        bid = market.bid(code).pk
        clerk = market.world.clerk
        return lambda: steps.select(tender_id=market.pk, user=clerk, bid_id=bid, reason="because")

    results = meeting(select("ALPHA"), select("BETA"))
    assert sorted(type(result).__name__ for result in results) == ["Tender", TenderError.__name__]


def test_a_score_and_a_cancellation_wait_for_each_other(market: Market) -> None:
    market.start_scoring()
    market.score(0, hand_in=False)
    scorer, clerk = market.scorers[0], market.world.clerk
    points = market.points_of(1)

    def save() -> object:
        with acting_as(scorer, "test"):
            return scoring.save_scores(tender_id=market.pk, user=scorer, points=points)

    results = meeting(
        save,
        lambda: steps.cancel(tender_id=market.pk, user=clerk, reason="No budget"),
    )
    assert isinstance(results[1], Tender)
    # All six points of the second scorer differ from those of the first.
    assert results[0] == 6 or isinstance(results[0], TenderError)
