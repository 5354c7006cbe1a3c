"""What stands between a year and its publication, and what whoever publishes should know of it.

Four things block: a provision that the guide does not let go untold, words that nobody approved, a figure that approved
words ask for and that has no value, and a figure worked out with factors that could not be worked out. The rest is said
and does not block; forms that are not approved want a remark.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.environment.models import Target
from apps.indicators.calculations import Calculation
from apps.indicators.computation import Figures
from apps.indicators.declarations import Worked
from apps.indicators.figures import Coverage, Figure
from apps.organisation.models import ReportingYear, Site
from apps.reporting.content.builder import printed
from apps.reporting.content.figures import YearFigures, figure_content, load_figures
from apps.reporting.content.shape import FigureContent
from apps.reporting.index import IndexLine, guide_for, index_of
from apps.reporting.models import Provision, Statement, StatementState, TargetReview
from apps.reporting.parts import rest_of
from apps.reporting.placeholders import Placeholder, PlaceholderError, placeholders
from apps.reporting.targets import running_targets
from apps.submissions.sections import Section, sections

FORMS_SHOWN: Final = 200


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A figure that approved words ask for and that has no value."""

    statement: Statement
    written: str


@dataclass(frozen=True, kw_only=True)
class Unapproved:
    """Forms of a section at a site that are not approved."""

    section: Section
    site: Site
    coverage: Coverage

    @property
    def missing(self) -> int:
        return self.coverage.expected - self.coverage.approved


