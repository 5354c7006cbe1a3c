"""Pages and files of large groups and of many years: no more questions than of few, and never an old catalogue."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage.memory import InMemoryStorage
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from apps.accounts.models import User
from apps.environment.models import Resource
from apps.indicators.basis import Basis
from apps.indicators.computation import compute, compute_years
from apps.indicators.kpi_set import current_kpis
from apps.jobs.models import Job, JobState
from apps.organisation.choices import Role
from apps.organisation.models import Site
from apps.submissions import services
from apps.submissions.choices import CellState
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from apps.workforce.models import Dimension
from tests.factories import (
    AssignmentFactory,
    DimensionFactory,
    LabourItemFactory,
    MembershipFactory,
    ReportingYearFactory,
    ResourceFactory,
    UserFactory,
    WorkforceGroupFactory,
    World,
)
from tests.jobs.running import run_waiting
from tests.workforce.records import approve as approve_month
from tests.workforce.records import month, put_labour

Act = Callable[..., Submission]
SignIn = Callable[[User], Client]


class Undone(Exception):
    """Takes a transaction back."""


def titles() -> set[str]:
    return {str(kpi.title) for kpi in current_kpis()}


def test_a_catalogue_is_read_anew_as_soon_as_a_row_of_it_changes_and_only_then(world: World) -> None:
    WorkforceGroupFactory(dimension=DimensionFactory(code="rank", name_en="Rank"))
    before = current_kpis()
    with CaptureQueriesContext(connection) as queries:
        assert current_kpis() is before
    assert len(queries) == 1
    with pytest.raises(Undone), transaction.atomic():
        ResourceFactory(code="tar")
        assert "ENV-RES-TAR" in current_kpis()
        raise Undone
    assert "ENV-RES-TAR" not in current_kpis()
    # Whoever writes, and whatever column it is: also of a row that is only read along with another.
    Resource.objects.filter(pk=world.coal.pk).update(name_en="Raw coal", decimals=3)
    assert "Raw coal" in titles() and current_kpis()["ENV-RES-COAL"].decimals == 3
    changed = current_kpis()
    Dimension.objects.update(name_en="Grade")
    assert current_kpis() is not changed
    with translation.override("zh-hans"):
        assert "简 coal" in titles()
    assert "Raw coal" in titles()


@pytest.fixture
def two_years(world: World, approve: Act) -> World:
    """January of 2020 and of 2021 is approved at Hami, with 10 and 30 tonnes of coal; 99 more are only typed in."""
    services.open_year(ReportingYearFactory(code="2021"))
    for year, coal in (("2020", "10"), ("2021", "30")):
        cells = {"resource:coal": Cell(value=coal, unit="t")}
        approve(world.submission(world.hami, 1, year), world.clerk, world.reviewer, cells)
    return world


def test_years_asked_for_together_say_what_each_says_alone(two_years: World, fill_in: Act) -> None:
    fill_in(two_years.submission(two_years.hami, 2, "2021"), two_years.clerk)
    years = [two_years.year, ReportingYearFactory._meta.model.objects.get(code="2021")]
    sites = [two_years.hami, two_years.baishan]
    for basis in Basis:
        alone = [[(f.kpi.code, f.site, f.value, f.reason) for f in each] for each in _rows_alone(years, sites, basis)]
        together = compute_years(years, sites=sites, basis=basis)
        found = [[(f.kpi.code, f.site, f.value, f.reason) for f in each.rows(group=True)] for each in together]
        assert found == alone
        assert together[0].of("ENV-RES-COAL").value != together[1].of("ENV-RES-COAL").value
    with CaptureQueriesContext(connection) as of_one:
        list(compute_years(years[:1], sites=sites)[0].rows(group=True))
    with CaptureQueriesContext(connection) as of_two:
        for each in compute_years(years, sites=sites):
            list(each.rows(group=True))
    # Each year has its own convention of how figures are chosen.
    assert len(of_two) == len(of_one) + 1


def _rows_alone(years: list[Any], sites: list[Site], basis: Basis) -> list[list[Any]]:
    return [list(compute(year=year, sites=sites, basis=basis).rows(group=True)) for year in years]


def test_a_site_over_all_years(two_years: World, sign_in: SignIn, fill_in: Act) -> None:
    fill_in(two_years.submission(two_years.hami, 2), two_years.clerk)
    client = sign_in(two_years.clerk)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/figures/sites/HAMI/").content.decode()
    assert '<a href="/figures/2020/ENV-RES-COAL/?site=HAMI">10</a>' in page
    assert '<a href="/figures/2021/ENV-RES-COAL/?site=HAMI">30</a>' in page
    assert page.index(">2020</th>") < page.index(">2021</th>")
    services.open_year(ReportingYearFactory(code="2022"))
    with CaptureQueriesContext(connection) as of_more:
        assert ">2022</th>" in client.get("/figures/sites/HAMI/").content.decode()
    assert len(of_more) <= len(queries)
    assert sign_in(two_years.other_clerk).get("/figures/sites/HAMI/").status_code == 404
    assert client.get("/figures/sites/NOWHERE/").status_code == 404


def cells_of(page: str) -> dict[tuple[str, str, str], list[str]]:
    """What the cells with a number say in each line, by its table, title and unit."""
    found = {}
    for table, body in re.findall(r'aria-labelledby="table-([^"]+)".*?<tbody>(.*?)</tbody>', page, re.DOTALL):
        for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL):
            title = re.search(r'scope="row"[^>]*>(.*?)</th>\s*<td class="unit[^"]*">(.*?)</td>', row, re.DOTALL)
            if title:
                numbers = re.findall(r'<td class="number"[^>]*>(.*?)</td>', row, re.DOTALL)
                found[table, title[1], title[2]] = [re.sub(r"^<span>(.*)</span>$", r"\1", each) for each in numbers]
    return found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_cell_of_a_site_is_that_of_the_page_of_its_year(
    two_years: World, sign_in: SignIn, approve: Act, language: str
) -> None:
    world = two_years
    without = {
        "resource:coal": Cell(how=CellState.NOT_MEASURED, note="The scale was broken."),
        "resource:diesel": Cell(how=CellState.NOT_APPLICABLE, note="No diesel here."),
        "production:magnesium": Cell(value="1234.5678", unit="t"),
    }
    approve(world.submission(world.hami, 2, "2021"), world.clerk, world.reviewer, without)
    LabourItemFactory(code="gloves")
    AssignmentFactory(site=world.hami, section="safety_training")
    services.match_assignments(world.year)
    put_labour(month(world.hami, 1), "gloves", "321")
    approve_month(month(world.hami, 1), world.clerk, world.reviewer)
    services.open_year(ReportingYearFactory(code="2022"))
    approve(world.submission(world.hami, 1, "2022"), world.clerk, world.reviewer, without)
    services.open_year(ReportingYearFactory(code="2023"))
    User.objects.filter(pk=world.reviewer.pk).update(language=language)
    client = sign_in(world.reviewer)
    years = ("2020", "2021", "2022", "2023")
    over_all = cells_of(client.get("/figures/sites/HAMI/").content.decode())
    of_years = [cells_of(client.get(f"/figures/{year}/", {"site": "HAMI"}).content.decode()) for year in years]
    assert len(over_all) >= 8
    compared = 0
    for line, cells in over_all.items():
        assert len(cells) == len(years)
        for cell, of_year in zip(cells, of_years, strict=True):
            if line in of_year:  # a year leaves out what nobody filled or had to fill in it
                assert cell == of_year[line][0], line
                compared += 1
    assert compared >= 25
    # Who reads one section alone finds the same of it, and nothing of the others.
    person = UserFactory(language=language)
    MembershipFactory(user=person, role=Role.PREPARER, site=world.hami, section="environment")
    assert cells_of(sign_in(person).get("/figures/sites/HAMI/").content.decode()) == {
        line: cells for line, cells in over_all.items() if line[0] != "B2-ITEMS"
    }
    assert "321" in str([cells for line, cells in over_all.items() if line[0] == "B2-ITEMS"])
    text = " ".join(cell for cells in over_all.values() for cell in cells)
    assert text.count("no-value__reason") > 10 and len(set(re.findall(r"reason\">(.*?)<", text))) >= 4


def test_a_long_file_is_written_in_the_background(two_years: World, sign_in: SignIn, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": f"{InMemoryStorage.__module__}.{InMemoryStorage.__qualname__}"},
    }
    client = sign_in(two_years.reviewer)
    for kind in ("csv", "xlsx"):
        address = f"/figures/2020/export/{kind}"
        at_once = client.get(address).content
        settings.EXPORT_IN_REQUEST_ROWS = 5
        assert "Their file is written in the background" in client.get(address).content.decode()
        job_page = client.post(address).url  # type: ignore[attr-defined]
        run_waiting()
        assert Job.objects.latest("pk").state == JobState.DONE
        made = client.get(f"{job_page}file/")
        assert made["Content-Disposition"].endswith(f'"figures-2020-group.{kind}"')
        assert b"".join(made.streaming_content) == at_once  # type: ignore[attr-defined]
        admin = client.get(f"/admin/indicators/annualfigures/2020/export/{kind}")
        assert admin.status_code == 302 and admin.url.startswith(address)  # type: ignore[attr-defined]
        settings.EXPORT_IN_REQUEST_ROWS = 20_000
    lines = list(csv.DictReader(io.StringIO(client.get("/figures/2020/export/csv").content.decode("utf-8-sig"))))
    assert {line["site"] for line in lines} == {"", "HAMI", "BAISHAN"}


def test_a_file_is_closed_to_who_lost_a_part_of_it(two_years: World, sign_in: SignIn, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": f"{InMemoryStorage.__module__}.{InMemoryStorage.__qualname__}"},
    }
    settings.EXPORT_IN_REQUEST_ROWS = 5
    client = sign_in(two_years.reviewer)
    waiting = client.post("/figures/2020/export/csv").url  # type: ignore[attr-defined]
    run_waiting()
    assert client.get(f"{waiting}file/").status_code == 200
    client.post("/figures/2021/export/csv")
    two_years.reviewer.memberships.update(section="environment")
    run_waiting()
    assert Job.objects.latest("pk").state == JobState.FAILED
    assert client.get(f"{waiting}file/").status_code in (403, 404)
    assert client.post("/figures/2020/export/pdf").status_code == 404
