"""Pages of figures: of the data approved by now, or of the edition that holds.

A page computes only its own figures at its own places. No token ever reads what is withheld for small groups.
"""

from collections.abc import Callable, Sequence
from functools import partial

from django.utils.translation import gettext as _

from apps.api.paging import Key, Slice, cut
from apps.api.policies import Reader
from apps.api.problems import not_found
from apps.api.published import Published, published, said
from apps.api.schemas import CoverageOut, FigureOut, FiguresQuery, Level, PublishedOut
from apps.indicators.computation import compute
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.organisation.models import ReportingYear, Site
from apps.reporting.content.shape import GROUP

# The figures that may be read where data of these sections may be read, by code.
Readable = Callable[[frozenset[str]], Sequence[str]]


def figures_page(reader: Reader, year: ReportingYear, query: FiguresQuery) -> tuple[list[FigureOut], str | None]:
    """The rows of one page, and the cursor of the next. Raises a problem for places that the token does not reach."""
    places = _places(reader, query.site, query.level)
    edition = published(year)
    kpis = current_kpis()
    if query.basis == "published":
        if edition is None:
            raise not_found(_("This year is not published yet. Ask for its approved data."))
        page = _slice(reader, places, partial(_in_edition, edition, kpis, query), query)
        return [_published_row(edition, year, kpis, *key) for key in page.keys], page.cursor
    page = _slice(reader, places, partial(_in_kpis, kpis, query), query)
    return _approved_rows(reader, year, kpis, page.keys, edition), page.cursor


def _places(reader: Reader, site: str, level: Level | None) -> list[Site | None]:
    """In the order of the rows: the group, then the sites by code."""
    if site:
        found = reader.site(site)
        if found is None:
            raise not_found(_("There is no such site, or this token does not reach it."))
        return [found] if level != "group" else []
    places: list[Site | None] = [None] if reader.reads_group and level != "site" else []
    return places if level == "group" else [*places, *reader.sites]


def _slice(reader: Reader, places: Sequence[Site | None], readable: Readable, query: FiguresQuery) -> Slice:
    kept: dict[frozenset[str], Sequence[str]] = {}
    keys: list[Key] = []
    for place in places:
        sections = reader.sections(place)
        if sections not in kept:
            kept[sections] = readable(sections)
        keys.extend((place.code if place else GROUP, code) for code in kept[sections])
    return cut(keys, query.cursor, query.limit)


def _in_kpis(kpis: KpiSet, query: FiguresQuery, sections: frozenset[str]) -> list[str]:
    return sorted(
        kpi.code
        for kpi in kpis
        if not kpi.is_part and _is_asked_for(query, kpi.code, kpi.hkex) and kpis.sections(kpi) <= sections
    )


def _in_edition(edition: Published, kpis: KpiSet, query: FiguresQuery, sections: frozenset[str]) -> list[str]:
    return sorted(
        code
        for code, figure in edition.figures.items()
        if not (code in kpis and kpis[code].is_part)
        and _is_asked_for(query, code, figure["provisions"])
        and edition.sections(code) <= sections
    )


def _is_asked_for(query: FiguresQuery, code: str, provisions: Sequence[str]) -> bool:
    return query.code in ("", code) and (not query.provision or query.provision in provisions)


def _approved_rows(
    reader: Reader, year: ReportingYear, kpis: KpiSet, keys: Sequence[Key], edition: Published | None
) -> list[FigureOut]:
    if not keys:
        return []
    codes = dict.fromkeys(code for _place, code in keys)
    by_code = {site.code: site for site in reader.all_sites}
    wanted = {place for place, _code in keys}
    sites = list(reader.all_sites) if GROUP in wanted else [by_code[code] for code in sorted(wanted)]
    figures = compute(year=year, sites=sites, kpis=kpis.of(codes))
    return [_approved_row(year, figures.of(code, by_code.get(place)), edition) for place, code in keys]


def _approved_row(year: ReportingYear, figure: Figure, edition: Published | None) -> FigureOut:
    kpi = figure.kpi
    last = _as_published(edition, kpi.code, figure.site.code if figure.site else GROUP)
    return FigureOut(
        year=year.code,
        site=figure.site.code if figure.site else None,
        code=kpi.code,
        title=str(kpi.title),
        section=kpi.section,
        provisions=list(kpi.hkex),
        value=figure.value_text,
        display=figure.display,
        decimals=kpi.decimals,
        unit=kpi.unit,
        unit_label=kpi.unit_label,
        basis="approved",
        coverage=CoverageOut(approved=figure.coverage.approved, expected=figure.coverage.expected),
        rows=figure.rows,
        gap=figure.gap_text,
        reason=str(figure.reason),
        is_withheld=figure.is_withheld,
        published=last,
        differs=None if last is None else last.value != figure.value_text,
    )


def _as_published(edition: Published | None, code: str, place: str) -> PublishedOut | None:
    figure = edition.figures.get(code) if edition else None
    at = figure["places"].get(place) if figure else None
    if edition is None or at is None:
        return None
    return PublishedOut(edition=edition.number, value=at["value"], display=at["display"], is_withheld=at["is_withheld"])


def _published_row(edition: Published, year: ReportingYear, kpis: KpiSet, place: str, code: str) -> FigureOut:
    """A figure of the edition. A site that came later has none there."""
    figure = edition.figures[code]
    at = figure["places"].get(place)
    last = _as_published(edition, code, place)
    return FigureOut(
        year=year.code,
        site=place or None,
        code=code,
        title=said(figure["title"]),
        section=figure["section"],
        provisions=figure["provisions"],
        value=at["value"] if at else None,
        display=at["display"] if at else "–",
        decimals=figure["decimals"],
        unit=kpis[code].unit if code in kpis else None,
        unit_label=said(figure["unit"]),
        basis="published",
        coverage=CoverageOut(approved=at["approved"] if at else 0, expected=at["expected"] if at else 0),
        rows=at["rows"] if at else 0,
        gap=said(at["gap"]) if at else "",
        reason=said(at["reason"]) if at else _("not in this edition"),
        is_withheld=bool(at and at["is_withheld"]),
        published=last,
        differs=False if last else None,
    )
