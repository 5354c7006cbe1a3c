"""What the checks need from outside a form: a fixed number of questions for all sheets."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from apps.product_responsibility.models import CertificateFile, Complaint, ComplaintClosing, ProductSale, Recall
from apps.submissions.sheets import HISTORY_MONTHS, Sheet, months_back

OPEN_COMPLAINTS: Final = "open_complaints"
SOLD: Final = "sold"
RECALLS: Final = "recalls"
FILED: Final = "filed"


def earlier_months(sheets: Sequence[Sheet]) -> None:
    """For each sheet the complaints that were still open when its month began, and what the site sold and recalled."""
    _complaints(sheets)
    _sales(sheets)
    _recalls(sheets)


def files_of_certificates(sheets: Sequence[Sheet]) -> None:
    """For each sheet of a year the ids of the certificates of its site of which a file is kept."""
    files = CertificateFile.objects.filter(certificate__site__in=_sites(sheets))
    filed = set(files.values_list("certificate_id", flat=True))
    for sheet in sheets:
        sheet.beside[FILED] = filed


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


def _recalls(sheets: Sequence[Sheet]) -> None:
    """The recalls of other months of the site. A month that is closed asks about earlier ones alone: what is entered
    after it is asked about where it is entered.
    """
    recalls: Any = Recall.objects.filter(submission__site__in=_sites(sheets)).select_related("submission__period")
    by_site: dict[int, list[Recall]] = defaultdict(list)
    for recall in recalls:
        by_site[recall.submission.site_id].append(recall)
    for sheet in sheets:
        own = sheet.submission
        sheet.beside[RECALLS] = [
            recall
            for recall in by_site[own.site_id]
            if recall.submission_id != own.pk
            and (own.is_open or recall.submission.period.starts_on < own.period.starts_on)
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
