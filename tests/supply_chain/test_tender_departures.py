"""Bids that are withdrawn and scorers who are excused: they stay in sight and count for nothing."""

import io
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.supply_chain.models import Bid, Tender, TenderScorer, TenderState
from apps.supply_chain.tenders import attention, bidding, ranking, scoring, steps
from apps.supply_chain.tenders.policies import access_tender
from apps.supply_chain.tenders.scoring import Points
from apps.supply_chain.tenders.steps import TenderError
from tests.by_hand import refused
from tests.factories import World
from tests.supply_chain.tenders import Market

SignIn = Callable[[User], Client]


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


def url(view: str, *args: int) -> str:
    return reverse(f"supply_chain:{view}", args=args)


def withdrawn(market: Market, code: str) -> Bid:
    clerk, bid = market.world.clerk, market.bid(code)
    with acting_as(clerk, "test"):
        return bidding.withdraw_bid(tender_id=market.pk, user=clerk, bid_id=bid.pk, reason="its mill burnt down")


def opened(market: Market) -> None:
    with acting_as(market.world.clerk, "test"):
        steps.open_bids(tender_id=market.pk, user=market.world.clerk)


def test_a_withdrawn_bid_stays_in_sight_and_counts_for_nothing(market: Market, sign_in: SignIn) -> None:
    market.enter_bids()
    gone = withdrawn(market, "GAMMA")
    opened(market)
    clerk = sign_in(market.world.clerk)
    assert clerk.get(url("bid", market.pk, gone.pk)).status_code == 404
    for code in ("ALPHA", "BETA", "DELTA"):
        market.read_one(code, licensed=code != "DELTA")
    with acting_as(market.world.clerk, "test"):
        steps.start_scoring(tender_id=market.pk, user=market.world.clerk)
    given = {code: {"quality": ("8", "8", "8"), "payment": ("7", "7", "7")} for code in ("ALPHA", "BETA")}
    for number in range(3):
        market.score(number, given)
    found = ranking.ranking_of(access_tender(market.world.clerk, market.pk))
    assert {standing.bid.supplier.code for standing in found.standings} == {"ALPHA", "BETA"}
    assert [bid.supplier.code for bid in found.eliminated] == ["DELTA"]
    for view in ("tender", "tender_report"):
        assert "its mill burnt down" in clerk.get(url(view, market.pk)).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(clerk.get(url("tender_report_xlsx", market.pk)).content))
    assert any("its mill burnt down" in str(row) for row in book["Bids"].iter_rows(values_only=True))
    with pytest.raises(TenderError):
        steps.select(tender_id=market.pk, user=market.world.clerk, bid_id=gone.pk, reason="all the same")


def test_the_same_bidder_may_bring_another_bid(market: Market, sign_in: SignIn) -> None:
    market.enter_bids()
    sent = {"supplier": "ALPHA", "received_on": market.tender.bids_due_on.isoformat()}
    clerk = sign_in(market.world.clerk)
    again = clerk.post(url("tender_bids", market.pk), sent, follow=True).content.decode()
    assert "Alpha has a bid here already" in again
    withdrawn(market, "ALPHA")
    again = clerk.post(url("tender_bids", market.pk), sent, follow=True).content.decode()
    assert "The bid of Alpha is noted" in again
    assert Bid.objects.filter(supplier__code="ALPHA").count() == 2
    second = "SELECT tender_id, supplier_id, received_on, entered_by_id, now(), '', '', false, '', ''"
    assert "bid_once" in refused(
        "INSERT INTO supply_chain_bid (tender_id, supplier_id, received_on, entered_by_id, entered_at, payment,"
        f" delivery, eliminated, eliminated_because, withdrawn_because) {second} FROM supply_chain_bid WHERE id = %s",
        market.bid("ALPHA").pk,
    )


