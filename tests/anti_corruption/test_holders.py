"""Who holds which important position: typed one by one."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.holders import services
from apps.anti_corruption.models import Duty, Post, PostHolder
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.organisation.models import Site
from tests.anti_corruption.records import Integrity, issued
from tests.by_hand import refused, words
from tests.factories import UserFactory

SignIn = Callable[[User], Client]


def told(person: str, post: Post, site: Site, since: str = "2020-01-01", until: str = "") -> dict[str, object]:
    return {"person": person, "post": post.pk, "site": site.pk, "valid_from": since, "valid_until": until}


def test_a_holder_is_added_and_asked_at_once(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    for document in (integrity.code, integrity.statement):
        issued(document, integrity.officer)
    client, url = sign_in(integrity.hami_officer), reverse("integrity:holder_add")
    assert client.post(url, told("CLERK-hami", integrity.buying, world.hami)).status_code == 302
    assert client.post(url, told("Clerk Baishan", integrity.heading, world.hami)).status_code == 302
    assert set(Duty.objects.values_list("user__username", "rank")) == {
        ("clerk-hami", "key_post"), ("clerk-baishan", "middle"),
    }  # fmt: skip
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    client.post(url, told("reviewer", integrity.buying, world.hami, tomorrow))
    assert Duty.objects.count() == 2
    assert Change.objects.filter(table="anti_corruption_postholder", actor_id=integrity.hami_officer.pk).count() == 3
    listed = words(client.get(reverse("integrity:holders")))
    assert "Clerk Hami" in listed and "Middle management" in listed and "Reviewer" in listed


def test_wrong_holders_are_told(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    client, url = sign_in(integrity.hami_officer), reverse("integrity:holder_add")
    for name in ("twin-1", "twin-2"):
        UserFactory(username=name, full_name="Li Wei")
    UserFactory(username="gone", is_active=False)
    integrity.holder(world.clerk, world.hami)

    def answer(*sent: object) -> str:
        response = client.post(url, told(*sent))  # type: ignore[arg-type]
        assert response.status_code == 422
        return words(response)

    assert "Nobody who may sign in is called “nemo”." in answer("nemo", integrity.buying, world.hami)
    assert "Nobody who may sign in is called “gone”." in answer("gone", integrity.buying, world.hami)
    assert "Several people are called “li wei”." in answer("li wei", integrity.buying, world.hami)
    again = "This person holds this position at that time already."
    assert again in answer("clerk-hami", integrity.buying, world.hami, "2019-01-01")
    early = ("2019-01-01", "2018-12-31")
    assert "The last day lies before the first." in answer("twin-1", integrity.buying, world.hami, *early)
    assert "Select a valid choice." in answer("twin-1", integrity.buying, world.baishan)
    assert PostHolder.objects.count() == 1
    before = told("clerk-hami", integrity.buying, world.hami, "2018-01-01", "2019-12-31")
    assert client.post(url, before).status_code == 302


def test_user_names_that_differ_in_capitals(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    UserFactory(username="Wang"), UserFactory(username="wang")
    client, url = sign_in(integrity.hami_officer), reverse("integrity:holder_add")
    assert client.post(url, told("wang", integrity.buying, world.hami)).status_code == 302
    assert PostHolder.objects.get().user.username == "wang"  # type: ignore[attr-defined]
    either = client.post(url, told("WANG", integrity.buying, world.hami))
    assert either.status_code == 422 and "Several people are called “WANG”." in words(either)


def test_a_position_ends(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    integrity.holder(world.clerk, world.hami)
    holder = PostHolder.objects.get()
    client, url = sign_in(integrity.officer), reverse("integrity:holder_end", args=[holder.pk])
    assert client.post(url, {"until": "2019-12-31"}).status_code == 422
    assert client.post(url, {"until": "2020-06-30"}).status_code == 302
    assert PostHolder.objects.get().valid_until == dt.date(2020, 6, 30)  # type: ignore[attr-defined]
    listed = reverse("integrity:holders")
    assert "Clerk Hami" not in words(client.get(listed))
    assert "2020-06-30" in words(client.get(listed, {"show": "ended"}))
    PostHolder._default_manager.create(
        user=world.clerk, post=integrity.buying, site=world.hami, valid_from=dt.date(2020, 9, 1)
    )
    overlapping = client.post(url, {"until": "2020-09-01"})
    assert overlapping.status_code == 422
    assert "This person holds this position at that time already." in words(overlapping)
    assert client.post(url, {"until": "2020-08-31"}).status_code == 302


def test_the_list_is_narrowed(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    integrity.holder(world.clerk, world.hami)
    integrity.holder(world.other_clerk, world.baishan, integrity.heading)
    client, url = sign_in(integrity.reader), reverse("integrity:holders")

    def shows(**choice: object) -> tuple[bool, bool]:
        page = words(client.get(url, choice))
        return "clerk-hami" in page, "clerk-baishan" in page

    assert shows() == (True, True)
    assert shows(site=world.hami.pk) == (True, False)
    assert shows(post=integrity.heading.pk) == (False, True)
    assert shows(q="clerk HAMI") == (True, False)
    assert shows(show="ended") == (False, False) and shows(show="all") == (True, True)
    assert "Add a holder" not in words(client.get(url))


def test_who_sees_and_who_keeps(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    integrity.holder(world.clerk, world.hami)
    holder = PostHolder.objects.get()
    sent = told("reviewer", integrity.buying, world.hami)
    listed = reverse("integrity:holders")
    writing = [
        reverse("integrity:holder_add"),
        reverse("integrity:holder_end", args=[holder.pk]),
        reverse("integrity:holders_import"),
        reverse("integrity:holders_apply", args=["0" * 64]),
    ]
    for user in (world.administrator, world.lead, world.auditor, world.reviewer, world.clerk, world.stranger):
        client = sign_in(user)
        assert client.get(listed).status_code == 404, user
        assert {client.post(url, sent).status_code for url in writing} == {404}, user
    auditor = sign_in(integrity.reader)
    assert auditor.get(listed).status_code == 200
    assert {auditor.post(url, sent).status_code for url in writing} == {403}
    neighbour = sign_in(integrity.baishan_officer)
    assert "clerk-hami" not in words(neighbour.get(listed)) and neighbour.get(writing[1]).status_code == 404
    with acting_as(integrity.baishan_officer, "test"):
        with pytest.raises(PermissionDenied):
            services.add_holder(
                user=integrity.baishan_officer,
                holder=PostHolder(user=world.lead, post=integrity.buying, site=world.hami, valid_from="2020-01-01"),
            )
        with pytest.raises(Http404):
            services.end_holder(user=integrity.baishan_officer, holder_id=holder.pk, until=dt.date(2021, 1, 1))
    assert PostHolder.objects.get().valid_until is None  # type: ignore[attr-defined]


def test_the_database_keeps_who_holds_what(integrity: Integrity) -> None:
    world = integrity.world
    integrity.holder(world.clerk, world.hami)
    for change in (f"user_id = {world.lead.pk}", f"site_id = {world.baishan.pk}", "valid_from = '2010-01-01'"):
        assert refused(f"UPDATE anti_corruption_postholder SET {change}")
    assert "postholder_once_at_a_time" in refused(
        "INSERT INTO anti_corruption_postholder (user_id, post_id, site_id, valid_from) VALUES (%s, %s, %s, %s)",
        world.clerk.pk, integrity.buying.pk, world.hami.pk, "2021-01-01",
    )  # fmt: skip


def test_the_list_costs_the_same_for_five_and_for_fifty(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("integrity:holders"))
        return len(asked)

    for _number in range(5):
        integrity.holder(UserFactory(), integrity.world.hami)
    few = cost()
    for _number in range(45):
        integrity.holder(UserFactory(), integrity.world.hami)
    assert cost() == few
