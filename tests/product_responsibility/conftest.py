"""The world with the shipped catalogues, in which both sites hand in the two forms on products."""

import pytest

from apps.product_responsibility.models import SiteSoldProduct, SoldProduct
from apps.product_responsibility.sections import PRODUCT, PRODUCT_YEAR
from apps.submissions import services
from apps.submissions.shipped import load_catalogues
from tests.factories import AssignmentFactory, World


@pytest.fixture
def product_world(world: World) -> World:
    load_catalogues()
    for site in (world.hami, world.baishan):
        for section in (PRODUCT, PRODUCT_YEAR):
            AssignmentFactory(site=site, section=section)
        for product in SoldProduct.objects.all():
            SiteSoldProduct.objects.create(site=site, product=product)
    services.open_year(world.year)
    return world
