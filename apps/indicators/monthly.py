"""The months of a year: what each adds to the figures that are made of records, and how far its forms are approved.

The filter is that of the year (``basis.recorded``), so that the months add up to the year's figure.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from apps.indicators.adding import add_up
from apps.indicators.basis import Basis
from apps.indicators.declarations import Parts, RecordKpi
from apps.indicators.figures import Coverage
from apps.organisation.choices import Frequency
from apps.organisation.models import Period, ReportingYear, Site
from apps.submissions.choices import State
from apps.submissions.models import Record, Submission

_PLACE = ("submission__site_id", "submission__period__starts_on")


@dataclass(frozen=True, kw_only=True)
class MonthValue:
    """What a month adds. ``is_partial``: some forms of the month do not count yet, so that the value may grow."""

    first_day: dt.date
    value: Decimal | None
    is_partial: bool


class MonthlyFigures:
    """Months of one year at some sites, and over all of them."""

    def __init__(
        self,
        *,
        year: ReportingYear,
        sites: Sequence[Site],
        basis: Basis,
        months: Sequence[dt.date],
        kpis: dict[str, RecordKpi],
        parts: dict[str, dict[tuple[int, dt.date], Parts]],
        coverage: dict[tuple[int, str, dt.date], Coverage],
    ) -> None:
        self.year = year
        self.sites = sites
        self.basis = basis
        self.months = months
        self._kpis = kpis
        self._parts = parts
        self._coverage = coverage

    def of(self, code: str, site: Site | None = None) -> list[MonthValue]:
        """Of every month, in order; at a site, or over all of them."""
        kpi = self._kpis[code]
        return [self._month(kpi, month, [site] if site else self.sites) for month in self.months]

    def _month(self, kpi: RecordKpi, month: dt.date, sites: Sequence[Site]) -> MonthValue:
        by_place = self._parts.get(kpi.code, {})
        found = [by_place[site.pk, month] for site in sites if (site.pk, month) in by_place]
        coverage = self.coverage(kpi.section, month, sites)
        counted = coverage.counted(self.basis)
        parts = kpi.combine(found) if found else Parts()
        return MonthValue(
            first_day=month,
            value=kpi.value(parts, handed_in=counted),
            is_partial=counted < coverage.expected,
        )

    def coverage(self, section: str, month: dt.date, sites: Sequence[Site] | None = None) -> Coverage:
        """Forms of a section for one month; a yearly form stands at the first month of the year."""
        found = Coverage(sections=frozenset({section}))
        for site in self.sites if sites is None else sites:
            found += self._coverage.get((site.pk, section, month), Coverage())
        return found


def compute_months(
    *,
    year: ReportingYear,
    sites: Sequence[Site],
    kpis: Collection[RecordKpi],
    basis: Basis = Basis.APPROVED,
) -> MonthlyFigures:
    """One query for each model of records, one for the forms and one for the months, however many sites there are.

    Raises ValueError for figures about groups of people: what is withheld of a year could follow from its months.
    """
    if any(kpi.people or kpi.counts_people for kpi in kpis):
        raise ValueError("figures about groups of people have no months")
    by_source: dict[type[Record], list[RecordKpi]] = defaultdict(list)
    for kpi in kpis:
        by_source[kpi.source].append(kpi)
    parts: dict[str, dict[tuple[int, dt.date], Parts]] = defaultdict(dict)
    for source, wanted in by_source.items():
        for (site_id, month), found in add_up(source, wanted, year=year, sites=sites, basis=basis, by=_PLACE):
            for code, part in found.items():
                parts[code][site_id, month] = part
    months = Period.objects.filter(year=year, frequency=Frequency.MONTH).order_by("starts_on")
    return MonthlyFigures(
        year=year,
        sites=sites,
        basis=basis,
        months=list(months.values_list("starts_on", flat=True)),
        kpis={kpi.code: kpi for kpi in kpis},
        parts=parts,
        coverage=_coverage(year, sites),
    )


def _coverage(year: ReportingYear, sites: Sequence[Site]) -> dict[tuple[int, str, dt.date], Coverage]:
    counted = (
        Submission.objects.filter(period__year=year, site__in=[site.pk for site in sites])
        .order_by()
        .values_list("site_id", "section", "period__starts_on")
        .annotate(
            approved=Count("pk", filter=Q(state=State.APPROVED)),
            handed_in=Count("pk", filter=Q(state__in=[State.SUBMITTED, State.APPROVED])),
            expected=Count("pk"),
        )
    )
    return {
        (site, section, month): Coverage(
            sections=frozenset({section}), approved=approved, handed_in=handed_in, expected=expected
        )
        for site, section, month, approved, handed_in, expected in counted
    }
