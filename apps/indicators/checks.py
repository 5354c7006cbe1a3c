"""What is refused at start-up: a KPI whose joins could count a record twice, or that names what does not exist."""

import re
from collections.abc import Iterator
from typing import Any, Final

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldError
from django.db.models import F, Model, Q
from django.db.models.expressions import BaseExpression, Subquery
from django.db.models.sql import Query

from apps.indicators.declarations import Flow, Kpi, RecordKpi, declared
from apps.indicators.kpi_set import KpiSet, sample_kpis
from apps.submissions.sections import sections

_CODE: Final = re.compile(r"[A-Z][A-Z0-9]*((-[A-Z0-9_]+)+(-\*)?|-\*)")
SUBQUERY: Final = "(subquery)"
_HKEX: Final = re.compile(r"([A-Z]\d+\.\d+|D-\d+(-S3)?)")


@register()
def check_kpis(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Runs over every declaration, with a sample row for each catalogue."""
    found: list[CheckMessage] = [
        Error(f"KPI code {entry.code!r} is not written in capitals, digits and hyphens.", id="indicators.E001")
        for entry in declared
        if not _CODE.fullmatch(entry.code)
    ]
    try:
        kpis = sample_kpis()
    except (KeyError, ValueError) as error:
        return [*found, Error(f"The KPIs do not fit together: {error}.", id="indicators.E002")]
    return [*found, *(problem for kpi in kpis for problem in problems_of(kpi, kpis))]


def problems_of(kpi: Kpi, kpis: KpiSet) -> Iterator[CheckMessage]:
    if kpi.section not in sections:
        yield Error(f"KPI {kpi.code} names no section: {kpi.section!r}.", id="indicators.E003")
    for code in kpi.hkex:
        if not _HKEX.fullmatch(code):
            yield Error(f"KPI {kpi.code} names no HKEX provision: {code!r}.", id="indicators.E004")
    for code in (*kpi.needs, *kpi.people):
        if code not in kpis:
            yield Error(f"KPI {kpi.code} is made of {code!r}, which nobody declares.", id="indicators.E005")
    if isinstance(kpi, RecordKpi):
        annotated = set(kpi.annotate(kpi.source._default_manager.none()).query.annotations) if kpi.annotate else set()
        for name in names_in(kpi.where, kpi.amount if isinstance(kpi, Flow) else None):
            problem = None if name.split("__")[0] in annotated else path_problem(kpi.source, name)
            if problem:
                yield Error(f"KPI {kpi.code}: {problem}", id="indicators.E006")


def names_in(*expressions: Any) -> Iterator[str]:
    """The columns that conditions and expressions name."""
    for expression in expressions:
        if isinstance(expression, Q):
            for child in expression.children:
                if isinstance(child, tuple):
                    yield child[0]
                    yield from names_in(*([] if isinstance(child[1], str) else [child[1]]))
                else:
                    yield from names_in(child)
        elif isinstance(expression, F):
            yield str(expression.name)  # type: ignore[attr-defined]
        elif isinstance(expression, str):
            yield expression
        elif isinstance(expression, Subquery):
            yield SUBQUERY
        elif isinstance(expression, BaseExpression):
            yield from names_in(*expression.get_source_expressions())


def path_problem(model: type[Model], name: str) -> str | None:
    """Why ``name`` must not stand in a KPI over ``model``, or None.

    Asks Django's own path information: every step has to lead along a foreign key to the one row it points at.
    """
    if name == SUBQUERY:
        return "a subquery belongs into annotate, not into where or amount"
    query = Query(model)
    try:
        path, *_rest = query.names_to_path(name.split("__"), query.get_meta(), allow_many=True)
    except FieldError as error:
        return f"{name!r} is no column of {model.__name__} ({error})"
    if any(step.m2m or not step.direct for step in path):
        return f"{name!r} leaves {model.__name__} by other ways than forward foreign keys"
    return None
