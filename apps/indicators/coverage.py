"""How far the forms of a year are approved: counted by the database, added up for whatever is asked."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections

from apps.indicators.basis import Basis
from apps.indicators.figures import Coverage
from apps.organisation.models import ReportingYear, Site
from apps.submissions.choices import State
from apps.submissions.models import Submission

# The periods as an array, so that their forms are found by the period and not at each of hundreds of sites.
_COUNTED: Final = """
SELECT year, section, approved, handed_in, expected, json_agg(site)::text
FROM (
    SELECT p.year_id AS year, f.section, f.site_id AS site,
           count(*) FILTER (WHERE f.state = %(approved)s) AS approved,
           count(*) FILTER (WHERE f.state = ANY (%(handed_in)s)) AS handed_in,
           count(*) AS expected
    FROM submissions_submission f JOIN organisation_period p ON p.id = f.period_id
    WHERE f.period_id = ANY (ARRAY(SELECT id FROM organisation_period WHERE year_id = ANY (%(years)s)))
      AND f.site_id = ANY (%(sites)s)
    GROUP BY p.year_id, f.section, f.site_id
) by_site
GROUP BY year, section, approved, handed_in, expected
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlikeForms:
    """Sites at which the forms of a section are approved, handed in and expected in the same numbers."""

    section: str
    approved: int
    handed_in: int
    expected: int
    sites: frozenset[int]


class YearCoverage:
    """The forms of a year by site and section. Thousands of figures ask for the same few sections.

    Most sites of a large group have handed in alike, so that they are kept in sets and not one by one.
    """

    def __init__(self, counted: Iterable[AlikeForms]) -> None:
        self._counted: dict[str, list[AlikeForms]] = defaultdict(list)
        for forms in counted:
            self._counted[forms.section].append(forms)
        self._kept: dict[tuple[frozenset[str], int | None], Coverage] = {}
        self._places: dict[tuple[frozenset[str], Basis], frozenset[int]] = {}

    @property
    def sections(self) -> set[str]:
        """Those that somebody hands in."""
        return set(self._counted)

    def of(self, sections: frozenset[str], site: int | None) -> Coverage:
        """At a site, or over all of them."""
        key = sections, site
        if key not in self._kept:
            # How often each counts: once at the site, or at each of its sites.
            found = [
                (forms, len(forms.sites) if site is None else 1)
                for section in sections
                for forms in self._counted.get(section, ())
                if site is None or site in forms.sites
            ]
            self._kept[key] = Coverage(
                sections=sections,
                approved=sum(forms.approved * times for forms, times in found),
                handed_in=sum(forms.handed_in * times for forms, times in found),
                expected=sum(forms.expected * times for forms, times in found),
            )
        return self._kept[key]

    def places(self, sections: frozenset[str], basis: Basis) -> frozenset[int]:
        """The sites of which a form of ``sections`` counts: forms of two sections need not be in alike."""
        key = sections, basis
        if key not in self._places:
            self._places[key] = frozenset().union(
                *(
                    forms.sites
                    for section in sections
                    for forms in self._counted.get(section, ())
                    if (forms.approved if basis == Basis.APPROVED else forms.handed_in)
                )
            )
        return self._places[key]

    def of_sets(self, sets: Mapping[int, Sequence[int]]) -> "YearCoverage":
        """The same of sets of sites: each under the number that stands for it."""
        added: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for place, members in sets.items():
            together = frozenset(members)
            for forms in (each for of_section in self._counted.values() for each in of_section):
                times = len(together & forms.sites)
                if times:
                    total = added[place, forms.section]
                    total[0] += forms.approved * times
                    total[1] += forms.handed_in * times
                    total[2] += forms.expected * times
        return YearCoverage(
            AlikeForms(
                section=section, approved=counts[0], handed_in=counts[1], expected=counts[2], sites=frozenset({place})
            )
            for (place, section), counts in added.items()
        )


def read_coverage(year: ReportingYear, sites: Sequence[Site]) -> YearCoverage:
    return read_coverages([year], sites)[year.pk]


def read_coverages(years: Sequence[ReportingYear], sites: Sequence[Site]) -> dict[int, YearCoverage]:
    """By the number of the year: one query, and a row for each way in which sites are alike."""
    values: dict[str, Any] = {
        "years": [year.pk for year in years],
        "sites": [site.pk for site in sites],
        "approved": State.APPROVED.value,
        "handed_in": [State.SUBMITTED.value, State.APPROVED.value],
    }
    with connections[Submission.objects.db].cursor() as cursor:
        cursor.execute(_COUNTED, values)
        rows = cursor.fetchall()
    counted: dict[int, list[AlikeForms]] = {year.pk: [] for year in years}
    for year, section, approved, handed_in, expected, alike in rows:
        counted[year].append(
            AlikeForms(
                section=section,
                approved=approved,
                handed_in=handed_in,
                expected=expected,
                sites=frozenset(json.loads(alike)),
            )
        )
    return {year: YearCoverage(of_year) for year, of_year in counted.items()}
