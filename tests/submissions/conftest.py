"""What tests of records share."""

from typing import Any

import pytest
from django.core.files.storage.memory import InMemoryStorage


@pytest.fixture
def long(settings: Any) -> None:
    """Every file of more than five rows is a long one."""
    settings.IMPORT_IN_REQUEST_ROWS = 5
    settings.EXPORT_IN_REQUEST_ROWS = 5
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": f"{InMemoryStorage.__module__}.{InMemoryStorage.__qualname__}"},
    }
