"""The world with the shipped catalogues, in which both sites hand in the three workforce sections."""

import pytest

from apps.submissions import services
from apps.submissions.shipped import load_catalogues
from apps.workforce.models import LabourItem, SiteLabourItem
from apps.workforce.sections import BREAKDOWN, SAFETY, STANDARDS
from tests.factories import AssignmentFactory, World


@pytest.fixture
def workforce_world(world: World) -> World:
    load_catalogues()
    items = list(LabourItem.objects.all())
    for site in (world.hami, world.baishan):
        for section in (BREAKDOWN, SAFETY, STANDARDS):
            AssignmentFactory(site=site, section=section)
        for item in items:
            SiteLabourItem.objects.create(site=site, item=item)
    services.open_year(world.year)
    return world
