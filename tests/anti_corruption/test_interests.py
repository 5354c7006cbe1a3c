"""Interests that people declared, where they score bids: who is warned, and of what."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.answers import Answer
from apps.anti_corruption.conflicts import services
from apps.anti_corruption.models import Declaration
from apps.audit.context import acting_as
from apps.organisation.interests import declared_interests
from apps.organisation.partners import find_partners
from tests.anti_corruption.records import Integrity, answered, correct, round_of, sign
from tests.by_hand import words
from tests.factories import SupplierFactory, UserFactory, World
from tests.supply_chain.tenders import Market

SignIn = Callable[[User], Client]
WORD = "my brother-in-law ZQ4711"
KIND = "Family members at business partners or competitors"


def declare(integrity: Integrity, user: User, *partners: str, kind: str = "family_at_partners") -> Declaration:
    round_of(integrity, user)
    told = Answer(kind=kind, none=False, details=WORD, partners=partners)
    return sign(policies.duties_of(user).filter(state="open").get(), answered(**{kind: told}))


# Finding partners -----------------------------------------------------------------------------------------------------


def test_partners_are_found_by_number_code_and_name(db: None, django_assert_num_queries: Callable[..., object]) -> None:
    SupplierFactory(
        code="HM-7", name_zh="哈密白云石有限公司", name_en="Hami Dolomite Co., Ltd.", uscc="91650100MA00000014"
    )
    SupplierFactory(code="HM-8", name_zh="白山硅铁厂")
    for code in ("HM-9", "HM-10"):
        SupplierFactory(code=code, name_zh=f"新星{code}", name_en="New Star")
    texts = [
        "hm-7",
        "９１650100MA00000014",
        "哈密白雲石 股份有限公司",
        "HAMI DOLOMITE",
        "白山硅铁厂",
        "New Star Ltd.",
        "白山",
        " ",
        "HM",
    ]
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        found = find_partners(texts)
    assert {text: partner.code for text, partner in found.items()} == {
        "hm-7": "HM-7",
        "９１650100MA00000014": "HM-7",
        "哈密白雲石 股份有限公司": "HM-7",
        "HAMI DOLOMITE": "HM-7",
        "白山硅铁厂": "HM-8",
    }
    assert found["hm-7"].name == "Hami Dolomite Co., Ltd."


def test_a_number_that_is_also_the_name_of_another_is_not_certain(db: None) -> None:
    SupplierFactory(code="ALPHA", name_zh="阿尔法")
    assert find_partners(["alpha"])["alpha"].code == "ALPHA"
    SupplierFactory(code="B-2", name_zh="贝塔", name_en="Alpha Ltd.")
    assert find_partners(["alpha"]) == {}


# Declared interests ---------------------------------------------------------------------------------------------------


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


def told_of(user: User, *codes: str) -> list[tuple[str, str]]:
    return [(each.partner, each.words) for each in declared_interests([user.pk], codes)]


def test_every_declaration_counts_and_of_each_kind_once(integrity: Integrity, market: Market) -> None:
    scorer = market.scorers[0]
    said = f"{KIND} (declared in the assurance statement)"
    first = declare(integrity, scorer, "ALPHA", "供应商beta", "somebody")
    assert told_of(scorer, "ALPHA", "BETA", "GAMMA") == [("ALPHA", said), ("BETA", said)]
    assert told_of(scorer, "GAMMA") == [] and told_of(market.scorers[1], "ALPHA") == []
    # To sign anew does not take the warning away.
    correct(first, answered())
    assert told_of(scorer, "ALPHA", "BETA") == [("ALPHA", said), ("BETA", said)]
    declare(integrity, scorer, "Alpha")
    declare(integrity, scorer, "ALPHA")
    assert told_of(scorer, "ALPHA", "BETA") == [("ALPHA", said), ("BETA", said)]


def test_whatever_was_decided_the_interest_is_told(integrity: Integrity, market: Market) -> None:
    scorer = market.scorers[0]
    conflict = declare(integrity, scorer, "ALPHA").conflicts.get()
    for ruling in ("refused", "accepted"):
        with acting_as(integrity.officer, "test"):
            services.decide(user=integrity.officer, conflict_id=conflict.pk, ruling=ruling, words="so KX9")
        ((partner, said),) = told_of(scorer, "ALPHA")
        assert partner == "ALPHA" and "KX9" not in said and WORD not in said and ruling not in said.lower()


def test_a_partner_that_an_officer_names_counts_too(integrity: Integrity, market: Market) -> None:
    conflict = declare(integrity, market.scorers[0], "the quarry of my cousin").conflicts.get()
    assert told_of(market.scorers[0], "GAMMA") == []
    with acting_as(integrity.officer, "test"):
        services.add_partner(user=integrity.officer, conflict_id=conflict.pk, text="gamma")
    assert told_of(market.scorers[0], "GAMMA")


def test_the_scorer_is_warned_and_the_lead_reviewer_told(integrity: Integrity, market: Market, sign_in: SignIn) -> None:
    world, scorer = market.world, market.scorers[0]
    declare(integrity, scorer, "GAMMA")
    market.start_scoring()
    address = reverse("supply_chain:tender_scores", args=[market.pk])
    warned = words(sign_in(scorer).get(address, follow=True))
    start = words(sign_in(world.lead).get(reverse("admin:index")))
    page = words(sign_in(world.lead).get(reverse("supply_chain:tender", args=[market.pk])))
    for shown in (warned, start, page):
        assert KIND in shown and WORD not in shown and "ZQ4711" not in shown
    assert "Scorers with an interest in a bidder" in start
    assert KIND not in words(sign_in(market.scorers[1]).get(address, follow=True))
    assert KIND not in words(sign_in(world.clerk).get(reverse("supply_chain:tender", args=[market.pk])))


def test_somebody_who_is_no_scorer_costs_no_warning(integrity: Integrity, market: Market, sign_in: SignIn) -> None:
    declare(integrity, UserFactory(), "GAMMA")
    market.start_scoring()
    assert KIND not in words(sign_in(market.world.lead).get(reverse("admin:index")))
