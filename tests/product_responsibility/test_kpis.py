"""Each figure of B6, worked by hand: a handful of records and what must come out."""

from collections.abc import Callable

import pytest

from apps.audit.context import acting_as
from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.declarations import declared
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import current_kpis
from apps.organisation.models import Site
from apps.submissions import services, workflow
from tests.factories import ReportingYearFactory, SoldProductFactory, World
from tests.product_responsibility.records import (
    approve,
    hand_in,
    month,
    put_certificate,
    put_closing,
    put_complaint,
    put_practice,
    put_recall,
    put_sale,
    put_statement,
    whole_year,
)

Example = Callable[[World], None]
EXAMPLES: dict[str, Example] = {}


def example(*codes: str) -> Callable[[Example], Example]:
    """Says which declarations an example is about."""

    def note(function: Example) -> Example:
        for code in codes:
            EXAMPLES[code] = function
        return function

    return note


def figure(world: World, code: str, site: Site | None = None, basis: Basis = Basis.ALL) -> Figure:
    kpis = current_kpis().only(code)
    return compute(year=world.year, sites=[world.hami, world.baishan], basis=basis, kpis=kpis).of(code, site)


def printed(world: World, code: str, site: Site | None = None) -> tuple[str, str]:
    found = figure(world, code, site)
    return found.display, str(found.kpi.unit)


# B6.1 -----------------------------------------------------------------------------------------------------------------


def a_year_of_sales(world: World) -> None:
    """3,550 t of ingot at Hami and 450 t of alloy at Baishan."""
    put_sale(month(world.hami, 3), 1800)
    put_sale(month(world.hami, 4), 1750)
    put_sale(month(world.baishan, 3), 450, "magnesium_alloy")


@example("PR-SOLD-*", "PR-SOLD")
def products_sold(world: World) -> None:
    a_year_of_sales(world)
    assert printed(world, "PR-SOLD-MAGNESIUM_INGOT") == ("3,550", "t")
    assert printed(world, "PR-SOLD-MAGNESIUM_ALLOY", world.baishan) == ("450", "t")
    assert printed(world, "PR-SOLD") == ("4,000", "t")


@example(
    "PR-RECALLED-*", "PR-RECALLED", "PR-RECALLED-D", "PR-RECALLED-OTHER", "PR-RECALLS-SAFETY", "PR-RECALLS-OTHER"
)  # fmt: skip
def products_recalled(world: World) -> None:
    a_year_of_sales(world)
    put_recall(month(world.hami, 3), "12.5")
    put_recall(month(world.baishan, 5), "0.5", reason="health", product="magnesium_alloy")
    put_recall(month(world.hami, 5), 7, reason="labelling")
    assert printed(world, "PR-RECALLED-MAGNESIUM_INGOT") == ("12.5", "t")
    assert printed(world, "PR-RECALLED-MAGNESIUM_INGOT-D") == ("0.352", "%")
    assert printed(world, "PR-RECALLED") == ("13.0", "t")
    assert printed(world, "PR-RECALLED-D") == ("0.325", "%")
    assert printed(world, "PR-RECALLED-OTHER") == ("7.0", "t")
    assert printed(world, "PR-RECALLS-SAFETY") == ("2", "recalls")
    assert printed(world, "PR-RECALLS-OTHER") == ("1", "recalls")


def test_no_recall_in_a_month_handed_in_is_a_zero(product_world: World) -> None:
    assert figure(product_world, "PR-RECALLED").value is None
    put_sale(month(product_world.hami, 3), 1800)
    hand_in(month(product_world.hami, 3), product_world.clerk)
    assert printed(product_world, "PR-RECALLED-D", product_world.hami) == ("0.000", "%")


