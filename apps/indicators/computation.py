"""The figures of a year: one query for each model of sums or records, and one for the coverage."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.indicators.alike import AlikeSites
from apps.indicators.basis import Basis, divide, exactly
from apps.indicators.calculations import Calculation, decimal_of
from apps.indicators.coverage import YearCoverage, read_coverages
from apps.indicators.declarations import Chosen, Kpi, Parts, Ratio, RecordKpi, Total, Worked, YearMean
from apps.indicators.figures import Coverage, Figure, reason_without_value
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.indicators.parts import Plan, YearParts, read_parts_of
from apps.indicators.preparation import Prepare, PreparedYears
from apps.indicators.published import PublishedYear
from apps.indicators.suppression import Small
from apps.indicators.withholding import Withholding
from apps.organisation.models import ReportingYear, Site

# What is said of a figure without a value whatever it is about: the same words in one language everywhere.
PLAIN_REASONS: Final = (
    gettext_noop("withheld"),
    gettext_noop("no value was given"),
    gettext_noop("not applicable"),
    gettext_noop("not expected here"),
    gettext_noop("nothing approved yet"),
    gettext_noop("not recorded"),
)


class Figures:
    """The figures of a year at some sites and over all of them, worked out one by one as they are asked for."""

    def __init__(
        self,
        *,
        year: ReportingYear,
        sites: Sequence[Site],
        basis: Basis,
        kpis: KpiSet,
        parts: YearParts,
        coverage: YearCoverage,
        small: Small,
        prepared: Mapping[Prepare, Any],
        years: PreparedYears | None = None,
        published: PublishedYear | None = None,
        language: str = "",
    ) -> None:
        self.year = year
        self.sites = sites
        self.basis = basis
        self.kpis = kpis
        self._parts = parts
        self._coverage = coverage
        self._small = small
        self._prepared = dict(prepared)
        self._years = years or PreparedYears(years=[year])
        self._published = published
        self._language = language
        self._conventions: dict[Callable[[ReportingYear], str], str] = {}
        self._kept: dict[tuple[str, int | None], Figure] = {}

    def of(self, code: str, site: Site | None = None) -> Figure:
        """The figure of a site, or of all the sites together."""
        key = code, site.id if site is not None else None
        if key not in self._kept:
            # What a figure says stands in the language of whoever asks first, unless one was named.
            with translation.override(self._language) if self._is_in_another_language else nullcontext():
                figure = self._work_out(self.kpis[code], site)
            if self._published is not None:
                place = site.code if site else ""
                figure = replace(figure, published=self._published.of(code, place))
            self._kept[key] = figure
        return self._kept[key]

    @property
    def edition(self) -> int:
        """The number of the edition that the figures are held against, 0 for none."""
        return self._published.number if self._published else 0

    @property
    def _is_in_another_language(self) -> bool:
        return bool(self._language) and translation.get_language() != self._language

    def worded(self, kpis: KpiSet, language: str) -> "Figures":
        """The same figures in the words of ``language``, in which ``kpis`` were read."""
        return Figures(
            year=self.year,
            sites=self.sites,
            basis=self.basis,
            kpis=kpis,
            parts=self._parts,
            coverage=self._coverage,
            small=self._small,
            prepared=self._prepared,
            years=self._years,
            published=self._published,
            language=language,
        )

    def of_sets(self, sites: Sequence[Site], parts: YearParts, coverage: YearCoverage) -> "Figures":
        """Of sets of sites, each under its first one; nothing of them is printed, and nothing withheld."""
        return Figures(
            year=self.year,
            sites=sites,
            basis=self.basis,
            kpis=self.kpis,
            parts=parts,
            coverage=coverage,
            small=Small(cells=frozenset()),
            prepared=self._prepared,
            years=self._years,
        )

    def _work_out(self, kpi: Kpi, site: Site | None) -> Figure:
        if isinstance(kpi, RecordKpi):
            return self._from_parts(kpi, site)
        if isinstance(kpi, Ratio):
            return self._ratio(kpi, site)
        if isinstance(kpi, Total):
            return self._total(kpi, site)
        if isinstance(kpi, YearMean):
            return self._year_mean(kpi, site)
        if isinstance(kpi, Worked):
            return self._worked(kpi, site)
        if isinstance(kpi, Chosen):
            return replace(self.of(self.chosen(kpi), site), kpi=kpi)
        raise TypeError(f"{kpi.code} is neither made of records nor of other figures")

    def chosen(self, kpi: Chosen) -> str:
        """The code of the figure that the convention of the year makes of ``kpi``."""
        if kpi.choose not in self._conventions:
            self._conventions[kpi.choose] = kpi.choose(self.year)
        return kpi.options[self._conventions[kpi.choose]]

    def coverage(self, sections: frozenset[str] | set[str], site: Site | None = None) -> Coverage:
        return self._coverage.of(frozenset(sections), site.id if site else None)

    def look_at(self, sites: Sequence[Site]) -> None:
        """Says which sites are about to be shown: without it the first one asked for has all of them read."""
        self._parts.look_at([site.pk for site in sites])

    def afresh(self) -> "Figures":
        """The same figures with none kept: for some of the sites at a time, of which ``forget`` drops what was read."""
        return self.worded(self.kpis, self._language)

    def forget(self, sites: Sequence[Site]) -> None:
        """Drops what was read of ``sites``, which is read again when somebody asks; what was worked out stays."""
        self._parts.forget([site.pk for site in sites])

    def together(self, kpi: Worked) -> Sequence[Calculation] | None:
        """The calculations of the sites of a large group whose factors are chosen alike, added up before.

        Each site has a value then, and its lines the same factors; None where each site has to be looked at.
        """
        inputs = (self.of(code) for code in kpi.inputs)
        if not self._parts.is_large or any(figure.is_withheld for figure in inputs):
            return None
        return self._alike.calculations(kpi)

    @cached_property
    def _alike(self) -> AlikeSites:
        return AlikeSites(self, self._parts, self._coverage)

    def rows(self, *, group: bool, sections: frozenset[str] | None = None) -> Iterator[Figure]:
        """Every figure: of all the sites together (if asked for), then of each site.

        Of a large group those of a site are forgotten once they are told: there are hundreds of thousands.
        """
        codes = self.kpis.printed(sections)
        if group:
            yield from (self.of(code) for code in codes)
        for site in self.sites:
            yield from [self.of(code, site) for code in codes]
            if self._parts.is_large:
                for kpi in self.kpis:
                    self._kept.pop((kpi.code, site.pk), None)

    def _from_parts(self, kpi: RecordKpi, site: Site | None) -> Figure:
        if site is None and self._parts.is_large:
            self._alike.read()
        parts = self._parts.at(kpi, site.pk) if site else self._parts.everywhere(kpi)
        coverage = self.coverage(self.kpis.sections(kpi), site)
        if self._small.withholds(kpi, site) and not self._small.revealed:
            return Figure(
                kpi=kpi,
                site=site,
                basis=self.basis,
                value=None,
                coverage=coverage,
                reason=_("withheld"),
                is_withheld=True,
            )
        value = kpi.value(parts, handed_in=coverage.counted(self.basis))
        return Figure(
            kpi=kpi,
            site=site,
            basis=self.basis,
            value=value,
            rows=parts.rows,
            gaps=parts.gaps,
            coverage=coverage,
            reason="" if value is not None else reason_without_value(parts, coverage, self.basis),
            is_withheld=self._small.withholds(kpi, site),
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
        if value is not None and site is None and self._places_of(kpi.numerator) != self._places_of(kpi.denominator):
            value, reason = None, _("not every site is in both parts")
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
            is_withheld=above.is_withheld or below.is_withheld,
        )

    def _places_of(self, code: str) -> frozenset[int]:
        """The sites that a figure over all of them counts."""
        return self._coverage.places(self.kpis.sections(self.kpis[code]), self.basis)

    def _total(self, kpi: Total, site: Site | None) -> Figure:
        parts = [self.of(code, site) for code in kpi.parts]
        values = [part.value for part in parts if part.value is not None]
        lacking = next((part for part in parts if part.value is None), None)
        value = None
        if lacking is None:
            with exactly():
                # A factor is a finite decimal such as ½.
                value = sum(values, start=Decimal(0)) * kpi.factor.numerator / kpi.factor.denominator
        calculations = [part.calculation for part in parts if part.calculation is not None]
        return Figure(
            kpi=kpi,
            site=site,
            basis=self.basis,
            value=value,
            rows=sum(part.rows for part in parts),
            gaps=sum(part.gaps for part in parts),
            coverage=self.coverage(self.kpis.sections(kpi), site),
            reason=lacking.reason if lacking else "",
            calculation=Calculation.together(calculations) if calculations else None,
            is_withheld=any(part.is_withheld for part in parts),
        )

    def prepared(self, prepare: Prepare) -> Any:
        """What ``prepare`` says of the year, asked once."""
        if prepare not in self._prepared:
            self._prepared[prepare] = self._years.of(prepare, self.year)
        return self._prepared[prepare]

    def _worked(self, kpi: Worked, site: Site | None) -> Figure:
        inputs = [self.of(code, site) for code in kpi.inputs]
        coverage = self.coverage(self.kpis.sections(kpi), site)
        is_withheld = any(figure.is_withheld for figure in inputs)
        together = None
        if site is None:
            calculation = Calculation.later(lambda: self._at(kpi, self.sites).lines, lambda sites: self._at(kpi, sites))
            together = self.together(kpi)
        else:
            calculation = kpi.work(self.prepared(kpi.prepare), self, site)
        value, reason = None, ""
        if together is not None:
            value = decimal_of(sum((each.exact_total or Fraction(0) for each in together), start=Fraction(0)))
        else:
            value = None if is_withheld and not self._small.revealed else calculation.total
            reason = _("withheld") if is_withheld else calculation.reason
        if not coverage.counted(self.basis):
            value, reason = None, reason_without_value(Parts(), coverage, self.basis)
        return Figure(
            kpi=kpi,
            site=site,
            basis=self.basis,
            value=value,
            rows=sum(figure.rows for figure in inputs),
            gaps=sum(figure.gaps for figure in inputs),
            coverage=coverage,
            reason="" if value is not None else reason,
            is_withheld=is_withheld,
            calculation=calculation if not is_withheld or self._small.revealed else None,
        )

    def _at(self, kpi: Worked, sites: Sequence[Site]) -> Calculation:
        self.look_at(sites)
        each = [(place, self.of(kpi.code, place)) for place in sites]
        each = [(place, figure) for place, figure in each if figure.coverage.counted(self.basis)]
        return Calculation.of_sites((place, figure.calculation or Calculation()) for place, figure in each)

    def _year_mean(self, kpi: YearMean, site: Site | None) -> Figure:
        whole = self.of(kpi.monthly, site)
        months = (self.year.ends_on.year - self.year.starts_on.year) * 12
        months += self.year.ends_on.month - self.year.starts_on.month + 1
        value, reason = None, whole.reason
        if whole.value is not None and whole.coverage.counted(self.basis) < whole.coverage.expected:
            reason = _("not every month is in yet")
        elif whole.value is not None and whole.gaps:
            reason = _("a month has no value")
        elif whole.value is not None:
            value = divide(whole.value, Decimal(months), Fraction(1))
        return replace(whole, kpi=kpi, value=value, reason=reason, numerator=whole.value, denominator=Decimal(months))


def compute(
    *,
    year: ReportingYear,
    sites: Sequence[Site],
    basis: Basis = Basis.APPROVED,
    kpis: KpiSet | None = None,
    reveal: bool = False,
    prepared: Mapping[Prepare, Any] | None = None,
    published: PublishedYear | None = None,
    language: str = "",
) -> Figures:
    """The figures of ``year`` at ``sites`` and over all of them, from approved data unless asked otherwise.

    ``prepared`` stands for what worked-out figures would read of the year themselves: other factors, to see what they
    would change. ``published`` is what each figure is held against; provisional figures are held against nothing.
    ``language`` is that of ``kpis``, where the figures are to speak it whoever asks; empty is the active one.

    Figures about small groups come without their value, unless ``reveal`` asks for it on behalf of somebody who may
    read the rows.
    """
    return compute_years(
        [year],
        sites=sites,
        basis=basis,
        kpis=kpis,
        reveal=reveal,
        prepared=prepared,
        published={year.pk: published},
        language=language,
    )[0]


def compute_years(
    years: Sequence[ReportingYear],
    *,
    sites: Sequence[Site],
    basis: Basis = Basis.APPROVED,
    kpis: KpiSet | None = None,
    reveal: bool = False,
    prepared: Mapping[Prepare, Any] | None = None,
    published: Mapping[int, PublishedYear | None] | None = None,
    language: str = "",
) -> list[Figures]:
    """The same of several years, in their order, with as many queries as one year takes; but who is so few that nothing
    is printed of them is asked year by year."""
    kpis = kpis or current_kpis()
    coverage = read_coverages(years, sites)
    handed_in = frozenset().union(*(each.sections for each in coverage.values()))
    plans = kpis.once(_no_plans)
    asked = frozenset(handed_in), basis
    if asked not in plans:
        # A section that nobody hands in has no records to ask for.
        plans[asked] = Plan.of((kpi for kpi in kpis if isinstance(kpi, RecordKpi) and kpi.section in handed_in), basis)
    parts = read_parts_of(years, sites, basis, plans[asked])
    together = PreparedYears(years=years)
    withholding = Withholding(sites, basis, kpis, parts) if plans[asked].speaks_of_people else None
    return [
        Figures(
            year=year,
            sites=sites,
            basis=basis,
            kpis=kpis,
            parts=parts[year.pk],
            coverage=coverage[year.pk],
            small=withholding.of(year, reveal=reveal) if withholding is not None else Small(cells=frozenset()),
            prepared=prepared or {},
            years=together,
            published=(published or {}).get(year.pk) if basis == Basis.APPROVED else None,
            language=language,
        )
        for year in years
    ]


def _no_plans(_kpis: KpiSet) -> dict[tuple[frozenset[str], Basis], Plan]:
    """How a set of figures is read, by the sections that are handed in and the basis."""
    return {}
