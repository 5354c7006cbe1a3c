"""What the database refuses about tenders, whoever asks and by whatever way."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.utils import timezone

from apps.audit.context import acting_as
from apps.supply_chain.models import Bid, Score, Tender, TenderScorer, TenderWeight
from apps.supply_chain.tenders import bidding, preparing, scoring, steps
from apps.supply_chain.tenders.scoring import Points
from apps.supply_chain.tenders.steps import TenderError
from tests.by_hand import refused
from tests.factories import World
from tests.supply_chain.tenders import POINTS, Market


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


def test_weights_stay_once_they_are_fixed(market: Market) -> None:
    market.invite()
    with pytest.raises(TenderError):
        preparing.set_weights(tender_id=market.pk, user=market.world.clerk, weights={market.quality.pk: 100})
    weight = TenderWeight.objects.filter(tender=market.tender)[0]
    for sql in (
        "UPDATE supply_chain_tenderweight SET weight = 61 WHERE id = %s",
        "DELETE FROM supply_chain_tenderweight WHERE id = %s",
        "INSERT INTO supply_chain_tenderweight (tender_id, attribute_id, weight)"
        " SELECT tender_id, attribute_id, 1 FROM supply_chain_tenderweight WHERE id = %s",
    ):
        assert "are closed" in refused(sql, weight.pk)
    assert "closed" in refused("DELETE FROM supply_chain_knockout WHERE tender_id = %s", market.pk)
    assert "closed" in refused("DELETE FROM supply_chain_tenderscorer WHERE tender_id = %s", market.pk)


def test_a_row_is_not_moved_into_an_open_tender(market: Market) -> None:
    market.invite()
    Tender.objects.create(
        number="OTHER",
        title="Other",
        site=market.world.hami,
        material=market.dolomite,
        bids_due_on=timezone.localdate(),
        created_by=market.world.clerk,
    )
    other = Tender.objects.get(number="OTHER")
    assert "stays with its tender" in refused("UPDATE supply_chain_tenderweight SET tender_id = %s", other.pk)


@pytest.mark.parametrize(
    ("stage", "sets", "said"),
    [
        ("prepare", "state = 'opened', opened_at = now(), opened_by_id = created_by_id", "does not change like this"),
        ("invite", "state = 'preparing', weights_fixed_at = NULL, weights_fixed_by_id = NULL", "does not change"),
        ("invite", "title = 'Another'", "does not change"),
        ("invite", "bids_due_on = bids_due_on + 30", "does not change"),
        ("prepare", "site_id = (SELECT max(id) FROM organisation_site)", "does not change"),
        ("invite", "state = 'opened', opened_at = now(), opened_by_id = created_by_id", "it has no bid"),
        ("open", "state = 'scoring', scoring_at = now(), scoring_by_id = created_by_id", "lacks its price"),
        ("start_scoring", "state = 'ranked', ranked_at = now()", "not every scorer has handed in"),
        ("start_scoring", "ranked_at = now()", "does not change"),
        ("rank", "ranked_at = now() - interval '1 day'", "does not change"),
        ("rank", "state = 'scoring', ranked_at = NULL", "does not change"),
        ("award", "decision_reason = 'x'", "does not change"),
        ("award", "state = 'cancelled', approved_at = NULL, approved_by_id = NULL", "does not change"),
        ("prepare", "state = 'finished'", "does not change"),
    ],
)
def test_a_tender_goes_one_way(market: Market, stage: str, sets: str, said: str) -> None:
    getattr(market, stage)()
    assert said in refused(f"UPDATE supply_chain_tender SET {sets} WHERE id = %s", market.pk)


def test_a_tender_is_never_deleted(market: Market) -> None:
    assert "never deleted" in refused("DELETE FROM supply_chain_tender WHERE id = %s", market.pk)


@pytest.mark.parametrize(
    ("weights", "scorers", "said"),
    [((60, 39), 2, "100 %"), ((60, 41), 2, "100 %"), ((100,), 2, "two attributes"), ((60, 40), 1, "two scorers")],
)
def test_bids_are_invited_on_whole_weights_and_two_scorers(
    market: Market, weights: tuple[int, ...], scorers: int, said: str
) -> None:
    for attribute, weight in zip((market.quality, market.payment), weights, strict=False):
        TenderWeight.objects.create(tender=market.tender, attribute=attribute, weight=weight)
    for user in market.scorers[:scorers]:
        TenderScorer.objects.create(tender=market.tender, user=user)
    with pytest.raises(TenderError):
        steps.invite(tender_id=market.pk, user=market.world.clerk)
    sql = "UPDATE supply_chain_tender SET state = 'inviting', weights_fixed_at = now(),"
    assert said in refused(f"{sql} weights_fixed_by_id = created_by_id WHERE id = %s", market.pk)


def test_a_bid_is_sealed_until_it_is_opened(market: Market) -> None:
    market.enter_bids()
    sealed = "withdrawn while sealed"
    assert sealed in refused("UPDATE supply_chain_bid SET price = 1 WHERE tender_id = %s", market.pk)
    assert "closed" in refused("DELETE FROM supply_chain_bid WHERE tender_id = %s", market.pk)
    insert = (
        "INSERT INTO supply_chain_bid (tender_id, supplier_id, received_on, entered_by_id, entered_at, price, payment,"
        " delivery, eliminated, eliminated_because) SELECT tender_id, supplier_id, received_on + {days}, entered_by_id,"
        " now(), {price}, '', '', false, '' FROM supply_chain_bid WHERE id = %s"
    )
    alpha = market.bid("ALPHA").pk
    assert "sealed" in refused(insert.format(days=0, price=1), alpha)
    assert "after the last day" in refused(insert.format(days=1, price="NULL"), alpha)
    with acting_as(market.world.clerk, "test"):
        steps.open_bids(tender_id=market.pk, user=market.world.clerk)
    assert "closed" in refused(insert.format(days=0, price="NULL"), alpha)
    assert "closed" in refused("DELETE FROM supply_chain_bid WHERE id = %s", alpha)
    assert "keeps its bidder" in refused(
        "UPDATE supply_chain_bid SET received_on = received_on - 1 WHERE id = %s", alpha
    )


def test_a_bid_that_fails_a_requirement_is_eliminated_and_no_other(market: Market) -> None:
    market.read()
    start = (
        "UPDATE supply_chain_tender SET state = 'scoring', scoring_at = now(), scoring_by_id = created_by_id"
        " WHERE id = %s"
    )
    Bid.objects.filter(pk=market.bid("DELTA").pk).update(eliminated=False, eliminated_because="")
    assert "only then" in refused(start, market.pk)
    Bid.objects.filter(pk=market.bid("DELTA").pk).update(eliminated=True, eliminated_because="the licence ran out")
    Bid.objects.filter(pk=market.bid("ALPHA").pk).update(eliminated=True, eliminated_because="not a friend")
    assert "only then" in refused(start, market.pk)


def test_bids_are_locked_while_they_are_scored(market: Market) -> None:
    market.start_scoring()
    assert "closed" in refused("UPDATE supply_chain_bid SET price = 1 WHERE tender_id = %s", market.pk)
    assert "closed" in refused("UPDATE supply_chain_knockoutresult SET passed = true")
    with pytest.raises(TenderError):
        bidding.withdraw_bid(
            tender_id=market.pk, user=market.world.clerk, bid_id=market.bid("ALPHA").pk, reason="changed its mind"
        )


INSERT = (
    "INSERT INTO supply_chain_score (scorer_id, bid_id, attribute_id, points, note)"
    " SELECT s.id, b.id, a.id, 5, '' FROM supply_chain_tenderscorer s JOIN supply_chain_bid b USING (tender_id),"
    " supply_chain_tenderattribute a WHERE s.user_id = %s AND b.id = %s AND a.id = %s"
)


def test_scores_are_for_remaining_bids_and_weighted_attributes(market: Market) -> None:
    market.start_scoring()
    user, alpha = market.scorers[0], market.bid("ALPHA").pk
    with acting_as(user, "test"):
        assert "after the statement" in refused(INSERT, user.pk, alpha, market.quality.pk)
        scoring.state_interests(tender_id=market.pk, user=user, words={})
        assert "remaining bid" in refused(INSERT, user.pk, market.bid("DELTA").pk, market.quality.pk)
    unweighted = type(market.quality).objects.create(
        code="price", name_en="Price", name_zh_hans="价格", name_zh_hant="價格"
    )
    with acting_as(user, "test"):
        assert "weighted attribute" in refused(INSERT, user.pk, alpha, unweighted.pk)


def test_scores_are_written_while_scoring_alone(market: Market) -> None:
    market.read()
    user = market.scorers[0]
    assert "not scoring" in refused(INSERT, user.pk, market.bid("ALPHA").pk, market.quality.pk)
    with acting_as(market.world.clerk, "test"):
        steps.start_scoring(tender_id=market.pk, user=market.world.clerk)
    market.score(0)
    for sql in (
        "UPDATE supply_chain_score SET points = 10",
        "UPDATE supply_chain_score SET note = 'better'",
        "UPDATE supply_chain_tenderscorer SET handed_in_at = NULL WHERE handed_in_at IS NOT NULL",
        "UPDATE supply_chain_tenderscorer SET stated_at = now() WHERE handed_in_at IS NOT NULL",
    ):
        assert "is not scoring" in refused(sql), sql
    assert "never deleted" in refused("DELETE FROM supply_chain_score")


def test_scores_stay_after_the_ranking(market: Market) -> None:
    market.rank()
    assert "is not scoring" in refused("UPDATE supply_chain_score SET points = 10")
    assert "never deleted" in refused("DELETE FROM supply_chain_score")


def test_nobody_writes_the_scores_of_another(market: Market) -> None:
    """Not through the service, and not with their name in the trail: the database compares the two."""
    market.start_scoring()
    market.score(0, hand_in=False)
    clerk, scorer = market.world.clerk, market.scorers[0]
    cell = (market.bid("ALPHA").pk, market.quality.pk)
    with acting_as(market.scorers[1], "test"), pytest.raises(TenderError):  # who has stated nothing yet
        scoring.save_scores(tender_id=market.pk, user=market.scorers[1], points={cell: Points(value=None)})
    score = Score.objects.get(scorer__user=scorer, bid=cell[0], attribute=cell[1])
    with pytest.raises(IntegrityError, match="nobody writes for"), acting_as(clerk, "test"):
        Score.objects.filter(pk=score.pk).update(points=1)
    # Nor does a session that names nobody.
    for sql in (
        "UPDATE supply_chain_score SET points = 1 WHERE scorer_id = %s",
        "UPDATE supply_chain_tenderscorer SET handed_in_at = now() WHERE id = %s",
        "INSERT INTO supply_chain_statedinterest (scorer_id, bid_id, words)"
        " SELECT s.id, b.id, 'x' FROM supply_chain_tenderscorer s JOIN supply_chain_bid b USING (tender_id)"
        " WHERE s.id = %s",
    ):
        assert "nobody writes for" in refused(sql, score.scorer_id)
    with acting_as(scorer, "test"):
        assert Score.objects.filter(pk=score.pk).update(points=1) == 1


def test_a_scorer_hands_in_everything_or_nothing(market: Market) -> None:
    market.start_scoring()
    part = {"ALPHA": POINTS["ALPHA"], "BETA": POINTS["BETA"]}
    with pytest.raises(TenderError):
        market.score(0, part)
    market.score(0, part, hand_in=False)
    hand_in = "UPDATE supply_chain_tenderscorer SET handed_in_at = now() WHERE user_id = %s"
    with acting_as(market.scorers[0], "test"):
        assert "has not scored everything" in refused(hand_in, market.scorers[0].pk)


@pytest.mark.parametrize(
    ("code", "reason", "said"),
    [
        ("ALPHA", "''", "with a reason"),
        ("DELTA", "'cheap'", "none of its remaining bids"),
        ("BETA", "'', decided_on = bids_due_on", "decided after bids were due"),
        ("BETA", "'', decided_on = current_date + 2", "not on a day to come"),
        # Ranked today: two days before is earlier by every clock on earth.
        ("BETA", "'', decided_on = current_date - 2", "earlier than the ranking"),
    ],
)
def test_a_selection_follows_the_ranking_or_says_why(market: Market, code: str, reason: str, said: str) -> None:
    Tender.objects.filter(pk=market.pk).update(bids_due_on=timezone.localdate() - dt.timedelta(days=9))
    market.tender.refresh_from_db()
    market.rank()
    sql = "UPDATE supply_chain_tender SET state = 'selected', decided_at = now(), decided_by_id = created_by_id,"
    if "decided_on" not in reason:
        sql += " decided_on = current_date,"
    bid = market.bid(code).pk
    assert said in refused(f"{sql} winner_id = %s, decision_reason = {reason} WHERE id = %s", bid, market.pk)


def approved_by_sql(user_pk: int, tender_pk: int) -> str:
    return refused(
        "UPDATE supply_chain_tender SET state = 'awarded', approved_at = now(), approved_by_id = %s WHERE id = %s",
        user_pk,
        tender_pk,
    )


@pytest.mark.parametrize("who", [lambda market: market.world.clerk, lambda market: market.scorers[1]])
def test_whoever_took_part_approves_nothing(market: Market, who: Callable[[Market], object]) -> None:
    market.select()
    assert "took no part" in approved_by_sql(who(market).pk, market.pk)  # type: ignore[attr-defined]
