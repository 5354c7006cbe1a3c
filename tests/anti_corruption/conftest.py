"""The world with its integrity officers, and one in which both sites hand in the form on anti-corruption."""

import pytest

from apps.anti_corruption.policies import SECTION
from apps.submissions import services
from tests.anti_corruption.records import Integrity
from tests.factories import AssignmentFactory, World


@pytest.fixture
def integrity(world: World) -> Integrity:
    return Integrity(world)


@pytest.fixture
def integrity_world(world: World) -> World:
    for site in (world.hami, world.baishan):
        AssignmentFactory(site=site, section=SECTION)
    services.match_assignments(world.year)
    return world
