"""Reads yearly sums and turns them into the parts of figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from apps.indicators.basis import exactly
from apps.indicators.declarations import Parts, RecordKpi
from apps.indicators.sums.conditions import Summable
from apps.indicators.sums.models import YearlySum
from apps.organisation.models import ReportingYear
from apps.organisation.sites_in import AnyOf

# The columns of every line.
COUNTS: Final = ("quantity", "row_count", "value_count", "not_applicable_count")


@dataclass(slots=True)
class _Added:
    """Parts that are still being added up."""

    total: Decimal | None = None
    rows: int = 0
    gaps: int = 0
    not_applicable: int = 0


@dataclass(kw_only=True)
class SumsRead:
    """``parts`` by figure and place. ``holes``: figures of a place that lack all values of a line at one of its sites.

    A place is the number of a site, or of a set of sites that were read together.
    """

    parts: dict[str, dict[int, Parts]] = field(default_factory=dict)
    holes: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


class Ways:
    """How some figures add up from sums: the same at every place and in every year."""

    def __init__(self, summed: Mapping[RecordKpi, Summable]) -> None:
        by_model: dict[type[YearlySum], dict[str, Summable]] = defaultdict(dict)
        for kpi, way in summed.items():
            by_model[way.model][kpi.code] = way
        self._by_model: Mapping[type[YearlySum], Mapping[str, Summable]] = by_model
        # What has to be read of each line: the catalogue rows, and what the figures ask of those.
        self.names: dict[type[YearlySum], tuple[str, ...]] = {
            model: (
                *model.records.row_fields,
                *sorted(set().union(*(way.names for way in ways.values())) - set(model.records.row_fields)),
            )
            for model, ways in by_model.items()
        }
        self._counted: dict[tuple[type[YearlySum], tuple[Any, ...]], list[tuple[str, Decimal | None]]] = {}

    def counted_in(self, model: type[YearlySum], line: tuple[Any, ...]) -> list[tuple[str, Decimal | None]]:
        """Which figures a line counts in, each with its factor. ``line`` is what the names of the model say of it."""
        key = model, line
        if key not in self._counted:
            said = dict(zip(self.names[model], line, strict=True))
            self._counted[key] = [
                (code, way.factor(said)) for code, way in self._by_model[model].items() if way.counts(said)
            ]
        return self._counted[key]


class SumReader:
    """The figures of ``years`` that can be added up from sums: one query for each model, however many years."""

    def __init__(self, years: Sequence[ReportingYear], ways: Ways) -> None:
        self._years = [year.pk for year in years]
        self._ways = ways
        self._sets: dict[tuple[tuple[int, ...], ...], dict[int, SumsRead]] = {}

    def of_lines(self, lines: Mapping[type[YearlySum], Iterable[Sequence[Any]]], site: int) -> dict[int, SumsRead]:
        """Of lines of one site that are read already: the year, what the names of the model say, and the counts."""
        read = {each: SumsRead() for each in self._years}
        for model, rows in lines.items():
            self._take(model, ((year, site, *row, 0) for year, *row in rows), read)
        return read

    def of_sites(self, sites: Iterable[int], year: int | None = None) -> dict[int, SumsRead]:
        """Of each site by itself: of every year, or of one alone."""
        wanted = list(sites)
        years = self._years if year is None else [year]
        read = {each: SumsRead() for each in years}
        for model, names in self._ways.names.items():
            # A line of a site is one row of the table: nothing to add up in the database.
            rows = self._rows(model, wanted, years).values_list("year_id", "site_id", *names, *COUNTS)
            self._take(model, ((*row, 0) for row in rows), read)
        return read

    def of_sets(self, sets: Sequence[Sequence[int]], year: int) -> SumsRead:
        """Of each set of sites together, by its place in ``sets``. The other years are read with the first."""
        key = tuple(tuple(members) for members in sets)
        if key not in self._sets:
            self._sets[key] = self._read_sets(sets)
        return self._sets[key][year]

    def _read_sets(self, sets: Sequence[Sequence[int]]) -> dict[int, SumsRead]:
        read = {year: SumsRead() for year in self._years}
        everybody = [site for members in sets for site in members]
        for model, names in self._ways.names.items():
            is_hole = Q(value_count=0, row_count__gt=F("not_applicable_count"))
            rows = (
                self._rows(model, everybody, self._years)
                .annotate(place=_place(sets))
                .order_by()
                .values_list("year_id", "place", *names)
                .annotate(*(Sum(name) for name in COUNTS), holes=Count("pk", filter=is_hole))
            )
            self._take(model, rows, read)
        return read

    def _rows(self, model: type[YearlySum], sites: list[int], years: list[int]) -> QuerySet[Any]:
        rows: QuerySet[Any] = model._default_manager.filter(AnyOf("site_id", sites), AnyOf("year_id", years))
        return rows

    def _take(self, model: type[YearlySum], rows: Iterable[tuple[Any, ...]], read: dict[int, SumsRead]) -> None:
        added: dict[tuple[int, str, int], _Added] = {}
        with exactly():
            for year, place, *line, quantity, row_count, value_count, not_applicable, holes in rows:
                for code, factor in self._ways.counted_in(model, tuple(line)):
                    key = year, code, place
                    found = added.get(key)
                    if found is None:
                        found = added[key] = _Added()
                    found.not_applicable += not_applicable
                    if factor is None:  # in a unit that cannot be converted
                        found.gaps += row_count - not_applicable
                        read[year].holes[place].add(code)
                        continue
                    found.rows += value_count
                    found.gaps += row_count - value_count - not_applicable
                    if quantity is not None:
                        found.total = quantity * factor if found.total is None else found.total + quantity * factor
                    if holes:
                        read[year].holes[place].add(code)
        for (year, code, place), each in added.items():
            read[year].parts.setdefault(code, {})[place] = Parts(
                total=each.total, rows=each.rows, gaps=each.gaps, not_applicable=each.not_applicable
            )


def _place(sets: Sequence[Sequence[int]]) -> Any:
    if len(sets) == 1:
        return Value(0, output_field=IntegerField())
    return Case(
        *(When(AnyOf("site_id", members), then=Value(place)) for place, members in enumerate(sets[1:], start=1)),
        default=Value(0),
        output_field=IntegerField(),
    )
