"""Records for tests of figures, put straight into open submissions."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.core.units import UNITS, factor_between, scale
from apps.environment.models import (
    PackagingMaterial,
    PackagingUse,
    Product,
    ProductionOutput,
    Resource,
    ResourceUse,
    StackTest,
    WasteRecord,
    WasteType,
)
from apps.submissions.choices import CellState, Method
from apps.submissions.models import Submission

_KINDS: dict[type[Any], tuple[type[Any], str]] = {
    Resource: (ResourceUse, "resource_item"),
    Product: (ProductionOutput, "product"),
    WasteType: (WasteRecord, "waste_type"),
    PackagingMaterial: (PackagingUse, "material"),
}


def put(
    submission: Submission, item: Any, value: str | Decimal, unit: str = "", by: User | None = None, **fields: Any
) -> Any:
    """A quantity of a catalogue row, typed in ``unit`` (else in the row's own)."""
    model, name = _KINDS[type(item)]
    entered, typed_unit = Decimal(value), UNITS[unit or item.unit_code]
    factor = factor_between(typed_unit, item.unit, item.tonnes_per_m3)
    assert factor is not None
    return model.objects.create(
        submission=submission,
        state=CellState.VALUE,
        method=Method.METERED,
        entered_value=entered,
        entered_unit=typed_unit.code,
        quantity=scale(entered, factor),
        entered_by=by,
        entered_at=timezone.now(),
        **{name: item},
        **fields,
    )


def put_none(submission: Submission, item: Any, state: CellState, **fields: Any) -> Any:
    """A row that says why there is no value."""
    model, name = _KINDS[type(item)]
    return model.objects.create(
        submission=submission, state=state, note="a reason", entered_at=timezone.now(), **{name: item}, **fields
    )


def put_test(submission: Submission, stack: Any, pollutant: Any, value: str, **fields: Any) -> StackTest:
    """A measured concentration, on the first day of the month unless said otherwise."""
    return StackTest.objects.create(
        submission=submission,
        stack=stack,
        pollutant=pollutant,
        concentration_mg_m3=Decimal(value),
        entered_at=timezone.now(),
        **{"tested_on": submission.period.starts_on, "report_number": f"R-{value}", **fields},
    )
