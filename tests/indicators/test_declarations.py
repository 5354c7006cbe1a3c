"""Declarations that must not be made are refused at start-up, and codes stay unambiguous."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import CombinedExpression

from apps.environment.kpis import RESOURCES
from apps.environment.models import EmissionLimit, Resource, ResourceUse, StackTest, WasteRecord
from apps.indicators.amounts import tonnes_of
from apps.indicators.checks import problems_of
from apps.indicators.declarations import Flow, Kpi, Ratio, RowCount
from apps.indicators.kpi_set import current_kpis, figure_codes, sample_kpis
from tests.factories import ResourceFactory, WasteTypeFactory, World

SOUND = Flow(code="X-FLOW", title="x", unit="t", decimals=0, section="environment", source=ResourceUse)


def complaints(kpi: Kpi) -> list[str]:
    return [str(problem.msg) for problem in problems_of(kpi, sample_kpis())]


def test_what_is_declared_is_sound() -> None:
    assert [problem for problem in run_checks() if str(problem.id).startswith("indicators.")] == []
    assert complaints(SOUND) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"where": Q(submission__evidence__name="x")}, "other ways than forward foreign keys"),
        ({"where": Q(resource_item__kind="energy") & ~Q(submission__comments__isnull=True)}, "other ways"),
        ({"amount": "resource_item__parts__gj_per_unit"}, "other ways"),
        ({"amount": F("quantity") * F("resource_item__at_sites__pk")}, "other ways"),
        ({"amount": "nonsense"}, "no column of ResourceUse"),
        ({"where": Q(quantity__gte=F("submission__comments__pk"))}, "other ways"),
        ({"amount": Subquery(EmissionLimit.objects.filter(pk=OuterRef("pk")).values("pk"))}, "subquery"),
        ({"section": "nowhere"}, "no section"),
        ({"hkex": ("energy",)}, "no HKEX provision"),
    ],
)
def test_a_kpi_that_could_count_twice_is_refused(changed: dict[str, Any], expected: str) -> None:
    (complaint,) = complaints(replace(SOUND, **changed))
    assert expected in complaint


@pytest.mark.parametrize(
    "changed",
    [
        {"where": Q(resource_item__reported_under__kind="energy", submission__site__province="x")},
        {"amount": F("quantity") * F("resource_item__gj_per_unit")},
        {"amount": CombinedExpression(F("quantity"), "*", F("resource_item__reported_under__gj_per_unit"))},
    ],
)
def test_forward_foreign_keys_are_welcome(changed: dict[str, Any]) -> None:
    assert complaints(replace(SOUND, **changed)) == []


def test_columns_of_annotate_are_known() -> None:
    where = Q(concentration_mg_m3__gte=F("limit"))
    count = RowCount(
        code="X-TESTS", title="x", unit="tests", decimals=0, section="environment", source=StackTest, where=where
    )
    assert "no column" in complaints(count)[0]
    assert complaints(replace(count, annotate=lambda tests: tests.with_limit())) == []


def test_a_ratio_names_what_is_declared() -> None:
    ratio = Ratio(
        code="X-RATIO",
        title="x",
        unit="t/t",
        decimals=1,
        section="environment",
        numerator="X",
        denominator="ENV-OUTPUT",
    )
    assert complaints(ratio) == ["KPI X-RATIO is made of 'X', which nobody declares."]


def test_amounts_in_tonnes_ask_forward_only() -> None:
    waste = replace(SOUND, source=WasteRecord, amount=tonnes_of("waste_type"))
    assert complaints(waste) == []


def test_a_new_fuel_needs_no_code(world: World) -> None:
    ResourceFactory(code="natural_gas", unit_code="Nm3", decimals=0, density_decimals=1, hkex="A2.1, A1.2")
    kpis = current_kpis()
    assert kpis["ENV-RES-NATURAL_GAS"].hkex == ("A2.1", "A1.2")
    assert kpis["ENV-RES-NATURAL_GAS-D"].unit_label == "Nm³/t"


def test_codes_are_never_ambiguous(world: World) -> None:
    """Codes that look like a density's, like another figure's, or like an older row's but for capitals."""
    ending = ResourceFactory(code="coal-d")
    capitals = ResourceFactory(code="Coal")
    hazardous = WasteTypeFactory(code="haz")
    kpis = current_kpis()
    assert kpis["ENV-RES-COAL"].title == world.coal.name
    assert kpis[f"ENV-RES-COAL-D~{ending.pk}"].title == ending.name
    assert kpis[f"ENV-RES-COAL~{capitals.pk}"].title == capitals.name
    assert kpis[f"ENV-WASTE-HAZ~{hazardous.pk}"].title == hazardous.name


def test_an_older_row_keeps_its_code() -> None:
    older, newer = Resource(pk=3, code="coal", position=9), Resource(pk=7, code="COAL", position=1)
    assert figure_codes(RESOURCES, [newer, older]) == {3: "ENV-RES-COAL", 7: "ENV-RES-COAL~7"}
