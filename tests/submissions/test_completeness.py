"""How complete the year of a large group is: counted by section, and one section's matrix a page at a time."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.submissions import services
from apps.submissions.completeness import FEW_FORMS, SITES_ON_A_PAGE
from apps.submissions.models import Submission
from tests.factories import AssignmentFactory, SiteFactory, World

SignIn = Callable[[User], Client]


def more_sites(world: World, first: int, count: int) -> None:
    for number in range(first, first + count):
        site = SiteFactory(code=f"S{number:03}", name_en=f"Site {number:03}", position=100)
        for section in ("environment", "scope3"):
            AssignmentFactory(site=site, section=section)
    services.match_assignments(world.year)


def asked(client: Client, query: str) -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"{reverse('admin:index')}?year=2020{query}")
    assert answer.status_code == 200
    return len(captured), answer


def test_the_matrix_of_a_large_group(world: World, sign_in: SignIn, approve: Callable[..., Submission]) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    more_sites(world, 0, FEW_FORMS // 12)
    client = sign_in(world.auditor)
    asked(client, "")
    before, page = asked(client, "")
    complete = page.context["start"].complete
    environment, scope_three = complete.summaries
    assert (environment.expected, environment.approved, environment.to_review) == ((FEW_FORMS // 12 + 2) * 12, 1, 0)
    assert environment.late == environment.expected - 1
    assert (scope_three.expected, scope_three.is_shown) == (FEW_FORMS // 12, False)
    (block,) = complete.blocks
    assert len(block.lines) == SITES_ON_A_PAGE and len(block.periods) == 12
    site, cells = block.lines[0]
    assert site == world.hami and [cell.mark.code for cell in cells[:2]] == ["approved", "late"]
    assert cells[0].url == reverse("admin:submissions_submission_change", args=[world.submission(world.hami, 1).pk])
    text = page.content.decode()
    assert f'href="{cells[0].url}" title="Approved"' in text and "Site 047" in text and "Site 048" not in text
    assert len(page.content) < 300_000

    _count, last = asked(client, "&section=environment&page=2")
    assert "Site 048" in last.content.decode() and "Site 047" not in last.content.decode()
    _count, yearly = asked(client, f"{scope_three.url[1:].replace('year=2020', '')}&page=nonsense")
    (block,) = yearly.context["start"].complete.blocks
    assert (block.section.code, len(block.lines), len(block.periods)) == ("scope3", SITES_ON_A_PAGE, 1)

    more_sites(world, 200, 20)
    after, _page = asked(client, "")
    assert after <= before


def test_somebody_with_one_site_sees_that_site_alone(world: World, sign_in: SignIn) -> None:
    more_sites(world, 0, FEW_FORMS // 12)
    reviewer = world.person("only-hami", Role.REVIEWER, world.hami)
    _count, page = asked(sign_in(reviewer), "&section=scope3&page=3")
    complete = page.context["start"].complete
    assert complete.page is None and not complete.summaries
    assert [site for block in complete.blocks for site, _cells in block.lines] == [world.hami]
