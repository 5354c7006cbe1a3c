"""What the pages of a tender do beside the way: corrections, documents, lists, the admin, three languages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.submissions.shipped import load_catalogues
from apps.supply_chain.models import Bid, BidFile, Tender, TenderAttribute
from tests.factories import World
from tests.supply_chain.tenders import Market

SignIn = Callable[[User], Client]


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


def url(view: str, *args: int) -> str:
    return reverse(f"supply_chain:{view}", args=args)


def test_the_six_attributes_of_the_report_are_shipped(db: None) -> None:
    load_catalogues()
    rows = list(TenderAttribute.objects.values_list("code", "name_zh_hans"))
    assert rows == [
        ("brand", "产品品牌"),
        ("quality", "质量"),
        ("payment", "付款条件"),
        ("delivery", "交货进度"),
        ("reputation", "信誉"),
        ("after_sales", "售后服务"),
    ]


def test_facts_change_in_preparation_alone(market: Market, sign_in: SignIn) -> None:
    clerk = sign_in(market.world.clerk)
    facts: dict[str, Any] = {
        "number": market.tender.number,
        "title": "Dolomite and more",
        "material": market.dolomite.pk,
        "currency": "CNY",
        "bids_due_on": market.tender.bids_due_on.isoformat(),
    }
    clerk.post(url("tender_edit", market.pk), {**facts, "site": market.world.baishan.pk})
    market.tender.refresh_from_db()
    assert (market.tender.title, market.tender.site) == ("Dolomite and more", market.world.hami)
    wrong = clerk.post(url("tender_edit", market.pk), {**facts, "currency": "RMB¥", "estimated_value": "-5"})
    assert wrong.status_code == 422
    market.invite()
    late = clerk.post(url("tender_edit", market.pk), {**facts, "title": "Too late"}, follow=True)
    assert "stay once its weights are fixed" in late.content.decode()


def test_a_tender_is_created_at_ones_own_site(market: Market, sign_in: SignIn) -> None:
    facts = {
        "number": "X-1",
        "title": "Elsewhere",
        "site": market.world.baishan.pk,
        "material": market.dolomite.pk,
        "currency": "CNY",
        "bids_due_on": "2026-01-31",
    }
    assert sign_in(market.world.clerk).post(url("tender_new"), facts).status_code == 422
    assert not Tender.objects.filter(number="X-1").exists()
    for user in (market.world.reviewer, market.world.auditor, market.world.administrator):
        assert sign_in(user).get(url("tender_new")).status_code == 404


def test_scorers_and_sealed_bids_are_taken_back(market: Market, sign_in: SignIn) -> None:
    market.prepare()
    clerk = sign_in(market.world.clerk)
    first = market.tender.scorers.order_by("pk")[0]
    clerk.post(url("tender_scorer_remove", market.pk, first.pk))
    assert market.tender.scorers.count() == 2
    clerk.post(url("tender_scorers", market.pk), {"person": market.scorers[0].username})
    again = clerk.post(url("tender_scorers", market.pk), {"person": market.scorers[0].username}, follow=True)
    assert "is a scorer of this tender already" in again.content.decode()
    clerk.post(url("tender_invite", market.pk))
    clerk.post(
        url("tender_bids", market.pk), {"supplier": "ALPHA", "received_on": market.tender.bids_due_on.isoformat()}
    )
    alpha = market.bid("ALPHA").pk
    unsaid = clerk.post(url("bid_remove", market.pk, alpha), {"reason": " "}, follow=True)
    assert "Write why the bid is withdrawn" in unsaid.content.decode()
    page = clerk.post(url("bid_remove", market.pk, alpha), {"reason": "wrong envelope"}, follow=True).content.decode()
    assert "The bid of Alpha is withdrawn" in page and "wrong envelope" in page
    assert Bid.objects.get(pk=alpha).withdrawn_by == market.world.clerk
    assert "There is no bid to open" in clerk.post(url("tender_open", market.pk), follow=True).content.decode()


def test_documents_are_attached_while_bids_are_opened(market: Market, sign_in: SignIn) -> None:
    market.read()
    clerk, alpha = sign_in(market.world.clerk), market.bid("ALPHA").pk

    def attach(name: str, content: bytes) -> str:
        sent = {"file": SimpleUploadedFile(name, content)}
        return clerk.post(url("bid_files", market.pk, alpha), sent, follow=True).content.decode()

    assert "is not what its name says" in attach("offer.pdf", b"<html>")
    assert "is attached" in attach("offer.pdf", b"%PDF-1.7 offer")
    assert "is attached" in attach("more.txt", b"more")
    offer, more = BidFile.objects.order_by("pk")
    response = sign_in(market.scorers[0]).get(url("bid_file", market.pk, offer.pk))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 offer"  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment")
    for stranger in (market.world.other_clerk, market.world.stranger):
        assert sign_in(stranger).get(url("bid_file", market.pk, offer.pk)).status_code == 404
    clerk.post(url("bid_file_remove", market.pk, more.pk))
    clerk.post(url("tender_start_scoring", market.pk))
    assert "this is no longer possible" in attach("late.txt", b"late")
    clerk.post(url("bid_file_remove", market.pk, offer.pk))
    assert list(BidFile.objects.all()) == [offer]


def test_a_document_is_not_reached_through_another_tender(market: Market, sign_in: SignIn) -> None:
    market.read()
    clerk = sign_in(market.world.clerk)
    sent = {"file": SimpleUploadedFile("offer.txt", b"offer")}
    clerk.post(url("bid_files", market.pk, market.bid("ALPHA").pk), sent)
    other = Tender.objects.create(
        number="OTHER",
        title="Other",
        site=market.world.hami,
        material=market.dolomite,
        bids_due_on=timezone.localdate(),
        created_by=market.world.clerk,
    )
    kept = BidFile.objects.get()
    assert clerk.get(url("bid_file", other.pk, kept.pk)).status_code == 404
    assert clerk.post(url("bid_file_remove", other.pk, kept.pk)).status_code == 404


def test_sealed_bids_have_no_page(market: Market, sign_in: SignIn) -> None:
    market.enter_bids()
    assert sign_in(market.world.clerk).get(url("bid", market.pk, market.bid("ALPHA").pk)).status_code == 404


def test_the_list_is_narrowed_by_site_and_state(market: Market, sign_in: SignIn) -> None:
    Tender.objects.create(
        number="BS-1",
        title="Other",
        site=market.world.baishan,
        material=market.dolomite,
        bids_due_on=timezone.localdate(),
        created_by=market.world.other_clerk,
    )
    market.invite()
    auditor = sign_in(market.world.auditor)
    for query, found in (
        ({}, {"HM-2020-01", "BS-1"}),
        ({"site": market.world.baishan.pk}, {"BS-1"}),
        ({"state": "inviting"}, {"HM-2020-01"}),
        ({"state": "inviting", "site": market.world.baishan.pk}, set()),
        ({"state": "nonsense", "site": "x'"}, {"HM-2020-01", "BS-1"}),
    ):
        page = auditor.get(url("tenders"), query).content.decode()
        assert {number for number in ("HM-2020-01", "BS-1") if f"{number} " in page} == found, query
    clerk = sign_in(market.world.clerk).get(url("tenders")).content.decode()
    assert "BS-1" not in clerk


def test_the_admin_lists_tenders_of_ones_sites_to_read(market: Market, sign_in: SignIn) -> None:
    local = World.person("reviewer-baishan", market.world.reviewer.memberships.get().role, market.world.baishan)
    listed = reverse("admin:supply_chain_tender_changelist")
    one = reverse("admin:supply_chain_tender_change", args=[market.pk])
    assert market.tender.number in sign_in(market.world.auditor).get(listed).content.decode()
    assert url("tender", market.pk) in sign_in(market.world.auditor).get(one).content.decode()
    assert market.tender.number not in sign_in(local).get(listed).content.decode()
    assert sign_in(local).get(one).status_code == 404
    assert sign_in(market.world.administrator).post(one, {"title": "x"}).status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("stage", ["prepare", "enter_bids", "open", "start_scoring", "award"])
def test_every_state_is_shown_in_every_language(market: Market, sign_in: SignIn, stage: str, language: str) -> None:
    getattr(market, stage)()
    names = {"en": "Quality", "zh-hans": "简 quality", "zh-hant": "繁 quality"}
    User.objects.update(language=language)
    clerk = sign_in(User.objects.get(pk=market.world.clerk.pk))
    page = clerk.get(url("tender", market.pk))
    assert page.status_code == 200 and names[language] in page.content.decode()
