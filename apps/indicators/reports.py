"""The annual report of a year: its figures, its tables and how far the data are approved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from apps.indicators.basis import Basis, year_before
from apps.indicators.computation import Figures, compute_years
from apps.indicators.declarations import ReportTable, tables
from apps.indicators.figures import Coverage, Figure
from apps.indicators.filled_tables import FilledTable, Place, fill
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.indicators.published import PublishedYear, newest_edition
from apps.organisation.models import ReportingYear, Site

# Beside each other on a page; more sites are listed below each other.
COLUMNS: Final = 12


@dataclass(frozen=True, kw_only=True)
class AnnualReport:
    """What page, workbook and admin show. ``places`` are the columns: the group first, or one site alone."""

    year: ReportingYear
    last_year: ReportingYear | None
    basis: Basis
    sites: Sequence[Site]
    places: Sequence[Place]
    sections: frozenset[str]
    figures: Figures
    last: Figures | None
    tables: Sequence[FilledTable]

    @property
    def is_group(self) -> bool:
        return self.places[0] is None

    @property
    def site(self) -> Place:
        """The one site, or None for the group."""
        return self.places[0]

    @property
    def is_provisional(self) -> bool:
        return self.basis != Basis.APPROVED

    @property
    def columns(self) -> int:
        """How many columns a block of figures has: unit, places, the year before and the change."""
        return 1 + len(self.places) + (2 if self.last_year else 0)

    def coverage(self, site: Place = None) -> Coverage:
        return self.figures.coverage(self._printed_sections, site)

    @property
    def _printed_sections(self) -> set[str]:
        return {table.declaration.section for table in self.tables}

    @property
    def compares_totals(self) -> bool:
        """Whether the year before, where there is one, has the same share of its data."""
        if self.last is None:
            return True
        return self.coverage(self.site).is_as_far_as(self.last.coverage(self._printed_sections, self.site), self.basis)

    def rows(self) -> Iterator[Figure]:
        """Every figure, not only the printed ones: of the group, then of each site."""
        return self.figures.rows(group=self.is_group, sections=self.sections)

    @property
    def row_count(self) -> int:
        """How many of them there are."""
        return len(self.figures.kpis.printed(self.sections)) * (len(self.sites) + self.is_group)

    @property
    def edition(self) -> int:
        """The newest edition of the year, 0 where it is not published."""
        return self.figures.edition

    @property
    def differs(self) -> bool:
        """Whether a printed figure of the year is not as it was published."""
        cells = (each for table in self.tables for line in table.lines for each in (line.total, line.density) if each)
        return any(figure.differs for each in cells for figure in each.figures)

    @property
    def coverages(self) -> list[tuple[Place, Coverage]]:
        """One for each column."""
        return [(place, self.coverage(place)) for place in self.places]


def build_report(
    *,
    year: ReportingYear,
    sites: Sequence[Site],
    group: bool,
    basis: Basis,
    sections: frozenset[str],
    columns: int | None = COLUMNS,
    years: Sequence[ReportingYear] | None = None,
) -> AnnualReport:
    """Computes ``year`` and the one before it: for the group of all ``sites``, or for the one site in ``sites``.

    ``columns`` limits how many sites stand beside each other; with more of them only the group has a column. ``years``
    are all there are, where they are read already.
    """
    kpis = current_kpis().within(sections)
    last_year = year_before(year, years)
    together = [year, last_year] if last_year else [year]
    figures, *before = compute_years(
        together,
        sites=sites,
        basis=basis,
        kpis=kpis,
        published={each.pk: held_against(each, group) for each in together},
    )
    last = before[0] if before else None
    beside = sites if columns is None or len(sites) <= columns else ()
    places: list[Place] = [None, *beside] if group else [sites[0]]
    readable = [table for table in tables if table.section in sections and _is_expected(table, figures, last)]
    earlier = _earlier(readable, last_year, sites, basis, kpis)
    return AnnualReport(
        year=year,
        last_year=last_year,
        basis=basis,
        sites=sites,
        places=places,
        sections=sections,
        figures=figures,
        last=last,
        tables=fill(readable, figures, last, places, earlier),
    )


def held_against(year: ReportingYear, group: bool) -> PublishedYear | None:
    """The edition that figures of ``year`` are held against; the group's only where all of its sites are looked at."""
    published = newest_edition(year)
    return published if published is None or group else published.of_sites()


def _is_expected(table: ReportTable, figures: Figures, last: Figures | None) -> bool:
    """Whether any of the sites hands in the section in one of the two years."""
    return any(year.coverage({table.section}).expected for year in (figures, last) if year)


def _earlier(
    readable: Sequence[ReportTable],
    last_year: ReportingYear | None,
    sites: Sequence[Site],
    basis: Basis,
    kpis: KpiSet,
) -> list[Figures]:
    """The years before the last one, as many as a table shows; only what those tables need is asked for."""
    long = [table for table in readable if table.years > 2]
    wanted = kpis.of(line.total for table in long for line in table.lines(kpis) if line.total in kpis)
    years: list[ReportingYear] = []
    year = last_year
    for _number in range(max((table.years for table in long), default=2) - 2):
        year = year_before(year) if year else None
        if year:
            years.append(year)
    return compute_years(years, sites=sites, basis=basis, kpis=wanted) if years else []


def year_to_show(years: Sequence[ReportingYear]) -> ReportingYear | None:
    """The newest year that has begun, else the newest there is. ``years`` are newest first."""
    today = timezone.localdate()
    return next((year for year in years if year.starts_on <= today), years[0] if years else None)
