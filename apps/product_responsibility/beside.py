"""What the checks of a month need from earlier months of the same site: a fixed number of questions for all sheets."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from apps.product_responsibility.models import Complaint, ComplaintClosing, ProductSale
from apps.submissions.sheets import HISTORY_MONTHS, Sheet, months_back

OPEN_COMPLAINTS: Final = "open_complaints"
SOLD: Final = "sold"


def earlier_months(sheets: Sequence[Sheet]) -> None:
    """For each sheet the complaints that were still open when its month began, and what the site sold lately."""
    _complaints(sheets)
    _sales(sheets)


def _sites(sheets: Sequence[Sheet]) -> set[int]:
    return {sheet.submission.site_id for sheet in sheets}


def _complaints(sheets: Sequence[Sheet]) -> None:
    last = max(sheet.submission.period.starts_on for sheet in sheets)
    complaints: Any = Complaint.objects.filter(
        submission__site__in=_sites(sheets), submission__period__starts_on__lt=last, closed_on__isnull=True
    )
    by_site: dict[int, list[Complaint]] = defaultdict(list)
    for complaint in complaints.select_related("submission__period", "category"):
        by_site[complaint.submission.site_id].append(complaint)
    closings: Any = ComplaintClosing.objects.filter(submission__site__in=_sites(sheets))
    closed_in: dict[int, dt.date] = dict(closings.values_list("complaint_id", "submission__period__starts_on"))
    for sheet in sheets:
        start = sheet.submission.period.starts_on
        sheet.beside[OPEN_COMPLAINTS] = [
            complaint
            for complaint in by_site[sheet.submission.site_id]
            if complaint.submission.period.starts_on < start and closed_in.get(complaint.pk, start) >= start
        ]


def _sales(sheets: Sequence[Sheet]) -> None:
    """The quantities of twelve months to the end of the sheet's own, by product."""
    first = months_back(min(sheet.submission.period.starts_on for sheet in sheets), HISTORY_MONTHS - 1)
    last = max(sheet.submission.period.starts_on for sheet in sheets)
    sales: Any = ProductSale.objects.filter(
        submission__site__in=_sites(sheets),
        submission__period__starts_on__range=(first, last),
        quantity__isnull=False,
    )
    found = list(sales.values_list("submission__site_id", "submission__period__starts_on", "product_id", "quantity"))
    for sheet in sheets:
        start = sheet.submission.period.starts_on
        sold: dict[int, Decimal] = defaultdict(Decimal)
        for site_id, month, product_id, quantity in found:
            if site_id == sheet.submission.site_id and months_back(start, HISTORY_MONTHS - 1) <= month <= start:
                sold[product_id] += quantity
        sheet.beside[SOLD] = sold
