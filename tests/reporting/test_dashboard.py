"""Dashboards: the numbers of the figures page, month by month, for whom they are, and what they cost."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.declarations import RecordKpi
from apps.indicators.kpi_set import current_kpis
from apps.indicators.monthly import compute_months
from apps.organisation.choices import Role
from apps.organisation.models import Site
from apps.submissions import services
from apps.submissions.choices import CellState
from apps.submissions.models import Submission
from tests.factories import (
    AssignmentFactory,
    EmissionLimitFactory,
    PollutantFactory,
    ReportingYearFactory,
    SiteFactory,
    StackFactory,
    World,
)
from tests.indicators.records import put, put_none, put_test

Act = Callable[..., Submission]
SignIn = Callable[[User], Client]
PAGE = "/report/dashboard/"


def text_of(response: Any) -> str:
    """The page as it is read: without marks, each space once."""
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def row_of(page: str, label: str) -> list[str]:
    """The cells of a table's line."""
    found = re.search(rf"<th scope=\"row\">\s*{re.escape(label)}\s*</th>(.*?)</tr>", page, re.DOTALL)
    assert found, label
    return [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in re.findall(r"<td.*?</td>", found[1], re.DOTALL)]


@pytest.mark.parametrize("basis", list(Basis))
def test_the_months_add_up_to_the_figure_of_the_year(world: World, approve: Act, basis: Basis) -> None:
    for month in (1, 2):
        approve(world.submission(world.hami, month), world.clerk, world.reviewer)
    approve(world.submission(world.baishan, 2), world.other_clerk, world.reviewer)
    put(world.submission(world.baishan, 3), world.coal, "7.25")
    put_none(world.submission(world.baishan, 4), world.coal, CellState.NOT_AVAILABLE_YET)
    kpis = current_kpis()
    records = [kpi for kpi in kpis if isinstance(kpi, RecordKpi) and kpi.code.startswith("ENV-")]
    sites = list(Site.objects.all())
    year = compute(year=world.year, sites=sites, basis=basis)
    months = compute_months(year=world.year, sites=sites, kpis=records, basis=basis)
    told = 0
    for kpi in records:
        for site in (None, *sites):
            values = [month.value for month in months.of(kpi.code, site) if month.value is not None]
            expected = year.of(kpi.code, site).value
            assert (sum(values, start=Decimal(0)) if values else None) == expected, (kpi.code, site)
            told += bool(expected)
    assert told > 10
    coal = months.of("ENV-RES-COAL", world.hami)
    assert [(month.value, month.is_partial) for month in coal[:3]] == [(5300, False), (5300, False), (None, True)]
    assert [month.is_partial for month in months.of("ENV-RES-COAL")[:3]] == [True, False, True]


def test_figures_about_groups_of_people_have_no_months(world: World) -> None:
    about = [kpi for kpi in current_kpis() if isinstance(kpi, RecordKpi) and (kpi.people or kpi.counts_people)]
    assert about
    with pytest.raises(ValueError, match="groups of people"):
        compute_months(year=world.year, sites=[world.hami], kpis=about[:1])


def test_the_numbers_are_those_of_the_figures_page(world: World, sign_in: SignIn, approve: Act, fill_in: Act) -> None:
    last = ReportingYearFactory(code="2019")
    services.open_year(last)
    put(world.submission(world.hami, 1, "2019"), world.coal, "4000")
    approve(world.submission(world.hami, 1, "2019"), world.clerk, world.reviewer)
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    fill_in(world.submission(world.hami, 2), world.clerk)
    client = sign_in(world.auditor)
    page = client.get(PAGE, {"year": "2020", "site": "HAMI"})
    figures = client.get("/figures/2020/", {"site": "HAMI"}).content.decode()
    shown = page.content.decode()
    for number in ("2,000", "1,402.5", "2.7"):
        assert number in shown and number in figures, number
    # January beside January; February is entered and not approved.
    assert row_of(shown, "Jan") == ["2,000.0", "2,000.0"]
    assert row_of(shown, "Feb*") == ["–", "–"]
    assert "1 of 12 months approved" in text_of(page)
    provisional = client.get(PAGE, {"year": "2020", "site": "HAMI", "basis": "all"})
    assert "Provisional figures" in text_of(provisional)
    assert row_of(provisional.content.decode(), "Feb*") == ["–", "2,000.0"]
    group = client.get(PAGE, {"year": "2020"}).content.decode()
    assert 'href="?site=HAMI&amp;year=2020"' in group and "●" in shown and "1/1" in shown and "1/24" in group


