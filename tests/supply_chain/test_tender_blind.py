"""Until a tender is ranked nobody meets another's points, notes, sums or means, by any door of the portal.

Every score that is written carries one word in its note, and points that occur nowhere else.
"""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.supply_chain.models import Score, TenderScorer
from apps.supply_chain.tenders import ranking, scoring, steps
from apps.supply_chain.tenders.scoring import Points
from tests.factories import UserFactory, World
from tests.permissions.test_every_url import URLS
from tests.supply_chain.tenders import Market

SignIn = Callable[[User], Client]
WORD = "ZQ9137"
POINTS = Decimal("8.7")
SEEN = re.compile(rf"{WORD}|(?<![\d.])8\.7(?!\d)|87\.00")


@pytest.fixture
def market(world: World) -> Market:
    """The first scorer has handed in, the second has a draft, the third has done nothing."""
    market = Market(world)
    world.superuser = UserFactory(username="root", is_superuser=True)  # type: ignore[attr-defined]
    market.start_scoring()
    for number in (0, 1):
        give(market, number)
    with acting_as(market.scorers[0], "test"):
        scoring.hand_in(tender_id=market.pk, user=market.scorers[0])
    return market


def give(market: Market, number: int) -> None:
    scorer = market.scorers[number]
    cells = {
        (market.bid(code).pk, attribute.pk): Points(value=POINTS, note=WORD)
        for code in ("ALPHA", "BETA", "GAMMA")
        for attribute in market.attributes.values()
    }
    with acting_as(scorer, "test"):
        scoring.state_interests(tender_id=market.pk, user=scorer, words={})
        scoring.save_scores(tender_id=market.pk, user=scorer, points=cells)


def outsiders(market: Market) -> dict[str, User]:
    """Everybody who may come near, but for the two who wrote."""
    world = market.world
    names = ("clerk", "reviewer", "lead", "auditor", "administrator", "superuser")
    return {name: getattr(world, name) for name in names} | {"scorer": market.scorers[2]}


def doors(market: Market) -> list[str]:
    """Every page of a tender and every list that could speak of scores, with what could be asked of them."""
    own = {"pk": market.pk, "bid_pk": market.bid("ALPHA").pk, "scorer_pk": 1, "file_pk": 1}
    pages = [
        reverse(name, kwargs={key: own[key] for key in pattern.pattern.converters})
        for name, pattern in URLS.items()
        if name.startswith("supply_chain:") and str(pattern.pattern).startswith("tenders/")
    ]
    # One of each scorer who wrote.
    scores = [Score.objects.filter(scorer__user=scorer)[0].pk for scorer in market.scorers[:2]]
    changes = Change.objects.filter(table="supply_chain_score", row_id__in=scores).values_list("pk", flat=True)
    trail, tenders = reverse("admin:audit_change_changelist"), reverse("admin:supply_chain_tender_changelist")
    return [
        *pages,
        reverse("submissions:my_work"),
        reverse("admin:index"),
        trail,
        f"{trail}?table=supply_chain_score",
        f"{trail}?table=supply_chain_tenderscorer",
        f"{trail}?q={market.scorers[0].username}",
        *(f"{trail}?table=supply_chain_score&row_id={pk}" for pk in scores),
        *(f"{trail}?row_id={pk}" for pk in scores),
        *(reverse("admin:audit_change_change", args=[pk]) for pk in changes),
        *(reverse("admin:audit_change_history", args=[pk]) for pk in changes),
        tenders,
        f"{tenders}?q={market.tender.number}",
        f"{tenders}?bids__scores__note__startswith=ZQ",
        f"{tenders}?scorers__scores__points__gt=5",
        reverse("admin:supply_chain_tender_change", args=[market.pk]),
    ]


def answer(client: Client, address: str) -> tuple[int, str]:
    response = client.get(address)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, content.decode("utf-8", "replace")


def test_nobody_meets_a_score_before_the_ranking(market: Market, sign_in: SignIn) -> None:
    met = {
        (name, address)
        for name, user in outsiders(market).items()
        for client in [sign_in(user)]
        for address in doors(market)
        if SEEN.search(answer(client, address)[1])
    }
    assert met == set()


