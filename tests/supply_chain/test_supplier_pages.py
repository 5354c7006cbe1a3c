"""The register of suppliers: its pages, who may do what, duplicates, and what the database refuses."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Change
from apps.organisation.choices import Role
from apps.supply_chain.models import Supplier, SupplierRegion, SupplyCategory
from tests.by_hand import words
from tests.factories import MembershipFactory, SupplierFactory, UserFactory, World
from tests.supply_chain.suppliers import assess, right_code

SignIn = Callable[[User], Client]


def typed(world: World, **changes: Any) -> dict[str, Any]:
    said = {
        "code": "H-001",
        "name_zh": "哈密白云石矿业有限公司",
        "region": SupplierRegion.objects.get(code="xinjiang").pk,
        "supplies": [SupplyCategory.objects.get(code="dolomite").pk],
        "sites": [world.hami.pk],
        "practices_apply": "on",
        "active_from": "2018-03-01",
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def add(client: Client, world: World, **changes: Any) -> Any:
    return client.post(reverse("supply_chain:supplier_add"), typed(world, **changes))


def test_a_preparer_adds_a_supplier_and_finds_it_again(supply_world: World, sign_in: SignIn) -> None:
    client = sign_in(supply_world.clerk)
    response = add(client, supply_world, uscc="91350100m000100y43", is_major="on")
    supplier = Supplier.objects.get(code="H-001")
    assert response["Location"] == reverse("supply_chain:supplier", args=[supplier.pk])
    assert supplier.uscc == "91350100M000100Y43"
    page = words(client.get(response["Location"]))
    assert "Xinjiang" in page and "Dolomite" in page and "Hami" in page
    for asked in ("h-001", "白云石矿业", "91350100M", "哈密 白云石矿业（有限公司）"):
        assert "H-001" in words(client.get(reverse("supply_chain:suppliers"), {"q": asked})), asked
    assert "No supplier fits" in words(client.get(reverse("supply_chain:suppliers"), {"q": "Baishan"}))
    assert Change.objects.filter(table="supply_chain_supplier", actor_id=supply_world.clerk.pk).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"uscc": "91350100M000100Y44"}, "its check character does not fit"),
        ({"uscc": "91350100M000100Y43"}, "Another supplier has this credit code."),
        ({"name_zh": "白山 物流 股份有限公司"}, "is called the same"),
        ({"code": "b-9"}, "Supplier number already exists"),
        ({"active_until": "2018-02-28"}, "The last day lies before the first."),
        ({"practices_apply": None, "is_major": "on"}, "The supplier practices apply to every major supplier."),
        ({"region": "", "supplies": []}, "This field is required"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(
    supply_world: World, sign_in: SignIn, changes: dict[str, Any], sentence: str
) -> None:
    SupplierFactory(code="B-9", name_zh="白山物流有限公司", uscc="91350100M000100Y43")
    response = add(sign_in(supply_world.clerk), supply_world, name_en="Kept as typed", **changes)
    assert response.status_code == 422
    assert sentence in words(response)
    assert "Kept as typed" in response.content.decode()
    assert Supplier.objects.count() == 1


def test_two_companies_of_one_name_are_told_apart_by_their_codes(supply_world: World, sign_in: SignIn) -> None:
    SupplierFactory(code="B-9", name_zh="东方物流有限公司", uscc=right_code(1))
    client = sign_in(supply_world.clerk)
    assert add(client, supply_world, name_zh="东方物流").status_code == 422
    assert add(client, supply_world, name_zh="东方物流", uscc=right_code(2)).status_code == 302


@pytest.mark.parametrize(
    ("stored", "typed_name"),
    [
        ("哈密华鑫物资有限公司", "哈密華鑫物資有限公司"),
        ("哈密华鑫物资有限公司", "哈密 华鑫物资（有限责任公司）"),
        ("Hami Zinc Co., Ltd.", "ＨＡＭＩ zinc limited"),
    ],
)
def test_spellings_of_one_name_meet(supply_world: World, sign_in: SignIn, stored: str, typed_name: str) -> None:
    SupplierFactory(code="B-9", name_zh=stored)
    response = add(sign_in(supply_world.clerk), supply_world, name_zh=typed_name)
    assert response.status_code == 422 and "B-9 is called the same" in words(response)


def test_zinc_is_no_legal_form_and_codes_are_compared_as_kept(supply_world: World, sign_in: SignIn) -> None:
    SupplierFactory(code="A1", name_zh="Hami Z", name_en="Steppe Metals")
    client = sign_in(supply_world.clerk)
    assert add(client, supply_world, code="Z1", name_zh="Hami Zinc").status_code == 302
    assert "already exists" in words(add(client, supply_world, code="Ａ１", name_zh="另一家"))
    assert "is called the same" in words(add(client, supply_world, code="Z2", name_zh="草原", name_en="STEPPE metals"))
    assert add(client, supply_world, code="ß" * 20, name_zh="长编号").status_code == 422
    assert add(client, supply_world, code="Z3", name_zh="ﷺ" * 100).status_code == 302


def test_a_change_in_between_is_noticed_and_other_sites_stay(supply_world: World, sign_in: SignIn) -> None:
    supplier = SupplierFactory(code="H-1", sites=[supply_world.hami, supply_world.baishan])
    url = reverse("supply_chain:supplier_edit", args=[supplier.pk])
    hami, baishan = sign_in(supply_world.clerk), sign_in(supply_world.other_clerk)
    seen = hami.get(url).context["form"].now
    first = typed(supply_world, sites=[supply_world.baishan.pk], note="Paid late", seen=seen)
    assert baishan.post(url, first).status_code == 302
    stale = hami.post(url, typed(supply_world, seen=seen))
    assert stale.status_code == 422 and "Somebody changed this supplier meanwhile." in words(stale)
    fresh = typed(supply_world, sites=[], note="Paid late", seen=hami.get(url).context["form"].now)
    assert hami.post(url, fresh).status_code == 302
    assert [site.code for site in supplier.sites.all()] == ["BAISHAN"], "Hami lets go of its own tie alone"
    foreign = typed(supply_world, code="X-1", name_zh="别处", sites=[supply_world.baishan.pk])
    assert hami.post(reverse("supply_chain:supplier_add"), foreign).status_code == 422


def test_a_number_stays_and_everything_else_changes(supply_world: World, sign_in: SignIn) -> None:
    supplier = SupplierFactory(code="H-1")
    client = sign_in(supply_world.clerk)
    url = reverse("supply_chain:supplier_edit", args=[supplier.pk])
    seen = client.get(url).context["form"].now
    assert client.post(url, typed(supply_world, code="H-2", seen=seen)).status_code == 302
    supplier.refresh_from_db()
    assert (supplier.code, supplier.name_zh) == ("H-1", "哈密白云石矿业有限公司")


def test_readers_read_and_strangers_find_nothing(supply_world: World, sign_in: SignIn) -> None:
    supplier = SupplierFactory()
    only_environment = UserFactory(username="only-environment")
    MembershipFactory(user=only_environment, role=Role.PREPARER, site=supply_world.hami, section="environment")
    for user, sees, keeps in (
        (supply_world.other_clerk, 200, 200),
        (supply_world.auditor, 200, 403),
        (supply_world.reviewer, 200, 403),
        (only_environment, 404, 404),
        (supply_world.stranger, 404, 404),
    ):
        client = sign_in(user)
        assert client.get(reverse("supply_chain:supplier", args=[supplier.pk])).status_code == sees, user
        assert client.get(reverse("supply_chain:suppliers")).status_code == sees, user
        assert client.get(reverse("supply_chain:supplier_edit", args=[supplier.pk])).status_code == keeps, user
        assert client.get(reverse("supply_chain:suppliers_import")).status_code == keeps, user


def test_a_list_of_fifty_costs_a_fixed_number_of_questions(supply_world: World, sign_in: SignIn) -> None:
    client = sign_in(supply_world.auditor)
    dolomite = SupplyCategory.objects.get(code="dolomite")
    counts = []
    for size in (3, 55):
        for _number in range(size - Supplier.objects.count()):
            SupplierFactory(supplies=[dolomite], sites=[supply_world.hami], is_major=True)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(reverse("supply_chain:suppliers")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_list_shows_who_lacks_an_audit(supply_world: World, sign_in: SignIn) -> None:
    today = dt.date.today()
    audited = SupplierFactory(code="A-1", is_major=True)
    SupplierFactory(code="A-2", is_major=True)
    SupplierFactory(code="A-3")
    assess(
        audited,
        supply_world.clerk,
        supply_world.reviewer,
        assessed_on=today - dt.timedelta(days=30),
        valid_until=today + dt.timedelta(days=300),
    )
    page = words(sign_in(supply_world.auditor).get(reverse("supply_chain:suppliers"), {"show": "unaudited"}))
    assert "A-2" in page and "A-1" not in page and "A-3" not in page


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("uscc", "'91350100I000100Y43'"),
        ("active_until", "'2001-01-01'"),
        ("practices_apply", "false"),
        ("code", "'OTHER'"),
        ("name_zh", "''"),
    ],
)
def test_the_database_refuses_impossible_suppliers(supply_world: World, column: str, value: str) -> None:
    SupplierFactory(is_major=True)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE supply_chain_supplier SET {column} = {value}")


def test_the_database_refuses_a_credit_code_twice(supply_world: World) -> None:
    SupplierFactory(uscc=right_code(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierFactory(uscc=right_code(1))
    SupplierFactory()
    SupplierFactory()
