"""A group of many sites: its figures are added up in the database, and are those that its sites give one by one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.environment.models import Resource
from apps.greenhouse_gases.choices import GridSeries
from apps.greenhouse_gases.models import YearBasis
from apps.indicators.basis import Basis
from apps.indicators.computation import Figures, compute
from apps.indicators.coverage import read_coverage
from apps.indicators.declarations import RecordKpi
from apps.indicators.kpi_set import current_kpis
from apps.indicators.parts import FEW_SITES, YearParts, from_records
from apps.indicators.suppression import Small
from apps.organisation.models import Site
from apps.submissions import services
from apps.submissions.choices import CellState
from tests.factories import AssignmentFactory, SiteFactory
from tests.greenhouse_gases.conftest import Plant
from tests.greenhouse_gases.records import made, used
from tests.indicators.approving import approve_at_once
from tests.indicators.records import put_none

_FIELDS = ("value", "rows", "gaps", "reason", "numerator", "denominator", "coverage", "is_withheld")


def more_sites(plant: Plant, count: int) -> list[Site]:
    regions = ("northwest", "northeast")
    sites = [SiteFactory(grid_region=regions[number % 2], position=100 + number) for number in range(count)]
    for site in sites:
        AssignmentFactory(site=site)
    services.match_assignments(plant.year)
    return sites


def use(plant: Plant, sites: list[Site]) -> None:
    for number, site in enumerate(sites):
        form = plant.form(site)
        used(form, "electricity", f"{1000 + number}.5")
        used(form, "diesel", f"{number}")
        made(form, "magnesium_ingot", f"{10 + number}")


@pytest.fixture
def many(plant: Plant) -> list[Site]:
    """Sites with electricity, diesel and output of March, approved, in a year with factors of two grids."""
    YearBasis.objects.create(year=plant.year, gwp_set="AR5", grid_series=GridSeries.AVERAGE_REGION)
    sites = more_sites(plant, FEW_SITES)
    use(plant, sites)
    approve_at_once([plant.form(site) for site in sites], plant.clerk, plant.reviewer)
    return sites


def one_by_one(plant: Plant) -> Figures:
    """The same figures, added up from the records and worked out site by site."""
    kpis, sites = current_kpis(), list(Site.objects.all())
    records = [kpi for kpi in kpis if isinstance(kpi, RecordKpi)]
    return Figures(
        year=plant.year,
        sites=sites,
        basis=Basis.APPROVED,
        kpis=kpis,
        parts=YearParts(from_records(plant.year, sites, Basis.APPROVED, records)),
        coverage=read_coverage(plant.year, sites),
        small=Small(cells=frozenset()),
        prepared={},
    )


def assert_the_same(plant: Plant) -> Figures:
    whole, counted = compute(year=plant.year, sites=list(Site.objects.all())), one_by_one(plant)
    for kpi in whole.kpis:
        for site in (None, *whole.sites[:3]):
            here, there = whole.of(kpi.code, site), counted.of(kpi.code, site)
            for name in _FIELDS:
                assert getattr(here, name) == getattr(there, name), (kpi.code, site, name)
    return whole


def test_a_large_group_has_the_figures_of_its_sites(plant: Plant, many: list[Site]) -> None:
    whole = assert_the_same(plant)
    emissions = whole.of("GHG-S12")
    assert emissions.value and emissions.calculation
    # One line of electricity a site, and of diesel where there was any.
    assert len(emissions.calculation.lines) == 2 * len(many) - 1
    assert {line.site for line in emissions.calculation.lines} == set(many)
    # The page works out some sites at a time; together they are all.
    some = [emissions.calculation.at(many[start : start + 3]).lines for start in range(0, len(many), 3)]
    assert {each.site for each in some[1]} == set(many[3:6])
    told = {(line.site, line.code, line.result) for lines in some for line in lines}
    assert told == {(line.site, line.code, line.result) for line in emissions.calculation.lines}


def test_a_site_without_a_value_or_a_grid_leaves_the_group_without_one(plant: Plant, many: list[Site]) -> None:
    form = plant.form(plant.hami)
    put_none(form, Resource.objects.get(code="diesel"), CellState.NOT_MEASURED)
    used(form, "electricity", "7")
    approve_at_once([form], plant.other_clerk, plant.reviewer)
    whole = assert_the_same(plant)
    assert whole.of("GHG-FUEL-DIESEL").value is None
    assert whole.of("GHG-S2-ELEC").value is not None
    Site.objects.filter(pk=many[3].pk).update(grid_region="")
    elsewhere = assert_the_same(plant).of("GHG-S2-ELEC")
    assert elsewhere.value is None and many[3].name in elsewhere.reason


def test_queries_of_the_annual_page_do_not_grow_with_the_sites(
    plant: Plant, many: list[Site], sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(plant.auditor)

    def asked() -> tuple[int, Any]:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get("/figures/2020/")
        assert answer.status_code == 200
        return len(captured), answer

    asked()
    before, _page = asked()
    more = more_sites(plant, 15)
    use(plant, more)
    approve_at_once([plant.form(site) for site in more], plant.clerk, plant.reviewer)
    after, page = asked()
    assert after <= before
    assert len(page.content) < 400_000
