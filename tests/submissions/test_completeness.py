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
from apps.submissions.overview import LATE_SHOWN
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    ReportingYearFactory,
    SiteFactory,
    UserFactory,
    World,
)
from tests.submissions.reviewing import matrix_lines

SignIn = Callable[[User], Client]


def more_sites(world: World, first: int, count: int) -> None:
    for number in range(first, first + count):
        site = SiteFactory(code=f"S{number:03}", name_en=f"Site {number:03}", position=100)
        for section in ("environment", "scope3"):
            AssignmentFactory(site=site, section=section)
    services.match_assignments(world.year)


def asked(client: Client, query: str = "", view: str = "admin:completeness") -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"{reverse(view)}?year=2020{query}")
    assert answer.status_code == 200
    return len(captured), answer


def test_the_matrix_of_a_large_group(world: World, sign_in: SignIn, approve: Callable[..., Submission]) -> None:
    approved = approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    more_sites(world, 0, FEW_FORMS // 12)
    ReportingYearFactory(code="2018")
    client = sign_in(world.auditor)
    asked(client)
    before, page = asked(client)
    complete = page.context["shown"].complete
    environment, scope_three = complete.summaries
    assert (environment.expected, environment.approved, environment.to_review) == ((FEW_FORMS // 12 + 2) * 12, 1, 0)
    assert environment.late == environment.expected - 1 and environment.is_shown
    assert (scope_three.expected, scope_three.is_shown) == (FEW_FORMS // 12, False)
    (site, cells), *others = matrix_lines(page)
    assert (
        site == world.hami.name_en and len(others) == SITES_ON_A_PAGE - 1 and {len(each) for _, each in others} == {12}
    )
    assert cells[0] == (reverse("admin:submissions_submission_change", args=[approved.pk]), "Approved", "●")
    assert {words for _address, words, _sign in cells[1:]} == {"Late"} and others[-1][0] == "Site 047"
    assert "1–50 of 85" in page.content.decode()

    for far in ("2", "99"):
        _count, last = asked(client, f"&section=environment&page={far}")
        assert [site for site, _cells in matrix_lines(last)] == [f"Site {number:03}" for number in range(48, 83)]
    _count, yearly = asked(client, "&section=scope3&page=nonsense")
    assert [(site, len(cells)) for site, cells in matrix_lines(yearly)] == [
        (f"Site {each:03}", 1) for each in range(50)
    ]
    assert 'href="?year=2018&amp;section=scope3"' in yearly.content.decode()
    assert "Nothing is expected" in client.get(reverse("admin:completeness") + "?year=2018").content.decode()

    more_sites(world, 200, 20)
    after, _page = asked(client)
    assert after <= before


def test_the_start_page_of_a_large_group_leads_to_the_matrix(world: World, sign_in: SignIn) -> None:
    more_sites(world, 0, FEW_FORMS // 12)
    client = sign_in(world.lead)
    asked(client, view="admin:index")
    before, start = asked(client, view="admin:index")
    assert not matrix_lines(start)
    assert f"{(FEW_FORMS // 12 + 2) * 12}" in start.content.decode()
    environment, scope_three = start.context["start"].complete.summaries
    page = client.get(scope_three.url)
    assert [site for site, _cells in matrix_lines(page)] == [f"Site {number:03}" for number in range(SITES_ON_A_PAGE)]
    assert len(matrix_lines(client.get(environment.url))[0][1]) == 12
    # The oldest first, and how many there are in all.
    late = start.context["start"].late
    assert late.total == environment.late + scope_three.late
    assert [form.period.code for form, _url in late.shown] == ["2020-01"] * LATE_SHOWN
    assert [form.site.name for form, _url in late.shown[:3]] == [world.hami.name_en, world.baishan.name_en, "Site 000"]

    more_sites(world, 200, 20)
    after, _start = asked(client, view="admin:index")
    assert after <= before


def test_a_small_group_has_the_whole_matrix_on_both_pages(world: World, sign_in: SignIn) -> None:
    more_sites(world, 0, 3)
    client = sign_in(world.lead)
    _count, start = asked(client, view="admin:index")
    _count, own = asked(client)
    assert matrix_lines(start) == matrix_lines(own)
    more = ["Site 000", "Site 001", "Site 002"]
    assert [site for site, _cells in matrix_lines(own)] == [world.hami.name_en, world.baishan.name_en, *more, *more]
    (environment, scope_three) = own.context["shown"].complete.summaries
    assert (environment.url, scope_three.url) == ("#environment", "#scope3") and 'id="scope3"' in own.content.decode()


def test_somebody_sees_their_sites_and_sections_alone(world: World, sign_in: SignIn) -> None:
    more_sites(world, 0, FEW_FORMS // 12)
    reviewer = world.person("only-hami", Role.REVIEWER, world.hami)
    _count, page = asked(sign_in(reviewer), "&section=scope3&page=3")
    complete = page.context["shown"].complete
    assert complete.page is None and [each.section.code for each in complete.summaries] == ["environment"]
    assert [site for site, _cells in matrix_lines(page)] == [world.hami.name_en]

    someone: User = UserFactory(username="only-scope3")
    MembershipFactory(user=someone, role=Role.REVIEWER, site=None, section="scope3")
    _count, page = asked(sign_in(someone))
    assert [each.section.code for each in page.context["shown"].complete.summaries] == ["scope3"]
    assert len(matrix_lines(page)) == FEW_FORMS // 12
    _count, start = asked(sign_in(someone), view="admin:index")
    assert start.context["start"].late.total == FEW_FORMS // 12

    AssignmentFactory(site=world.hami, section="workforce")
    services.match_assignments(world.year)
    for person, sees in ((world.lead, True), (world.administrator, False)):
        _count, page = asked(sign_in(person))
        assert ("workforce" in [each.section.code for each in page.context["shown"].complete.summaries]) is sees


def test_strangers_are_refused_and_what_is_not_there_is_not_found(world: World, sign_in: SignIn) -> None:
    address = reverse("admin:completeness")
    assert sign_in(world.clerk).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    lead = sign_in(world.lead)
    assert lead.get(f"{address}?year=1066").status_code == 404
    assert lead.get(f"{address}?section=nothing&page=0").status_code == 200
    assert lead.post(address).status_code == 405
