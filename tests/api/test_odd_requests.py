"""Requests that no program of good will sends: each is answered by a problem, and none by a crash."""

import base64
from collections.abc import Callable

import pytest

from tests.api.conftest import Program
from tests.factories import World


@pytest.mark.parametrize(
    ("address", "parameters", "status"),
    [
        ("figures", {"year": "2020\x00"}, 404),
        ("figures", {"year": "2020", "site": "\x00", "code": "\x00", "provision": "\x00"}, 404),
        ("editions", {"year": "\x00"}, 404),
        ("editions/2020%00/1", {}, 404),
        ("editions/2020/99999999999999999999/content", {}, 404),
        ("editions/2020/-1", {}, 404),
        ("provisions/%00", {"year": "2020"}, 404),
        ("figures", {"year": "2020", "cursor": base64.urlsafe_b64encode(b"[" * 100_000).decode()}, 422),
        ("figures", {"year": "2020", "cursor": base64.urlsafe_b64encode(b'["","A","B"]').decode()}, 422),
        ("figures", {"year": "2020", "cursor": "中"}, 422),
    ],
)
def test_odd_parameters_are_refused_with_a_sentence(
    world: World, program: Callable[..., Program], address: str, parameters: dict[str, str], status: int
) -> None:
    response = program(world.auditor).ask(address, **parameters)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("secret", ["esgp_\x00_x", "esgp_ü_x", "esgp__", "esgp", "_" * 5000])
def test_odd_tokens_are_not_known(world: World, secret: str) -> None:
    assert Program(secret).ask("years").status_code == 401
