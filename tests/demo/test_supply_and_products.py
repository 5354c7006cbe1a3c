"""Suppliers, tenders and products of the demonstration: figures anybody can add up from the files, and what waits."""

import re
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.supply_chain.models import Tender, TenderState
from apps.supply_chain.tenders.ranking import ranking_of
from tests.demo.computed import Computed, figures_of

pytestmark = pytest.mark.usefixtures("demo")

# At Hami, at Baishan and in the group. Five suppliers deliver to both sites.
OF_2020 = [
    ("SC-SUPPLIERS", "10", "10", "15"),
    ("SC-REGION-XINJIANG", "5", "0", "5"),
    ("SC-REGION-HONG_KONG", "1", "1", "1"),
    ("SC-MAJOR", "4", "3", "6"),
    ("SC-MAJOR-AUDITED", "3", "1", "4"),
    ("SC-COVERED", "9", "10", "14"),
    ("SC-ASSESSED", "5", "3", "6"),
    ("SC-SPEND", "186,505,000", "84,060,000", "270,565,000"),
    ("SC-SPEND-ASSESSED", "127,200,000", "9,830,000", "137,030,000"),
    ("SC-SPEND-SHARE", "68.2", "11.7", "50.6"),
    ("SC-PRACTICES-ENGAGEMENT", "1", "1", "2"),
    ("SC-PRACTICES-RISKS", "1", "1", "2"),
    ("SC-PRACTICES-PREFERABLE", "1", "0", "1"),
    ("SC-TENDERS", "1", "0", "1"),
    ("SC-BIDS", "4", "0", "4"),
    ("SC-BIDS-ELIMINATED", "1", "0", "1"),
    ("PR-COMPL", "3", "2", "5"),
    ("PR-CLOSED", "3", "2", "5"),
    ("PR-INTIME", "3", "1", "4"),
    ("PR-OPEN", "0", "0", "0"),
    ("PR-DAYS-MEAN", "13.7", "22.0", "17.0"),
    ("PR-RECALLED", "0.0", "0.0", "0.0"),
    ("PR-SOLD-MAGNESIUM_INGOT", "17,620", "8,305", "25,925"),
    ("PR-CERT", "1", "1", "2"),
]


@pytest.fixture(scope="module")
def figures(demo: str) -> Computed:
    return figures_of("2020")


@pytest.mark.parametrize(("code", "hami", "baishan", "group"), OF_2020)
def test_figures_that_anybody_can_add_up(figures: Computed, code: str, hami: str, baishan: str, group: str) -> None:
    assert [figures[code, site].display for site in ("HAMI", "BAISHAN", "")] == [hami, baishan, group]


def page(username: str, path: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=username))
    response: Any = client.get(path)
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_ranking_of_the_awarded_tender() -> None:
    """S-002: brand 22/3 × 1 + quality 25.5/3 × 3.5 + payment 26/3 × 1.5 + delivery 26/3 × 1.5 + reputation 25/3 × 1.5
    + after-sales 23/3 × 1 = 7.33 + 29.75 + 13 + 13 + 12.5 + 7.67 = 83.25.
    """
    tender = Tender.objects.get(number="HM-ZB-2020-02")
    ranking = ranking_of(tender)
    assert tender.state == TenderState.AWARDED
    assert [(standing.bid.supplier.code, standing.total) for standing in ranking.standings] == [
        ("S-002", Fraction(333, 4)), ("S-003", Fraction(315, 4)), ("S-007", Fraction(811, 12)),
    ]  # fmt: skip


def test_one_score_is_missing_and_nobody_sees_the_others() -> None:
    tender = Tender.objects.get(number="HM-ZB-2021-05")
    assert tender.state == TenderState.SCORING
    assert tender.number in page("hr-hami", reverse("submissions:my_work"))
    for username in ("hr-hami", "buyer-hami", "lead-reviewer", "auditor", "administrator"):
        assert "8.5" not in page(username, reverse("supply_chain:tender", args=[tender.pk])), username


def test_what_has_run_out_stands_on_the_lists() -> None:
    assert "S-003" in page("buyer-hami", reverse("submissions:my_work"))
    assert "DEMO-Q-0001" in page("quality-hami", reverse("submissions:my_work"))
    start = page("reviewer", f"{reverse('admin:index')}?year=2020")
    assert "S-008" in start and "DEMO-Q-0003" in start
