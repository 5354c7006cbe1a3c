"""How far the forms of a year are approved: counted by the database, added up for whatever is asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Q

from apps.indicators.basis import Basis
from apps.indicators.figures import Coverage
from apps.organisation.models import ReportingYear, Site
from apps.organisation.sites_in import at_sites
from apps.submissions.choices import State
from apps.submissions.models import Submission

# Approved, handed in, expected.
Counts = tuple[int, int, int]


class YearCoverage:
    """The forms of a year by site and section. Thousands of figures ask for the same few sections."""

    def __init__(self, counted: Mapping[tuple[int, str], Counts]) -> None:
        self._counted = counted
        self._totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for (_site, section), counts in counted.items():
            total = self._totals[section]
            for place, count in enumerate(counts):
                total[place] += count
        self._kept: dict[tuple[frozenset[str], int | None], Coverage] = {}
        self._places: dict[tuple[frozenset[str], Basis], frozenset[int]] = {}

    @property
    def sections(self) -> set[str]:
        """Those that somebody hands in."""
        return set(self._totals)

    def of(self, sections: frozenset[str], site: int | None) -> Coverage:
        """At a site, or over all of them."""
        key = sections, site
        if key not in self._kept:
            found = [
                self._counted.get((site, section), (0, 0, 0))
                if site is not None
                else self._totals.get(section, (0, 0, 0))
                for section in sections
            ]
            self._kept[key] = Coverage(
                sections=sections,
                approved=sum(counts[0] for counts in found),
                handed_in=sum(counts[1] for counts in found),
                expected=sum(counts[2] for counts in found),
            )
        return self._kept[key]

    def places(self, sections: frozenset[str], basis: Basis) -> frozenset[int]:
        """The sites of which a form of ``sections`` counts: forms of two sections need not be in alike."""
        key = sections, basis
        if key not in self._places:
            counted = 0 if basis == Basis.APPROVED else 1
            self._places[key] = frozenset(
                site for (site, section), counts in self._counted.items() if section in sections and counts[counted]
            )
        return self._places[key]

    def of_sets(self, sets: Mapping[int, Iterable[int]]) -> "YearCoverage":
        """The same of sets of sites: each under the number that stands for it."""
        stands_for = {site: place for place, members in sets.items() for site in members}
        added: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for (site, section), counts in self._counted.items():
            if site in stands_for:
                total = added[stands_for[site], section]
                for place, count in enumerate(counts):
                    total[place] += count
        return YearCoverage({key: (counts[0], counts[1], counts[2]) for key, counts in added.items()})


def read_coverage(year: ReportingYear, sites: Sequence[Site]) -> YearCoverage:
    return read_coverages([year], sites)[year.pk]


def read_coverages(years: Sequence[ReportingYear], sites: Sequence[Site]) -> dict[int, YearCoverage]:
    """By the number of the year: one query, however many years and sites there are."""
    rows = (
        Submission.objects.filter(at_sites("site_id", sites), period__year__in=[year.pk for year in years])
        .order_by()
        .values_list("period__year_id", "site_id", "section")
        .annotate(
            approved=Count("pk", filter=Q(state=State.APPROVED)),
            handed_in=Count("pk", filter=Q(state__in=[State.SUBMITTED, State.APPROVED])),
            expected=Count("pk"),
        )
    )
    counted: dict[int, dict[tuple[int, str], Counts]] = {year.pk: {} for year in years}
    for year_id, site, section, approved, handed_in, expected in rows:
        counted[year_id][site, section] = approved, handed_in, expected
    return {year_id: YearCoverage(of_year) for year_id, of_year in counted.items()}
