"""Requests that no page of ours sends: forged addresses, unreadable ones, floods, and the Back button of a stranger."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.submissions.exchange import pending
from tests.factories import PASSWORD, World

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    cache.clear()


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        ("submissions_submission", "site__memberships__user__password__startswith"),
        ("environment_stack", "site__memberships__user__username__startswith"),
        ("organisation_membership", "site__submissions__saved_by__password__startswith"),
        ("submissions_submission", "period__year__code__startswith"),
        ("submissions_submission", "submitted_by__password__startswith"),
        ("audit_change", "operation__startswith"),
    ],
)
def test_no_list_answers_guesses_at_what_lies_behind_its_filters(
    world: World, sign_in: SignIn, model: str, lookup: str
) -> None:
    response = sign_in(world.reviewer).get(reverse(f"admin:{model}_changelist"), {lookup: "a"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    "query", ["site__id__exact=1", "period__year__id__exact=1", "state=submitted", "section=environment", "q=hami"]
)
def test_the_filters_themselves_still_narrow(world: World, sign_in: SignIn, query: str) -> None:
    url = reverse("admin:submissions_submission_changelist")
    assert sign_in(world.reviewer).get(f"{url}?{query}").status_code == 200


@pytest.mark.parametrize("name", ["role", "role__exact", "section", "site", "site__id__exact", "user", "q"])
def test_a_filter_asked_for_what_no_text_holds_is_no_server_error(world: World, sign_in: SignIn, name: str) -> None:
    response = sign_in(world.administrator).get(reverse("admin:organisation_membership_changelist"), {name: "\x00"})
    assert response.status_code in (200, 302, 400)


@pytest.mark.parametrize("unit", ["", "furlong", "\x00"])
def test_a_catalogue_row_without_a_unit_is_told_so(world: World, sign_in: SignIn, unit: str) -> None:
    sent = {"code": "slag", "name_en": "Slag", "unit_code": unit, "density_unit": "kg", "decimals": "1"}
    response = sign_in(world.administrator).post(reverse("admin:environment_product_add"), sent)
    assert "unit_code" in response.context["adminform"].form.errors


def test_more_roles_than_there_are_is_no_server_error(world: World, sign_in: SignIn) -> None:
    url = reverse("admin:accounts_user_change", args=[world.clerk.pk])
    sent = {"username": "clerk-hami", "full_name": "Clerk", "language": "en", "is_active": "on"}
    forged = {"memberships-TOTAL_FORMS": "3", "memberships-INITIAL_FORMS": "3"}
    assert sign_in(world.administrator).post(url, {**sent, **forged}).status_code == 200
    assert list(world.clerk.memberships.values_list("role", flat=True)) == ["preparer"]


@pytest.mark.parametrize("ticked", ["1:1", "²", "\x00", "abc", "9" * 30])
def test_a_forged_box_of_a_list_acts_on_nothing(world: World, sign_in: SignIn, ticked: str) -> None:
    url = reverse("admin:submissions_submission_changelist")
    sent = {"action": "approve_selected", "index": "0", "_selected_action": ticked}
    assert sign_in(world.reviewer).post(url, sent).status_code in (200, 404)


@pytest.mark.parametrize("target", ["http://[::1", "//[", "https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_no_foreign_or_unreadable_page(world: World, client: Client, target: str) -> None:
    url = f"{reverse('account_login')}?next={quote(target)}"
    assert client.get(url).status_code == 200
    response = client.post(url, {"login": "clerk-hami", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_what_a_signed_in_person_saw_is_not_kept_by_the_browser(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reviewer)
    submission = world.submission(world.hami, 1)
    for url in (
        reverse("submissions:my_work"),
        reverse("submissions:edit", args=[submission.pk]),
        reverse("submissions:history", args=[submission.pk]),
        reverse("indicators:annual"),
        reverse("indicators:export", args=["2020", "csv"]),
        f"{reverse('exchange:export')}?format=csv",
        reverse("admin:submissions_submission_change", args=[submission.pk]),
        reverse("submissions:edit", args=[0]),
    ):
        response = client.get(url)
        response.getvalue()
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", ")), url


def test_many_counters_push_out_neither_each_other_nor_a_file_that_waits(world: World) -> None:
    digest = pending.keep(world.clerk, "records.csv", b"a,b")
    for number in range(400):
        cache.set(f"counter-{number}", [number], 300)
    assert pending.find(world.clerk, digest) is not None
    assert cache.get("counter-0") == [0]


def test_a_flood_of_fields_is_refused_on_a_page_of_ours(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.clerk)
    url = reverse("submissions:edit", args=[world.submission(world.hami, 1).pk])
    response = client.post(url, {f"field-{number}": "1" for number in range(6000)}, headers={"Accept-Language": "en"})
    assert response.status_code == 400
    assert "This could not be read" in response.content.decode()
    assert "frame-ancestors" in response["Content-Security-Policy"]
