"""The parts of the figures of a year: from the yearly sums where those say as much, else from the records.

Of a large group the sums are added up by the database, over all sites or over sets of them; those of single sites are
read when somebody asks for one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from apps.indicators.adding import add_up
from apps.indicators.basis import Basis
from apps.indicators.declarations import Parts, RecordKpi
from apps.indicators.sums.conditions import summable
from apps.indicators.sums.reading import SumReader, SumsRead, Ways
from apps.organisation.models import ReportingYear, Site
from apps.submissions.models import Record

# PostgreSQL takes 1,664 columns in a query; a KPI asks for four at most.
_KPIS_IN_A_QUERY: Final = 400
_YEAR_AND_SITE: Final = ("submission__period__year_id", "submission__site_id")
# So many sites are read one by one and added up here: their lines are no more than one page shows.
FEW_SITES: Final = 25


class YearParts:
    """The parts of figures by site: ``by_site`` those that are known, the others as ``reader`` finds them."""

    def __init__(
        self,
        by_site: dict[str, dict[int, Parts]],
        *,
        year: int = 0,
        sites: Sequence[int] = (),
        summed: Mapping[str, RecordKpi] | None = None,
        reader: SumReader | None = None,
        known: SumsRead | None = None,
    ) -> None:
        self._by_site = by_site
        self._year = year
        self._sites = sites
        self._summed = summed or {}
        self._reader = reader
        self._read: set[int] = set()
        self._whole: dict[str, Parts] = {}
        self.is_large = bool(self._summed) and len(sites) > FEW_SITES
        if known is not None:
            self._take(known, sites)

    def look_at(self, sites: Iterable[int]) -> None:
        """Reads the sums of some sites, with one query for each model of sums."""
        unread = [site for site in sites if site not in self._read]
        if unread and self._reader is not None:
            self._take(self._reader.of_sites(unread, self._year)[self._year], unread)

    def _take(self, read: SumsRead, sites: Iterable[int]) -> None:
        for code, places in read.parts.items():
            self._by_site.setdefault(code, {}).update(places)
        self._read.update(sites)

    def forget(self, sites: Iterable[int]) -> None:
        """Drops the sums of some sites of a large group; a small one keeps them, since the whole is made of them."""
        gone = self._read.intersection(sites) if self.is_large else set()
        for code in self._summed if gone else ():
            for site in gone:
                self._by_site.get(code, {}).pop(site, None)
        self._read -= gone

    def at(self, kpi: RecordKpi, site: int) -> Parts:
        if kpi.code in self._summed and site not in self._read:
            self.look_at(self._sites)
        return self._by_site.get(kpi.code, {}).get(site, Parts())

    def everywhere(self, kpi: RecordKpi) -> Parts:
        if kpi.code not in self._whole:
            if self.is_large and kpi.code in self._summed:
                self.of_sets([self._sites])
            else:
                self._whole[kpi.code] = kpi.combine(self._by_site.get(kpi.code, {}).values())
        return self._whole[kpi.code]

    def by_site(self, kpis: Iterable[RecordKpi]) -> dict[str, dict[int, Parts]]:
        """Of every site."""
        wanted = list(kpis)
        if any(kpi.code in self._summed for kpi in wanted):
            self.look_at(self._sites)
        return {kpi.code: self._by_site.get(kpi.code, {}) for kpi in wanted}

    def is_summed(self, code: str) -> bool:
        return code in self._summed

    def of_sets(self, sets: Sequence[Sequence[int]]) -> SumsRead:
        """Sets of sites that together are all of them; what all of them say follows from it."""
        read = self._reader.of_sets(sets, self._year) if self._reader is not None else SumsRead()
        for code, kpi in self._summed.items():
            self._whole[code] = kpi.combine(read.parts.get(code, {}).values())
        return read


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How the parts of some figures are read: ``ways`` of those that sums give, ``others`` from the records."""

    summed: Mapping[str, RecordKpi]
    ways: Ways
    others: Sequence[RecordKpi]
    speaks_of_people: bool

    @classmethod
    def of(cls, kpis: Iterable[RecordKpi], basis: Basis) -> "Plan":
        """Provisional figures count open forms too, of which there are no sums."""
        ways = {kpi: summable(kpi) if basis == Basis.APPROVED else None for kpi in kpis}
        summed = {kpi: way for kpi, way in ways.items() if way is not None}
        return cls(
            summed={kpi.code: kpi for kpi in summed},
            ways=Ways(summed),
            others=[kpi for kpi in ways if kpi not in summed],
            speaks_of_people=any(kpi.people for kpi in ways),
        )


def read_parts(year: ReportingYear, sites: Sequence[Site], basis: Basis, kpis: Iterable[RecordKpi]) -> YearParts:
    return read_parts_of([year], sites, basis, Plan.of(kpis, basis))[year.pk]


def read_parts_of(
    years: Sequence[ReportingYear], sites: Sequence[Site], basis: Basis, plan: Plan
) -> dict[int, YearParts]:
    """Those of the figures of ``plan`` at ``sites``, by the number of the year, with as many queries as one year."""
    by_site = _by_site(years, sites, basis, plan.others)
    numbers = [site.id for site in sites]
    reader = SumReader(years, plan.ways) if plan.summed else None
    known = reader.of_sites(numbers) if reader is not None and len(numbers) <= FEW_SITES else {}
    return {
        year.pk: YearParts(
            by_site[year.pk],
            year=year.pk,
            sites=numbers,
            summed=plan.summed,
            reader=reader,
            known=known.get(year.pk),
        )
        for year in years
    }


def from_records(
    year: ReportingYear, sites: Sequence[Site], basis: Basis, kpis: Sequence[RecordKpi]
) -> dict[str, dict[int, Parts]]:
    """One query for each model of records."""
    return _by_site([year], sites, basis, kpis)[year.pk]


def _by_site(
    years: Sequence[ReportingYear], sites: Sequence[Site], basis: Basis, kpis: Sequence[RecordKpi]
) -> dict[int, dict[str, dict[int, Parts]]]:
    by_source: dict[type[Record], list[RecordKpi]] = defaultdict(list)
    for kpi in kpis:
        by_source[kpi.source].append(kpi)
    parts: dict[int, dict[str, dict[int, Parts]]] = {year.pk: defaultdict(dict) for year in years}
    for source, wanted in by_source.items():
        for start in range(0, len(wanted), _KPIS_IN_A_QUERY):
            some = wanted[start : start + _KPIS_IN_A_QUERY]
            for (year, site), found in add_up(source, some, years=years, sites=sites, basis=basis, by=_YEAR_AND_SITE):
                for code, part in found.items():
                    parts[year][code][site] = part
    return parts
