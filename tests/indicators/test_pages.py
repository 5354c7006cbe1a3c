"""The figures pages: who sees which numbers, that each opens to its rows, and that the rows add up."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.organisation.choices import Role
from apps.submissions import services
from apps.submissions.choices import CellState
from apps.submissions.entry import Cell
from apps.submissions.models import Evidence, Submission
from tests.factories import (
    AssignmentFactory,
    EmissionLimitFactory,
    MembershipFactory,
    PollutantFactory,
    ReportingYearFactory,
    SiteFactory,
    StackFactory,
    UserFactory,
    World,
)
from tests.indicators.records import put, put_none, put_test

SignIn = Callable[[Any], Client]
Approve = Callable[..., Submission]


def words(response: Any) -> str:
    """The page as text, with the links' addresses left out."""
    assert response.status_code == 200, response.status_code
    main = response.content.decode().partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def figure(client: Client, code: str, **query: str) -> Any:
    return client.get(reverse("indicators:figure", args=["2020", code]), query)


@pytest.fixture
def two_months(world: World, approve: Approve) -> World:
    """January approved at both sites, February typed at Hami."""
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    approve(world.submission(world.baishan, 1), world.other_clerk, world.reviewer)
    put(world.submission(world.hami, 2), world.electricity, "123", by=world.clerk)
    return world


def test_the_year_of_the_group(two_months: World, sign_in: SignIn) -> None:
    page = words(sign_in(two_months.reviewer).get(reverse("indicators:annual")))
    assert "Annual figures 2020" in page
    assert "Group 2 of 24 months approved Hami 1 of 12 months approved Baishan 1 of 12 months approved" in page
    assert "Electricity kWh 5,610,000 2,805,000 2,805,000 kWh/t 1,402.5 1,402.5 1,402.5" in page
    assert "Consumption" in page
    assert "rovisional figures" not in page


def test_every_number_opens_to_rows_that_add_up(two_months: World, sign_in: SignIn) -> None:
    client = sign_in(two_months.reviewer)
    links = set(re.findall(r'href="(/figures/2020/[^"]+/\?*[^"]*)"', client.get("/figures/2020/").content.decode()))
    opened = [link for link in links if "/export/" not in link]
    assert len(opened) > 30
    for link in opened:
        response = client.get(html.unescape(link))
        shown = response.context["figure"]
        if shown.value is None:  # worked out with factors, which this world has none of: it says so
            assert shown.calculation is not None or shown.kpi.is_quotient
            assert "Emission factors" in shown.reason
        elif "lineage" in response.context:
            assert (response.context["lineage"].total or 0) == shown.value
        elif shown.kpi.is_quotient:
            assert response.context["above"].value == shown.numerator
        else:
            assert response.context["worked"] or shown.value == 0


def test_a_figure_names_its_rows_and_people(two_months: World, sign_in: SignIn) -> None:
    february = two_months.submission(two_months.hami, 2)
    for row in ("resource:electricity", "", "resource:coal"):
        Evidence.objects.create(
            submission=february, row=row, name=f"proof{row}.pdf", size_bytes=1, sha256="0", uploaded_by=two_months.clerk
        )
    page = figure(sign_in(two_months.reviewer), "ENV-RES-ELECTRICITY", site="HAMI", basis="all")
    text = words(page)
    assert "280.5 万kWh 2,805,000 kWh 2,805,000 Metered Clerk Hami" in text
    assert "Reviewer" in text and "proofresource:electricity.pdf" in text and "proof.pdf" in text
    assert "proofresource:coal.pdf" not in text
    assert "Sum of all 2 rows 2,805,123" in text
    assert reverse("submissions:edit", args=[february.pk]) + "#row-resource:electricity" in page.content.decode()


def test_provisional_figures_count_everything_and_say_so(two_months: World, sign_in: SignIn) -> None:
    client = sign_in(two_months.reviewer)
    page = client.get("/figures/2020/", {"basis": "all"})
    assert "Provisional figures." in words(page) and "Electricity kWh 5,610,123" in words(page)
    assert "A2 Resources (provisional)" in words(page)
    assert "/figures/2020/ENV-RES-ELECTRICITY/?basis=all" in page.content.decode()
    text = words(figure(client, "ENV-RES-ELECTRICITY", basis="all"))
    assert "Provisional figures." in text and "Sum of all 3 rows 5,610,123" in text and "Late" in text


def test_no_value_is_a_dash_with_its_reason(two_months: World, sign_in: SignIn) -> None:
    put_none(two_months.submission(two_months.hami, 3), two_months.diesel, CellState.NOT_MEASURED)
    services.open_year(ReportingYearFactory(code="2021"))
    client = sign_in(two_months.reviewer)
    assert "Electricity kWh – nothing approved yet" in words(client.get("/figures/2021/", {"site": "HAMI"}))
    text = words(figure(client, "ENV-RES-DIESEL", site="HAMI", basis="all"))
    assert "Rows without a value 1" in text and "Not measured a reason" in text and "Sum of all 2 rows 40" in text


def test_a_ratio_shows_how_it_is_worked_out(two_months: World, sign_in: SignIn) -> None:
    page = figure(sign_in(two_months.reviewer), "ENV-WASTE-HAZ-D")
    text = words(page)
    assert "Hazardous waste, total 1.6 t 1.6 times, for the unit × 1000" in text
    assert "divided by: Output of finished products 4,000.0 t 4000" in text
    assert "it is no mean of the sites' figures" in text
    for code in ("ENV-WASTE-HAZ", "ENV-OUTPUT"):
        assert reverse("indicators:figure", args=["2020", code]) in page.content.decode()


