"""Ranking, reasons and the workbook, against numbers worked out by hand in tests/supply_chain/tenders.py."""

import io
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.supply_chain.models import Tender
from apps.supply_chain.tenders import ranking, steps
from apps.supply_chain.tenders.policies import access_tender
from apps.supply_chain.tenders.steps import TenderError
from tests.factories import World
from tests.supply_chain.tenders import POINTS, Market

SignIn = Callable[[User], Client]


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


def of(market: Market) -> ranking.Ranking:
    return ranking.ranking_of(access_tender(market.world.clerk, market.pk))


def test_the_ranking_is_the_one_worked_out_by_hand(market: Market) -> None:
    market.rank()
    found = of(market)
    assert [(standing.bid.supplier.code, standing.rank, standing.total) for standing in found.standings] == [
        ("BETA", 1, Fraction(86)),
        ("ALPHA", 2, Fraction(73)),
        ("GAMMA", 3, Fraction(199, 3)),
    ]
    quality, payment = found.standings[2].parts
    assert (quality.mean, quality.contribution) == (Fraction(19, 2), Fraction(57))
    assert (payment.mean, payment.contribution) == (Fraction(7, 3), Fraction(28, 3))
    assert [bid.supplier.code for bid in found.eliminated] == ["DELTA"]
    assert not found.has_ties


@pytest.mark.parametrize(
    ("exact", "printed"),
    [
        (Fraction(199, 3), "66.33"),  # 66.3333…
        (Fraction(200, 3), "66.67"),  # 66.6666…
        (Fraction(1, 8), "0.13"),  # 0.125, half up
        (Fraction(201, 200), "1.01"),  # 1.005, which a binary number would round down
        (Fraction(1004, 1000), "1.00"),
        (Fraction(100), "100.00"),
    ],
)
def test_totals_are_rounded_half_up_once(exact: Fraction, printed: str) -> None:
    assert ranking.shown(exact) == Decimal(printed)


# Alpha and Beta: 24/3 × 6 + 18/3 × 4 = 48 + 24 = 72, and 20/3 × 6 + 24/3 × 4 = 40 + 32 = 72. Gamma: 60 + 0 = 60.
TIED = {
    "ALPHA": {"quality": ("8", "8", "8"), "payment": ("6", "6", "6")},
    "BETA": {"quality": ("7", "6.5", "6.5"), "payment": ("8", "9", "7")},
    "GAMMA": {"quality": ("10", "10", "10"), "payment": ("0", "0", "0")},
}


def test_bids_with_the_same_total_share_a_rank_and_need_no_reason(market: Market, sign_in: SignIn) -> None:
    market.rank(TIED)
    found = of(market)
    assert [(standing.bid.supplier.code, standing.rank, standing.tied) for standing in found.standings] == [
        ("ALPHA", 1, True),
        ("BETA", 1, True),
        ("GAMMA", 3, False),
    ]
    page = sign_in(market.world.clerk).get(reverse("supply_chain:tender", args=[market.pk])).content.decode()
    assert "Several bids share the first rank" in page
    content = sign_in(market.world.clerk).get(reverse("supply_chain:tender_report_xlsx", args=[market.pk])).content
    ranks = {str(row[0]): row[1:3] for row in sheets(content)["Ranking"]}
    assert ranks["BETA Beta"] == (1, "tied") and ranks["GAMMA Gamma"] == (3, None)
    with acting_as(market.world.clerk, "test"):
        steps.select(tender_id=market.pk, user=market.world.clerk, bid_id=market.bid("BETA").pk, reason="")
    assert Tender.objects.get(pk=market.pk).winner == market.bid("BETA")


def test_a_hair_less_is_no_tie(market: Market) -> None:
    """0.1 point of one scorer of three: 0.1/3 × 4 = 0.13 less; both would print 72 without decimals."""
    nearly = TIED | {"BETA": TIED["BETA"] | {"payment": ("8", "9", "6.9")}}
    market.rank(nearly)
    assert [standing.tied for standing in of(market).standings] == [False] * 3
    with pytest.raises(TenderError):
        steps.select(tender_id=market.pk, user=market.world.clerk, bid_id=market.bid("BETA").pk, reason="  ")


def test_the_page_shows_every_contribution_and_every_point(market: Market, sign_in: SignIn) -> None:
    market.rank()
    for view in ("tender", "tender_report"):
        page = sign_in(market.world.auditor).get(reverse(f"supply_chain:{view}", args=[market.pk])).content.decode()
        for text in ("86.00", "73.00", "66.33", "57.00", "9.33", "8.17", "2.33", "Scorer 1", "the licence ran out"):
            assert text in page, (view, text)


def sheets(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_workbook_says_what_the_page_says(market: Market, sign_in: SignIn) -> None:
    market.award()
    address = reverse("supply_chain:tender_report_xlsx", args=[market.pk])
    content = sign_in(market.world.clerk).get(address).content
    found = sheets(content)
    lines = {str(row[0]): row for row in found["Ranking"]}
    assert lines["BETA Beta"][1:9] == (1, None, 86, 1250000, 8.33, 50, 9, 36)
    assert lines["GAMMA Gamma"][1:9] == (3, None, 66.33, 990000, 9.5, 57, 2.33, 9.33)
    assert lines["DELTA Delta"][2] == "eliminated" and "the licence ran out" in str(lines["DELTA Delta"])
    assert lines["Approved by"][1] == "Reviewer"
    assert "none was declared before" in str(lines["Interest"][1])
    bids = {str(row[0]): row for row in found["Bids"]}
    assert bids["Bidder"][6:] == ("Valid mining licence", "MgO at least 20 %")
    assert bids["BETA Beta"][2:] == (1250000, "60 days", "weekly", "scored", "Met", "Met")
    assert bids["DELTA Delta"][5:] == ("eliminated", "Not met: the licence ran out", "Met")
    steps_taken = {str(row[0]): row for row in found["Steps"]}
    assert len(steps_taken) == 8 and steps_taken["Approved and awarded"][2] == "Reviewer"
    assert all(row[1] for row in found["Steps"])
    points = {row[:4] for row in found["Scores"][1:]}
    assert len(points) == 18 and ("ALPHA Alpha", "Quality", "Scorer 2", 7.5) in points
    assert sum(Decimal(str(row[3])) for row in found["Scores"][1:]) == sum(
        Decimal(given) for row in POINTS.values() for column in row.values() for given in column
    )


def test_the_workbook_is_the_same_to_the_byte(market: Market, sign_in: SignIn) -> None:
    market.rank()
    address = reverse("supply_chain:tender_report_xlsx", args=[market.pk])
    first = sign_in(market.world.clerk).get(address).content
    assert sign_in(market.world.reviewer).get(address).content == first


def test_a_name_that_looks_like_a_formula_stays_text(market: Market, sign_in: SignIn) -> None:
    market.suppliers["ALPHA"].name_en = "=1+1"
    market.suppliers["ALPHA"].save()
    Tender.objects.filter(pk=market.pk).update(title="@evil")
    market.rank()
    content = sign_in(market.world.clerk).get(reverse("supply_chain:tender_report_xlsx", args=[market.pk])).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
