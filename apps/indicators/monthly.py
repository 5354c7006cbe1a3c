"""The months of a year: what each adds to the figures that are made of records, and how far its forms are approved.

The filter is that of the year (``basis.recorded``), so that the months add up to the year's figure.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q

from apps.indicators.adding import add_up
from apps.indicators.basis import Basis
from apps.indicators.declarations import Parts, RecordKpi
from apps.indicators.figures import Coverage
from apps.organisation.choices import Frequency
from apps.organisation.models import Period, ReportingYear, Site
from apps.organisation.sites_in import at_sites
from apps.submissions.choices import State
from apps.submissions.models import Record, Submission

_SITE: Final = "submission__site_id"
_MONTH: Final = "submission__period__starts_on"
# Stands for all sites together, where the database added them up.
_EVERYWHERE: Final = 0


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
        places: Sequence[int],
        basis: Basis,
        months: Sequence[dt.date],
        kpis: dict[str, RecordKpi],
        parts: dict[str, dict[tuple[int, dt.date], Parts]],
        coverage: dict[tuple[int, str, dt.date], Coverage],
    ) -> None:
        self.year = year
        self._places = places
        self.basis = basis
        self.months = months
        self._kpis = kpis
        self._parts = parts
        self._coverage = coverage

    def of(self, code: str, site: Site | None = None) -> list[MonthValue]:
        """Of every month, in order; at a site, or over all of them."""
        kpi = self._kpis[code]
        return [self._month(kpi, month, [site.pk] if site else self._places) for month in self.months]

    def _month(self, kpi: RecordKpi, month: dt.date, places: Sequence[int]) -> MonthValue:
        by_place = self._parts.get(kpi.code, {})
        found = [by_place[place, month] for place in places if (place, month) in by_place]
        coverage = self.coverage(kpi.section, month, places)
        counted = coverage.counted(self.basis)
        parts = kpi.combine(found) if found else Parts()
        return MonthValue(
            first_day=month,
            value=kpi.value(parts, handed_in=counted),
            is_partial=counted < coverage.expected,
        )

    def coverage(self, section: str, month: dt.date, places: Sequence[int] | None = None) -> Coverage:
        """Forms of a section for one month; a yearly form stands at the first month of the year."""
        found = Coverage(sections=frozenset({section}))
        for place in self._places if places is None else places:
            found += self._coverage.get((place, section, month), Coverage())
        return found


def compute_months(
    *,
    year: ReportingYear,
    sites: Sequence[Site],
    kpis: Collection[RecordKpi],
    basis: Basis = Basis.APPROVED,
) -> MonthlyFigures:
    """The months of one year."""
    return compute_months_of([year], sites=sites, kpis=kpis, basis=basis)[0]


def compute_months_of(
    years: Sequence[ReportingYear],
    *,
    sites: Sequence[Site],
    kpis: Collection[RecordKpi],
    basis: Basis = Basis.APPROVED,
    by_site: bool = True,
) -> list[MonthlyFigures]:
    """One query for each model of records, one for the forms and one for the months, however many years and sites.

    Without ``by_site`` the database adds up the sites, and only all of them together can be asked for.

    Raises ValueError for figures about groups of people: what is withheld of a year could follow from its months.
    """
    if any(kpi.people or kpi.counts_people for kpi in kpis):
        raise ValueError("figures about groups of people have no months")
    by_source: dict[type[Record], list[RecordKpi]] = defaultdict(list)
    for kpi in kpis:
        by_source[kpi.source].append(kpi)
    parts: dict[str, dict[tuple[int, dt.date], Parts]] = defaultdict(dict)
    for source, wanted in by_source.items():
        by = (_MONTH, _SITE) if by_site else (_MONTH,)
        for (month, *site), found in add_up(source, wanted, years=years, sites=sites, basis=basis, by=by):
            for code, part in found.items():
                parts[code][site[0] if site else _EVERYWHERE, month] = part
    months: dict[int, list[dt.date]] = defaultdict(list)
    periods = Period.objects.filter(year__in=[year.pk for year in years], frequency=Frequency.MONTH)
    for year_id, starts_on in periods.order_by("starts_on").values_list("year_id", "starts_on"):
        months[year_id].append(starts_on)
    coverage = _coverage(years, sites, by_site=by_site)
    return [
        MonthlyFigures(
            year=year,
            places=[site.pk for site in sites] if by_site else [_EVERYWHERE],
            basis=basis,
            months=months[year.pk],
            kpis={kpi.code: kpi for kpi in kpis},
            # A month is of one year, so that what is known of the others does no harm.
            parts=parts,
            coverage=coverage,
        )
        for year in years
    ]


def _coverage(
    years: Sequence[ReportingYear], sites: Sequence[Site], *, by_site: bool
) -> dict[tuple[int, str, dt.date], Coverage]:
    counted = (
        Submission.objects.filter(at_sites("site_id", sites), period__year__in=[year.pk for year in years])
        .order_by()
        .values_list("section", "period__starts_on", *(["site_id"] if by_site else []))
        .annotate(
            approved=Count("pk", filter=Q(state=State.APPROVED)),
            handed_in=Count("pk", filter=Q(state__in=[State.SUBMITTED, State.APPROVED])),
            expected=Count("pk"),
        )
    )
    return {
        (site[0] if site else _EVERYWHERE, section, month): Coverage(
            sections=frozenset({section}), approved=approved, handed_in=handed_in, expected=expected
        )
        for section, month, *site, approved, handed_in, expected in counted
    }
