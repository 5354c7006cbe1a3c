"""The made-up history: as many rows as it says, through every lock, and the same each time."""

import hashlib
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.audit.models import Change
from apps.demo.history import History
from apps.environment.models import PackagingUse, ProductionOutput, ResourceUse, WasteRecord
from apps.organisation.models import ReportingYear
from apps.submissions import checks, seals
from apps.submissions.choices import State
from apps.submissions.models import Seal, Submission
from apps.submissions.sheets import load_sheets

pytestmark = pytest.mark.django_db

SITES, YEARS, VALUES = 4, 2, 40


@pytest.fixture
def history(db: None) -> None:
    assert list(History(sites=SITES, first_year=2024, last_year=2025).make())


@pytest.mark.usefixtures("history")
def test_a_history_has_its_rows_and_each_is_in_the_audit_trail() -> None:
    written = sum(model.objects.count() for model in (ProductionOutput, ResourceUse, WasteRecord, PackagingUse))
    assert written == SITES * YEARS * 12 * VALUES
    logged = Change.objects.filter(
        table__in=[
            "environment_productionoutput",
            "environment_resourceuse",
            "environment_wasterecord",
            "environment_packaginguse",
        ]
    )
    assert Counter(logged.values_list("operation", "actor_name", "source")) == {
        ("I", "Clerk, group", "generate_history"): written
    }
    # Any two sites differ, any two months differ, and not every value is there.
    values = ResourceUse.objects.filter(resource_item__code="electricity")
    assert values.values("quantity").distinct().count() > 90
    assert {"value", "not_measured"} == set(ResourceUse.objects.values_list("state", flat=True))
    assert ReportingYear.objects.count() == YEARS + 1


@pytest.mark.usefixtures("history")
def test_forms_of_a_history_stand_as_if_people_had_handed_them_in() -> None:
    forms = Submission.objects.filter(section="environment").with_place()
    last = forms.filter(period__code="2025-12")
    assert set(last.values_list("site__code", "state")) == {
        ("HIST-001", State.DRAFT),
        ("HIST-002", State.RETURNED),
        ("HIST-003", State.APPROVED),
        ("HIST-004", State.SUBMITTED),
    }
    approved = forms.approved()
    assert approved.count() == SITES * (YEARS * 12 - 1) + 1 == Seal.objects.count()
    assert not list(seals.verify())
    filled = list(forms.filter(period__year__code__in=["2024", "2025"]))
    for sheet in load_sheets(filled).values():
        assert [finding.code for finding in checks.run(sheet)] == []
    assert set(forms.filter(period__year__code="2026").values_list("state", "revision")) == {(State.DRAFT, 0)}


@pytest.mark.usefixtures("history")
def test_a_history_is_always_the_same() -> None:
    rows = ResourceUse.objects.order_by("submission__period", "submission__site", "resource_item__code")
    # 10³ × 11/10 × (12 + 6)/15 × (900 + 878,566 mod 201)/1,000, in whole kWh.
    first = rows.get(
        resource_item__code="electricity", submission__site__code="HIST-001", submission__period__code="2024-01"
    )
    assert first.quantity == 1447
    told = repr(
        [
            (code, f"{value:f}" if value is not None else None)
            for code, value in rows.values_list("resource_item__code", "quantity")
        ]
    )
    assert hashlib.sha256(told.encode()).hexdigest()[:16] == "a3de2d7904f0a35c"


@pytest.mark.usefixtures("history")
def test_a_history_goes_into_an_empty_portal_only() -> None:
    with pytest.raises(CommandError, match="holds data"):
        call_command("generate_history", stdout=StringIO())
