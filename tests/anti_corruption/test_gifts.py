"""The register of gifts through its pages: entering, correcting, settling, and who sees what of whom."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.gifts import services
from apps.anti_corruption.gifts.attention import tasks
from apps.anti_corruption.models import Gift, GiftHandling, IntegritySettings, Opening
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.organisation.models import Site
from tests.anti_corruption.records import Integrity, round_of
from tests.anti_corruption.signing import address
from tests.by_hand import refused, words
from tests.factories import MembershipFactory, UserFactory, World

SignIn = Callable[[User], Client]


@pytest.fixture
def integrity(world: World) -> Integrity:
    return Integrity(world)


def ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def told(site: Site, **fields: Any) -> dict[str, Any]:
    usual = {
        "site": site.pk,
        "received_on": ago(1).isoformat(),
        "giver": "Mr Wang, North Coal",
        "occasion": "Mid-autumn festival",
        "item": "A box of mooncakes",
        "value_cny": "30",
    }
    return usual | fields


def given(user: User, site: Site, **fields: Any) -> Gift:
    """Registers a gift as ``user``."""
    values = {
        "site": site,
        "received_on": ago(1),
        "giver": "Mr Wang, North Coal",
        "occasion": "Mid-autumn festival",
        "item": "A box of mooncakes",
        "value_cny": Decimal(30),
    }
    with acting_as(user, "test"):
        return services.register(user=user, gift=Gift(**(values | fields)))


def settled(gift: Gift, user: User, handling: str = "kept", receipt: str = "") -> GiftHandling:
    with acting_as(user, "test"):
        return services.settle(
            user=user,
            gift_id=gift.pk,
            handling=handling,
            handled_on=timezone.localdate(),
            receipt=receipt,
            words="",
        )


# Entering -------------------------------------------------------------------------------------------------------------


def test_a_gift_is_registered_with_the_rules_of_its_day(integrity: Integrity, sign_in: SignIn) -> None:
    clerk, hami = integrity.world.clerk, integrity.world.hami
    client = sign_in(clerk)
    shown = words(client.get(address("gift_add")))
    assert "Register a gift within 3 days." in shown and "Worth RMB 50 or more" in shown
    response = client.post(address("gift_add"), told(hami, value_cny="１,２00.5", is_cash="on"))
    gift = Gift.objects.get()
    assert response["Location"] == address("gift", gift.pk)
    assert (gift.receiver, gift.value_cny, gift.threshold_cny, gift.days_allowed) == (clerk, Decimal("1200.50"), 50, 3)
    assert (gift.registered_on, gift.must_go, gift.is_late) == (timezone.localdate(), True, False)
    page = words(client.get(response["Location"]))
    assert "Mr Wang, North Coal" in page and "This gift cannot be kept" in page and "1,200.5" in page
    assert "A box of mooncakes" in words(client.get(address("gifts")))
    IntegritySettings._default_manager.update(gift_threshold_cny=5000, gift_days=10)
    assert "cannot be kept" in words(client.get(response["Location"]))


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"value_cny": ""}, "value_cny", "This field is required."),
        ({"value_cny": "dear"}, "value_cny", "is not a number"),
        ({"value_cny": "-1"}, "value_cny", "greater than or equal to 0"),
        ({"giver": " "}, "giver", "This field is required."),
        ({"item": ""}, "item", "This field is required."),
        ({"received_on": ago(-1).isoformat()}, "received_on", "This day is still to come."),
        ({"received_on": ago(4).isoformat()}, "late_because", "A gift is registered within 3 days. Say why"),
        ({"site": "baishan"}, "site", "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    integrity: Integrity, sign_in: SignIn, fields: dict[str, Any], field: str, said: str
) -> None:
    world = integrity.world
    if fields.get("site"):
        fields = {"site": world.baishan.pk}
    response = sign_in(world.clerk).post(address("gift_add"), told(world.hami, occasion="Opening of a shop") | fields)
    assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    assert said in words(response) and "Opening of a shop" in response.content.decode()
    assert not Gift.objects.exists()


def test_late_is_allowed_with_a_reason(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    sent = told(world.hami, received_on=ago(4).isoformat(), late_because="I was travelling.")
    assert sign_in(world.clerk).post(address("gift_add"), sent).status_code == 302
    assert Gift.objects.get().is_late
    punctual = told(world.hami, received_on=ago(3).isoformat())
    assert sign_in(world.clerk).post(address("gift_add"), punctual).status_code == 302


def test_sites_are_those_where_one_works_or_all(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world

    def offered(user: User) -> set[Site]:
        return set(sign_in(user).get(address("gift_add")).context["form"].fields["site"].queryset)

    both = {world.hami, world.baishan}
    assert offered(world.clerk) == {world.hami}
    round_of(integrity, world.clerk, site=world.baishan)
    assert offered(world.clerk) == both
    holder = UserFactory()
    round_of(integrity, holder, site=world.baishan)
    assert offered(holder) == {world.baishan}
    integrity.holder(holder, world.hami)
    assert offered(holder) == both
    assert offered(integrity.officer) == both


def test_whoever_has_neither_role_nor_duty_registers_nothing(integrity: Integrity, sign_in: SignIn) -> None:
    stranger = integrity.world.stranger
    client = sign_in(stranger)
    for view in ("gifts", "gift_add"):
        assert client.get(address(view)).status_code == 404
    assert client.post(address("gift_add"), told(integrity.world.hami)).status_code == 404
    with pytest.raises(PermissionDenied):
        given(stranger, integrity.world.hami)


# Correcting -----------------------------------------------------------------------------------------------------------


def test_a_correction_is_another_entry_of_today(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    first = given(world.clerk, world.hami, received_on=ago(20), late_because="I was travelling.")
    client = sign_in(world.clerk)
    page = address("gift_correct", first.pk)
    shown = client.get(page).content.decode()
    assert "A box of mooncakes" in shown and "I was travelling." in shown
    sent = told(world.hami, received_on=ago(20).isoformat(), item="A watch", value_cny="900", late_because="A slip.")
    response = client.post(page, sent)
    second = Gift.objects.get(replaces=first)
    assert response["Location"] == address("gift", second.pk)
    assert (second.registered_on, second.must_go) == (timezone.localdate(), True)
    assert list(Gift.objects.current()) == [second] == list(Gift.objects.unsettled())
    listed = words(client.get(address("gifts")))
    assert "A watch" in listed and "mooncakes" not in listed
    for person in (world.clerk, integrity.officer):
        assert "the entry of" in words(sign_in(person).get(address("gift", second.pk)))
    old = words(client.get(address("gift", first.pk)))
    assert "This entry was replaced by a corrected one." in old and "A box of mooncakes" in old
    for send in (client.get, client.post):
        again = send(page, sent)
        assert "This entry was replaced already." in words(client.get(again["Location"]))
    with pytest.raises(services.GiftError, match="replaced already"):
        given(world.clerk, world.hami, replaces=first)
    with pytest.raises(services.GiftError, match="This entry was replaced"):
        settled(first, integrity.officer)


def test_what_is_confirmed_and_where_it_was_stays(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    MembershipFactory(user=world.clerk, role="preparer", site=world.baishan)
    gift = given(world.clerk, world.hami)
    client, page = sign_in(world.clerk), address("gift_correct", gift.pk)
    moved = client.post(page, told(world.baishan))
    assert moved.status_code == 422 and list(moved.context["form"].errors) == ["site"]
    with pytest.raises(services.GiftError, match="stays at the site"):
        given(world.clerk, world.baishan, replaces=gift)
    assert "Correct the entry" in words(client.get(address("gift", gift.pk)))
    settled(gift, integrity.officer)
    assert "Correct the entry" not in words(client.get(address("gift", gift.pk)))
    for send in (client.get, client.post):
        response = send(page, told(world.hami))
        assert "ask the integrity officer" in words(client.get(response["Location"]))
    with pytest.raises(services.GiftError, match="ask the integrity officer"):
        given(world.clerk, world.hami, replaces=gift)
    assert Gift.objects.count() == 1


def test_a_correction_says_by_itself_that_it_is_one(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    first = given(world.clerk, world.hami)
    shown = sign_in(world.clerk).get(address("gift_correct", first.pk)).content.decode()
    assert f"Correction of the entry of {timezone.localdate():%Y-%m-%d}." in shown


def test_nobody_corrects_or_reads_for_another(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    gift = given(world.clerk, world.hami)
    strangers = (world.other_clerk, world.reviewer, world.lead, world.auditor, world.administrator)
    for person in (*strangers, world.stranger, integrity.baishan_officer):
        for view in ("gift", "gift_correct", "gift_settle"):
            assert sign_in(person).get(address(view, gift.pk)).status_code == 404
            assert sign_in(person).post(address(view, gift.pk), told(world.hami)).status_code in (404, 405)
        if person != world.stranger:
            assert "Gift of" not in words(sign_in(person).get(address("gifts")))
    for person in (integrity.officer, integrity.hami_officer, integrity.reader):
        for send in (sign_in(person).get, sign_in(person).post):
            assert send(address("gift_correct", gift.pk), told(world.hami)).status_code == 403
        with pytest.raises(PermissionDenied):
            given(person, world.hami, replaces=gift)
    assert Gift.objects.count() == 1 and not Opening._default_manager.exists()


# Reading and settling -------------------------------------------------------------------------------------------------


def test_the_list_of_others_names_neither_giver_nor_thing(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    gift = given(world.clerk, world.hami, value_cny=Decimal(900))
    own = given(integrity.officer, world.hami, item="A calendar")
    client = sign_in(integrity.officer)
    listed = words(client.get(address("gifts")))
    assert "Gift of Clerk Hami" in listed and "To be handed in or returned" in listed and "A calendar" in listed
    assert "mooncakes" not in listed and "North Coal" not in listed
    assert not Opening._default_manager.exists()
    assert "North Coal" in words(client.get(address("gift", gift.pk)))
    client.get(address("gift", own.pk))
    opening = Opening._default_manager.get()
    assert (opening.reader, opening.gift) == (integrity.officer, gift)
    sign_in(world.clerk).get(address("gift", gift.pk))
    assert Opening._default_manager.count() == 1
    assert str(integrity.officer) in words(sign_in(world.clerk).get(address("gift", gift.pk)))


def test_an_officer_confirms_what_became_of_it(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    small, dear = given(world.clerk, world.hami), given(world.clerk, world.hami, value_cny=Decimal(50))
    client = sign_in(integrity.hami_officer)
    today = timezone.localdate().isoformat()
    assert "Kept by the receiver" in words(client.get(address("gift_settle", small.pk)))
    assert "Kept by the receiver" not in words(client.get(address("gift_settle", dear.pk)))
    page = address("gift_settle", dear.pk)
    for sent, said in (
        ({"handling": "kept", "handled_on": today}, "Select a valid choice."),
        ({"handling": "", "handled_on": today}, "This field is required."),
        ({"handling": "handed_in", "handled_on": today}, "What is handed in gets a receipt number."),
        ({"handling": "returned", "handled_on": ago(2).isoformat()}, "The gift was received later than this day."),
        ({"handling": "returned", "handled_on": ago(-1).isoformat()}, "This day is still to come."),
    ):
        response = client.post(page, sent)
        assert response.status_code == 422 and said in words(response)
    assert not GiftHandling._default_manager.exists()
    assert [task.title for task in tasks(integrity.hami_officer)] == ["Gift of Clerk Hami"] * 2
    client.post(page, {"handling": "handed_in", "handled_on": today, "receipt": "R-7", "words": "Given to a school"})
    client.post(address("gift_settle", small.pk), {"handling": "kept", "handled_on": today})
    shown = words(sign_in(world.clerk).get(address("gift", dear.pk)))
    assert "Handed in" in shown and "R-7" in shown and "Given to a school" in shown
    assert tasks(integrity.hami_officer) == [] == tasks(integrity.officer)
    client.post(page, {"handling": "returned", "handled_on": today})
    assert "Returned to the giver" in words(client.get(f"{address('gifts')}?show=settled"))
    assert "No gift is registered here." in words(client.get(f"{address('gifts')}?show=open"))


def test_who_does_not_settle(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    gift = given(world.clerk, world.hami)
    own = given(integrity.officer, world.hami)
    for person, found in ((integrity.reader, gift), (integrity.officer, own), (world.clerk, gift)):
        for send in (sign_in(person).get, sign_in(person).post):
            assert send(address("gift_settle", found.pk), {}).status_code == 403
        with pytest.raises(PermissionDenied):
            settled(found, person)
    assert [task.title for task in tasks(integrity.officer)] == ["Gift of Clerk Hami"]
    assert tasks(integrity.baishan_officer) == [] == tasks(integrity.reader) == tasks(world.clerk)


def test_an_officer_who_is_no_longer_one_sees_nothing_more(integrity: Integrity, sign_in: SignIn) -> None:
    gift = given(integrity.world.clerk, integrity.world.hami)
    integrity.hami_officer.memberships.all().delete()
    MembershipFactory(user=integrity.hami_officer, role="reviewer")
    assert sign_in(integrity.hami_officer).get(address("gift", gift.pk)).status_code == 404


def test_a_long_list_comes_in_pages(
    integrity: Integrity, sign_in: SignIn, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    world = integrity.world
    for _number in range(51):
        given(world.clerk, world.hami)
    client = sign_in(integrity.officer)
    with django_assert_max_num_queries(14):
        shown = client.get(f"{address('gifts')}?show=open&page=1")
    assert "1–50 of 51" in words(shown) and "?show=open&amp;page=2" in shown.content.decode()
    assert client.get(f"{address('gifts')}?show=open&page=2").content.decode().count("Gift of Clerk") == 1


# What the database refuses --------------------------------------------------------------------------------------------


def attempt(integrity: Integrity, who: User, /, **changed: Any) -> str:
    world = integrity.world
    row: dict[str, Any] = {
        "receiver_id": world.clerk.pk,
        "site_id": world.hami.pk,
        "received_on": ago(1),
        "giver": "W",
        "occasion": "O",
        "item": "I",
        "is_cash": False,
        "value_cny": 10,
        "witness": "",
        "late_because": "",
        "threshold_cny": 50,
        "days_allowed": 3,
        "registered_at": timezone.now(),
        "registered_on": timezone.localdate(),
        "replaces_id": None,
    } | changed
    sql = f"INSERT INTO anti_corruption_gift ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"
    with acting_as(who, "test"):
        return refused(sql, *row.values())


def test_the_database_refuses_what_no_page_offers(integrity: Integrity) -> None:
    world = integrity.world
    IntegritySettings.current()
    clerk = world.clerk
    assert "everybody registers their own gifts" in attempt(integrity, integrity.officer)
    assert "a gift follows the settings of its day" in attempt(integrity, clerk, threshold_cny=5000)
    assert "a gift follows the settings of its day" in attempt(integrity, clerk, days_allowed=30)
    early = {"registered_on": ago(5), "received_on": ago(6)}
    assert "a gift carries the day of its registration" in attempt(integrity, clerk, **early)
    assert "a gift that is registered late says why" in attempt(integrity, clerk, received_on=ago(4))
    assert "gift_received_before" in attempt(integrity, clerk, received_on=ago(-1))
    assert "gift_is_told" in attempt(integrity, clerk, giver="")
    assert "gift_is_told" in attempt(integrity, clerk, value_cny=-1)
    foreign = given(world.other_clerk, world.baishan)
    assert "an entry replaces one's own" in attempt(integrity, clerk, replaces_id=foreign.pk)


def test_the_database_refuses_handlings_that_cannot_be(integrity: Integrity) -> None:
    world = integrity.world
    gift = given(world.clerk, world.hami, is_cash=True)
    sql = (
        "INSERT INTO anti_corruption_gifthandling (gift_id, handling, handled_on, receipt, words, confirmed_by_id,"
        " confirmed_at) VALUES (%s, %s, %s, %s, '', %s, now())"
    )
    officer, today = integrity.officer, timezone.localdate()
    with acting_as(officer, "test"):
        assert "cannot be kept" in refused(sql, gift.pk, "kept", today, "", officer.pk)
        assert "was handled before it was received" in refused(sql, gift.pk, "returned", ago(9), "", officer.pk)
        assert "gifthandling_has_receipt" in refused(sql, gift.pk, "handed_in", today, "", officer.pk)
        assert "gifthandling_known" in refused(sql, gift.pk, "eaten", today, "", officer.pk)
        other = refused(sql, gift.pk, "returned", today, "", integrity.second_officer.pk)
    said = "is confirmed by an officer who is not the receiver"
    assert said in other
    with acting_as(world.clerk, "test"):
        assert said in refused(sql, gift.pk, "returned", today, "", world.clerk.pk)
    given(world.clerk, world.hami, replaces=gift)
    with acting_as(officer, "test"):
        assert "was replaced" in refused(sql, gift.pk, "returned", today, "", officer.pk)
        for change in ("UPDATE anti_corruption_gift SET value_cny = 1", "DELETE FROM anti_corruption_gift"):
            assert "are never changed or deleted" in refused(change)
        assert "are never changed or deleted" in refused("DELETE FROM anti_corruption_gifthandling")


def test_no_gift_is_in_the_trail(integrity: Integrity) -> None:
    given(integrity.world.clerk, integrity.world.hami)
    assert not Change.objects.filter(table__in=("anti_corruption_gift", "anti_corruption_gifthandling")).exists()
