"""The pages of a tender in a real browser: a scorer on a telephone, and every page for axe and against scrolling."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.supply_chain.models import Score, Tender, TenderState
from tests.browser.conftest import Visitor
from tests.factories import World
from tests.supply_chain.tenders import POINTS, Market

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]


def address(view: str, market: Market, *more: int) -> str:
    return reverse(f"supply_chain:{view}", args=[market.pk, *more])


def test_a_scorer_states_scores_and_hands_in_on_a_telephone(world: World, visit: Visit) -> None:
    market = Market(world)
    market.start_scoring()
    market.score(0)
    market.score(1)
    scorer = market.scorers[2]
    visitor = visit(scorer, width=360, language="en")
    page = visitor.open(address("tender_scores", market))
    expect(page.locator("h1")).to_have_text("Your interests")
    page.check("#id_complete")
    page.click("main form .button--primary")
    expect(page.locator("h1")).to_have_text("Score the bids")
    for code, row in POINTS.items():
        for name, points in row.items():
            cell = f"#id_points_{market.bid(code).pk}_{market.attributes[name].pk}"
            page.fill(cell, "" if code == "GAMMA" and name == "payment" else points[2])
    page.click("button[name=save]")
    expect(page.locator(".message--success")).to_contain_text("5 scores are saved")
    last = f"#id_points_{market.bid('GAMMA').pk}_{market.payment.pk}"
    page.fill(last, "11")
    page.click("button[name=hand_in]")
    expect(page.locator(f"{last}[aria-invalid=true]")).to_have_value("11")
    assert visitor.violations() == []
    page.fill(last, POINTS["GAMMA"]["payment"][2])
    page.click("button[name=hand_in]")
    expect(page.locator("h1")).to_have_text("Hand in your scores")
    page.click("main form .button--primary")
    expect(page.locator("#ranking-heading")).to_be_visible()
    assert visitor.overflow() == 0
    assert Tender.objects.get(pk=market.pk).state == TenderState.RANKED
    assert Score.objects.filter(scorer__user=scorer).count() == 6


def look(visitor: Visitor, *paths: str) -> None:
    """Each page for axe, and that it cannot be scrolled sideways on a telephone."""
    for path in paths:
        visitor.page.set_viewport_size({"width": 1280, "height": 800})
        visitor.open(path)
        assert visitor.violations() == []
        visitor.page.set_viewport_size({"width": 360, "height": 800})
        assert visitor.overflow() == 0, path


@pytest.mark.parametrize(
    ("stage", "who", "views"),
    [
        ("prepare", "clerk", ("tenders", "tender_new", "tender", "tender_edit")),
        ("enter_bids", "clerk", ("tender",)),
        ("open", "clerk", ("tender", "bid")),
        ("start_scoring", "clerk", ("tender", "bid")),
        ("start_scoring", "scorer", ("tender", "tender_statement", "tender_scores", "tender_hand_in")),
        ("rank", "clerk", ("tender",)),
        ("select", "reviewer", ("tender",)),
        ("award", "auditor", ("tender", "tender_report")),
    ],
)
def test_every_page_is_fit_for_everybody(
    world: World, visit: Visit, stage: str, who: str, views: tuple[str, ...]
) -> None:
    market = Market(world)
    getattr(market, stage)()
    if stage == "start_scoring":
        market.score(0, hand_in=False)
    user = market.scorers[0] if who == "scorer" else getattr(world, who)
    visitor = visit(user, language="en")
    plain = ("tenders", "tender_new")
    bids = market.tender.bids.all()
    look(
        visitor,
        *(
            reverse(f"supply_chain:{view}")
            if view in plain
            else address(view, market, *([bids[0].pk] if view == "bid" else []))
            for view in views
        ),
    )