def test_exceedances_are_listed_with_a_way_to_the_form(world: World, sign_in: SignIn, approve: Act) -> None:
    stack = StackFactory(code="kiln", name_en="Kiln 1", site=world.hami)
    dust = PollutantFactory(code="dust", name_en="Dust")
    EmissionLimitFactory(stack=stack, stack_type="", pollutant=dust, limit_mg_m3="150")
    january = world.submission(world.hami, 1)
    for value in ("149.9", "150", "151"):
        put_test(january, stack, dust, value)
    put_test(world.submission(world.hami, 2), stack, dust, "170")
    client = sign_in(world.clerk)
    # Nothing is approved yet.
    assert "No test of the year reaches its limit" in text_of(client.get(PAGE, {"year": "2020"}))
    page = client.get(PAGE, {"year": "2020", "basis": "all"})
    for shown, word in (("151", True), ("170", True), ("149.9", False)):
        assert (f">{shown}<" in page.content.decode()) is word
    assert page.content.decode().count(f"/submissions/{january.pk}/#row-stack_test:") == 2


def test_who_sees_which_dashboard(world: World, sign_in: SignIn) -> None:
    clerk = sign_in(world.clerk)
    own = text_of(clerk.get(PAGE))
    assert "Dashboard 2020 Hami" in own and "Baishan" not in own
    assert clerk.get(PAGE, {"site": "BAISHAN"}).status_code == 404
    assert sign_in(world.stranger).get(PAGE).status_code == 404
    assert "Dashboard 2020 Group" in text_of(sign_in(world.auditor).get(PAGE))
    assert sign_in(world.auditor).get(PAGE, {"year": "1999"}).status_code == 404
    assert Client().get(PAGE).status_code == 302
    # A role in one section shows that section alone.
    safety = World.person("safety", Role.PREPARER, world.hami)
    safety.memberships.update(section="safety")
    assert "Output of finished products" not in sign_in(safety).get(PAGE).content.decode()
    assert f'href="{PAGE}?year=2020&amp;site=HAMI"' in clerk.get("/figures/2020/").content.decode()


def test_tasks_count_the_forms_that_wait(world: World, sign_in: SignIn, approve: Act, hand_in: Act) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    hand_in(world.submission(world.hami, 2), world.clerk)
    # The year is over: of 12 months one is approved and one waits for its review, the others are late.
    own = text_of(sign_in(world.clerk).get(PAGE))
    assert "Late 10 To hand in 10 To correct 0 To review 1" in own
    assert "10 forms wait for you" in own
    assert "1 form waits for your review" in text_of(sign_in(world.reviewer).get(PAGE))


def test_sixty_sites_cost_as_many_queries_as_thirty(world: World, sign_in: SignIn, approve: Act) -> None:
    client = sign_in(world.auditor)
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)

    def cost() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    def grow_to(number: int) -> None:
        for index in range(Site.objects.count(), number):
            AssignmentFactory(site=SiteFactory(code=f"SITE{index:02}", name_en=f"Site {index}"))
        services.match_assignments(world.year)

    grow_to(30)  # a large group, which the database adds up
    few = cost()
    grow_to(60)
    for site in Site.objects.filter(code__startswith="SITE")[:20]:
        put(world.submission(site, 1), world.coal, "5")
    assert cost() == few
    assert few <= 70
