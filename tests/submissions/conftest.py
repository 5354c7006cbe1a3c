"""What tests of records share."""

from typing import Any

import pytest
from django.core.files.storage.memory import InMemoryStorage

from apps.accounts.models import User
from apps.organisation.choices import Role
from tests.factories import World


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
