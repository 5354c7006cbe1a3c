"""Yearly sums: which figures rest on them, that they follow every approval, and that nobody else writes them."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression

from apps.audit.proofs import proofs
from apps.environment.models import ProductionSum, ResourceSum, ResourceUse, WasteRecord, WasteSum
from apps.indicators.amounts import tonnes_of
from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.declarations import Flow, Least, Parts, RecordKpi
from apps.indicators.kpi_set import current_kpis, sample_kpis
from apps.indicators.parts import from_records, read_parts
from apps.indicators.sums.conditions import summable
from apps.indicators.sums.models import sum_models
from apps.indicators.sums.proofs import broken_sums
from apps.organisation.choices import Frequency
from apps.organisation.models import ReportingYear, Site
from apps.submissions import workflow
from apps.submissions.choices import CellState
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from apps.submissions.sections import Grid, sections
from tests.factories import ResourceFactory, World
from tests.indicators.approving import approve_at_once, reopen_at_once
from tests.indicators.records import put, put_none

Approve = Callable[..., Submission]

SOUND = Flow(code="X-FLOW", title="x", unit="t", decimals=0, section="environment", source=ResourceUse)


def both_ways(year: ReportingYear) -> list[tuple[str, Any, Any]]:
    """Every figure that can be added up from sums, at every site and over all: from the sums, from the records."""
    sites, kpis = list(Site.objects.all()), [kpi for kpi in current_kpis() if summable(kpi)]
    wanted = [kpi for kpi in kpis if isinstance(kpi, RecordKpi)]
    kept = read_parts(year, sites, Basis.APPROVED, wanted)
    counted = from_records(year, sites, Basis.APPROVED, wanted)
    found: list[tuple[str, Any, Any]] = []
    for kpi in wanted:
        by_site = counted.get(kpi.code, {})
        found += [(f"{kpi.code} {site}", kept.at(kpi, site.pk), by_site.get(site.pk, Parts())) for site in sites]
        found.append((kpi.code, kept.everywhere(kpi), kpi.combine(by_site.values())))
    return found


def assert_the_same(year: ReportingYear) -> None:
    assert [each for each in both_ways(year) if each[1] != each[2]] == []
    assert list(broken_sums()) == []


def test_every_monthly_grid_has_sums_and_every_figure_over_one_rests_on_them() -> None:
    monthly = {
        table.model
        for section in sections
        if section.frequency == Frequency.MONTH
        for table in section.tables
        if isinstance(table, Grid)
    }
    assert {model.records for model in sum_models()} == monthly
    over_sums = {kpi.code for kpi in sample_kpis() if summable(kpi)}
    over_monthly = {kpi.code for kpi in sample_kpis() if isinstance(kpi, RecordKpi) and kpi.source in monthly}
    assert over_sums == over_monthly
    assert len(over_sums) >= 12


@pytest.mark.parametrize(
    "changed",
    [
        {"where": Q(state="value")},
        {"where": Q(resource_item__kind="energy") & ~Q(note="")},
        {"where": Q(submission__period__starts_on__month=1)},
        {"where": Q(resource_item__gj_per_unit__gte=1)},
        {"where": Q(resource_item__kind=F("resource_item__hkex"))},
        {"where": Q(quantity__gt=10)},
        {"amount": "entered_value"},
        {"amount": F("quantity") * F("quantity")},
        {"amount": F("quantity") + F("resource_item__gj_per_unit")},
        {"amount": CombinedExpression(F("quantity"), "/", F("resource_item__gj_per_unit"))},
        {"amount": F("resource_item__gj_per_unit")},
        {"annotate": lambda rows: rows},
        {"source": WasteRecord, "amount": "taken_away"},
    ],
)
def test_what_asks_for_more_than_catalogue_rows_is_added_up_from_records(changed: dict[str, Any]) -> None:
    assert summable(SOUND)
    assert summable(replace(SOUND, amount=tonnes_of("resource_item"), where=~Q(resource_item__kind__in=["water"])))
    assert summable(replace(SOUND, **changed)) is None
    assert summable(Least(code="X", title="x", unit="t", decimals=0, section="environment", source=ResourceUse)) is None


def test_sums_follow_every_approval_and_every_reopening(world: World, approve: Approve) -> None:
    oil = ResourceFactory(code="oil", reported_under=world.coal, tonnes_per_m3=None)
    gas = ResourceFactory(code="gas", unit_code="m3")
    for month, site in ((1, world.hami), (2, world.hami), (1, world.baishan)):
        form = world.submission(site, month)
        put(form, oil, "1234567.000000000001", by=world.clerk)
        if month == 2:
            put_none(form, gas, CellState.NOT_MEASURED)
        else:
            put_none(form, gas, CellState.NOT_APPLICABLE)
    january = approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    february = approve(
        world.submission(world.hami, 2), world.clerk, world.reviewer, {"resource:diesel": Cell(value="0")}
    )
    approve(world.submission(world.baishan, 1), world.other_clerk, world.reviewer)
    assert_the_same(world.year)
    kept = ResourceSum.objects.get(site=world.hami, resource_item=gas)
    assert (kept.quantity, kept.row_count, kept.value_count, kept.not_applicable_count) == (None, 2, 0, 1)
    assert ResourceSum.objects.get(site=world.hami, resource_item=oil).quantity == Decimal("2469134.000000000002")

    workflow.reopen(submission_id=january.pk, user=world.lead, reason="A meter was misread.")
    assert ResourceSum.objects.get(site=world.hami, resource_item=world.diesel).quantity == 0
    assert_the_same(world.year)
    workflow.reopen(submission_id=february.pk, user=world.lead, reason="Another one.")
    assert not ResourceSum.objects.filter(site=world.hami).exists()
    assert not WasteSum.objects.filter(site=world.hami).exists()
    assert_the_same(world.year)
    approve(january, world.clerk, world.reviewer, {"resource:coal": Cell(value="7", unit="t")})
    assert ResourceSum.objects.get(site=world.hami, resource_item=world.coal).quantity == 7
    assert_the_same(world.year)


def test_one_statement_over_many_forms_counts_as_one_by_one(world: World) -> None:
    forms = [world.submission(site, month) for site in (world.hami, world.baishan) for month in range(1, 7)]
    for number, form in enumerate(forms):
        put(form, world.magnesium, str(100 + number), by=world.clerk)
        put(form, world.coal, "0.000000000001", by=world.clerk)
    approve_at_once(forms, world.other_clerk, world.reviewer)
    assert ProductionSum.objects.get(site=world.baishan).quantity == sum(range(106, 112))
    assert_the_same(world.year)
    reopen_at_once([*forms[:3], *forms[6:]], world.lead)
    assert [(each.site, each.row_count) for each in ProductionSum.objects.all()] == [(world.hami, 3)]
    assert_the_same(world.year)


def test_figures_follow_the_catalogue_and_not_the_day_of_approval(world: World, approve: Approve) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    world.magnesium.counts_as_output = False
    world.magnesium.save()
    assert compute(year=world.year, sites=[world.hami]).of("ENV-OUTPUT").value is None
    assert_the_same(world.year)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE environment_resourcesum SET quantity = quantity + 1",
        "DELETE FROM environment_resourcesum",
        "INSERT INTO environment_resourcesum (site_id, year_id, resource_item_id, row_count, value_count, "
        "not_applicable_count) SELECT site_id, year_id, resource_item_id + 1, 1, 0, 0 FROM environment_resourcesum",
        "TRUNCATE environment_resourcesum",
    ],
)
def test_nobody_writes_a_sum(world: World, approve: Approve, sql: str) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or TRUNCATE waits for checks of foreign keys
        with pytest.raises(IntegrityError, match="by the database alone|cannot be emptied"), transaction.atomic():
            cursor.execute(sql)
    assert_the_same(world.year)


def _tampered(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE environment_resourcesum DISABLE TRIGGER derived")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE environment_resourcesum ENABLE TRIGGER derived")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_tampered_sum_is_named_and_made_anew(world: World, approve: Approve) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    said = StringIO()
    call_command("verify_sums", stdout=said)
    assert said.getvalue() == "6 sum(s) hold.\n"
    _tampered(f"UPDATE environment_resourcesum SET quantity = 1 WHERE resource_item_id = {world.coal.pk}")
    _tampered(f"DELETE FROM environment_resourcesum WHERE resource_item_id = {world.diesel.pk}")
    with pytest.raises(CommandError, match="2 difference"):
        call_command("verify_sums", stdout=said)
    assert f"HAMI, 2020, resource_item_id {world.coal.pk}: kept is 1.000000000000 in all" in said.getvalue()
    assert len(list(proofs["yearly_sums"].differences())) == 2
    with pytest.raises(CommandError):
        call_command("verify_sums", "--rebuild", stdout=said)
    assert_the_same(world.year)
    with pytest.raises(IntegrityError, match="by the database alone"), transaction.atomic():
        ResourceSum.objects.update(quantity=1)


def test_nothing_is_taken_off_a_sum_that_is_gone(world: World, approve: Approve) -> None:
    form = approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    _tampered("DELETE FROM environment_resourcesum")
    with pytest.raises(IntegrityError, match="verify_sums"), transaction.atomic():
        workflow.reopen(submission_id=form.pk, user=world.lead, reason="A meter was misread.")
