"""The dashboard of a group of many sites: some of them at a time, with no more questions than of few."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.reporting.dashboards import FEW_SITES, SITES_ON_A_PAGE
from apps.submissions.models import Submission
from tests.factories import SiteFactory, World

Act = Callable[..., Submission]
SignIn = Callable[[User], Client]
PAGE = "/report/dashboard/"


@pytest.mark.parametrize("basis", ["", "all"])
def test_the_sites_of_a_large_group_are_listed_some_at_a_time(
    world: World, sign_in: SignIn, approve: Act, basis: str
) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    client, query = sign_in(world.reviewer), {"year": "2020", "basis": basis}
    with CaptureQueriesContext(connection) as of_few:
        few = client.get(PAGE, query).content.decode()
    assert "page=2" not in few
    for _number in range(FEW_SITES):
        SiteFactory(position=3)
    with CaptureQueriesContext(connection) as of_many:
        first = client.get(PAGE, query).content.decode()
    assert "page=2" in first and len(of_many) <= len(of_few) + 6  # the sums of the listed sites beside the group's
    second = client.get(PAGE, {**query, "page": "2"}).content.decode()
    listed = re.findall(r'<th scope="row">\s*<a href="\?site=([A-Z0-9]+)', first)
    others = re.findall(r'<th scope="row">\s*<a href="\?site=([A-Z0-9]+)', second)
    assert listed[:2] == ["HAMI", "BAISHAN"] and len(listed) == SITES_ON_A_PAGE
    assert len(others) == FEW_SITES + 2 - SITES_ON_A_PAGE and not set(listed) & set(others)
    # The columns stay the same where no site of a page has a value.
    assert re.findall(r'<th class="number" scope="col">', second) == re.findall(
        r'<th class="number" scope="col">', first
    )
