"""The world with the shipped catalogues, in which both sites hand in the supply chain."""

import pytest

from apps.organisation.choices import Role
from apps.submissions import services
from apps.submissions.shipped import load_catalogues
from tests.factories import AssignmentFactory, World


@pytest.fixture
def supply_world(world: World) -> World:
    load_catalogues()
    for site in (world.hami, world.baishan):
        AssignmentFactory(site=site, section="supply_chain")
    services.match_assignments(world.year)
    # Keeps the suppliers of every site; clerks keep those of their own.
    world.buyer = world.person("buyer", Role.PREPARER)
    return world
