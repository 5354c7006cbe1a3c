"""Who may do what with a tender, and what is said of interests in bidders."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.organisation.choices import Role
from apps.organisation.interests import Interest, InterestSource, interest_sources
from apps.supply_chain.models import Score, Tender, TenderState
from apps.supply_chain.policies import SECTION
from apps.supply_chain.tenders import attention, policies, scoring, steps
from apps.supply_chain.tenders.steps import TenderError
from tests.factories import MembershipFactory, UserFactory, World
from tests.submissions.reviewing import watched_items
from tests.supply_chain.tenders import Market

SignIn = Callable[[User], Client]


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


@pytest.fixture
def declared() -> Iterator[dict[tuple[int, str], str]]:
    """A register of declarations, as the app that keeps one would bring it along."""
    kept: dict[tuple[int, str], str] = {}
    interest_sources.register(
        InterestSource(
            code="test",
            declared=lambda people, partners: [
                Interest(user_id=person, partner=partner, words=words)
                for (person, partner), words in kept.items()
                if person in people and partner in partners
            ],
        )
    )
    yield kept
    del interest_sources._entries["test"]


def page(client: Client, view: str, pk: int) -> str:
    response = client.get(reverse(f"supply_chain:{view}", args=[pk]), follow=True)
    assert response.status_code == 200
    return response.content.decode()


def cells(content: bytes) -> list[str]:
    """Every text of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_a_tender_of_another_site_is_not_there(market: Market, sign_in: SignIn) -> None:
    market.rank()
    outsider = MembershipFactory(role=Role.PREPARER, site=market.world.hami, section="environment").user
    for user in (market.world.other_clerk, market.world.stranger, outsider):
        client = sign_in(user)
        for view in ("tender", "tender_edit", "tender_scores", "tender_report", "tender_report_xlsx", "tender_hand_in"):
            assert client.get(reverse(f"supply_chain:{view}", args=[market.pk])).status_code == 404
        for view in ("tender_weights", "tender_select", "tender_approve", "tender_cancel", "tender_open"):
            assert client.post(reverse(f"supply_chain:{view}", args=[market.pk])).status_code == 404
        assert market.tender.number not in client.get(reverse("submissions:my_work")).content.decode()
    assert not Tender.objects.filter(policies.visible_to(market.world.other_clerk)).exists()


def test_a_bid_or_document_is_not_reached_through_another_tender(market: Market, sign_in: SignIn) -> None:
    market.read()
    other = Tender.objects.create(
        number="OTHER",
        title="Other",
        site=market.world.hami,
        material=market.dolomite,
        bids_due_on=timezone.localdate(),
        created_by=market.world.clerk,
    )
    clerk = sign_in(market.world.clerk)
    assert clerk.get(reverse("supply_chain:bid", args=[other.pk, market.bid("ALPHA").pk])).status_code == 404
    remove = reverse("supply_chain:bid_remove", args=[other.pk, market.bid("ALPHA").pk])
    assert clerk.post(remove, {"reason": "not its own"}).status_code == 404


def test_a_scorer_from_elsewhere_sees_the_tender_and_runs_nothing(market: Market, sign_in: SignIn) -> None:
    market.invite()
    client = sign_in(market.scorers[0])
    assert market.tender.title in page(client, "tender", market.pk)
    assert market.tender.number in client.get(reverse("supply_chain:tenders")).content.decode()
    for view in ("tender_weights", "tender_open", "tender_cancel", "tender_bids"):
        assert client.post(reverse(f"supply_chain:{view}", args=[market.pk])).status_code == 403


def test_readers_who_do_not_score_meet_no_scoring_page(market: Market, sign_in: SignIn) -> None:
    market.start_scoring()
    for user in (market.world.clerk, market.world.lead, market.world.auditor, market.world.administrator):
        for view in ("tender_scores", "tender_statement", "tender_hand_in"):
            address = reverse(f"supply_chain:{view}", args=[market.pk])
            assert sign_in(user).get(address).status_code == 403
            assert sign_in(user).post(address).status_code == 403


def test_a_scorer_writes_the_own_scores_whatever_is_posted(market: Market, sign_in: SignIn) -> None:
    market.start_scoring()
    first, second = market.scorers[0], market.scorers[1]
    market.score(0, hand_in=False)
    before = list(Score.objects.filter(scorer__user=first).values_list("points", "note"))
    with acting_as(second, "test"):
        scoring.state_interests(tender_id=market.pk, user=second, words={})
    cell = f"points_{market.bid('ALPHA').pk}_{market.quality.pk}"
    posted = {cell: "1", "scorer": first.pk, "user": first.pk, "scorer_id": first.pk}
    sign_in(second).post(reverse("supply_chain:tender_scores", args=[market.pk]), posted)
    assert Score.objects.filter(scorer__user=second).exclude(points=None).count() == 1
    assert list(Score.objects.filter(scorer__user=first).values_list("points", "note")) == before


