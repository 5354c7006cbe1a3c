"""What somebody with all published figures in hand can work out: for the tests of what is withheld.

The reader knows every value in the export and how figures hang together: groups of a dimension add up to the total,
sites to the group, a rate is one figure over another. What follows from that with certainty is determined.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from apps.indicators.computation import Figures
from apps.indicators.declarations import Ratio, Total
from apps.indicators.exports.rows import json_row
from apps.workforce.models import WorkforceGroup

# A figure at a site, with "" for all of them.
Cell = tuple[str, Any]
# Cells with their coefficients; together they make zero.
Equation = dict[Cell, Fraction]

# Counts by group, each with the published total that the groups of a dimension add up to.
TOTALS = {
    "WF-END": "WF-END",
    "WF-START": "WF-START",
    "WF-LEFT": "WF-LEFT",
    "WF-TRAINED": "WF-TRAINED",
    "WF-HOURS": "WF-HOURS",
}


def published(figures: Figures) -> dict[Cell, dict[str, Any]]:
    """Every row of the export, by figure and site."""
    rows = (json_row(figure, figures.year) for figure in figures.rows(group=True))
    return {(row["code"], row["site"] or ""): row for row in rows}


def _equations(figures: Figures, rows: Mapping[Cell, dict[str, Any]]) -> Iterator[Equation]:
    groups = list(WorkforceGroup.objects.select_related("dimension"))
    sites = [site.code for site in figures.sites]
    for place in ("", *sites):
        for head, total in TOTALS.items():
            for dimension in {group.dimension for group in groups}:
                members = [group for group in groups if group.dimension == dimension and group.counts_in_total]
                parts = {(f"{head}-{group.code.upper()}", place): Fraction(1) for group in members}
                yield {**parts, (total, place): Fraction(-1)}
        local = {(f"WF-END-{group.code.upper()}", place): Fraction(1) for group in groups if group.is_local}
        yield {**local, ("WF-LOCAL", place): Fraction(-1)}
        for kpi in figures.kpis:
            if isinstance(kpi, Total):
                parts = dict.fromkeys([(part, place) for part in kpi.parts], kpi.factor)
                yield {**parts, (kpi.code, place): Fraction(-1)}
            if isinstance(kpi, Ratio):
                rate, below = rows[kpi.code, place], rows[kpi.denominator, place]
                if rate["value"] is not None and below["value"] is not None:
                    # A published rate times what it is divided by; its digits end somewhere, so does the equation.
                    yield {(kpi.numerator, place): kpi.factor, (kpi.code, place): -Fraction(below["value"])}
                if rate["value"] is not None and rate["numerator"] is not None:
                    yield {(kpi.denominator, place): Fraction(rate["value"]), ("given", rate["code"] + place): -1}
    for kpi in figures.kpis:
        if any(kpi.code.startswith(f"{head}-") for head in TOTALS) and not kpi.is_quotient:
            yield {**{(kpi.code, site): Fraction(1) for site in sites}, (kpi.code, ""): Fraction(-1)}


def determined(figures: Figures) -> set[Cell]:
    """Withheld figures whose value follows from what is published."""
    rows = published(figures)
    withheld = {
        (figure.kpi.code, figure.site.code if figure.site else "")
        for figure in figures.rows(group=True)
        if figure.is_withheld
    }
    hidden = {cell for cell, row in rows.items() if row["value"] is None}
    unknown = [
        {cell: factor for cell, factor in equation.items() if cell in hidden} for equation in _equations(figures, rows)
    ]
    return withheld & alone(unknown)


def alone(equations: Iterable[Equation]) -> set[Cell]:
    """The unknowns that equations determine: those that stand alone in a row of their reduced echelon form."""
    solved: dict[Cell, Equation] = {}
    for equation in equations:
        row = dict(equation)
        for pivot in [cell for cell in row if cell in solved]:
            row = _minus(row, row[pivot], solved[pivot])
        if not row:
            continue
        pivot = next(iter(row))
        row = {cell: factor / row[pivot] for cell, factor in row.items()}
        for other, known in solved.items():
            if pivot in known:
                solved[other] = _minus(known, known[pivot], row)
        solved[pivot] = row
    return {next(iter(row)) for row in solved.values() if len(row) == 1}


def _minus(row: Equation, times: Fraction, other: Equation) -> Equation:
    left = dict(row)
    for cell, factor in other.items():
        left[cell] = left.get(cell, Fraction(0)) - times * factor
    return {cell: factor for cell, factor in left.items() if factor}
