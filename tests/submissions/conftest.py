"""What tests of submissions share: the people and forms of their pages, and what counts as a long file."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage.memory import InMemoryStorage
from django.test import Client

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.submissions.models import Submission
from tests.factories import PollutantFactory, StackFactory, World


@pytest.fixture
def long(settings: Any) -> None:
    """Every file of more than five rows is a long one."""
    settings.IMPORT_IN_REQUEST_ROWS = 5
    settings.EXPORT_IN_REQUEST_ROWS = 5
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": f"{InMemoryStorage.__module__}.{InMemoryStorage.__qualname__}"},
    }


@pytest.fixture
def hami_reviewer(world: World) -> User:
    return world.person("reviewer-hami", Role.REVIEWER, world.hami)


@pytest.fixture
def march(world: World) -> Submission:
    return world.submission(world.hami, 3)


@pytest.fixture
def clerk(world: World, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(world.clerk)


@pytest.fixture
def stack_line(world: World) -> dict[str, Any]:
    stack = StackFactory(code="kiln", site=world.hami)
    dust = PollutantFactory(code="dust")
    return {
        "stack": stack.pk,
        "pollutant": dust.pk,
        "concentration_mg_m3": "１２．５",
        "tested_on": "2020-03-16",
        "report_number": "R-1",
        "note": "",
    }
