"""Tokens: what they reach, until when, and what the database keeps of them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from apps.accounts.models import User
from apps.api.models import ApiToken, ApiTokenSite
from apps.api.services import digest
from apps.audit.models import Change
from apps.organisation.models import Membership
from tests.api.conftest import Program
from tests.factories import World

Programs = Callable[..., Program]
SignIn = Callable[[User], Client]


def refused(response: Any, status: int) -> str:
    """The sentence of a refusal."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    problem = response.json()
    assert problem["status"] == status and problem["title"]
    return str(problem["detail"])


def test_without_a_good_token_nothing_is_read(world: World, program: Programs) -> None:
    good = program(world.auditor)
    asked = Client().get("/api/v1/years")
    assert "Authorization: Bearer" in refused(asked, 401)
    assert asked["WWW-Authenticate"].startswith("Bearer")
    for secret in ("", "esgp_", good.secret[:-1], good.secret + "x", f"x{good.secret[1:]}", "esgp_00000000_none"):
        refused(Program(secret).ask("years"), 401)
    # Neither a session nor the address stands for the header.
    signed_in = Client()
    signed_in.force_login(world.auditor)
    refused(signed_in.get("/api/v1/years"), 401)
    refused(Client().get("/api/v1/years", {"token": good.secret}), 401)
    answer = good.ask("years")
    assert answer.status_code == 200 and not answer.cookies
    assert answer["Cache-Control"] == "no-store" and "Content-Security-Policy" in answer


def test_nothing_but_the_api_is_open_without_signing_in(world: World, program: Programs) -> None:
    good = program(world.auditor)
    headers = {"authorization": f"Bearer {good.secret}"}
    for path in ("/api/tokens/", "/api/tokens/new/", "/figures/", "/report/dashboard/", "/admin/"):
        response = Client().get(path, headers=headers)
        assert response.status_code == 302 and "login" in response["Location"], path
    assert "Use GET" in refused(Client().post("/api/v1/years", headers={**headers, "accept-language": "en"}), 405)
    refused(Client().get("/api/v1/secrets", headers=headers), 404)


def test_a_token_ends_with_its_day_its_owner_and_its_revocation(world: World, program: Programs) -> None:
    revoked, left = program(world.auditor), program(world.auditor)
    assert revoked.token
    ended = Program("esgp_aa_secret")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    made = {"owner": world.auditor, "created_by": world.administrator, "whole_group": True}
    ApiToken.objects.create(prefix="aa", sha256=digest(ended.secret), expires_on=yesterday, **made)
    assert "has ended" in refused(ended.ask("years"), 401)
    client = Client()
    client.force_login(world.administrator)
    client.post(f"/api/tokens/{revoked.token.pk}/revoke/")
    assert "revoked" in refused(revoked.ask("years"), 401)
    assert left.ask("years").status_code == 200
    world.auditor.is_active = False
    world.auditor.save()
    assert "no longer sign in" in refused(left.ask("years"), 401)


def test_a_token_of_hami_sees_neither_baishan_nor_the_group(world: World, program: Programs) -> None:
    # Its owner may read everything; the token names one site.
    hami = program(world.auditor, world.hami)
    sites = hami.read("sites")
    assert (sites["reads_group"], [site["code"] for site in sites["items"]]) == (False, ["HAMI"])
    assert {row["site"] for row in hami.rows(year="2020")} == {"HAMI"}
    assert hami.read("figures", year="2020", level="group")["items"] == []
    refused(hami.ask("figures", year="2020", site="BAISHAN"), 404)
    group = program(world.auditor)
    assert {row["site"] for row in group.rows(year="2020", code="ENV-OUTPUT")} == {None, "HAMI", "BAISHAN"}


def test_a_role_that_is_taken_away_is_gone_from_the_token(world: World, program: Programs) -> None:
    Membership.objects.create(user=world.clerk, role="preparer", site=world.baishan, section="workforce")
    clerk = program(world.clerk, world.hami, world.baishan)
    # At Baishan the person works on one form only, and so does the token.
    assert {(row["site"], row["section"]) for row in clerk.rows(year="2020", code="ENV-OUTPUT")} == {
        ("HAMI", "environment")
    }
    Membership.objects.filter(user=world.clerk, site=world.hami).delete()
    assert [site["code"] for site in clerk.read("sites")["items"]] == ["BAISHAN"]
    refused(clerk.ask("figures", year="2020", site="HAMI"), 404)
    group = program(world.auditor)
    Membership.objects.filter(user=world.auditor).delete()
    assert group.rows(year="2020") == []
    assert group.read("sites")["reads_group"] is False


