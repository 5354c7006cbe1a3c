"""The demonstration goes into an empty portal only."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.organisation.models import Site
from tests.factories import SiteFactory, UserFactory, World


def test_a_portal_with_sites_of_its_own_is_left_alone(db: None) -> None:
    SiteFactory(code="OTHER")
    with pytest.raises(CommandError, match="data of its own"):
        call_command("load_demo", "--once", stdout=StringIO())
    assert list(Site.objects.values_list("code", flat=True)) == ["OTHER"]


def test_a_person_of_that_name_is_left_alone(db: None) -> None:
    UserFactory(username="administrator")
    with pytest.raises(CommandError, match="data of its own"):
        call_command("load_demo", stdout=StringIO())
    assert not Site.objects.exists()


def test_what_looks_loaded_is_not_loaded_again(world: World) -> None:
    call_command("load_demo", "--once", stdout=StringIO())
    assert Site.objects.count() == 2
