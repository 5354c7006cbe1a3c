"""The figures of a year: one aggregate query for each model of records, and one for the coverage."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.indicators.basis import Basis, divide, recorded
from apps.indicators.declarations import Kpi, Parts, Ratio, RecordKpi
from apps.indicators.figures import Coverage, Figure
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.organisation.models import ReportingYear, Site
from apps.submissions.choices import State
from apps.submissions.models import Record, Submission

# PostgreSQL takes 1,664 columns in a query; a KPI asks for four at most.
_KPIS_IN_A_QUERY: Final = 400
_SITE: Final = "submission__site_id"


class Figures:
    """The figures of a year at some sites and over all of them, worked out one by one as they are asked for."""

    def __init__(
        self,
        *,
        year: ReportingYear,
        sites: Sequence[Site],
        basis: Basis,
        kpis: KpiSet,
        parts: dict[str, dict[int, Parts]],
        coverage: dict[tuple[int, str], Coverage],
    ) -> None:
        self.year = year
        self.sites = sites
        self.basis = basis
        self.kpis = kpis
        self._parts = parts
        self._coverage = coverage
        self._kept: dict[tuple[str, int | None], Figure] = {}

    def of(self, code: str, site: Site | None = None) -> Figure:
        """The figure of a site, or of all the sites together."""
        key = code, site.pk if site else None
        if key not in self._kept:
            kpi = self.kpis[code]
            self._kept[key] = self._ratio(kpi, site) if isinstance(kpi, Ratio) else self._from_parts(kpi, site)
        return self._kept[key]

    def coverage(self, sections: frozenset[str] | set[str], site: Site | None = None) -> Coverage:
        found = Coverage(sections=frozenset(sections))
        for place in [site] if site else self.sites:
            for section in sections:
                found += self._coverage.get((place.pk, section), Coverage())
        return found

    def rows(self, *, group: bool, sections: frozenset[str] | None = None) -> Iterator[Figure]:
        """Every figure: of all the sites together (if asked for), then of each site."""
        for place in [*([None] if group else []), *self.sites]:
            for kpi in self.kpis:
                if sections is None or self.kpis.sections(kpi) <= sections:
                    yield self.of(kpi.code, place)

    def _from_parts(self, kpi: Kpi, site: Site | None) -> Figure:
        if not isinstance(kpi, RecordKpi):
            raise TypeError(f"{kpi.code} is neither made of records nor a ratio")
        by_site = self._parts.get(kpi.code, {})
        parts = by_site.get(site.pk, Parts()) if site else Parts.sum(by_site.values())
        coverage = self.coverage({kpi.section}, site)
        value = kpi.value(parts, handed_in=coverage.counted(self.basis))
        return Figure(
            kpi=kpi,
            site=site,
            basis=self.basis,
            value=value,
            rows=parts.rows,
            gaps=parts.gaps,
            coverage=coverage,
            reason="" if value is not None else self._reason(parts, coverage),
        )

    def _ratio(self, kpi: Ratio, site: Site | None) -> Figure:
        above, below = self.of(kpi.numerator, site), self.of(kpi.denominator, site)
        value, reason = None, ""
        if above.value is None:
            reason = above.reason
        elif below.value is None:
            reason = _("%(figure)s: %(reason)s") % {"figure": below.kpi.title, "reason": below.reason}
        elif not below.value:
            reason = _("cannot be divided: %(figure)s is zero") % {"figure": below.kpi.title}
        else:
            value = divide(above.value, below.value, kpi.factor)
        return Figure(
            kpi=kpi,
            site=site,
            basis=self.basis,
            value=value,
            numerator=above.value,
            denominator=below.value,
            rows=above.rows,
            gaps=above.gaps,
            coverage=self.coverage(self.kpis.sections(kpi), site),
            reason=reason,
        )

    def _reason(self, parts: Parts, coverage: Coverage) -> str:
        if parts.gaps:
            return _("no value was given")
        if parts.not_applicable:
            return _("not applicable")
        if not coverage.expected:
            return _("not expected here")
        if self.basis == Basis.APPROVED and not coverage.approved:
            return _("nothing approved yet")
        return _("not recorded")


def compute(
    *, year: ReportingYear, sites: Sequence[Site], basis: Basis = Basis.APPROVED, kpis: KpiSet | None = None
) -> Figures:
    """The figures of ``year`` at ``sites`` and over all of them, from approved data unless asked otherwise."""
    kpis = kpis or current_kpis()
    by_source: dict[type[Record], list[RecordKpi]] = defaultdict(list)
    for kpi in kpis:
        if isinstance(kpi, RecordKpi):
            by_source[kpi.source].append(kpi)
    parts: dict[str, dict[int, Parts]] = defaultdict(dict)
    for source, wanted in by_source.items():
        for start in range(0, len(wanted), _KPIS_IN_A_QUERY):
            _add_up(source, wanted[start : start + _KPIS_IN_A_QUERY], year, sites, basis, parts)
    return Figures(year=year, sites=sites, basis=basis, kpis=kpis, parts=parts, coverage=_coverage(year, sites))


def _add_up(
    source: type[Record],
    kpis: Sequence[RecordKpi],
    year: ReportingYear,
    sites: Sequence[Site],
    basis: Basis,
    parts: dict[str, dict[int, Parts]],
) -> None:
    queryset = recorded(source, year=year, sites=sites, basis=basis)
    for annotate in dict.fromkeys(kpi.annotate for kpi in kpis if kpi.annotate is not None):
        queryset = annotate(queryset)
    columns: dict[str, Any] = {}
    names: dict[str, dict[str, str]] = {}
    for index, kpi in enumerate(kpis):
        aggregates = kpi.aggregates()
        names[kpi.code] = {name: f"kpi{index}_{name}" for name in aggregates}
        columns.update({f"kpi{index}_{name}": aggregate for name, aggregate in aggregates.items()})
    for row in queryset.order_by().values(_SITE).annotate(**columns):
        for kpi in kpis:
            parts[kpi.code][row[_SITE]] = kpi.parts({name: row[column] for name, column in names[kpi.code].items()})


def _coverage(year: ReportingYear, sites: Sequence[Site]) -> dict[tuple[int, str], Coverage]:
    counted = (
        Submission.objects.filter(period__year=year, site__in=[site.pk for site in sites])
        .order_by()
        .values_list("site_id", "section")
        .annotate(
            approved=Count("pk", filter=Q(state=State.APPROVED)),
            handed_in=Count("pk", filter=Q(state__in=[State.SUBMITTED, State.APPROVED])),
            expected=Count("pk"),
        )
    )
    return {
        (site, section): Coverage(
            sections=frozenset({section}), approved=approved, handed_in=handed_in, expected=expected
        )
        for site, section, approved, handed_in, expected in counted
    }
