"""What of integrity stands in the navigation and on the to-do lists, and for whom."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.core.navigation import places_for
from tests.anti_corruption.records import Integrity, answered, round_of, sign
from tests.anti_corruption.yearly_records import put_gift
from tests.by_hand import words
from tests.factories import UserFactory

SignIn = Callable[[User], Client]
OVERSEEN = {"holders", "campaigns", "conflicts", "cases"}
OWN = {"integrity_documents", "gifts"}


def codes(user: User) -> set[str]:
    fresh = User.objects.get(pk=user.pk)
    return {place.code for place in places_for(fresh) if place.view.startswith("integrity:")}


@pytest.fixture
def declarant(integrity: Integrity) -> User:
    """Somebody without a role who has to sign."""
    user: User = UserFactory()
    round_of(integrity, user)
    return user


def test_places_by_role(integrity: Integrity, declarant: User) -> None:
    world = integrity.world
    assert codes(world.stranger) == set()
    assert codes(declarant) == {"declarations", *OWN}
    for user in (world.clerk, world.reviewer, world.lead, world.auditor, world.administrator):
        assert codes(user) == OWN, user
    for user in (integrity.officer, integrity.baishan_officer, integrity.reader):
        assert codes(user) == OWN | OVERSEEN, user


def test_every_place_opens_for_whom_it_is_listed(integrity: Integrity, declarant: User, sign_in: SignIn) -> None:
    for user in (declarant, integrity.world.clerk, integrity.officer, integrity.reader):
        client = sign_in(user)
        page = words(client.get(reverse("submissions:places")))
        for place in places_for(User.objects.get(pk=user.pk)):
            assert str(place.title) in page
            assert client.get(reverse(place.view)).status_code == 200, (user, place.code)


def test_the_navigation_asks_one_question_of_duties(integrity: Integrity, declarant: User) -> None:
    for user in (integrity.world.stranger, integrity.world.clerk, declarant, integrity.officer):
        fresh = User.objects.get(pk=user.pk)
        with CaptureQueriesContext(connection) as queries:
            places_for(fresh)
        about = [query["sql"] for query in queries if "anti_corruption" in query["sql"]]
        assert len(about) == 1, user


def test_to_do_lists(integrity: Integrity, declarant: User, sign_in: SignIn) -> None:
    """Each sees their own; the officers see neither words nor, of conflicts, names."""
    buyer = UserFactory(full_name="Li Na")
    round_of(integrity, buyer)
    sign(policies.duties_of(buyer).get(), answered(loans="Of Wu"))
    put_gift(integrity.world.clerk, integrity.world.hami, timezone.localdate())
    late = UserFactory()
    round_of(integrity, late, due_in=-1, opened=5)
    mine = words(sign_in(declarant).get(reverse("submissions:my_work")))
    assert "Statements to sign" in mine and "Conflicts" not in mine
    page = words(sign_in(integrity.hami_officer).get(reverse("submissions:my_work")))
    assert "Conflicts of interest to decide Hami · Loans with business partners" in page
    assert "Rounds of signing to follow up" in page and "Gifts to follow up" in page
    assert "Li Na" not in page and "Of Wu" not in page and "Mr Wu" not in page
    for user in (integrity.baishan_officer, integrity.reader, integrity.world.administrator):
        other = words(sign_in(user).get(reverse("submissions:my_work")))
        assert "Conflicts of interest to decide" not in other and "Gifts to follow up" not in other, user