@dataclass(frozen=True, kw_only=True)
class Doubtful:
    """A factor from general knowledge, which nobody confirmed against its source."""

    reference: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """``guide`` is empty where no edition of the guide covers the year, which blocks alone."""

    guide: str
    provisions: Sequence[IndexLine]
    statements: Sequence[Statement]
    asked: Sequence[Asked]
    worked: Sequence[Figure]
    targets: Sequence[Target]
    forms: Sequence[Unapproved]
    factors: Sequence[Doubtful]
    no_longer_told: Sequence[Provision]

    @property
    def blocks(self) -> bool:
        return not self.guide or bool(self.provisions or self.statements or self.asked or self.worked)

    @property
    def wants_remark(self) -> bool:
        """Forms that are not approved count for nothing in the figures: whoever publishes says why that is right."""
        return bool(self.forms)

    @property
    def first_forms(self) -> Sequence[Unapproved]:
        """No more of them than a page carries."""
        return self.forms[:FORMS_SHOWN]

    @property
    def more_forms(self) -> int:
        return len(self.forms) - len(self.first_forms)

    @property
    def sentences(self) -> list[str]:
        """What blocks, for whoever tried to publish."""
        return list(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if not self.guide:
            yield _("No edition of the guide covers this year. An administrator adds it.")
        if self.provisions:
            codes = ", ".join(line.provision.code for line in self.provisions)
            yield _("Disclose or explain first: %(codes)s.") % {"codes": codes}
        if self.statements:
            codes = ", ".join(statement.code for statement in self.statements)
            yield _("These statements are not approved yet: %(codes)s.") % {"codes": codes}
        for asked in self.asked:
            yield _("%(code)s asks for %(figure)s, which has no value.") % {
                "code": asked.statement.code,
                "figure": asked.written,
            }
        if self.worked:
            codes = ", ".join(dict.fromkeys(figure.kpi.code for figure in self.worked))
            yield ngettext(
                "This figure could not be worked out: %(codes)s.",
                "These figures could not be worked out: %(codes)s.",
                len(self.worked),
            ) % {"codes": codes}


def checklist(year: ReportingYear, loaded: YearFigures | None = None) -> Checklist:
    """Looks at the whole year. ``loaded`` spares computing the figures twice; it has at least the year before."""
    loaded = loaded or load_figures(year, history=2)
    guide = guide_for(year)
    index = index_of(year, loaded.figures)
    statements = [line.statement for line in index if line.statement is not None]
    return Checklist(
        guide=guide.name if guide else "",
        provisions=[line for line in index if line.blocks],
        statements=[each for each in statements if each.state != StatementState.APPROVED and _has_words(each)],
        asked=list(_asked(loaded, statements)),
        worked=list(_not_worked_out(loaded)),
        targets=_without_review(year),
        forms=list(_forms(loaded)),
        factors=_doubtful(loaded),
        no_longer_told=_no_longer_told(loaded, index),
    )


def _has_words(statement: Statement) -> bool:
    """An empty draft says nothing and holds nothing up."""
    return bool(statement.text_en or statement.text_zh_hans or statement.text_zh_hant)


def asked_figures(loaded: YearFigures, statements: Sequence[Statement]) -> dict[str, FigureContent]:
    """The figures that approved words name, as the document has them, at the places that they name."""
    named: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        for each in _placeholders(statement):
            named[each.code].add(each.site)
    wanted = set().union(*named.values())
    sites = [site for site in loaded.sites if site.code in wanted]
    loaded.look_at(sites)
    return {
        code: figure_content(
            loaded,
            loaded.figures.kpis[code],
            with_history=False,
            places=[None, *(site for site in sites if site.code in named[code])],
        )
        for code in sorted(named)
        if code in loaded.figures.kpis
    }


def _placeholders(statement: Statement) -> Iterator[Placeholder]:
    if statement.state == StatementState.APPROVED:
        for text in (statement.text_en, statement.text_zh_hans, statement.text_zh_hant):
            try:
                yield from placeholders(text)
            except PlaceholderError:
                continue  # Handing in refuses it; what stands between such braces is printed as it is.


def _asked(loaded: YearFigures, statements: Sequence[Statement]) -> Iterator[Asked]:
    figures = asked_figures(loaded, statements)
    value_of = partial(printed, figures, "en")
    for statement in statements:
        for written in dict.fromkeys(
            each.written for each in _placeholders(statement) if value_of(each) == each.written
        ):
            yield Asked(statement=statement, written=written)


def _not_worked_out(loaded: YearFigures) -> Iterator[Figure]:
    """Figures made with factors at sites whose forms are in: with a reason, such as a factor that is not there."""
    figures = loaded.for_reader
    for kpi in figures.kpis:
        if isinstance(kpi, Worked) and figures.together(kpi) is None:
            for site in loaded.sites:
                figure = figures.of(kpi.code, site)
                if figure.value is None and not figure.is_withheld and figure.coverage.approved:
                    yield figure


def _without_review(year: ReportingYear) -> list[Target]:
    """Targets that run in the year, nobody gave up before, and nobody reviewed for it."""
    reviewed = set(TargetReview.objects.filter(year=year).values_list("target", flat=True))
    return [target for target in running_targets(year) if target.pk not in reviewed]


def _forms(loaded: YearFigures) -> Iterator[Unapproved]:
    for section in sections:
        for site in loaded.sites:
            coverage = loaded.figures.coverage({section.code}, site)
            if coverage.approved < coverage.expected:
                yield Unapproved(section=section, site=site, coverage=coverage)


def _doubtful(loaded: YearFigures) -> list[Doubtful]:
    """Named in the language of the reader alone: in all three they are worked out for the document."""
    figures = loaded.for_reader
    found = {
        step.reference: str(step.title)
        for kpi in figures.kpis
        if isinstance(kpi, Worked)
        for calculation in _calculations(figures, kpi)
        for line in calculation.lines
        for step in line.steps
        if step.is_doubtful
    }
    return [Doubtful(reference=reference, title=title) for reference, title in sorted(found.items())]


def _calculations(figures: Figures, kpi: Worked) -> Sequence[Calculation]:
    """Those of all sites, of which many may be one: they use the same factors."""
    together = figures.together(kpi)
    if together is not None:
        return together
    each = (figures.of(kpi.code, site).calculation for site in figures.sites)
    return [calculation for calculation in each if calculation is not None]


def _no_longer_told(loaded: YearFigures, index: Sequence[IndexLine]) -> list[Provision]:
    """Provisions that the published report of the year before told of and this one does not."""
    edition = loaded.before[0][2] if loaded.before else None
    if edition is None:
        return []
    provisions = rest_of(edition.pk, edition.sha256)["provisions"]
    told = {each["code"] for each in provisions if each["status"] == "reported"}
    return [line.provision for line in index if line.provision.code in told and line.status != "reported"]