def test_the_doors_are_open_once_it_is_ranked(market: Market, sign_in: SignIn) -> None:
    """So that the test above looks through doors that lead somewhere."""
    with acting_as(market.scorers[1], "test"):
        scoring.hand_in(tender_id=market.pk, user=market.scorers[1])
    give(market, 2)
    with acting_as(market.scorers[2], "test"):
        scoring.hand_in(tender_id=market.pk, user=market.scorers[2])
    lead = sign_in(market.world.lead)
    open_doors = [address for address in doors(market) if SEEN.search(answer(lead, address)[1])]
    assert reverse("supply_chain:tender", args=[market.pk]) in open_doors
    assert reverse("supply_chain:tender_report", args=[market.pk]) in open_doors
    assert any(re.fullmatch(r"/admin/audit/change/\d+/change/", address) for address in open_doors)
    assert f"{reverse('admin:audit_change_changelist')}?table=supply_chain_score" in open_doors


def test_a_scorer_meets_the_own_scores_alone(market: Market, sign_in: SignIn) -> None:
    scores = reverse("supply_chain:tender_scores", args=[market.pk])
    assert SEEN.search(answer(sign_in(market.scorers[1]), scores)[1])
    with acting_as(market.scorers[2], "test"):
        scoring.state_interests(tender_id=market.pk, user=market.scorers[2], words={})
    status, page = answer(sign_in(market.scorers[2]), scores)
    assert status == 200 and not SEEN.search(page)


def test_the_report_does_not_exist_before_the_ranking(market: Market, sign_in: SignIn) -> None:
    for user in outsiders(market).values():
        for view in ("tender_report", "tender_report_xlsx"):
            assert sign_in(user).get(reverse(f"supply_chain:{view}", args=[market.pk])).status_code == 404
    with pytest.raises(ranking.NotRankedYet):
        ranking.ranking_of(market.tender)


def test_the_trail_lists_and_opens_no_hidden_score(market: Market, sign_in: SignIn) -> None:
    address = f"{reverse('admin:audit_change_changelist')}?table=supply_chain_score"
    lead = sign_in(market.world.lead)
    page = answer(lead, address)[1]
    changes = list(Change.objects.filter(table="supply_chain_score"))
    assert len(changes) == 12
    for change in changes:
        own = reverse("admin:audit_change_change", args=[change.pk])
        assert own not in page and lead.get(own).status_code == 404


def test_scores_of_a_cancelled_tender_stay_closed(market: Market, sign_in: SignIn) -> None:
    with acting_as(market.world.clerk, "test"):
        steps.cancel(tender_id=market.pk, user=market.world.clerk, reason="No budget")
    lead = sign_in(market.world.lead)
    assert [address for address in doors(market) if SEEN.search(answer(lead, address)[1])] == []


def test_a_filter_of_the_admin_guesses_at_no_score(market: Market, sign_in: SignIn) -> None:
    """A list that narrows by a score would tell it: both questions get the same answer."""
    address = reverse("admin:supply_chain_tender_changelist")
    lead = sign_in(market.world.lead)
    answers = {
        lead.get(f"{address}?bids__scores__points__{question}").status_code
        for question in ("gt=1", "gt=9", "exact=8.7")
    }
    assert len(answers) == 1


def test_scores_have_no_admin() -> None:
    assert not {Score, TenderScorer} & set(admin.site._registry)


def test_drafts_are_not_counted_for_others(market: Market, sign_in: SignIn) -> None:
    """Who has handed in is shown; how far the others are is not: the page is the same before and after a draft."""
    address = reverse("supply_chain:tender", args=[market.pk])
    clerk = sign_in(market.world.clerk)
    token = re.compile(r'value="[\w-]{64}"|nonce="[^"]+"')
    before = token.sub("", answer(clerk, address)[1])
    give(market, 2)
    assert token.sub("", answer(clerk, address)[1]) == before