def test_a_bid_is_withdrawn_while_sealed_and_for_good(market: Market) -> None:
    market.enter_bids()
    gone = withdrawn(market, "ALPHA")
    back = "UPDATE supply_chain_bid SET withdrawn_at = NULL, withdrawn_by_id = NULL, withdrawn_because = ''"
    assert "stays so" in refused(f"{back} WHERE id = %s", gone.pk)
    leave = "UPDATE supply_chain_bid SET withdrawn_at = now(), withdrawn_by_id = entered_by_id, withdrawn_because = {}"
    beta = market.bid("BETA").pk
    assert "withdrawn_with_reason" in refused(leave.format("''") + " WHERE id = %s", beta)
    with acting_as(market.world.clerk, "test"), pytest.raises(TenderError, match="withdrawn"):
        bidding.withdraw_bid(tender_id=market.pk, user=market.world.clerk, bid_id=gone.pk, reason="again")
    opened(market)
    assert "withdrawn while sealed" in refused(leave.format("'x'") + " WHERE id = %s", beta)
    assert "stays so" in refused("UPDATE supply_chain_bid SET price = 1 WHERE id = %s", gone.pk)
    result = "INSERT INTO supply_chain_knockoutresult (bid_id, criterion_id, passed, reason) VALUES (%s, %s, true, '')"
    assert "closed" in refused(result, gone.pk, market.tender.knock_outs.all()[0].pk)


def test_where_every_bid_is_withdrawn_none_is_opened(market: Market) -> None:
    market.enter_bids()
    for code in ("ALPHA", "BETA", "GAMMA", "DELTA"):
        withdrawn(market, code)
    with pytest.raises(TenderError):
        steps.open_bids(tender_id=market.pk, user=market.world.clerk)
    sql = "UPDATE supply_chain_tender SET state = 'opened', opened_at = now(), opened_by_id = created_by_id"
    assert "it has no bid" in refused(f"{sql} WHERE id = %s", market.pk)


def test_with_the_last_open_scorer_excused_the_tender_is_ranked_without_their_points(
    market: Market, sign_in: SignIn
) -> None:
    """Without the third scorer Beta has 17/2 × 6 + 19/2 × 4 = 51 + 38 = 89."""
    market.start_scoring()
    market.score(0)
    market.score(1)
    odd = {cell: Points(value=Decimal("0.3"), note="ZQ9137") for cell in market.points_of(2)}
    with acting_as(market.scorers[2], "test"):
        scoring.state_interests(tender_id=market.pk, user=market.scorers[2], words={})
        scoring.save_scores(tender_id=market.pk, user=market.scorers[2], points=odd)
    seat = market.tender.scorers.get(user=market.scorers[2])
    lead = sign_in(market.world.lead)
    assert url("tender_scorer_excuse", market.pk, seat.pk) in lead.get(url("tender", market.pk)).content.decode()
    unsaid = lead.post(url("tender_scorer_excuse", market.pk, seat.pk), {"reason": ""}, follow=True).content.decode()
    assert "Write why the scorer is excused" in unsaid
    page = lead.post(
        url("tender_scorer_excuse", market.pk, seat.pk), {"reason": "has left"}, follow=True
    ).content.decode()
    assert "the tender is ranked" in page and "has left" in page
    found = ranking.ranking_of(access_tender(market.world.clerk, market.pk))
    assert (found.standings[0].bid.supplier.code, found.standings[0].total) == ("BETA", 89)
    for view in ("tender", "tender_report"):
        page = lead.get(url(view, market.pk)).content.decode()
        assert "ZQ9137" not in page and "has left" in page and "89.00" in page
    book = openpyxl.load_workbook(io.BytesIO(lead.get(url("tender_report_xlsx", market.pk)).content))
    cells = str([row for sheet in book for row in sheet.iter_rows(values_only=True)])
    assert "ZQ9137" not in cells and "has left" in cells
    trail = f"{reverse('admin:audit_change_changelist')}?table=supply_chain_score"
    assert "ZQ9137" not in lead.get(trail).content.decode()
    for change in Change.objects.filter(table="supply_chain_score", after__note="ZQ9137"):
        assert lead.get(reverse("admin:audit_change_change", args=[change.pk])).status_code == 404


