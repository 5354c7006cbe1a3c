"""Who shaped a tender does not approve it, also where what they did was changed or undone since."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.organisation.choices import Role
from apps.supply_chain.models import Tender, TenderState
from apps.supply_chain.tenders import attention, bidding, policies, preparing, steps
from apps.supply_chain.tenders.bidding import Answer
from apps.supply_chain.tenders.steps import TenderError
from tests.by_hand import refused
from tests.factories import MembershipFactory, World
from tests.supply_chain.tenders import Market

APPROVE = "UPDATE supply_chain_tender SET state = 'awarded', approved_at = now(), approved_by_id = %s WHERE id = %s"


@pytest.fixture
def market(world: World) -> Market:
    """The reviewer may run tenders of Hami as well."""
    MembershipFactory(user=world.reviewer, role=Role.PREPARER, site=world.hami)
    world.reviewer = User.objects.get(pk=world.reviewer.pk)
    return Market(world)


def facts(market: Market, user: User) -> None:
    market.tender.title = "Dolomite, washed"
    preparing.change(market.tender, user=user, fields=["title"])


def weights(market: Market, user: User) -> None:
    preparing.set_weights(tender_id=market.pk, user=user, weights={market.quality.pk: 70})


def requirements(market: Market, user: User) -> None:
    """Put in place of others when the clerk prepares: only the trail still knows them."""
    preparing.set_requirements(tender_id=market.pk, user=user, texts=["From a friend"])


def scorer(market: Market, user: User) -> None:
    preparing.add_scorer(tender_id=market.pk, user=user, scorer=market.scorers[0])
    with acting_as(market.world.clerk, "test"):
        seat = market.tender.scorers.get().pk
        preparing.remove_scorer(tender_id=market.pk, user=market.world.clerk, scorer_id=seat)


def withdrawal(market: Market, user: User) -> None:
    beta = market.bid("BETA")
    bidding.withdraw_bid(tender_id=market.pk, user=user, bid_id=beta.pk, reason="a better one is coming")
    bidding.enter_bid(
        tender_id=market.pk, user=market.world.clerk, supplier=beta.supplier, received_on=beta.received_on
    )


def reading(market: Market, user: User) -> None:
    """The clerk reads it out again and is the one who stands in the row."""
    first = market.tender.knock_outs.order_by("position")[0]
    bidding.read_bid(
        tender_id=market.pk,
        user=user,
        bid_id=market.bid("ALPHA").pk,
        price=Decimal(1),
        payment="",
        delivery="",
        answers=[Answer(criterion_id=first.pk, passed=False, reason="x")],
    )


def document(market: Market, user: User) -> None:
    upload = SimpleUploadedFile("offer.txt", b"an offer")
    kept = bidding.add_file(tender_id=market.pk, user=user, bid_id=market.bid("ALPHA").pk, upload=upload)
    with acting_as(market.world.clerk, "test"):
        bidding.remove_file(tender_id=market.pk, user=market.world.clerk, kept=kept)


def shaped(market: Market, act: Callable[[Market, User], None]) -> None:
    """The whole way by the clerk, and ``act`` by the reviewer at its moment."""
    clerk, reviewer = market.world.clerk, market.world.reviewer

    def by_the_reviewer() -> None:
        with acting_as(reviewer, "test"):
            act(market, reviewer)

    if act in (facts, weights, requirements, scorer):
        by_the_reviewer()
    market.enter_bids()
    if act is withdrawal:
        by_the_reviewer()
    with acting_as(clerk, "test"):
        steps.open_bids(tender_id=market.pk, user=clerk)
    if act in (reading, document):
        by_the_reviewer()
    for code in ("ALPHA", "BETA", "GAMMA", "DELTA"):
        market.read_one(code, licensed=code != "DELTA")
    with acting_as(clerk, "test"):
        steps.start_scoring(tender_id=market.pk, user=clerk)
    for number in range(3):
        market.score(number)


def selected(market: Market, by: User, code: str = "BETA") -> None:
    with acting_as(by, "test"):
        steps.select(tender_id=market.pk, user=by, bid_id=market.bid(code).pk, reason="it is near")
    market.tender.refresh_from_db()


@pytest.mark.parametrize("act", [facts, weights, requirements, scorer, withdrawal, reading, document])
def test_what_was_undone_counts_as_a_part(market: Market, act: Callable[[Market, User], None]) -> None:
    shaped(market, act)
    selected(market, market.world.clerk)
    refuses(market, market.world.reviewer)


def test_an_earlier_selection_that_was_sent_back_counts_as_a_part(market: Market) -> None:
    world = market.world
    market.rank()
    selected(market, world.reviewer, "ALPHA")
    with acting_as(world.second_reviewer, "test"):
        steps.send_back(
            tender_id=market.pk, user=world.second_reviewer, bid_id=market.tender.winner_id, comment="Beta is first"
        )
    selected(market, world.clerk)
    refuses(market, world.reviewer)
    # Sending back is none: whoever did it approves the next one.
    assert Tender.objects.filter(policies.approvable_by(world.second_reviewer)).exists()
    with acting_as(world.second_reviewer, "test"):
        steps.approve(tender_id=market.pk, user=world.second_reviewer, bid_id=market.bid("BETA").pk)
    assert Tender.objects.get(pk=market.pk).state == TenderState.AWARDED


def test_whoever_excused_a_scorer_chose_who_judges(market: Market) -> None:
    market.start_scoring()
    market.score(0)
    market.score(1)
    market.excuse(2)
    selected(market, market.world.clerk)
    refuses(market, market.world.lead)


def refuses(market: Market, person: User) -> None:
    """By the policy, its twin for lists, the service, and the database."""
    tender = policies.access_tender(person, market.pk)
    assert policies.may_review(person, tender) and policies.took_part(person, tender)
    assert not Tender.objects.filter(policies.approvable_by(person)).exists()
    assert attention.tenders_to_approve(person) == []
    with acting_as(person, "test"), pytest.raises(TenderError, match="took part"):
        steps.approve(tender_id=market.pk, user=person, bid_id=market.tender.winner_id)
    assert "took no part" in refused(APPROVE, person.pk, market.pk)
