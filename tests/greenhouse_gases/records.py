"""What sites used, put straight into open forms, and next versions of factors."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.environment.models import Product, ProductionOutput, Resource, ResourceUse
from apps.greenhouse_gases import services
from apps.greenhouse_gases.models import Factor
from apps.organisation.models import ReportingYear
from apps.reporting.models import Edition
from apps.submissions.choices import CellState, Method
from apps.submissions.models import Submission


def typed(item: Any, value: str) -> dict[str, Any]:
    return {
        "state": CellState.VALUE,
        "method": Method.RECORDED,
        "entered_value": Decimal(value),
        "entered_unit": item.unit_code,
        "quantity": Decimal(value),
        "entered_at": timezone.now(),
    }


def used(form: Submission, code: str, value: str) -> ResourceUse:
    item = Resource.objects.get(code=code)
    return ResourceUse.objects.create(submission=form, resource_item=item, **typed(item, value))


def made(form: Submission, code: str, value: str) -> ProductionOutput:
    item = Product.objects.get(code=code)
    return ProductionOutput.objects.create(submission=form, product=item, **typed(item, value))


def the_year_2020(form: Submission, coal: str = "coal_bituminous") -> None:
    """What the group reported for 2020, with a grade for its coal."""
    used(form, "electricity", "55320585")
    used(form, coal, "106352")
    used(form, "diesel", "831")
    made(form, "magnesium_ingot", "39641")


def version(code: str, value: str, place: str = "", user: User | None = None, **changed: Any) -> Factor:
    """The next version of a shipped factor, not stored: "coal_bituminous.ncv" or "electricity.grid" at a place."""
    subject, _dot, parameter = code.partition(".")
    found = Factor.objects.filter(subject=subject, parameter=parameter).order_by("-version")
    newest = next(factor for factor in found if factor.place == place)
    told: dict[str, Any] = {
        name: getattr(newest, name)
        for name in ("subject", "parameter", "region", "series", "gwp_set", "unit", "valid_from", "valid_until")
    }
    told |= {"document": "Test report 7", "confidence": "verified", "reason": "A measurement of the plant"}
    told |= {"version": newest.version + 1, "added_by": user}
    return Factor(value=Decimal(value), **(told | changed))


def publish(year: ReportingYear, user: User) -> None:
    """The least that makes a year a published one: an edition that says nothing, with the factors of the year."""
    content = json.dumps({"number": 1, "previous_sha256": ""})
    Edition.objects.create(
        year=year,
        number=1,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        published_by=user,
        published_at=timezone.now(),
    )
    services.pin(year, 1, services.factors_for(year))
    year.published_at = timezone.now()
    year.save()
