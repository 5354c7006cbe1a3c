"""Puts the document of a year together from the live data: figures, words, index, factors, targets, restatements.

``build`` holds all of it in memory, for drafts and comparisons. ``writing.py`` writes the same for an edition, some
sites at a time; both take every part from the functions here and in ``figures.py``.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from django.utils import translation

from apps.indicators.declarations import Kpi, ReportTable, tables
from apps.indicators.filled_tables import FilledTable, fill
from apps.organisation.models import Group, ReportingYear, Site
from apps.reporting.aspects import ASPECTS
from apps.reporting.content.figures import YearFigures, calculations, figure_content, load_figures, year_value
from apps.reporting.content.languages import names, words
from apps.reporting.content.restated import restatements_of
from apps.reporting.content.shape import (
    FORMAT,
    LANGUAGES,
    Content,
    FactorContent,
    FigureContent,
    LineContent,
    ProvisionContent,
    SiteWords,
    StepContent,
    TableContent,
    TableLine,
)
from apps.reporting.content.targets import instruments_of, targets_of
from apps.reporting.index import IndexLine, guide_for, index_of
from apps.reporting.models import Restatement
from apps.reporting.placeholders import Placeholder
from apps.reporting.placeholders import fill as fill_in
from apps.submissions.sections import sections


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """What a document says of itself. ``number`` 0 is a draft.

    ``approving`` is the restatement that this edition carries out; it stands in the note already.
    """

    number: int = 0
    previous_sha256: str = ""
    published_at: str = ""
    remark: str = ""
    approving: Restatement | None = None


DRAFT: Final = Imprint()


def build(year: ReportingYear, *, loaded: YearFigures | None = None, imprint: Imprint = DRAFT) -> Content:
    """The whole document. ``loaded`` spares computing the figures twice.

    Raises LookupError where no guide covers the year.
    """
    loaded = loaded or load_figures(year)
    printed = tables_of(loaded)
    in_tables = codes_in(printed)
    figures = {
        kpi.code: figure_content(loaded, kpi, with_history=has_history(kpi, in_tables)) for kpi in wanted_kpis(loaded)
    }
    worked = calculations(loaded)
    found = Factors()
    for place, sites in enumerate(worked.values()):
        for site, lines in enumerate(sites.values()):
            found.take(lines, (place, site))
    content = assemble(loaded, imprint, printed_tables=printed, figures=figures, factors=found.contents)
    content["calculations"] = worked
    return content


def wanted_kpis(loaded: YearFigures) -> list[Kpi]:
    """The figures of a document: those that a form is expected of."""
    figures = loaded.figures
    return [kpi for kpi in figures.kpis if figures.coverage(figures.kpis.sections(kpi)).expected]


def codes_in(printed: Sequence[TableContent]) -> set[str]:
    """The figures that tables print."""
    return {code for table in printed for line in table["lines"] for code in (line["total"], line["density"])}


def has_history(kpi: Kpi, in_tables: Collection[str]) -> bool:
    """Whether the document tells the years before of a figure."""
    return kpi.code in in_tables or kpi.code.startswith("GHG")


def assemble(
    loaded: YearFigures,
    imprint: Imprint,
    *,
    printed_tables: list[TableContent],
    figures: dict[str, FigureContent],
    factors: list[FactorContent],
) -> Content:
    """The document without calculations. ``figures`` need the group and the places that statements name.

    Raises LookupError where no guide covers the year.
    """
    year = loaded.year
    guide = guide_for(year)
    if guide is None:
        raise LookupError(f"no guide covers {year.code}")
    group = Group.current()
    return {
        "format": FORMAT,
        "number": imprint.number,
        "previous_sha256": imprint.previous_sha256,
        "published_at": imprint.published_at,
        "remark": imprint.remark,
        "year": {
            "code": year.code,
            "starts_on": year.starts_on.isoformat(),
            "ends_on": year.ends_on.isoformat(),
        },
        "last_year": loaded.last_year.code if loaded.last_year else "",
        "group": {
            "name": names(group),
            "stock_code": group.stock_code,
            "notice": {language: group.notice_in(language) for language in LANGUAGES},
        },
        "guide": {"code": guide.code, "name": names(guide), "source": guide.source},
        "aspects": {code: words(partial(str, title)) for code, title in ASPECTS.items()},
        "sections": {section.code: words(partial(str, section.title)) for section in sections},
        "sites": [_site(site) for site in loaded.sites],
        "provisions": provisions_of(loaded, figures),
        "tables": printed_tables,
        "figures": figures,
        "calculations": {},
        "factors": factors,
        "targets": targets_of(loaded),
        "instruments": instruments_of(year),
        "restatements": restatements_of(year, figures, imprint.number, imprint.approving),
    }


def _site(site: Site) -> SiteWords:
    return {
        "code": site.code,
        "name": names(site),
        "province": {
            "en": site.province,
            "zh-hans": site.province_zh_hans,
            "zh-hant": site.province_zh_hant,
        },
    }


def provisions_of(loaded: YearFigures, figures: Mapping[str, FigureContent]) -> list[ProvisionContent]:
    """The index with its words. ``figures`` has at least those that the words ask for."""
    return [_provision(line, figures) for line in index_of(loaded.year, loaded.figures)]


def _provision(line: IndexLine, figures: Mapping[str, FigureContent]) -> ProvisionContent:
    """A statement stands in the document once it is approved."""
    statement = line.statement if line.statement and line.statement.state == "approved" else None
    provision = line.provision
    return {
        "code": provision.code,
        "aspect": provision.aspect,
        "kind": provision.kind,
        "obligation": provision.obligation,
        "is_quantitative": provision.is_quantitative,
        "title": {language: provision.title_in(language) for language in LANGUAGES},
        "status": line.status.value,
        "figures": [kpi.code for kpi in line.kpis],
        "statement_kind": statement.kind if statement else "",
        "statement": (
            {
                language: fill_in(statement.text_in(language), partial(printed, figures, language))
                for language in LANGUAGES
            }
            if statement
            else {}
        ),
        "responsible": str(line.statement.responsible) if line.statement and line.statement.responsible else "",
        "forms": list(dict.fromkeys(kpi.section for kpi in line.kpis)),
    }


def printed(figures: Mapping[str, FigureContent], language: str, asked: Placeholder) -> str:
    """A live figure as it is printed in the words; the placeholder itself where there is none."""
    figure = figures.get(asked.code)
    at = figure["places"].get(asked.site) if figure else None
    if figure is None or at is None:
        return asked.written
    if asked.form == "change":
        return f"{year_value('', Decimal(at['change']), 1)['display']}%" if at["change"] is not None else asked.written
    number = at["last_display"] if asked.form == "last" else at["display"]
    missing = at["last"] is None if asked.form == "last" else at["value"] is None
    if missing:
        return asked.written
    return number if asked.form == "number" else f"{number} {figure['unit'][language]}"


def tables_of(loaded: YearFigures) -> list[TableContent]:
    """The printed tables of which any site hands in a form, in three languages."""
    wanted = [
        table
        for table in tables
        if any(each.coverage({table.section}).expected for each in (loaded.figures, loaded.last) if each)
    ]
    filled: dict[str, list[FilledTable]] = {}
    for language, figures in loaded.worded.items():
        with translation.override(language):
            filled[language] = fill(wanted, figures, None, [None])
    return [
        _table(wanted[index], {language: each[index] for language, each in filled.items()}, loaded)
        for index in range(len(wanted))
    ]


def _table(declared: ReportTable, filled: Mapping[str, FilledTable], loaded: YearFigures) -> TableContent:
    years = [code for code, *_rest in reversed(list(_years(loaded)[: declared.years]))]
    lines = filled["en"].lines
    return {
        "code": declared.code,
        "aspect": declared.code.split("-")[0],
        "title": words(partial(str, declared.title)),
        "item_title": words(partial(str, declared.item_title)),
        "amount_title": words(partial(str, declared.amount_title)),
        "density_title": {language: table.density_title for language, table in filled.items()},
        "words_title": words(partial(str, declared.words.title)) if declared.words else {},
        "note": {language: table.note for language, table in filled.items()},
        "years": years if declared.years > 2 else [],
        "lines": [_table_line(filled, index) for index in range(len(lines))],
        "history": (
            [
                [
                    year_value(
                        code,
                        loaded.figures.of(line.total.figures[0].kpi.code).value
                        if place is None
                        else loaded.earlier(place, line.total.figures[0].kpi.code, None),
                        line.total.figures[0].kpi.decimals,
                    )
                    for code, place in reversed(_years(loaded)[: declared.years])
                ]
                for line in lines
            ]
            if declared.years > 2
            else []
        ),
    }


def _years(loaded: YearFigures) -> Sequence[tuple[str, int | None]]:
    """This year and those before it, the newest first, each with its place among the ones before."""
    return [(loaded.year.code, None), *((year.code, index) for index, (year, *_rest) in enumerate(loaded.before))]


def _table_line(filled: Mapping[str, FilledTable], index: int) -> TableLine:
    line = filled["en"].lines[index]
    return {
        "title": {language: table.lines[index].title for language, table in filled.items()},
        "heading": {language: table.lines[index].heading for language, table in filled.items()} if line.heading else {},
        "is_part": line.is_part,
        "is_sum": line.is_sum,
        "total": line.total.figures[0].kpi.code,
        "density": line.density.figures[0].kpi.code if line.density else "",
        "words": {language: table.lines[index].words for language, table in filled.items()} if line.words else {},
    }


class Factors:
    """Every factor that a calculation names, once, with what it is about: many fuels have an oxidation rate.

    Of several lines the last one counts, by figure and then by site, in whichever order they come.
    """

    def __init__(self) -> None:
        self._found: dict[str, tuple[tuple[int, int], FactorContent]] = {}

    def take(self, lines: Sequence[LineContent], order: tuple[int, int]) -> None:
        """The lines of a figure at a site; ``order`` is the place of the figure and of the site."""
        for line in lines:
            for step in line["steps"]:
                reference = step["reference"]
                if reference and (reference not in self._found or self._found[reference][0] <= order):
                    self._found[reference] = order, _factor(line, step)

    @property
    def contents(self) -> list[FactorContent]:
        return [self._found[reference][1] for reference in sorted(self._found)]


def _factor(line: LineContent, step: StepContent) -> FactorContent:
    return {
        "reference": step["reference"],
        "title": {language: f"{line['title'][language]} · {said}" for language, said in step["title"].items()},
        "value": step["value"],
        "unit": step["unit"],
        "source": step["source"],
        "is_doubtful": step["is_doubtful"],
    }
