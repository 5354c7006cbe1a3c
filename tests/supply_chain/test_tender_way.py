"""A tender from the first page to the award, through the pages people use."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.supply_chain.models import Bid, Tender, TenderScorer
from tests.factories import World
from tests.supply_chain.tenders import POINTS, PRICES, Market

SignIn = Callable[[User], Client]


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


def post(client: Client, view: str, pk: int, data: dict[str, Any] | None = None, *more: int) -> str:
    """Posts and returns the page that follows."""
    response = client.post(reverse(f"supply_chain:{view}", args=[pk, *more]), data or {}, follow=True)
    assert response.status_code == 200, (view, response.status_code)
    return response.content.decode()


def test_the_whole_way_through_the_pages(market: Market, sign_in: SignIn) -> None:
    world = market.world
    clerk, yesterday = sign_in(world.clerk), timezone.localdate() - dt.timedelta(days=1)
    fields = {
        "number": "HM-2020-02",
        "title": "Ferrosilicon",
        "site": world.hami.pk,
        "material": market.dolomite.pk,
        "quantity": "3,000 t",
        "estimated_value": "1,300,000",
        "currency": "cny",
        "bids_due_on": yesterday.isoformat(),
    }
    assert clerk.post(reverse("supply_chain:tender_new"), fields).status_code == 302
    tender = Tender.objects.get(number="HM-2020-02")
    assert (tender.currency, tender.created_by) == ("CNY", world.clerk)
    assert "HM-2020-02" in clerk.get(reverse("supply_chain:tenders")).content.decode()

    # Weights, requirements, scorers.
    page = post(clerk, "tender_weights", tender.pk, {f"weights-{market.quality.pk}": 60})
    assert "They add up to 60; they have to add up to 100." in page
    assert "The weights add up to 60" in post(clerk, "tender_invite", tender.pk)
    weights = {f"weights-{market.quality.pk}": 60, f"weights-{market.payment.pk}": 40}
    assert "they add up to 100" in post(clerk, "tender_weights", tender.pk, weights)
    requirements = {"requirements": "Valid mining licence\n\nMgO at least 20 %\n"}
    assert "Valid mining licence" in post(clerk, "tender_requirements", tender.pk, requirements)
    assert post(clerk, "tender_scorers", tender.pk, {"person": "scorer-1"})
    assert "Name at least two scorers" in post(clerk, "tender_invite", tender.pk)
    for scorer in market.scorers[1:]:
        post(clerk, "tender_scorers", tender.pk, {"person": scorer.full_name})
    assert "The weights are fixed" in post(clerk, "tender_invite", tender.pk)

    # Sealed bids.
    assert "There is no bid to open" in post(clerk, "tender_open", tender.pk)
    for code in PRICES:
        page = post(clerk, "tender_bids", tender.pk, {"supplier": code.lower(), "received_on": yesterday.isoformat()})
        assert f"The bid of {code.title()} is noted" in page
    assert "Enter what each of them says" in post(clerk, "tender_open", tender.pk)

    # Read out; Delta fails a requirement.
    assert "lacks its price" in post(clerk, "tender_start_scoring", tender.pk)
    first, second = tender.knock_outs.order_by("position")
    for bid in Bid.objects.filter(tender=tender):
        code = bid.supplier.code
        data = {"price": PRICES[code], "payment": "60 days", f"met_{first.pk}": "yes", f"met_{second.pk}": "yes"}
        if code == "DELTA":
            data |= {f"met_{first.pk}": "no"}
            address = reverse("supply_chain:bid", args=[tender.pk, bid.pk])
            refused = clerk.post(address, data)
            assert refused.status_code == 422 and b"Say why the requirement is not met" in refused.content
            data |= {f"reason_{first.pk}": "the licence ran out"}
        post(clerk, "bid", tender.pk, data, bid.pk)
    delta = Bid.objects.get(tender=tender, supplier__code="DELTA")
    assert delta.eliminated_because == "Valid mining licence: the licence ran out"
    offer = SimpleUploadedFile("offer.pdf", b"%PDF-1.7 offer")
    assert "offer.pdf" in post(clerk, "bid_files", tender.pk, {"file": offer}, delta.pk)
    assert "The bids are closed" in post(clerk, "tender_start_scoring", tender.pk)

    # Three scorers, each alone.
    for number, scorer in enumerate(market.scorers):
        client = sign_in(scorer)
        assert "Tenders to score" in client.get(reverse("submissions:my_work")).content.decode()
        scores = reverse("supply_chain:tender_scores", args=[tender.pk])
        assert client.get(scores)["Location"] == reverse("supply_chain:tender_statement", args=[tender.pk])
        assert "Score the bids" in post(client, "tender_statement", tender.pk, {"complete": "on"})
        cells = {
            f"points_{Bid.objects.get(tender=tender, supplier__code=code).pk}_{market.attributes[name].pk}": points[
                number
            ]
            for code, row in POINTS.items()
            for name, points in row.items()
        }
        held_back, *_rest = cells
        draft = {name: points for name, points in cells.items() if name != held_back}
        assert "5 scores are saved" in post(client, "tender_scores", tender.pk, {**draft, "save": ""})
        assert (
            "1 score is missing"
            in client.get(reverse("supply_chain:tender_hand_in", args=[tender.pk])).content.decode()
        )
        assert "Score every bid for every attribute first" in post(client, "tender_hand_in", tender.pk)
        assert "Look once more" in post(client, "tender_scores", tender.pk, {**cells, "hand_in": ""})
        page = post(client, "tender_hand_in", tender.pk)
        assert ("the tender is ranked" in page) == (number == 2)

    # Ranked: 86, 73, 66.33, worked out in tests/supply_chain/tenders.py.
    page = clerk.get(reverse("supply_chain:tender", args=[tender.pk])).content.decode()
    assert page.index("86.00") < page.index("73.00") < page.index("66.33")
    beta, alpha = (Bid.objects.get(tender=tender, supplier__code=code) for code in ("BETA", "ALPHA"))
    assert "Write why it is selected all the same" in post(clerk, "tender_select", tender.pk, {"bid": alpha.pk})
    assert "Choose one of the remaining bids" in post(
        clerk, "tender_select", tender.pk, {"bid": delta.pk, "reason": "x"}
    )
    chosen = {"bid": alpha.pk, "reason": "Delivers from next door"}
    assert "A reviewer approves it" in post(clerk, "tender_select", tender.pk, chosen)

    # Sent back, selected again, approved.
    reviewer = sign_in(world.reviewer)
    assert "Tenders to approve" in reviewer.get(reverse("submissions:my_work")).content.decode()
    page = post(reviewer, "tender_send_back", tender.pk, {"bid": alpha.pk, "comment": "Distance was no attribute"})
    assert "Distance was no attribute" in page
    assert "Distance was no attribute" in clerk.get(reverse("supply_chain:tender", args=[tender.pk])).content.decode()
    post(clerk, "tender_select", tender.pk, {"bid": beta.pk})
    page = post(reviewer, "tender_approve", tender.pk, {"bid": alpha.pk})
    assert "Another bid was selected since you opened this page" in page
    assert "The tender is awarded" in post(reviewer, "tender_approve", tender.pk, {"bid": beta.pk})
    tender.refresh_from_db()
    assert (tender.state, tender.winner, tender.approved_by) == ("awarded", beta, world.reviewer)


def test_a_cancelled_tender_ends_there(market: Market, sign_in: SignIn) -> None:
    market.enter_bids()
    clerk = sign_in(market.world.clerk)
    assert "Write why the tender is cancelled" in post(clerk, "tender_cancel", market.pk, {"reason": " "})
    page = post(clerk, "tender_cancel", market.pk, {"reason": "No budget"})
    assert "No budget" in page
    assert "this is no longer possible" in post(clerk, "tender_open", market.pk)


def test_a_bidder_is_found_by_number_code_or_name(market: Market, sign_in: SignIn) -> None:
    market.invite()
    clerk = sign_in(market.world.clerk)
    day = {"received_on": market.tender.bids_due_on.isoformat()}
    for typed, said in (
        ("ALPHA", "The bid of Alpha is noted"),
        ("供应商 BETA 有限公司", "The bid of Beta is noted"),
        ("gamma", "The bid of Gamma is noted"),
        ("alpha", "Alpha has a bid here already"),
    ):
        assert said in post(clerk, "tender_bids", market.pk, {"supplier": typed, **day})
    address = reverse("supply_chain:tender_bids", args=[market.pk])
    refused = clerk.post(address, {"supplier": "Nobody", **day})
    assert refused.status_code == 422 and "No supplier “Nobody” is in the register" in refused.content.decode()
    late = {"supplier": "DELTA", "received_on": timezone.localdate().isoformat()}
    assert "one received later is not taken" in post(clerk, "tender_bids", market.pk, late)


def test_bids_wait_for_their_last_day(market: Market, sign_in: SignIn) -> None:
    Tender.objects.filter(pk=market.pk).update(bids_due_on=timezone.localdate())
    market.tender.refresh_from_db()
    market.enter_bids()
    assert "Open them after it" in post(sign_in(market.world.clerk), "tender_open", market.pk)


def test_wrong_points_are_told_and_nothing_is_kept(market: Market, sign_in: SignIn) -> None:
    market.start_scoring()
    client = sign_in(market.scorers[0])
    post(client, "tender_statement", market.pk, {"complete": "on"})
    cell = f"points_{market.bid('ALPHA').pk}_{market.quality.pk}"
    address = reverse("supply_chain:tender_scores", args=[market.pk])
    for typed, said in (
        ("10.1", "Points go from 0 to 10."),
        ("-1", "Points go from 0 to 10."),
        ("7.55", "Points have one decimal at most"),
        ("good", "is not a number"),
    ):
        answer = client.post(address, {cell: typed})
        assert answer.status_code == 422 and said in answer.content.decode(), typed
    assert not TenderScorer.objects.get(tender=market.tender, user=market.scorers[0]).scores.exists()


def test_the_list_costs_the_same_however_long(
    market: Market, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        Tender.objects.create(
            number=f"N{number}",
            title="More",
            site=market.world.hami,
            material=market.dolomite,
            bids_due_on=timezone.localdate(),
            created_by=market.world.clerk,
        )
    client = sign_in(market.world.clerk)
    client.get(reverse("supply_chain:tenders"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("supply_chain:tenders")).content.decode()
    assert page.count("More") == 30
