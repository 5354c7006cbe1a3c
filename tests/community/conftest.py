"""The world with the shipped catalogues, in which both sites hand in the two forms on the community."""

import pytest

from apps.community.sections import COMMUNITY, LOCAL_HIRING
from apps.submissions import services
from apps.submissions.shipped import load_catalogues
from tests.factories import AssignmentFactory, World


@pytest.fixture
def community_world(world: World) -> World:
    load_catalogues()
    for site in (world.hami, world.baishan):
        for section in (COMMUNITY, LOCAL_HIRING):
            AssignmentFactory(site=site, section=section)
    services.open_year(world.year)
    return world