def test_after_handing_in_the_pages_are_closed(market: Market, sign_in: SignIn) -> None:
    market.start_scoring()
    market.score(0)
    client = sign_in(market.scorers[0])
    assert "they stay as they are" in page(client, "tender_scores", market.pk)
    cell = f"points_{market.bid('ALPHA').pk}_{market.quality.pk}"
    client.post(reverse("supply_chain:tender_scores", args=[market.pk]), {cell: "1"})
    score = Score.objects.get(scorer__user=market.scorers[0], bid=market.bid("ALPHA"), attribute=market.quality)
    assert score.points == 8


@pytest.mark.parametrize("part", ["invite", "enter", "open", "read", "start", "select", "score"])
def test_whoever_took_part_does_not_approve(market: Market, part: str, sign_in: SignIn) -> None:
    """Also with a reviewer's role: the role gives the right, the part takes it away."""
    both = market.world.reviewer
    MembershipFactory(user=both, role=Role.PREPARER, site=market.world.hami)
    if part == "score":
        market.scorers[0] = both
    else:
        market.hands[part] = both
    market.select()
    assert attention.tenders_to_approve(User.objects.get(pk=both.pk)) == []
    address = reverse("supply_chain:tender_approve", args=[market.pk])
    answer = sign_in(both).post(address, {"bid": market.tender.winner_id}, follow=True)
    assert "You took part in this tender" in answer.content.decode()
    stamps = {"state": "awarded", "approved_by": both, "approved_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Tender.objects.filter(pk=market.pk).update(**stamps)
    assert Tender.objects.get(pk=market.pk).state == TenderState.SELECTED


def test_a_reviewer_of_another_section_or_site_approves_nothing(market: Market, sign_in: SignIn) -> None:
    market.select()
    for section, site in (("environment", market.world.hami), (SECTION, market.world.baishan)):
        person = MembershipFactory(role=Role.REVIEWER, site=site, section=section).user
        address = reverse("supply_chain:tender_approve", args=[market.pk])
        assert sign_in(person).post(address, {"bid": market.tender.winner_id}).status_code == 404
    auditor = sign_in(market.world.auditor)
    assert auditor.post(reverse("supply_chain:tender_approve", args=[market.pk])).status_code == 403


def test_interests_are_told_to_the_scorer_and_to_the_lead(
    market: Market, sign_in: SignIn, declared: dict[tuple[int, str], str]
) -> None:
    market.start_scoring()
    first, second = market.scorers[0], market.scorers[1]
    declared[first.pk, "BETA"] = "brother is its manager"
    declared[second.pk, "NOBODY"] = "has nothing to do with this tender"
    stated = {f"interest_{market.bid('GAMMA').pk}": "owns 2 % of it", "complete": "on"}
    sign_in(second).post(reverse("supply_chain:tender_statement", args=[market.pk]), stated)

    warned = page(sign_in(first), "tender_scores", market.pk)
    assert "You have an interest in a bidder" in warned and "brother is its manager" in warned
    assert "owns 2 % of it" not in warned
    assert "owns 2 % of it" in page(sign_in(second), "tender_scores", market.pk)
    assert "You have an interest" not in page(sign_in(market.scorers[2]), "tender_scores", market.pk)

    lead, clerk = sign_in(market.world.lead), sign_in(market.world.clerk)
    start = lead.get(reverse("admin:index") + "?year=2020").content.decode()
    assert "Scorers with an interest in a bidder" in start and "brother is its manager" in start
    for words in ("brother is its manager", "owns 2 % of it"):
        assert words in page(lead, "tender", market.pk)
        assert words not in page(clerk, "tender", market.pk)
    assert "brother" not in sign_in(market.world.reviewer).get(reverse("admin:index")).content.decode()
    for item in watched_items("scorer_interests", market.world.lead, market.world.year):
        assert "has nothing to do with this tender" not in item.detail


def test_an_interest_does_not_keep_from_scoring_and_is_printed(
    market: Market, sign_in: SignIn, declared: dict[tuple[int, str], str]
) -> None:
    declared[market.scorers[0].pk, "BETA"] = "brother is its manager"
    market.rank()
    assert "brother is its manager" in page(sign_in(market.world.lead), "tender_report", market.pk)
    for user in (market.world.clerk, market.world.auditor, market.scorers[0]):
        printed = page(sign_in(user), "tender_report", market.pk)
        assert "brother is its manager" not in printed
        assert "1 scorer stated or declared an interest in a bidder" in printed
    address = reverse("supply_chain:tender_report_xlsx", args=[market.pk])
    sheet = {
        user.username: "\n".join(cells(sign_in(user).get(address).content))
        for user in (market.world.lead, market.world.clerk)
    }
    lead, clerk = sheet[market.world.lead.username], sheet[market.world.clerk.username]
    assert "brother is its manager" in lead and "brother" not in clerk
    assert "1 scorer stated or declared an interest in a bidder" in clerk


def test_a_statement_has_to_be_complete(market: Market, sign_in: SignIn) -> None:
    market.start_scoring()
    address = reverse("supply_chain:tender_statement", args=[market.pk])
    answer = sign_in(market.scorers[0]).post(address, {})
    assert answer.status_code == 422 and "Tick that your statement is complete" in answer.content.decode()
    with pytest.raises(TenderError):
        scoring.save_scores(tender_id=market.pk, user=market.scorers[0], points={})


def test_interests_of_decided_tenders_are_of_their_year(
    market: Market, declared: dict[tuple[int, str], str], world: World
) -> None:
    declared[market.scorers[0].pk, "BETA"] = "brother is its manager"
    market.award()
    assert watched_items("scorer_interests", world.lead, world.year) == []  # decided today, not in 2020
    year: Any = world.year
    year.starts_on = timezone.localdate().replace(month=1, day=1)
    year.ends_on = timezone.localdate().replace(month=12, day=31)
    assert len(watched_items("scorer_interests", world.lead, year)) == 1


def test_to_do_lists_follow_the_tender(market: Market) -> None:
    world, clerk = market.world, market.world.clerk
    market.enter_bids()
    assert [task.detail for task in attention.tenders_to_carry_on(clerk)] == ["Open the bids."]
    with acting_as(clerk, "test"):
        steps.open_bids(tender_id=market.pk, user=clerk)
    assert [task.detail for task in attention.tenders_to_carry_on(clerk)] != ["Open the bids."]
    assert attention.tenders_to_score(market.scorers[0]) == []
    assert attention.tenders_to_approve(world.reviewer) == []


def test_an_approval_is_asked_of_those_who_can_give_it(market: Market) -> None:
    world = market.world
    market.select()
    assert len(attention.tenders_to_approve(world.reviewer)) == 1
    assert attention.tenders_to_approve(world.clerk) == attention.tenders_to_approve(world.auditor) == []
    MembershipFactory(user=market.scorers[1], role=Role.REVIEWER, site=world.hami)
    fresh = User.objects.get(pk=market.scorers[1].pk)
    assert attention.tenders_to_approve(fresh) == []
    assert Tender.objects.get(pk=market.pk).state == TenderState.SELECTED


def test_only_people_with_a_role_score(market: Market, sign_in: SignIn) -> None:
    UserFactory(username="gone", is_active=False)
    for name in ("stranger", "gone", "nobody at all"):
        address = reverse("supply_chain:tender_scorers", args=[market.pk])
        answer = sign_in(market.world.clerk).post(address, {"person": name})
        assert answer.status_code == 422 and "Nobody with a role here" in answer.content.decode()


def test_every_question_has_a_list_that_answers_the_same(market: Market) -> None:
    world = market.world
    market.scorers[2] = world.second_reviewer
    market.select()
    Tender.objects.create(
        number="BS-1",
        title="Other",
        site=world.baishan,
        material=market.dolomite,
        bids_due_on=timezone.localdate(),
        created_by=world.other_clerk,
    )
    names = ("clerk", "other_clerk", "reviewer", "second_reviewer", "lead", "auditor", "administrator", "stranger")
    for user in (*(getattr(world, name) for name in names), *market.scorers):
        for tender in Tender.objects.all():
            itself = Tender.objects.filter(pk=tender.pk)
            for single, several in (
                (policies.may_run, policies.runnable_by),
                (policies.may_approve, policies.approvable_by),
                (policies.took_part, policies.taken_part_in_by),
                (policies.may_see_interests, policies.interests_visible_to),
            ):
                assert single(user, tender) == itself.filter(several(user)).exists(), (user, tender, single.__name__)
    assert policies.may_approve(world.reviewer, market.tender)
    assert not policies.may_approve(world.second_reviewer, market.tender)