def test_a_recall_in_another_unit_is_no_zero(product_world: World) -> None:
    """400 pieces cannot be added to tonnes: something is missing in the total, and it is not nothing."""
    SoldProductFactory(code="anode", unit_code="pcs")
    march = month(product_world.hami, 3)
    put_recall(march, 400, sold=500, product="anode")
    hand_in(march, product_world.clerk)
    found = figure(product_world, "PR-RECALLED", product_world.hami)
    assert (found.value, found.gaps) == (None, 1)
    assert printed(product_world, "PR-RECALLED-ANODE", product_world.hami)[0].startswith("400")


# B6.2 -----------------------------------------------------------------------------------------------------------------


def a_year_of_complaints(world: World) -> None:
    """Of last December one that January closes; of March three closed at once and one in May; two of November open."""
    services.open_year(ReportingYearFactory(code="2019"))
    december = put_complaint(month(world.hami, 12, "2019"), day=20)
    put_closing(month(world.hami, 1), december, day=9)
    march = month(world.hami, 3)
    for number in range(3):
        put_complaint(march, day=3 + number, closed=10 + number)
    put_closing(month(world.hami, 5), put_complaint(march, day=20, region="europe"), day=5)
    for _each in range(2):
        put_complaint(month(world.baishan, 11), category="delivery")


@example("PR-COMPL", "PR-CAT-*", "PR-REG-*")
def complaints_received(world: World) -> None:
    a_year_of_complaints(world)
    assert printed(world, "PR-COMPL") == ("6", "case")
    assert printed(world, "PR-COMPL", world.hami) == ("4", "case")
    assert [printed(world, f"PR-CAT-{code}")[0] for code in ("QUALITY", "DELIVERY")] == ["4", "2"]
    assert [printed(world, f"PR-REG-{code}")[0] for code in ("NORTH_CHINA", "EUROPE")] == ["5", "1"]


@example(
    "PR-CLOSED-NEW", "PR-CLOSED-LATER", "PR-CLOSED",
    "PR-INTIME-NEW", "PR-INTIME-LATER", "PR-INTIME", "PR-INTIME-SHARE",
)  # fmt: skip
def complaints_closed(world: World) -> None:
    a_year_of_complaints(world)
    assert [printed(world, f"PR-CLOSED-{part}")[0] for part in ("NEW", "LATER")] == ["3", "2"]
    assert printed(world, "PR-CLOSED") == ("5", "case")
    # 46 days were too many for March's, 20 days were in time for December's.
    assert [printed(world, f"PR-INTIME-{part}")[0] for part in ("NEW", "LATER")] == ["3", "1"]
    assert printed(world, "PR-INTIME") == ("4", "case")
    assert printed(world, "PR-INTIME-SHARE") == ("80.0", "%")


@example("PR-OPEN-NEW", "PR-OPEN-OFF", "PR-OPEN")
def complaints_open(world: World) -> None:
    a_year_of_complaints(world)
    assert printed(world, "PR-OPEN-NEW") == ("3", "case")
    assert figure(world, "PR-OPEN-OFF").value == -1
    assert printed(world, "PR-OPEN") == ("2", "case")
    assert printed(world, "PR-OPEN", world.hami) == ("0", "case")


@pytest.mark.parametrize("approved", [(), (3,), (5,), (3, 5)])
def test_a_closing_is_taken_off_only_where_its_complaint_counts(
    product_world: World, approved: tuple[int, ...]
) -> None:
    """March's is closed in May. Whichever of the two months is approved, nothing is below zero or counted twice."""
    world = product_world
    put_closing(month(world.hami, 5), put_complaint(month(world.hami, 3), day=20), day=5)
    for number in approved:
        approve(month(world.hami, number), world.clerk, world.reviewer)
    assert figure(world, "PR-OPEN", world.hami).value == 0
    by_approved = figure(world, "PR-OPEN", world.hami, Basis.APPROVED).value
    assert by_approved == {(): None, (3,): 1, (5,): 0, (3, 5): 0}[approved]


