"""What the checks need from outside a month: a fixed number of questions for all sheets."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from apps.community.models import Contribution
from apps.submissions.findings import row_id
from apps.submissions.models import Evidence
from apps.submissions.sheets import Sheet

OTHERS: Final = "other_contributions"
PROVEN: Final = "proven_rows"
# What was given longer ago than this is no yardstick, and nobody enters it again.
YEARS_AROUND: Final = 2


def _around(start: dt.date) -> tuple[dt.date, dt.date]:
    """The first days of the months 24 before and 24 after the one that begins on ``start``."""
    return start.replace(year=start.year - YEARS_AROUND), start.replace(year=start.year + YEARS_AROUND)


def other_months(sheets: Sequence[Sheet]) -> None:
    """For each sheet the contributions of the site's other months, and the rows of this one that have evidence.

    A month knows the 24 before it and, while it is open, the 24 after it. When it is closed, what is entered later is
    asked about where it is entered.
    """
    if not sheets:
        return
    sites = {sheet.submission.site_id for sheet in sheets}
    spans = [_around(sheet.submission.period.starts_on) for sheet in sheets]
    span = (min(first for first, _ in spans), max(last for _, last in spans))
    contributions: Any = Contribution.objects.filter(
        submission__site__in=sites, submission__period__starts_on__range=span
    )
    contributions = contributions.select_related("submission__period")
    by_site: dict[int, list[Contribution]] = defaultdict(list)
    for contribution in contributions.order_by("given_on", "pk"):
        by_site[contribution.submission.site_id].append(contribution)
    files = Evidence.objects.filter(
        submission__in=[sheet.submission.pk for sheet in sheets], row__startswith=row_id("contribution", "")
    )
    proven: dict[int, set[str]] = defaultdict(set)
    for submission_id, row in files.values_list("submission_id", "row"):
        proven[submission_id].add(row)
    for sheet in sheets:
        own = sheet.submission
        start = own.period.starts_on
        first, last = _around(start)
        last = last if own.is_open else start
        sheet.beside[PROVEN] = proven[own.pk]
        sheet.beside[OTHERS] = [
            each
            for each in by_site[own.site_id]
            if each.submission_id != own.pk and first <= each.submission.period.starts_on <= last
        ]
