"""Printed tables with figures in them: the same for the page, the workbook and the admin."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from django.db.models import CharField, QuerySet, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.formats import change_percent
from apps.indicators.basis import Basis, recorded
from apps.indicators.computation import Figures
from apps.indicators.declarations import Family, Line, ReportTable, Words, declared
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import KpiSet
from apps.indicators.sums.models import sum_model_of
from apps.organisation.models import ReportingYear, Site
from apps.organisation.models.places import Dated
from apps.organisation.sites_in import at_sites

# A site, or None for all of them together.
Place = Site | None

_NAMED_DENOMINATORS: Final = 4
_NAMES: Final = ("name_en", "name_zh_hans", "name_zh_hant")


def place_name(place: Place) -> str:
    return place.name if place else _("Group")


@dataclass(frozen=True, kw_only=True)
class FilledCells:
    """One figure at every place, and for the first place beside the year before."""

    figures: tuple[Figure, ...]
    last: Figure | None

    @property
    def unit(self) -> str:
        return self.figures[0].kpi.unit_label

    @property
    def change(self) -> Decimal | None:
        """Percent against the year before; of a total only when both years are as far."""
        this, last = self.figures[0], self.last
        if last is None:
            return None
        comparable = this.kpi.is_quotient or this.coverage.is_as_far_as(last.coverage, this.basis)
        return change_percent(this.value, last.value) if comparable else None


@dataclass(frozen=True, kw_only=True)
class FilledLine:
    title: str
    heading: str
    is_part: bool
    is_sum: bool
    total: FilledCells
    density: FilledCells | None
    words: str


@dataclass(frozen=True, kw_only=True)
class YearFigure:
    year: ReportingYear
    figure: Figure


@dataclass(frozen=True, kw_only=True)
class FilledTable:
    declaration: ReportTable
    density_title: str
    lines: tuple[FilledLine, ...]
    note: str = ""
    # Where the table asks for more than two years, the oldest first, and each line over them.
    history_years: tuple[ReportingYear, ...] = ()
    history: tuple[tuple[str, tuple[YearFigure, ...]], ...] = ()

    @property
    def has_density(self) -> bool:
        return bool(self.declaration.density_title)

    @property
    def withholds(self) -> bool:
        """Whether a figure of it is withheld, which wants a word below the table."""
        cells = [cells for line in self.lines for cells in (line.total, line.density) if cells]
        return any(figure.is_withheld for each in cells for figure in (*each.figures, each.last) if figure)

    @property
    def width(self) -> int:
        """Columns of the table, for a heading over all of them."""
        block = 1 + len(self.lines[0].total.figures) + (2 if self.lines[0].total.last else 0)
        return 1 + block * (1 + self.has_density) + bool(self.declaration.words)


def fill(
    tables: Sequence[ReportTable],
    figures: Figures,
    last: Figures | None,
    places: Sequence[Place],
    earlier: Sequence[Figures] = (),
) -> list[FilledTable]:
    """Puts the figures of ``places`` into the tables. Leaves out lines that nobody filled or had to fill.

    ``earlier`` are the years before the last one, the newest first, for tables that show more than two.
    """
    before = [last, *earlier] if last else []
    expected = _expected(dict.fromkeys(code for table in tables for code in table.families), figures)
    said = {
        words: _said(words, figures, places[0]) for words in dict.fromkeys(table.words for table in tables) if words
    }
    return [
        FilledTable(
            declaration=table,
            density_title=_density_title(table, figures, places),
            lines=tuple(
                _fill(line, figures, last, places, said[table.words] if table.words else {})
                for line in _shown(table, figures, places[0], set().union(*(expected[code] for code in table.families)))
            ),
            note=table.note(figures.year) if table.note else "",
            **_history(table, [figures, *before[: table.years - 1]], places[0]),
        )
        for table in tables
    ]


def _history(table: ReportTable, years: Sequence[Figures], place: Place) -> dict[str, Any]:
    """Every line over the years, the oldest first."""
    if table.years <= 2 or len(years) <= 2:
        return {}
    oldest_first = list(reversed(years))
    lines = [
        (
            str(line.title or years[0].kpis[line.total].title),
            tuple(YearFigure(year=each.year, figure=each.of(line.total, place)) for each in oldest_first),
        )
        for line in _lines(table, years[0].kpis)
    ]
    return {"history_years": tuple(each.year for each in oldest_first), "history": tuple(lines)}


def _shown(table: ReportTable, figures: Figures, place: Place, expected: set[int]) -> Iterator[Line]:
    lines = _lines(table, figures.kpis)
    used = {
        line.item.pk
        for line in lines
        if line.item is not None and (line.item.pk in expected or _has_rows(figures.of(line.total, place)))
    }
    # A part that is shown needs the line above it.
    used |= {line.part_of for line in lines if line.item is not None and line.item.pk in used and line.part_of}
    for line in lines:
        if line.wants_rows and not _has_rows(figures.of(line.total, place)):
            continue
        if line.item.pk in used if line.item is not None else used or not table.families:
            yield line


def _lines(table: ReportTable, kpis: KpiSet) -> list[Line]:
    """The lines whose figures the reader may see: a rate may rest on a section that is not theirs."""
    kept, key = kpis.once(_no_lines), (table, get_language())
    if key not in kept:
        kept[key] = [
            line if not line.density or line.density in kpis else replace(line, density="")
            for line in table.lines(kpis)
            if line.total in kpis
        ]
    return kept[key]


def _no_lines(_kpis: KpiSet) -> dict[tuple[ReportTable, str | None], list[Line]]:
    """The lines of each table in each language."""
    return {}


def _has_rows(figure: Figure) -> bool:
    return bool(figure.rows or figure.gaps)


def _fill(
    line: Line, figures: Figures, last: Figures | None, places: Sequence[Place], said: dict[int, str]
) -> FilledLine:
    return FilledLine(
        title=str(line.title or figures.kpis[line.total].title),
        heading=str(line.heading),
        is_part=line.part_of is not None,
        is_sum=line.is_sum,
        total=_cells(line.total, figures, last, places),
        density=_cells(line.density, figures, last, places) if line.density else None,
        words=said.get(line.item.pk, "") if line.item is not None else "",
    )


def _cells(code: str, figures: Figures, last: Figures | None, places: Sequence[Place]) -> FilledCells:
    return FilledCells(
        figures=tuple(figures.of(code, place) for place in places),
        last=last.of(code, places[0]) if last else None,
    )


def _density_title(table: ReportTable, figures: Figures, places: Sequence[Place]) -> str:
    """Names the denominators: of every place while there are few, else of the first."""
    if not table.density_title:
        return ""
    if not table.denominator:
        return str(table.density_title)
    named = places if len(places) <= _NAMED_DENOMINATORS else places[:1]
    outputs = [figures.of(table.denominator, place) for place in named]
    texts = [f"{output.display} {output.kpi.unit_label}" for output in outputs]
    if len(places) > 1:
        texts = [f"{text} ({place_name(place)})" for text, place in zip(texts, named, strict=True)]
    return str(table.density_title) % {"output": ", ".join(texts)}


def _expected(codes: Iterable[str], figures: Figures) -> dict[str, set[int]]:
    """Catalogue rows that one of the sites answers in the year, by family; all families in one query."""
    first, last = figures.year.starts_on, figures.year.ends_on
    found: dict[str, set[int]] = {}
    asked: list[QuerySet[Any, Any]] = []
    for code in codes:
        family = declared[code]
        if not isinstance(family, Family):
            raise TypeError(f"{code} is no family")
        if family.site_row is None:
            rows = [member.item for member in figures.kpis.members(code)]
            found[code] = {row.pk for row in rows if not isinstance(row, Dated) or row.holds_during(first, last)}
            continue
        found[code] = set()
        site_rows: Any = family.site_row.objects.in_force(first, last)
        at_them = site_rows.filter(at_sites("site_id", figures.sites)).order_by()
        named = at_them.annotate(family=Value(code, output_field=CharField()))
        asked.append(named.values_list("family", family.row_field).distinct())
    for code, item in asked[0].union(*asked[1:]) if asked else ():
        found[code].add(item)
    return found


def _said(words: Words, figures: Figures, place: Place) -> dict[int, str]:
    """The words of the records that count, by catalogue row."""
    sites = [place] if place else figures.sites
    rows: QuerySet[Any]
    sums = sum_model_of(words.source) if figures.basis == Basis.APPROVED else None
    if sums is not None:
        rows = sums._default_manager.filter(at_sites("site_id", sites), year=figures.year, value_count__gt=0)
    else:
        rows = recorded(words.source, year=figures.year, sites=sites, basis=figures.basis)
        rows = rows.exclude(quantity__isnull=True)
    names = [f"{words.words}__{name}" for name in _NAMES]
    order = f"{words.words}__position", f"{words.words}__code"
    field: Any = words.source._meta.get_field(words.words)
    by_item: dict[int, dict[int, str]] = defaultdict(dict)
    for item, word, *named in rows.order_by(*order).values_list(words.item, words.words, *names).distinct():
        if word not in by_item[item]:
            by_item[item][word] = field.related_model(**dict(zip(_NAMES, named, strict=True))).name
    return {item: "; ".join(found.values()) for item, found in by_item.items()}
