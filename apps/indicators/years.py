"""One site over all years: the lines of the printed tables that yearly sums give, a column for each year."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from threading import Lock
from typing import Final

from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import formats
from apps.indicators import policies
from apps.indicators.basis import Basis
from apps.indicators.cells import figure_page, linked_cell, no_value_cell
from apps.indicators.declarations import Flow, Line, Parts, ReportTable, tables
from apps.indicators.figures import Coverage, gaps_in_words, query_of, reason_without_value
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.indicators.site_lines import SiteLines, read_site_lines
from apps.indicators.sums.conditions import summable
from apps.indicators.sums.reading import SumReader, Ways
from apps.organisation.models import ReportingYear, Site

# Each is as long as its page.
_TABLES_KEPT: Final = 32
_NOTHING: Final = Parts()


@dataclass(frozen=True, kw_only=True)
class SiteYears:
    """``tables`` are ready to be printed, empty where nothing is approved. ``years`` are the oldest first."""

    site: Site
    years: Sequence[ReportingYear]
    tables: SafeString


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """What of a set of figures is shown, and how it adds up."""

    tables: Sequence[tuple[ReportTable, Sequence[tuple[Line, Flow]]]]
    sections: Sequence[str]
    ways: Ways


def years_of(user: User, code: str) -> SiteYears | None:
    """Approved figures of the site as far as ``user`` may read them; None where they see no such site.

    Figures about people are left out: who is so few that nothing is printed is asked year by year.

    The tables are written anew only where the database says another thing than before: of the catalogues (of which
    ``kpis`` are), of the years, the site, its sums or its forms. There is nothing else that they rest on.
    """
    kpis = current_kpis()
    everything = kpis.once(_shown)
    found = read_site_lines(code, everything.ways, everything.sections)
    if found is None or not policies.may_see_figures_of(user, found.site):
        return None
    sections = policies.sections_at(user, [found.site])
    written = _kept_tables(found, everything, kpis.within(sections), sections)
    return SiteYears(site=found.site, years=found.years, tables=written)


_kept: OrderedDict[tuple[int, frozenset[str], str, str, bytes], SafeString] = OrderedDict()
_kept_lock: Final = Lock()


def _kept_tables(found: SiteLines, everything: _Shown, kpis: KpiSet, sections: frozenset[str]) -> SafeString:
    said = sha256(found.said.encode()).digest()
    key = kpis.number, sections, get_language() or "", get_script_prefix(), said
    with _kept_lock:
        known = _kept.get(key)
        if known is not None:
            _kept.move_to_end(key)
            return known
    written = _tables(found, everything, kpis, sections)
    with _kept_lock:
        _kept[key] = written
        while len(_kept) > _TABLES_KEPT:
            _kept.popitem(last=False)
    return written


def _tables(found: SiteLines, everything: _Shown, kpis: KpiSet, sections: frozenset[str]) -> SafeString:
    """Of ``everything``, by which the lines were read, the tables of ``sections`` as far as ``kpis`` go."""
    of_years = SumReader(found.years, everything.ways).of_lines(found.lines, found.site.pk)
    parts = {year: {code: at[found.site.pk] for code, at in read.parts.items()} for year, read in of_years.items()}
    writer = _Writer(found, parts)
    written = [
        writer.table(table, [(line, kpi) for line, kpi in lines if kpi.code in kpis])
        for table, lines in everything.tables
        if table.section in sections
    ]
    return SafeString("".join(written))


def _shown(kpis: KpiSet) -> _Shown:
    """The lines that yearly sums give of sets of figures."""
    found = [(table, list(_lines(table, kpis))) for table in tables]
    flows = dict.fromkeys(flow for _table, lines in found for _line, flow in lines)
    return _Shown(
        tables=[(table, lines) for table, lines in found if lines],
        sections=sorted({flow.section for flow in flows}),
        ways=Ways({flow: way for flow in flows if (way := summable(flow)) is not None}),
    )


def _lines(table: ReportTable, kpis: KpiSet) -> Iterator[tuple[Line, Flow]]:
    for line in table.lines(kpis):
        if line.total not in kpis:
            continue
        kpi = kpis[line.total]
        if isinstance(kpi, Flow) and summable(kpi) is not None and not kpi.people and not kpi.counts_people:
            yield line, kpi


class _Writer:
    """Writes lines. What stands in a cell is what the page of its year says, by the same words (cells.py)."""

    def __init__(self, found: SiteLines, parts: dict[int, dict[str, Parts]]) -> None:
        self._site = found.site.pk
        codes = [(year.pk, year.code, escape(year.code)) for year in found.years]
        coverages = found.coverages
        self._years = [
            (f'<td class="number" data-label="{label}"><span>', code, coverages[number])
            for number, code, label in codes
        ]
        self._heads = "".join([f'<th class="number" scope="col">{label}</th>' for _number, _code, label in codes])
        self._parts = [parts[number] for number, _code, _label in codes]
        self._query = escape(query_of(found.site, Basis.APPROVED))
        self._prefix = get_script_prefix()
        self._language = get_language() or ""

    def table(self, table: ReportTable, lines: Sequence[tuple[Line, Flow]]) -> str:
        """Empty where nobody said anything of any of its lines."""
        rows = "".join([self._row(line, kpi) for line, kpi in lines])
        if not rows:
            return ""
        anchor, unit = f"table-{escape(table.code)}", _("Unit")
        return (
            f'<section class="section"><h2 id="{anchor}">{escape(str(table.title))}</h2>\n'
            f'<div class="table-scroll" role="region" tabindex="0" aria-labelledby="{anchor}">'
            f'<table class="table table--cards figures"><thead><tr><th scope="col">{escape(str(table.item_title))}</th>'
            f'<th scope="col">{escape(unit)}</th>{self._heads}</tr></thead>\n'
            f"<tbody>\n{rows}</tbody></table></div></section>\n"
        )

    def _row(self, line: Line, kpi: Flow) -> str:
        """A line of which somebody said something in any year."""
        code, sections = kpi.code, frozenset({kpi.section})
        told = [parts.get(code, _NOTHING) for parts in self._parts]
        if not any(parts.rows or parts.gaps for parts in told):
            return ""
        cells = [
            f"{opened}{self._cell(kpi, year, parts, forms.of(sections, self._site))}</span></td>"
            for (opened, year, forms), parts in zip(self._years, told, strict=True)
        ]
        return (
            f'<tr><th scope="row">{escape(str(line.title or kpi.title))}</th>'
            f'<td class="unit">{escape(kpi.unit_label)}</td>{"".join(cells)}</tr>\n'
        )

    def _cell(self, kpi: Flow, year: str, parts: Parts, coverage: Coverage) -> str:
        value = kpi.value(parts, handed_in=coverage.approved)
        if value is None:
            reason = reason_without_value(parts, coverage, Basis.APPROVED)
            if not parts.rows and not parts.gaps:
                return no_value_cell(reason)
        else:
            reason = gaps_in_words(parts.gaps, self._language) if parts.gaps else ""
        address = f"{figure_page(year, kpi.code, self._prefix)}?{self._query}"
        return linked_cell(formats.number(value, kpi.decimals), address, reason)
