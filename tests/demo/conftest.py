"""The demonstration, loaded once for a module and gone afterwards."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """What the command printed. Tests that ask for ``demo`` must not ask for ``db``: they share its transaction."""
    printed = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", "--once", stdout=printed)
        yield printed.getvalue()
        transaction.set_rollback(True)