def test_a_closing_stays_taken_off_when_the_month_of_its_complaint_is_reopened(product_world: World) -> None:
    world = product_world
    march, may = month(world.hami, 3), month(world.hami, 5)
    put_closing(may, put_complaint(march, day=20), day=5)
    put_complaint(march, day=21)
    for each in (march, may):
        approve(each, world.clerk, world.reviewer)
    assert figure(world, "PR-OPEN", basis=Basis.APPROVED).value == 1
    with acting_as(world.lead, "test"):
        workflow.reopen(submission_id=march.pk, user=world.lead, reason="A complaint is missing.")
    assert figure(world, "PR-OPEN", basis=Basis.APPROVED).value == 0
    assert figure(world, "PR-OPEN").value == 1


@example("PR-DAYS-NEW", "PR-DAYS-LATER", "PR-DAYS", "PR-DAYS-MEAN")
def days_to_close(world: World) -> None:
    a_year_of_complaints(world)
    assert [printed(world, f"PR-DAYS-{part}")[0] for part in ("NEW", "LATER")] == ["21", "66"]
    assert printed(world, "PR-DAYS") == ("87", "days")
    assert printed(world, "PR-DAYS-MEAN") == ("17.4", "days")


def test_the_last_day_of_the_category_is_in_time(product_world: World) -> None:
    march = month(product_world.hami, 3)
    put_complaint(march, day=1, closed=31)
    put_complaint(march, day=1, closed=16, category="delivery")
    put_complaint(march, day=1, closed=17, category="delivery")
    assert printed(product_world, "PR-INTIME-NEW") == ("2", "case")


# B6.3 to B6.5 ---------------------------------------------------------------------------------------------------------


@example("PR-STATE-*")
def statements(world: World) -> None:
    put_statement(whole_year(world.hami), "patents_held", 12)
    put_statement(whole_year(world.baishan), "patents_held", 5)
    put_statement(whole_year(world.hami), "data_incidents", 0)
    assert printed(world, "PR-STATE-PATENTS_HELD") == ("17", "pcs")
    assert figure(world, "PR-STATE-PATENTS_HELD").kpi.hkex == ("B6.3",)
    assert printed(world, "PR-STATE-DATA_INCIDENTS") == ("0", "case")
    assert figure(world, "PR-STATE-RECALL_DRILLS").value is None


@example("PR-PRACT-RIGHTS", "PR-PRACT-QUALITY", "PR-PRACT-PRIVACY")
def practices(world: World) -> None:
    put_practice(whole_year(world.hami))
    put_practice(whole_year(world.hami), description="Marks are registered")
    put_practice(whole_year(world.baishan))
    put_practice(whole_year(world.baishan), "B6.5")
    assert [printed(world, f"PR-PRACT-{code}")[0] for code in ("RIGHTS", "PRIVACY")] == ["3", "1"]
    hand_in(whole_year(world.hami), world.clerk)
    assert printed(world, "PR-PRACT-QUALITY", world.hami) == ("0", "practices")


@example("PR-CERT-*", "PR-CERT")
def certificates(world: World) -> None:
    put_certificate(world.hami, world.clerk, "iso9001-2008", ("2011-01-01", "2020-06-30"))
    put_certificate(world.hami, world.clerk)
    put_certificate(world.baishan, world.other_clerk)
    put_certificate(world.baishan, world.other_clerk, "iso14001-2015", ("2018-01-01", "2020-12-31"))
    services.take_over(submission_id=whole_year(world.hami).pk, user=world.clerk)
    services.take_over(submission_id=whole_year(world.baishan).pk, user=world.other_clerk)
    codes = ("ISO9001-2008", "ISO9001-2015", "ISO14001-2015")
    assert [figure(world, f"PR-CERT-{code}").rows for code in codes] == [0, 2, 1]
    assert printed(world, "PR-CERT") == ("3", "certificates")


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_worked_example(product_world: World, code: str) -> None:
    EXAMPLES[code](product_world)


def test_every_figure_has_its_example() -> None:
    assert {entry.code for entry in declared if entry.code.startswith("PR-")} == set(EXAMPLES)
