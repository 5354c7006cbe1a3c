"""Programs that read with a token."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.api import services
from apps.api.models import ApiToken
from apps.audit.context import acting_as
from apps.organisation.models import Site
from tests.factories import World
from tests.indicators.conftest import people, small_site  # noqa: F401


class Program:
    """Asks the API, like a program outside would: no cookie, no session."""

    def __init__(self, secret: str, token: ApiToken | None = None) -> None:
        self.secret = secret
        self.token = token
        self.client = Client()

    def ask(self, address: str, language: str = "en", **parameters: Any) -> HttpResponse:
        """An address of version 1, or a whole one from a link."""
        path = address if address.startswith("http") else f"/api/v1/{address}"
        response: Any = self.client.get(
            path,
            parameters or None,
            headers={"authorization": f"Bearer {self.secret}", "accept-language": language},
        )
        return response

    def read(self, address: str, language: str = "en", **parameters: Any) -> Any:
        """The answer to a request that is granted."""
        response: Any = self.ask(address, language, **parameters)
        assert response.status_code == 200, response.content
        return response.json()

    def rows(self, **parameters: Any) -> list[dict[str, Any]]:
        """Every figure, page after page."""
        page = self.read("figures", **parameters)
        found = list(page["items"])
        while page["next"]:
            page = self.read(page["next"])
            found += page["items"]
        return found


@pytest.fixture
def program(world: World) -> Callable[..., Program]:
    """Makes a token: of ``sites`` or, without any, of the whole group."""

    def make(owner: User, *sites: Site, days: int = 30, name: str = "") -> Program:
        with acting_as(world.administrator, "test"):
            token, secret = services.make_token(
                name=name or f"Token {ApiToken.objects.count()}",
                owner=owner,
                sites=sites,
                whole_group=not sites,
                expires_on=timezone.localdate() + dt.timedelta(days=days),
                user=world.administrator,
            )
        return Program(secret, token)

    return make
