"""A year's figures: what counts, what does not, and what is said when there is none."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.indicators.basis import Basis
from apps.indicators.computation import Figures, compute
from apps.indicators.kpi_set import current_kpis
from apps.indicators.reports import build_report, year_before
from apps.organisation.models import Site
from apps.submissions import services, workflow
from apps.submissions.entry import Cell
from apps.submissions.models import NothingToReport, Submission
from tests.factories import AssignmentFactory, ReportingYearFactory, ResourceFactory, SiteFactory, World
from tests.indicators.records import put

Approve = Callable[..., Submission]


def of_both(world: World, basis: Basis = Basis.APPROVED) -> Figures:
    return compute(year=world.year, sites=[world.hami, world.baishan], basis=basis)


def test_only_approved_data_count_unless_asked(world: World, approve: Approve, hand_in: Approve) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    hand_in(world.submission(world.hami, 2), world.clerk)
    approved, every = of_both(world), of_both(world, Basis.ALL)
    assert approved.of("ENV-OUTPUT").value == 2000
    assert every.of("ENV-OUTPUT").value == 4000
    assert approved.of("ENV-OUTPUT", world.hami).rows == 1


def test_a_reopened_month_counts_no_more(world: World, approve: Approve) -> None:
    march = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    workflow.reopen(submission_id=march.pk, user=world.lead, reason="A meter was misread.")
    assert of_both(world).of("ENV-OUTPUT").value is None


def test_coverage_counts_what_is_expected_in_the_year(world: World, approve: Approve, hand_in: Approve) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    hand_in(world.submission(world.baishan, 1), world.other_clerk)
    figures = of_both(world)
    group, hami, baishan = (figures.of("ENV-RES-COAL", place).coverage for place in (None, world.hami, world.baishan))
    assert (group.approved, group.handed_in, group.expected) == (1, 2, 24)
    assert (hami.approved, hami.expected) == (1, 12)
    assert (baishan.approved, baishan.expected) == (0, 12)
    assert group.text == "1 of 24 months approved"


def test_no_record_is_no_zero_and_says_why(world: World, approve: Approve) -> None:
    elsewhere = SiteFactory(code="NEW")
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer, {"resource:diesel": Cell(value="0")})
    ResourceFactory(code="petrol")
    figures = compute(year=world.year, sites=[world.hami, world.baishan, elsewhere])
    diesel = figures.of("ENV-RES-DIESEL", world.hami)
    assert (diesel.value, diesel.display, diesel.rows) == (0, "0", 1)
    for code, site, reason in (
        ("ENV-RES-PETROL", world.hami, "not recorded"),
        ("ENV-RES-DIESEL", world.baishan, "nothing approved yet"),
        ("ENV-RES-DIESEL", elsewhere, "not expected here"),
    ):
        figure = figures.of(code, site)
        assert (figure.value, figure.display, figure.reason) == (None, "–", reason)


def test_a_density_without_output_is_none(world: World) -> None:
    put(world.submission(world.hami, 1), world.coal, "10")
    put(world.submission(world.baishan, 1), world.coal, "10")
    put(world.submission(world.baishan, 1), world.magnesium, "0")
    figures = of_both(world, Basis.ALL)
    without = figures.of("ENV-RES-COAL-D", world.hami)
    assert (without.value, without.reason) == (None, "Output of finished products: not recorded")
    assert (without.numerator, without.denominator) == (Decimal(10), None)
    by_zero = figures.of("ENV-RES-COAL-D", world.baishan)
    assert (by_zero.value, by_zero.reason) == (None, "cannot be divided: Output of finished products is zero")


def test_the_ratio_of_the_group_is_that_of_the_sums(world: World) -> None:
    for site, coal, output in ((world.hami, "100", "10"), (world.baishan, "100", "40")):
        put(world.submission(site, 1), world.coal, coal)
        put(world.submission(site, 1), world.magnesium, output)
    figures = of_both(world, Basis.ALL)
    values = [figures.of("ENV-RES-COAL-D", place).value for place in (None, world.hami, world.baishan)]
    assert values == [Decimal(4), Decimal(10), Decimal("2.5")]


def test_a_ratio_as_text_has_thirty_digits(world: World) -> None:
    put(world.submission(world.hami, 1), world.coal, "2")
    put(world.submission(world.hami, 1), world.magnesium, "3")
    assert of_both(world, Basis.ALL).of("ENV-RES-COAL-D").value_text == "0." + "6" * 29 + "7"


def test_a_year_holds_its_own_periods_only(world: World) -> None:
    """A year need not be a calendar year."""
    import datetime as dt

    later = ReportingYearFactory(code="2021-22", starts_on=dt.date(2021, 1, 1), ends_on=dt.date(2022, 3, 31))
    services.open_year(later)
    put(world.submission(world.hami, 12), world.coal, "1")
    put(world.submission(world.hami, 1, "2021"), world.coal, "20")
    put(world.submission(world.hami, 3, "2022"), world.coal, "300")
    figures = compute(year=later, sites=[world.hami], basis=Basis.ALL)
    assert figures.of("ENV-RES-COAL").value == 320
    assert figures.of("ENV-RES-COAL").coverage.expected == 15
    assert year_before(later) == world.year


def test_no_tests_are_a_zero_where_somebody_handed_in(world: World, approve: Approve) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    figures = of_both(world)
    assert NothingToReport.objects.filter(table="stack_test").exists()
    assert figures.of("ENV-AIR-TESTS", world.hami).value == 0
    assert figures.of("ENV-AIR-TESTS", world.baishan).value is None


def test_the_lines_of_a_report_are_those_used_or_expected(world: World, approve: Approve) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    ResourceFactory(code="unused")
    lignite = ResourceFactory(code="lignite", name_en="Lignite", reported_under=world.coal)
    put(world.submission(world.baishan, 1), lignite, "1")
    everything = frozenset({"environment"})
    sites = [world.hami, world.baishan]
    report = build_report(year=world.year, sites=sites, group=True, basis=Basis.ALL, sections=everything)
    table = next(table for table in report.tables if table.declaration.code == "A2-RES")
    assert [line.title for line in table.lines] == ["Electricity", "Diesel", "Coal", "Lignite"]
    assert [line.is_part for line in table.lines] == [False, False, False, True]
    assert table.density_title.endswith("2,000.0 t (Group), 2,000.0 t (Hami), – t (Baishan)")
    waste = next(table for table in report.tables if table.declaration.code == "A1-HAZ")
    assert [line.words for line in waste.lines] == ["Sold", ""]


def test_the_year_before_stands_beside(world: World) -> None:
    services.open_year(ReportingYearFactory(code="2019"))
    put(world.submission(world.hami, 1, "2019"), world.coal, "80")
    put(world.submission(world.hami, 1), world.coal, "100")
    report = build_report(
        year=world.year, sites=[world.hami], group=False, basis=Basis.ALL, sections=frozenset({"environment"})
    )
    table = next(table for table in report.tables if table.declaration.code == "A2-RES")
    coal = next(line for line in table.lines if line.title == "Coal").total
    assert coal.last is not None and coal.last.value == 80
    assert coal.change == 25
    assert report.compares_totals


def test_totals_of_unequal_shares_of_two_years_are_not_compared(world: World, approve: Approve) -> None:
    services.open_year(ReportingYearFactory(code="2019"))
    for code, months in (("2019", (1, 2)), ("2020", (1,))):
        for month in months:
            approve(world.submission(world.hami, month, code), world.clerk, world.reviewer)
    report = build_report(
        year=world.year, sites=[world.hami], group=False, basis=Basis.ALL, sections=frozenset({"environment"})
    )
    table = next(table for table in report.tables if table.declaration.code == "A2-RES")
    coal = next(line for line in table.lines if line.title == "Coal")
    assert coal.total.last is not None and coal.total.change is None
    assert coal.density is not None and coal.density.change == 0
    assert not report.compares_totals


@pytest.mark.parametrize("more_sites", [0, 20])
def test_the_number_of_queries_does_not_grow(world: World, more_sites: int) -> None:
    sites: list[Site] = [world.hami, world.baishan]
    for _number in range(more_sites):
        site = SiteFactory()
        AssignmentFactory(site=site)
        sites.append(site)
        ResourceFactory()
    services.match_assignments(world.year)
    for site in sites:
        put(world.submission(site, 1), world.coal, "1")
    current_kpis()
    with CaptureQueriesContext(connection) as queries:
        figures = compute(year=world.year, sites=sites, basis=Basis.ALL)
        assert figures.of("ENV-RES-COAL").value == len(sites)
        assert len(list(figures.rows(group=True))) > 20
    # Whether the catalogues are as they were, five kinds of records (nobody hands in the other sections), the coverage,
    # the year's conventions, its basis, pins and factors.
    assert len(queries) == 11