def test_too_many_requests_have_to_wait(world: World, program: Programs, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = settings.API_REFUSALS_PER_MINUTE = 3
    one, other = program(world.auditor), program(world.lead)
    answers = [one.ask("years") for _ in range(8)]
    assert answers[0].status_code == 200
    assert "Wait" in refused(answers[-1], 429)
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert other.ask("years").status_code == 200
    assert [Program("esgp_guess").ask("years").status_code for _ in range(8)][-1] == 429


def test_an_administrator_makes_a_token_and_its_secret_is_shown_once(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.administrator)
    day = (timezone.localdate() + dt.timedelta(days=365)).isoformat()
    typed = {"name": "Board dashboard", "owner": world.auditor.pk, "sites": [world.hami.pk], "expires_on": day}
    made = client.post("/api/tokens/new/", typed)
    token = ApiToken.objects.get()
    secret = made.content.decode().partition("readonly")[2].partition(">")[2].partition("<")[0]
    assert secret.startswith(f"esgp_{token.prefix}_") and len(secret) > 50
    assert (made["Cache-Control"], made.status_code) == ("no-store", 200)
    assert Program(secret).read("sites")["items"][0]["name"] == "Hami"
    listed = client.get("/api/tokens/").content.decode()
    assert token.prefix in listed and secret not in listed
    told = str(list(Change.objects.values_list("before", "after")))
    assert "Board dashboard" in told and token.sha256 not in told and secret not in told
    # What was typed stays where something is wrong, and the page says what.
    for change, sentence in (
        ({}, "has a token of this name"),
        ({"name": "B", "sites": []}, "at least one site"),
        ({"name": "B", "whole_group": "on"}, "not both"),
        ({"name": "B", "owner": world.clerk.pk, "sites": [world.baishan.pk]}, "may not read the figures of: Baishan"),
        ({"name": "B", "owner": world.clerk.pk, "sites": [], "whole_group": "on"}, "do not reach over"),
        ({"name": "B", "expires_on": "2019-01-01"}, "is over already"),
        ({"name": "B", "expires_on": (timezone.localdate() + dt.timedelta(days=366)).isoformat()}, "after a year"),
    ):
        response = client.post("/api/tokens/new/", {**typed, **change})
        page = response.content.decode()
        assert response.status_code == 422 and sentence in page, sentence
        assert str({**typed, **change}["name"]) in page
    assert ApiToken.objects.count() == 1


def test_who_keeps_tokens(world: World, sign_in: SignIn, program: Programs) -> None:
    own = program(world.clerk, world.hami).token
    other = program(world.auditor).token
    assert own and other
    assert sign_in(world.clerk).get("/api/tokens/new/").status_code == 403
    assert sign_in(world.stranger).get("/api/tokens/").status_code == 403
    page = sign_in(world.clerk).get("/api/tokens/").content.decode()
    assert own.prefix in page and other.prefix not in page
    assert sign_in(world.clerk).post(f"/api/tokens/{other.pk}/revoke/").status_code == 404
    assert sign_in(world.clerk).get(f"/api/tokens/{own.pk}/revoke/").status_code == 200
    assert sign_in(world.clerk).post(f"/api/tokens/{own.pk}/revoke/").status_code == 302
    other.refresh_from_db()
    own.refresh_from_db()
    assert (own.revoked_by, other.revoked_at) == (world.clerk, None)
    with override("zh-hans"):
        assert sign_in(world.administrator).get(f"/api/tokens/{own.pk}/revoke/").status_code == 200


def test_using_a_token_is_noted_and_leaves_no_trail(world: World, program: Programs) -> None:
    used = program(world.auditor)
    assert used.token
    lines = Change.objects.count()
    used.read("years")
    used.token.refresh_from_db()
    first = used.token.last_used_at
    assert first is not None
    used.read("years")
    used.token.refresh_from_db()
    assert (used.token.last_used_at, Change.objects.count()) == (first, lines)
    call_command("verify_audit")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE api_apitoken SET whole_group = NOT whole_group",
        "UPDATE api_apitoken SET expires_on = expires_on + 1",
        "UPDATE api_apitoken SET owner_id = created_by_id",
        "UPDATE api_apitoken SET sha256 = repeat('0', 64)",
        "UPDATE api_apitoken SET revoked_at = now()",
        "DELETE FROM api_apitoken",
        "DELETE FROM api_apitokensite",
        "UPDATE api_apitokensite SET site_id = site_id + 1",
    ],
)
def test_the_database_keeps_a_token_as_it_was_made(world: World, program: Programs, statement: str) -> None:
    program(world.auditor, world.hami)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_token_gets_no_sites_later_and_is_revoked_for_good(world: World, program: Programs) -> None:
    token = program(world.auditor, world.hami).token
    assert token
    with pytest.raises(IntegrityError, match="no further sites"):
        ApiTokenSite.objects.create(token=token, site=world.baishan)
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now(), revoked_by=world.lead)
    with pytest.raises(IntegrityError, match="for good"):
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=None, revoked_by=None)
    made = {"owner": world.auditor, "created_by": world.lead, "expires_on": timezone.localdate()}
    with pytest.raises(IntegrityError, match="names sites or reads the whole group"):
        ApiToken.objects.create(name="neither", prefix="a", sha256="a", **made)
    with pytest.raises(IntegrityError, match="ends within a year"):
        late = {**made, "expires_on": timezone.localdate() + dt.timedelta(days=370)}
        ApiToken.objects.create(name="late", prefix="b", sha256="b", whole_group=True, **late)
