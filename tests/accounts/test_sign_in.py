"""Signing in: nobody signs up, guesses are throttled, sessions and cookies are tight, languages are kept."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.factories import PASSWORD, World

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    cache.clear()


def attempt(client: Client, username: str, password: str) -> int:
    return client.post(reverse("account_login"), {"login": username, "password": password}).status_code


def test_the_right_password_opens_my_work(world: World, client: Client) -> None:
    response = client.post(reverse("account_login"), {"login": "clerk-hami", "password": PASSWORD})
    assert response.status_code == 302 and response["Location"] == "/"


def test_guesses_are_throttled_and_the_right_password_waits_too(world: World, client: Client) -> None:
    assert [attempt(client, "clerk-hami", f"guess {n}") for n in range(5)] == [200] * 5
    client.post(reverse("account_login"), {"login": "clerk-hami", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_throttled_guess_tells_what_to_do(world: World) -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    guesses = [{"login": "clerk-hami", "password": f"guess {n}"} for n in range(6)]
    responses = [client.post(reverse("account_login"), guess) for guess in guesses]
    assert "Too many" in responses[-1].content.decode()


def test_an_inactive_person_does_not_get_in(world: World, client: Client) -> None:
    world.clerk.is_active = False
    world.clerk.save()
    attempt(client, "clerk-hami", PASSWORD)
    assert "_auth_user_id" not in client.session


def test_there_is_no_sign_up(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 404


def test_passwords_are_hashed_with_argon2() -> None:
    import importlib

    settings = importlib.import_module("esgportal.settings")
    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_signing_out_ends_the_session(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.clerk)
    assert client.get("/").status_code == 200
    client.post(reverse("account_logout"))
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "我的工作"), ("zh-hant", "我的工作"), ("en", "My work")])
def test_each_person_reads_their_language(world: World, sign_in: SignIn, language: str, words: str) -> None:
    client = sign_in(world.clerk)
    client.post(reverse("set_language"), {"language": language, "next": "/"})
    response = client.get("/")
    assert f'<html lang="{language}"' in response.content.decode()
    assert words in response.content.decode()
    world.clerk.refresh_from_db()
    assert world.clerk.language == language


def test_choosing_a_language_leads_to_no_foreign_page(client: Client) -> None:
    response = client.post(reverse("set_language"), {"language": "en", "next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_every_page_carries_the_headers_that_protect_it(world: World, sign_in: SignIn) -> None:
    response = sign_in(world.clerk).get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_form_without_its_token_is_refused_and_says_what_to_do(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.clerk)
    assert client.post(reverse("set_language"), {"language": "en"}).status_code == 403
