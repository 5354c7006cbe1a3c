"""What people type into tenders that is too long, too late, too early or taken."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.supply_chain.models import Score, Tender
from apps.supply_chain.tenders import policies
from tests.factories import World
from tests.supply_chain.tenders import Market

SignIn = Callable[[User], Client]


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


def url(view: str, *args: int) -> str:
    return reverse(f"supply_chain:{view}", args=args)


def posted(client: Client, view: str, market: Market, data: dict[str, Any]) -> str:
    return client.post(url(view, market.pk), data, follow=True).content.decode()


def test_a_text_too_long_is_refused_and_not_cut(market: Market, sign_in: SignIn) -> None:
    clerk = sign_in(market.world.clerk)
    assert "The text has 1001 characters; at most 1000 fit" in posted(
        clerk, "tender_cancel", market, {"reason": "x" * 1001}
    )
    assert Tender.objects.get(pk=market.pk).state == "preparing"
    # A line break arrives as two characters and is one.
    assert "is cancelled" in posted(clerk, "tender_cancel", market, {"reason": "x" * 998 + "\r\n" + "y"})
    assert len(Tender.objects.get(pk=market.pk).cancelled_because) == 1000


def test_the_reasons_of_many_failed_requirements_are_kept_whole(market: Market, sign_in: SignIn) -> None:
    lines = "\n".join(f"{number} {'r' * 290}" for number in range(10))
    market.prepare()
    clerk = sign_in(market.world.clerk)
    posted(clerk, "tender_requirements", market, {"requirements": lines})
    posted(clerk, "tender_invite", market, {})
    day = market.tender.bids_due_on.isoformat()
    posted(clerk, "tender_bids", market, {"supplier": "ALPHA", "received_on": day})
    posted(clerk, "tender_open", market, {})
    data = {}
    for criterion in market.tender.knock_outs.all():
        data |= {f"met_{criterion.pk}": "no", f"reason_{criterion.pk}": f"{'n' * 290} {criterion.position}"}
    clerk.post(url("bid", market.pk, market.bid("ALPHA").pk), data)
    assert market.bid("ALPHA").eliminated_because.endswith("n 10")


@pytest.mark.parametrize("view", ["tender_weights", "tender_requirements", "tender_scorers", "tender_bids"])
def test_a_form_of_another_state_is_not_drawn_again(market: Market, sign_in: SignIn, view: str) -> None:
    """Nonsense in the form comes second: what it asks is over."""
    market.read()
    wrong = {
        f"weights-{market.quality.pk}": "many",
        "requirements": "x" * 400,
        "person": "nobody",
        "supplier": "nobody",
    }
    answer = sign_in(market.world.clerk).post(url(view, market.pk), wrong)
    assert answer.status_code == 302
    page = posted(sign_in(market.world.clerk), view, market, wrong)
    assert "The tender is now “Bids opened”; this is no longer possible." in page


def test_a_bid_that_is_scored_has_no_form(market: Market, sign_in: SignIn) -> None:
    market.start_scoring()
    address = url("bid", market.pk, market.bid("ALPHA").pk)
    answer = sign_in(market.world.clerk).post(address, {"price": "a lot"}, follow=True)
    assert answer.redirect_chain and "this is no longer possible" in answer.content.decode()


def test_whoever_is_not_a_supplier_yet_does_not_bid(market: Market, sign_in: SignIn) -> None:
    market.invite()
    alpha, due = market.suppliers["ALPHA"], market.tender.bids_due_on
    alpha.active_from = due + dt.timedelta(days=1)
    alpha.save()
    clerk = sign_in(market.world.clerk)
    sent = {"supplier": "ALPHA", "received_on": due.isoformat()}
    answer = clerk.post(url("tender_bids", market.pk), sent)
    assert answer.status_code == 422 and "Alpha is a supplier of the group from" in answer.content.decode()
    alpha.active_from = due
    alpha.save()
    assert "The bid of Alpha is noted" in posted(clerk, "tender_bids", market, sent)


@pytest.mark.parametrize(("typed", "points"), [("10.00", "10"), ("７．５", "7.5"), ("7.50", "7.5"), ("0.0", "0")])
def test_points_are_taken_as_people_type_them(market: Market, sign_in: SignIn, typed: str, points: str) -> None:
    market.start_scoring()
    client = sign_in(market.scorers[0])
    posted(client, "tender_statement", market, {"complete": "on"})
    cell = f"points_{market.bid('ALPHA').pk}_{market.quality.pk}"
    assert client.post(url("tender_scores", market.pk), {cell: typed}).status_code == 302
    assert Score.objects.exclude(points=None).get().points == Decimal(points)
    assert client.post(url("tender_scores", market.pk), {cell: "7.55"}).status_code == 422


def test_a_number_of_another_site_is_in_use_and_no_more_is_told(market: Market, sign_in: SignIn) -> None:
    Tender.objects.create(
        number="BS-1",
        title="Secret of Baishan",
        site=market.world.baishan,
        material=market.dolomite,
        bids_due_on=timezone.localdate(),
        created_by=market.world.other_clerk,
    )
    facts = {
        "number": "BS-1",
        "title": "Ours",
        "site": market.world.hami.pk,
        "material": market.dolomite.pk,
        "currency": "CNY",
        "bids_due_on": "2026-01-31",
    }
    clerk = sign_in(market.world.clerk)
    for answer in (clerk.post(url("tender_new"), facts), clerk.post(url("tender_edit", market.pk), facts)):
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "This number is in use. Choose another one." in page
        assert "Baishan" not in page.replace(str(market.world.baishan), "")


def test_a_decision_before_the_ranking_says_why(market: Market, sign_in: SignIn) -> None:
    Tender.objects.filter(pk=market.pk).update(bids_due_on=dt.date(2020, 3, 10))
    market.tender.refresh_from_db()
    market.rank()
    clerk = sign_in(market.world.clerk)
    chosen = {"bid": market.bid("BETA").pk, "decided_on": "2020-03-18"}
    page = posted(clerk, "tender_select", market, chosen)
    assert "Write why the decision is entered later" in page
    assert "A reviewer approves it" in posted(clerk, "tender_select", market, chosen | {"reason": "kept on paper"})
    report = clerk.get(url("tender_report", market.pk)).content.decode()
    assert "before the ranking was entered" in report and "kept on paper" in report
    assert not policies.access_tender(market.world.clerk, market.pk).is_over
