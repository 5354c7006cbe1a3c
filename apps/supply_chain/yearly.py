"""The suppliers and tenders of a site in a year, as the registers have them: what the annual form copies."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, DateField, Q, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from apps.submissions.models import Submission
from apps.supply_chain.models import (
    Assessment,
    AssessmentKind,
    Supplier,
    SupplierYear,
    Tender,
    TenderState,
    TenderYear,
)


def suppliers_of(submission: Submission) -> Sequence[SupplierYear]:
    """A line for each supplier active at the site in the period, with how it stood on the last day: three questions."""
    period = submission.period
    suppliers: Any = Supplier.objects.active(period.starts_on, period.ends_on).filter(sites=submission.site_id)
    # Whoever left in the year is judged on its last day here.
    last_day = Value(period.ends_on, output_field=DateField())
    valid = Assessment.objects.valid_on(Least(Coalesce("supplier__active_until", last_day), last_day))
    kinds = set(valid.filter(supplier__in=suppliers.values("pk")).values_list("supplier_id", "kind"))
    assessed = {supplier for supplier, _kind in kinds}
    now = timezone.now()
    return [
        SupplierYear(
            submission=submission,
            supplier=supplier,
            region_id=supplier.region_id,
            is_major=supplier.is_major,
            practices_apply=supplier.practices_apply,
            is_assessed=supplier.pk in assessed,
            is_labour_audited=(supplier.pk, AssessmentKind.LABOUR.value) in kinds,
            entered_at=now,
        )
        for supplier in suppliers.order_by("-is_major", "code")
    ]


def tenders_of(submission: Submission) -> Sequence[TenderYear]:
    """A line for each tender of the site that was decided in the period and awarded: one question."""
    period = submission.period
    awarded = (
        Tender.objects.filter(
            site=submission.site_id,
            state=TenderState.AWARDED,
            decided_on__range=(period.starts_on, period.ends_on),
        )
        .annotate(
            bid_count=Count("bids", filter=Q(bids__withdrawn_at__isnull=True)),
            eliminated_count=Count("bids", filter=Q(bids__eliminated=True)),
        )
        .order_by("decided_on", "pk")
    )
    now = timezone.now()
    return [
        TenderYear(
            submission=submission,
            tender=tender,
            material_id=tender.material_id,
            decided_on=tender.decided_on,  # type: ignore[misc] # an awarded tender has its day
            bids=tender.bid_count,
            eliminated=tender.eliminated_count,
            entered_at=now,
        )
        for tender in awarded
    ]
