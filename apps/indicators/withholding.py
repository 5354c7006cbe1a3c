"""What figures about small groups say nothing of, year by year."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from apps.indicators.basis import Basis, year_before
from apps.indicators.declarations import Parts
from apps.indicators.kpi_set import KpiSet
from apps.indicators.parts import YearParts, from_records
from apps.indicators.suppression import Cell, Small, find_small
from apps.organisation.models import ReportingYear, Site

Sizes = dict[str, dict[int, Parts]]


class Withholding:
    """Over every site, whoever asks and for whatever place: what one page withholds another must not show.

    ``parts`` are those of the years that are looked at together, at ``sites``.
    """

    def __init__(self, sites: Sequence[Site], basis: Basis, kpis: KpiSet, parts: Mapping[int, YearParts]) -> None:
        self._sites = sites
        self._basis = basis
        self._kpis = kpis
        self._parts = parts
        self._sizes: dict[int, Sizes] = {}

    def of(self, year: ReportingYear, *, reveal: bool) -> Small:
        also = self._withheld_before(year)
        return find_small(self._kpis.sizes, self._sizes_in(year), also=also, revealed=reveal)

    @cached_property
    def _everywhere(self) -> list[Site]:
        return list(Site.objects.all())

    @cached_property
    def _knows_all(self) -> bool:
        """Whether the parts that are there anyway are those of every site."""
        is_every_site = {site.pk for site in self._sites} == {site.pk for site in self._everywhere}
        return is_every_site and all(kpi.code in self._kpis for kpi in self._kpis.sizes)

    def _sizes_in(self, year: ReportingYear) -> Sizes:
        if year.pk not in self._sizes:
            if self._knows_all and year.pk in self._parts:
                self._sizes[year.pk] = self._parts[year.pk].by_site(self._kpis.sizes)
            else:
                self._sizes[year.pk] = from_records(year, self._everywhere, self._basis, self._kpis.sizes)
        return self._sizes[year.pk]

    def _withheld_before(self, year: ReportingYear) -> set[Cell]:
        """What the year before withheld and this one would print again as its opening figure."""
        before = year_before(year)
        if before is None:
            return set()
        small = find_small(self._kpis.sizes, self._sizes_in(before))
        carried = {kpi.carried_from: kpi.code for kpi in self._kpis.sizes if kpi.carried_from}
        return {(carried[code], place) for code, place in small.cells if code in carried}