def test_stack_tests_show_value_and_limit(world: World, sign_in: SignIn) -> None:
    dust = PollutantFactory(code="dust")
    EmissionLimitFactory(pollutant=dust)
    put_test(world.submission(world.hami, 3), StackFactory(site=world.hami), dust, "150")
    text = words(figure(sign_in(world.reviewer), "ENV-AIR-EXCEEDED", basis="all"))
    assert "150 mg/m³, limit 150" in text and "Sum of one row 1" in text


def test_many_rows_are_paged_and_summed_over_all_pages(world: World, sign_in: SignIn) -> None:
    for number in range(9):
        site = SiteFactory()
        AssignmentFactory(site=site)
        services.match_assignments(world.year)
        for month in range(1, 13):
            put(world.submission(site, month), world.coal, str(number + 1))
    client = sign_in(world.reviewer)
    first = figure(client, "ENV-RES-COAL", basis="all")
    second = figure(client, "ENV-RES-COAL", basis="all", page="2")
    assert "Sum of all 108 rows 540" in words(first) and "Sum of all 108 rows 540" in words(second)
    assert len(first.context["lineage"].contributions) == 100
    assert len(second.context["lineage"].contributions) == 8


def test_many_sites_stand_below_each_other(world: World, sign_in: SignIn) -> None:
    for number in range(40):
        AssignmentFactory(site=SiteFactory(code=f"S{number:02}"))
    services.match_assignments(world.year)
    put(world.submission(world.hami, 1), world.coal, "7")
    client = sign_in(world.reviewer)
    first = client.get("/figures/2020/", {"basis": "all"})
    assert "Coal t 7 t/t" in words(first)
    assert "By site" in words(first) and "S00" in words(first) and "S39" not in words(first).partition("By site")[2]
    last = client.get("/figures/2020/", {"basis": "all", "page": "5"})
    assert "S39" in words(last).partition("By site")[2]


def test_a_clerk_sees_the_own_site_alone(two_months: World, sign_in: SignIn) -> None:
    client = sign_in(two_months.clerk)
    page = words(client.get("/figures/2020/"))
    assert "Electricity kWh 2,805,000 kWh/t" in page and "Baishan" not in page and "Group" not in page
    for address in ("/figures/2020/", "/figures/2020/ENV-RES-COAL/", "/figures/2020/export/xlsx"):
        assert client.get(address, {"site": "BAISHAN"}).status_code == 404
        assert client.get(address, {"site": "HAMI"}).status_code == 200


def test_strangers_and_unknown_things_are_not_there(two_months: World, sign_in: SignIn) -> None:
    stranger, reviewer = sign_in(two_months.stranger), sign_in(two_months.reviewer)
    assert stranger.get("/figures/").status_code == 404
    for address in (
        "/figures/1999/",
        "/figures/?year=1999",
        "/figures/2020/?site=PARIS",
        "/figures/2020/?basis=some",
        "/figures/2020/ENV-NOTHING/",
    ):
        assert reviewer.get(address).status_code == 404, address
    assert Client().get("/figures/").status_code == 302
    assert reviewer.post("/figures/").status_code == 405


def test_a_role_in_another_section_opens_no_figures(two_months: World, sign_in: SignIn) -> None:
    """Somebody who prepares targets sees no environment figures, at the site or of the group."""
    person = UserFactory()
    MembershipFactory(user=person, role=Role.PREPARER, site=two_months.hami, section="environment_targets")
    assert sign_in(person).get("/figures/").status_code == 404
    MembershipFactory(user=person, role=Role.PREPARER, site=two_months.baishan, section="environment")
    MembershipFactory(user=person, role=Role.AUDITOR, section="environment_targets")
    client = sign_in(UserFactory._meta.model.objects.get(pk=person.pk))
    assert "Group" not in words(client.get("/figures/2020/"))
    assert client.get("/figures/2020/ENV-RES-COAL/").context["figure"].site == two_months.baishan


def test_no_year_yet(db: None, sign_in: SignIn) -> None:
    person = UserFactory()
    MembershipFactory(user=person, role=Role.AUDITOR)
    assert "There is no reporting year yet" in words(sign_in(person).get("/figures/"))


@pytest.mark.parametrize(("language", "site"), [("zh-hans", "哈密"), ("zh-hant", "哈密"), ("en", "Hami")])
def test_in_the_language_of_the_reader(two_months: World, sign_in: SignIn, language: str, site: str) -> None:
    two_months.reviewer.language = language
    two_months.reviewer.save()
    assert site in words(sign_in(two_months.reviewer).get("/figures/2020/"))


@pytest.mark.parametrize("months", [1, 4])
def test_pages_ask_the_same_number_of_questions(
    world: World, sign_in: SignIn, approve: Approve, django_assert_num_queries: Any, months: int
) -> None:
    for month in range(1, months + 1):
        for site, clerk in ((world.hami, world.clerk), (world.baishan, world.other_clerk)):
            cells = {"resource:electricity": Cell(value="280.5", unit="万kWh")}
            approve(world.submission(site, month), clerk, world.reviewer, cells)
    client = sign_in(world.reviewer)
    client.get("/figures/2020/")  # reads the catalogues, which are then as they were
    with django_assert_num_queries(21):
        client.get("/figures/2020/")
    with django_assert_num_queries(12):
        figure(client, "ENV-RES-ELECTRICITY")
