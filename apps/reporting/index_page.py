"""The index of a year as its page shows it, and how far each year is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Count
from django_stubs_ext import StrPromise

from apps.core.formats import change_percent, number, percent
from apps.indicators.computation import Figures, compute_years
from apps.indicators.declarations import Kpi
from apps.indicators.figures import Figure
from apps.organisation.models import ReportingYear, Site
from apps.reporting.aspects import ASPECTS
from apps.reporting.content.figures import YearFigures, compares
from apps.reporting.index import IndexLine, Status, guide_for, index_of
from apps.reporting.loading import load
from apps.reporting.marks import statement_mark, status_mark
from apps.reporting.models import Edition, Guide, Statement, StatementState
from apps.reporting.parts import rest_of
from apps.submissions.marks import Mark
from apps.submissions.sections import sections

# So many figures of a provision stand in the open, the rest behind a click.
FIRST: Final = 3


@dataclass(frozen=True, kw_only=True)
class FigureLine:
    """A figure of the group beside the year before."""

    figure: Figure
    last: Decimal | None
    change: Decimal | None

    @property
    def last_display(self) -> str:
        return number(self.last, self.figure.kpi.decimals)

    @property
    def change_display(self) -> str:
        return percent(self.change)


def figure_line(loaded: YearFigures, kpi: Kpi) -> FigureLine:
    """Totals of some months are not compared with those of a whole year."""
    figure = loaded.figures.of(kpi.code)
    last = loaded.earlier(0, kpi.code, None) if loaded.before else None
    change = change_percent(figure.value, last) if compares(loaded, figure, None) else None
    return FigureLine(figure=figure, last=last, change=change)


def told_first(lines: Sequence[FigureLine]) -> list[FigureLine]:
    """Those with a value, or one withheld, before those without; otherwise in the order of the report."""
    return sorted(lines, key=lambda line: line.figure.value is None and not line.figure.is_withheld)


def forms_of(kpis: Iterable[Kpi], loaded: YearFigures) -> list[str]:
    """The forms from which figures come, by title."""
    codes = dict.fromkeys(code for kpi in kpis for code in sorted(loaded.figures.kpis.sections(kpi)))
    return [str(sections[code].title) for code in codes if code in sections]


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """A provision with what is said to it."""

    line: IndexLine
    figures: Sequence[FigureLine]
    forms: Sequence[str]

    @property
    def first_figures(self) -> Sequence[FigureLine]:
        return self.figures[:FIRST]

    @property
    def more_figures(self) -> Sequence[FigureLine]:
        return self.figures[FIRST:]

    @property
    def mark(self) -> Mark:
        return status_mark(self.line.status, blocks=self.line.blocks)

    @property
    def statement_mark(self) -> Mark:
        return statement_mark(self.line.statement)


@dataclass(frozen=True, kw_only=True)
class AspectLines:
    code: str
    title: str | StrPromise
    lines: Sequence[ShownLine]


@dataclass(frozen=True, kw_only=True)
class IndexPage:
    """``lines`` are all provisions of the year's guide; ``groups`` those that were asked for, by aspect."""

    loaded: YearFigures
    guide: Guide | None
    lines: Sequence[IndexLine]
    groups: Sequence[AspectLines]

    @property
    def counts(self) -> list[tuple[Status, Mark, int]]:
        """How many provisions have each status."""
        counted = Counter(line.status for line in self.lines)
        return [(status, status_mark(status), counted[status]) for status in Status]

    @property
    def blocking(self) -> list[IndexLine]:
        return [line for line in self.lines if line.blocks]

    @property
    def approved_statements(self) -> int:
        return sum(
            line.statement is not None and line.statement.state == StatementState.APPROVED for line in self.lines
        )

    @property
    def is_empty(self) -> bool:
        return not self.groups


def index_page(year: ReportingYear, show: str = "") -> IndexPage:
    """``show`` narrows to a status, or to what ``blocks`` publishing. The queries do not grow with the group."""
    loaded = load(year)
    lines = index_of(year, loaded.figures)
    wanted = [line for line in lines if not show or line.status == show or show == "blocks" and line.blocks]
    return IndexPage(
        loaded=loaded,
        guide=guide_for(year),
        lines=lines,
        groups=[
            AspectLines(code=aspect, title=title, lines=[_shown(line, loaded) for line in of_aspect])
            for aspect, title in ASPECTS.items()
            if (of_aspect := [line for line in wanted if line.provision.aspect == aspect])
        ],
    )


def _shown(line: IndexLine, loaded: YearFigures) -> ShownLine:
    return ShownLine(
        line=line,
        figures=told_first([figure_line(loaded, kpi) for kpi in line.kpis]),
        forms=forms_of(line.kpis, loaded),
    )


@dataclass(frozen=True, kw_only=True)
class YearSummary:
    """How far a year is: provisions by status and approved statements; of a published year as it was published."""

    year: ReportingYear
    guide: Guide | None
    edition: Edition | None
    counts: dict[str, int]
    blocking: int
    provisions: int
    approved: int
    to_review: int

    @property
    def missing(self) -> int:
        return self.counts.get(Status.MISSING, 0)

    @property
    def reported(self) -> int:
        return self.counts.get(Status.REPORTED, 0)

    @property
    def explained(self) -> int:
        """With a reason: explained, or said to be not applicable."""
        return self.counts.get(Status.EXPLAINED, 0) + self.counts.get(Status.NOT_APPLICABLE, 0)


def summaries(years: Sequence[ReportingYear]) -> list[YearSummary]:
    """One for each of ``years``. Open years are computed, so ask for few at a time."""
    states: dict[tuple[int, str], int] = {
        (year_id, state): count
        for year_id, state, count in Statement.objects.filter(year__in=years)
        .order_by()
        .values_list("year_id", "state")
        .annotate(count=Count("pk"))
    }
    editions = {year.pk: Edition.newest_of(year) for year in years if year.published_at}
    still_open = [year for year in years if editions.get(year.pk) is None]
    computed = compute_years(still_open, sites=list(Site.objects.all())) if still_open else []
    figures = {each.year.pk: each for each in computed}
    return [_summary(year, states, editions.get(year.pk), figures.get(year.pk)) for year in years]


def _summary(
    year: ReportingYear, states: dict[tuple[int, str], int], edition: Edition | None, figures: Figures | None
) -> YearSummary:
    """Of a published year by its ``edition``, else by its ``figures``."""
    blocking = 0
    if edition is not None:
        counts = Counter(provision["status"] for provision in rest_of(edition.pk, edition.sha256)["provisions"])
    else:
        lines = index_of(year, figures) if figures is not None else []
        counts = Counter(line.status.value for line in lines)
        blocking = sum(line.blocks for line in lines)
    return YearSummary(
        year=year,
        guide=guide_for(year),
        edition=edition,
        counts=dict(counts),
        blocking=blocking,
        provisions=counts.total(),
        approved=states.get((year.pk, StatementState.APPROVED), 0),
        to_review=states.get((year.pk, StatementState.SUBMITTED), 0),
    )
