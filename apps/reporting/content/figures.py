"""The figures of a year for the report: computed once, in words of three languages."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext

from apps.core.formats import change_percent, number, plain_text
from apps.indicators.basis import Basis, year_before
from apps.indicators.calculations import Step
from apps.indicators.computation import PLAIN_REASONS, Figures, compute
from apps.indicators.declarations import Kpi, Worked
from apps.indicators.figures import Coverage, Figure
from apps.indicators.filled_tables import Place
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.organisation.models import ReportingYear, Site
from apps.reporting.content.shape import (
    GROUP,
    LANGUAGES,
    FigureContent,
    LineContent,
    PlaceFigure,
    StepContent,
    Words,
    YearValue,
)
from apps.reporting.models import Edition
from apps.reporting.parts import PrintedFigures

# Years of a trend, this one included.
HISTORY = 5
# So many sites are worked out at a time where each is told once: memory does not follow the number of sites.
_TOGETHER: Final = 25


def code_of(place: Place) -> str:
    return place.code if place else GROUP


@dataclass(kw_only=True)
class YearFigures:
    """What the builder works with: this year in three languages, and the ones before, the newest first."""

    year: ReportingYear
    sites: Sequence[Site]
    worded: Mapping[str, Figures]
    before: Sequence[tuple[ReportingYear, Figures, Edition | None]]
    _printed: dict[int, PrintedFigures] = field(default_factory=dict)

    @property
    def figures(self) -> Figures:
        return self.worded["en"]

    @property
    def for_reader(self) -> Figures:
        """In the language of whoever looks now."""
        return self.worded.get(translation.get_language() or "en", self.figures)

    @property
    def places(self) -> list[Place]:
        return [None, *self.sites]

    @property
    def last_year(self) -> ReportingYear | None:
        return self.before[0][0] if self.before else None

    @property
    def last(self) -> Figures | None:
        return self.before[0][1] if self.before else None

    def by_sites(self) -> Iterator["YearFigures"]:
        """The same figures of some sites at a time, for which everything is read at once and then forgotten.

        Only what is said of a site may be asked of each; ``sites`` are those it speaks of.
        """
        for start in range(0, len(self.sites), _TOGETHER):
            some = self.sites[start : start + _TOGETHER]
            part = replace(
                self,
                sites=some,
                worded={language: figures.afresh() for language, figures in self.worded.items()},
                before=[(year, figures.afresh(), edition) for year, figures, edition in self.before],
                _printed={},
            )
            part.look_at(some)
            yield part
            for figures in (self.figures, *([self.last] if self.last else [])):
                figures.forget(some)

    def look_at(self, sites: Sequence[Site]) -> None:
        """Says which sites are about to be asked for; of the years before only the last one tells of sites."""
        self.figures.look_at(sites)
        if self.before:
            _year, figures, edition = self.before[0]
            figures.look_at(sites)
            if edition is not None:
                self._printed_in(edition).look_at([site.code for site in sites])

    def earlier(self, index: int, code: str, place: Place) -> Decimal | None:
        """A figure of a year before: as published, where that year was; else as computed now."""
        _year, figures, edition = self.before[index]
        printed = self._telling(edition, code) if edition is not None else None
        if printed is not None:
            at = printed.get((code, code_of(place)))
            return Decimal(at.value) if at is not None and at.value is not None else None
        return figures.of(code, place).value if code in figures.kpis else None

    def coverage_before(self, code: str, place: Place) -> Coverage:
        """How far the year before was approved: as published, where it was; else as it is now."""
        _year, figures, edition = self.before[0]
        printed = self._telling(edition, code) if edition is not None else None
        at = printed.get((code, code_of(place))) if printed is not None else None
        if at is not None:
            return Coverage(approved=at.approved, handed_in=at.approved, expected=at.expected)
        return figures.of(code, place).coverage

    def _printed_in(self, edition: Edition) -> PrintedFigures:
        if edition.pk not in self._printed:
            self._printed[edition.pk] = PrintedFigures(edition)
        return self._printed[edition.pk]

    def _telling(self, edition: Edition, code: str) -> PrintedFigures | None:
        """The figures of an edition that knows ``code``."""
        figures = self._printed_in(edition)
        return figures if (code, GROUP) in figures else None


def load_figures(
    year: ReportingYear,
    *,
    history: int = HISTORY,
    prepared: Mapping[Callable[[ReportingYear], Any], Any] | None = None,
) -> YearFigures:
    """Computes the year over all sites from approved data, and the years before it, at most ``history`` in all.

    ``prepared`` is for the year itself: other factors than those that hold for it.
    """
    sites = list(Site.objects.all())
    words: dict[str, KpiSet] = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = current_kpis()
    with translation.override("en"):
        figures = compute(
            year=year, sites=sites, basis=Basis.APPROVED, kpis=words["en"], prepared=prepared, language="en"
        )
        before: list[tuple[ReportingYear, Figures, Edition | None]] = []
        each = year_before(year)
        while each is not None and len(before) < history - 1:
            computed = compute(year=each, sites=sites, basis=Basis.APPROVED, kpis=words["en"], language="en")
            before.append((each, computed, Edition.newest_of(each)))
            each = year_before(each)
    worded = {
        language: figures if language == "en" else figures.worded(kpis, language) for language, kpis in words.items()
    }
    return YearFigures(year=year, sites=sites, worded=worded, before=before)


def figure_content(
    loaded: YearFigures, kpi: Kpi, *, with_history: bool, places: Iterable[Place] | None = None
) -> FigureContent:
    """One figure at every place, or at some."""
    title: Words = {}
    unit: Words = {}
    for language, figures in loaded.worded.items():
        with translation.override(language):
            title[language] = str(figures.kpis[kpi.code].title)
            unit[language] = figures.kpis[kpi.code].unit_label
    return {
        "title": title,
        "unit": unit,
        "decimals": kpi.decimals,
        "kind": type(kpi).__name__,
        "section": kpi.section,
        "provisions": list(kpi.hkex),
        "meaning": kpi.meaning,
        "made_of": list(kpi.needs),
        "places": {
            code_of(place): place_figure(loaded, kpi, place) for place in (loaded.places if places is None else places)
        },
        "history": _history(loaded, kpi) if with_history else [],
    }


def place_figure(loaded: YearFigures, kpi: Kpi, place: Place) -> PlaceFigure:
    """A figure at a place, beside that of the year before."""
    figure = loaded.figures.of(kpi.code, place)
    last = loaded.earlier(0, kpi.code, place) if loaded.before else None
    change = change_percent(figure.value, last) if compares(loaded, figure, place) else None
    return {
        "value": figure.value_text,
        "display": figure.display,
        "reason": _reason(loaded, kpi, place, figure.reason) if figure.value is None else {},
        "gap": _gap(figure) if figure.gaps else {},
        "is_withheld": figure.is_withheld,
        "rows": figure.rows,
        "approved": figure.coverage.approved,
        "expected": figure.coverage.expected,
        "last": plain_text(last) if last is not None else None,
        "last_display": number(last, kpi.decimals),
        "change": plain_text(change) if change is not None else None,
    }


def compares(loaded: YearFigures, figure: Figure, place: Place) -> bool:
    """A total of some months is not compared with one of a whole year."""
    if loaded.last is None:
        return False
    if figure.kpi.is_quotient:
        return True
    return figure.coverage.is_as_far_as(loaded.coverage_before(figure.kpi.code, place), figure.basis)


def _reason(loaded: YearFigures, kpi: Kpi, place: Place, reason: str) -> Words:
    """Hundreds of sites have no value for the same few reasons, for which nothing has to be worked out anew."""
    return _in_all_languages(reason) if reason in PLAIN_REASONS else _reasons(loaded, kpi, place)


@cache
def _in_all_languages(text: str) -> Words:
    """One of the plain reasons, which are English."""
    said: Words = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = gettext(text)
    return said


def _gap(figure: Figure) -> Words:
    """That rows have no value, which is said of their number alone."""
    said: Words = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = figure.gap_text
    return said if any(said.values()) else {}


def _reasons(loaded: YearFigures, kpi: Kpi, place: Place) -> Words:
    said: Words = {}
    for language, figures in loaded.worded.items():
        with translation.override(language):
            said[language] = figures.of(kpi.code, place).reason
    return said


def _history(loaded: YearFigures, kpi: Kpi) -> list[YearValue]:
    values = [(year.code, loaded.earlier(index, kpi.code, None)) for index, (year, *_rest) in enumerate(loaded.before)]
    return [
        year_value(code, value, kpi.decimals)
        for code, value in [*reversed(values), (loaded.year.code, loaded.figures.of(kpi.code).value)]
    ]


def year_value(year: str, value: Decimal | None, decimals: int) -> YearValue:
    return {
        "year": year,
        "value": plain_text(value) if value is not None else None,
        "display": number(value, decimals),
    }


def calculations(loaded: YearFigures) -> dict[str, dict[str, list[LineContent]]]:
    """Of every figure that was worked out with factors: its lines, by site."""
    found: dict[str, dict[str, list[LineContent]]] = {}
    for kpi in loaded.figures.kpis:
        if isinstance(kpi, Worked):
            lines = {site.code: calculation_lines(loaded, kpi, site) for site in loaded.sites}
            found[kpi.code] = {site: each for site, each in lines.items() if each}
    return {code: sites for code, sites in found.items() if sites}


def calculation_lines(loaded: YearFigures, kpi: Kpi, site: Site) -> list[LineContent]:
    """How a figure was worked out at a site; nothing where it was not."""
    made = {}
    for language, figures in loaded.worded.items():
        with translation.override(language):
            calculation = figures.of(kpi.code, site).calculation
            made[language] = calculation.lines if calculation else ()
    return [
        {
            "title": {language: str(lines[index].title) for language, lines in made.items()},
            "code": line.code,
            "amount": plain_text(line.amount) if line.amount is not None else None,
            "unit": {language: str(lines[index].unit) for language, lines in made.items()},
            "steps": [
                _step({language: lines[index].steps[place] for language, lines in made.items()})
                for place in range(len(line.steps))
            ],
            "result": plain_text(line.result_value) if line.result_value is not None else None,
            "reason": {language: str(lines[index].reason) for language, lines in made.items()} if line.reason else {},
        }
        for index, line in enumerate(made["en"])
    ]


def _step(said: Mapping[str, Step]) -> StepContent:
    step = said["en"]
    return {
        "title": {language: str(each.title) for language, each in said.items()},
        "value": step.display,
        "unit": step.unit,
        "source": step.source,
        "reference": step.reference,
        "is_doubtful": step.is_doubtful,
    }
