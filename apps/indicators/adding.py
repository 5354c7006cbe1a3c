"""The one query that adds up the records of a model, for many figures at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from apps.indicators.basis import Basis, recorded_in
from apps.indicators.declarations import Parts, RecordKpi
from apps.organisation.models import ReportingYear, Site
from apps.submissions.models import Record


def add_up(
    source: type[Record],
    kpis: Sequence[RecordKpi],
    *,
    years: Sequence[ReportingYear],
    sites: Sequence[Site],
    basis: Basis,
    by: tuple[str, ...],
) -> Iterator[tuple[tuple[Any, ...], dict[str, Parts]]]:
    """The parts of ``kpis``, all of them over ``source``, for each value of the columns ``by``."""
    queryset = recorded_in(source, years=years, sites=sites, basis=basis)
    for annotate in dict.fromkeys(kpi.annotate for kpi in kpis if kpi.annotate is not None):
        queryset = annotate(queryset)
    columns: dict[str, Any] = {}
    names: dict[str, dict[str, str]] = {}
    for index, kpi in enumerate(kpis):
        aggregates = kpi.aggregates()
        names[kpi.code] = {name: f"kpi{index}_{name}" for name in aggregates}
        columns.update({f"kpi{index}_{name}": aggregate for name, aggregate in aggregates.items()})
    for row in queryset.order_by().values(*by).annotate(**columns):
        yield (
            tuple(row[column] for column in by),
            {kpi.code: kpi.parts({name: row[column] for name, column in names[kpi.code].items()}) for kpi in kpis},
        )
