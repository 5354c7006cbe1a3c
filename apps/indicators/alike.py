"""Worked-out figures of a large group: sites whose factors are chosen alike are worked out together."""

from collections import defaultdict
from collections.abc import Hashable
from functools import cached_property
from typing import TYPE_CHECKING

from apps.indicators.calculations import Calculation
from apps.indicators.coverage import YearCoverage
from apps.indicators.declarations import Worked
from apps.indicators.parts import YearParts
from apps.organisation.models import Site

if TYPE_CHECKING:
    from apps.indicators.computation import Figures


class AlikeSites:
    """Sets of sites whose factors are chosen alike, so that worked-out figures of a large group are a few calculations.

    What all of them use of a line is added up by the database before it meets its factors. Where that could say less
    than the sites one by one (a site without any value, a factor that is not there), there is no answer.
    """

    def __init__(self, whole: "Figures", parts: YearParts, coverage: YearCoverage) -> None:
        self._whole = whole
        self._parts = parts
        self._coverage = coverage

    def read(self) -> None:
        """Reads the sums of the sets, from which those of the whole group follow."""
        _ = self._figures

    @cached_property
    def _figures(self) -> tuple["Figures", dict[int, set[str]]]:
        """The figures of each set, under its first site, and what a site of it lacks."""
        whole = self._whole
        ways = dict.fromkeys(
            (kpi.prepare, kpi.alike) for kpi in whole.kpis if isinstance(kpi, Worked) and kpi.alike is not None
        )
        chosen_by = [(whole.prepared(prepare), alike) for prepare, alike in ways]
        sets: dict[tuple[Hashable, ...], list[Site]] = defaultdict(list)
        for site in whole.sites:
            sets[tuple([alike(prepared, site) for prepared, alike in chosen_by])].append(site)
        members = [[site.pk for site in each] for each in sets.values()]
        read = self._parts.of_sets(members)
        first = [each[0] for each in members]
        figures = whole.of_sets(
            [each[0] for each in sets.values()],
            YearParts(
                {code: {first[place]: parts for place, parts in places.items()} for code, places in read.parts.items()}
            ),
            self._coverage.of_sets(dict(zip(first, members, strict=True))),
        )
        return figures, {first[place]: codes for place, codes in read.holes.items()}

    def calculations(self, kpi: Worked) -> list[Calculation] | None:
        """One for each set of sites, all with a total; None where each site has to be looked at."""
        if kpi.alike is None or not all(self._parts.is_summed(code) for code in kpi.needs):
            return None
        figures, holes = self._figures
        found: list[Calculation] = []
        for site in figures.sites:
            if not holes.get(site.pk, set()).isdisjoint(kpi.needs):
                return None
            calculation = figures.of(kpi.code, site).calculation
            if calculation is None or calculation.exact_total is None:
                return None
            found.append(calculation)
        return found