def test_whoever_is_excused_scores_no_more(market: Market, sign_in: SignIn) -> None:
    market.start_scoring()
    market.score(2, hand_in=False)
    market.excuse(2)
    person = market.scorers[2]
    assert attention.tenders_to_score(person) == []
    client = sign_in(person)
    for view in ("tender_scores", "tender_statement", "tender_hand_in"):
        for answer in (client.get(url(view, market.pk), follow=True), client.post(url(view, market.pk), follow=True)):
            assert "You were excused" in answer.content.decode()
    with acting_as(person, "test"), pytest.raises(TenderError, match="excused"):
        scoring.hand_in(tender_id=market.pk, user=person)
    with acting_as(person, "test"):
        assert "is not scoring" in refused("UPDATE supply_chain_score SET points = 1")
        sql = "UPDATE supply_chain_tenderscorer SET excused_at = NULL, excused_by_id = NULL, excused_because = ''"
        assert "is not scoring" in refused(f"{sql} WHERE user_id = %s", person.pk)
    assert Tender.objects.get(pk=market.pk).state == TenderState.SCORING


def test_only_a_lead_reviewer_who_does_not_score_excuses(market: Market, sign_in: SignIn) -> None:
    market.scorers.append(market.world.lead)
    market.start_scoring()
    seat = market.tender.scorers.get(user=market.scorers[0])
    address = url("tender_scorer_excuse", market.pk, seat.pk)
    world = market.world
    for user in (world.clerk, world.reviewer, world.auditor, world.administrator, world.lead, market.scorers[1]):
        assert sign_in(user).post(address, {"reason": "x"}).status_code == 403
    assert sign_in(world.other_clerk).post(address, {"reason": "x"}).status_code == 404
    excuse = (
        "UPDATE supply_chain_tenderscorer SET excused_at = now(), excused_by_id = %s, excused_because = 'x'"
        " WHERE id = %s"
    )
    assert "does not score" in refused(excuse, world.clerk.pk, seat.pk)  # a session that names nobody
    with acting_as(market.scorers[1], "test"):
        assert "does not score" in refused(excuse, market.scorers[1].pk, seat.pk)
    assert not TenderScorer.objects.filter(excused_at__isnull=False).exists()


def test_two_scorers_remain(market: Market, sign_in: SignIn) -> None:
    market.start_scoring()
    market.excuse(0)
    seat = market.tender.scorers.get(user=market.scorers[1])
    address = url("tender_scorer_excuse", market.pk, seat.pk)
    page = sign_in(market.world.lead).post(address, {"reason": "x"}, follow=True).content.decode()
    assert "At least two other scorers have to remain" in page
    with acting_as(market.world.lead, "test"):
        assert "two scorers remain" in refused(
            "UPDATE supply_chain_tenderscorer SET excused_at = now(), excused_by_id = %s, excused_because = 'x'"
            " WHERE id = %s",
            market.world.lead.pk,
            seat.pk,
        )


@pytest.mark.parametrize("stage", ["prepare", "read", "rank"])
def test_scorers_are_excused_while_they_score_alone(market: Market, sign_in: SignIn, stage: str) -> None:
    getattr(market, stage)()
    seat = market.tender.scorers.all()[0]
    lead = sign_in(market.world.lead)
    page = lead.post(url("tender_scorer_excuse", market.pk, seat.pk), {"reason": "x"}, follow=True).content.decode()
    assert "this is no longer possible" in page
    assert "Excuse a scorer" not in page
    if stage != "prepare":
        with acting_as(market.world.lead, "test"):
            assert "closed" in refused(
                "UPDATE supply_chain_tenderscorer SET excused_at = now(), excused_by_id = %s, excused_because = 'x'",
                market.world.lead.pk,
            )
