"""docs/kpis.md, written from the declarations: what each figure means, what it counts, an example by hand."""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import F, Q

from apps.indicators.declarations import (
    Chosen,
    Family,
    Flow,
    Kpi,
    Least,
    Ratio,
    RecordKpi,
    Total,
    Worked,
    YearMean,
    declared,
    tables,
)
from apps.indicators.kpi_set import KpiSet, sample_kpis
from apps.submissions.sections import sections

_INTRODUCTION: Final = """\
# Key figures

Written by `python manage.py write_kpi_docs` from the declarations in `apps/*/kpis.py`; change those, not this page.

## Rules that hold for every figure

1. A figure counts the records of a reporting year at a site, or at all sites for the group. Approved submissions
   count; `--basis all` counts everything recorded and makes the figure provisional.
2. Amounts are exact decimals in the canonical unit of their row. Nothing is rounded before it is printed; then once,
   half up, to the decimals of the line.
3. A ratio divides sums. The group's ratio is no mean of the sites' ratios.
4. No record, no figure: a dash with the reason, never a zero. A recorded zero is a zero. Division by zero, or by
   nothing, is a dash too.
5. Rows that count but carry no value (not measured, not available yet) are named as gaps beside the figure. Where
   something is not applicable, nothing is missing.
6. Coverage is the number of submissions of the section that are approved, of those expected in the year.
7. The rows behind a figure are found with the very filter of the sum, so that they add up to it.

A code that ends in `*` stands for one figure for each row of a catalogue, with the row's code in capitals: the
resource `diesel` has `ENV-RES-DIESEL` and, per tonne of output, `ENV-RES-DIESEL-D`. A new row needs no code. Where a
code would be ambiguous, `~` and the number of the row follow.
"""

# How codes of a family end here: with the code of its sample row.
_SAMPLE: Final = "-SAMPLE"


def handbook() -> str:
    """The whole page. Call it with English active."""
    kpis = sample_kpis()
    blocks = [_INTRODUCTION, "## Figures\n"]
    for entry in declared:
        lines = list(_family_lines(entry, kpis) if isinstance(entry, Family) else _kpi_lines(entry))
        lines = [line.replace(_SAMPLE, "-*") for line in lines]
        blocks.append(f"### `{entry.code}` {entry.title}\n\n{entry.meaning}\n\n" + "\n".join(lines) + "\n")
    blocks.append("## Printed tables\n")
    blocks.append("\n".join(_table_lines()) + "\n")
    return "\n".join(blocks)


def _kpi_lines(kpi: Kpi) -> Iterator[str]:
    if kpi.needs:
        yield from _derived_lines(kpi)
    elif isinstance(kpi, RecordKpi):
        yield from _counting_lines(kpi)
    yield f"- Unit: {kpi.unit_label}; decimals: " + ("as its lines" if kpi.decimals_of else str(kpi.decimals))
    yield from _common_lines(kpi, ", ".join(kpi.hkex), kpi.worked_example)


def _family_lines(family: Family, kpis: KpiSet) -> Iterator[str]:
    member = kpis.members(family.code)[0]
    total = kpis[member.total]
    yield f"- One for each row of: {type(member.item)._meta.verbose_name_plural}"
    if isinstance(total, RecordKpi):
        yield from _counting_lines(total)
        yield "- Unit and decimals: those of the catalogue row"
    else:
        yield from _derived_lines(total)
        yield f"- Unit: {total.unit_label}; decimals: {total.decimals}"
    density = kpis[member.density] if member.density else None
    if isinstance(total, RecordKpi) and total.people:
        yield "- Withheld where it speaks of a small group"
    if isinstance(density, Chosen):
        yield f"- `{family.code}-D`: by the convention of the year, one of {_listed(density)}"
    elif isinstance(density, Ratio) and total.people:
        factor = f" × {density.factor}" if density.factor != 1 else ""
        yield f"- `{family.code}-D`: the total{factor} / `{density.denominator}`, in {density.unit_label}"
    elif isinstance(density, Ratio):
        yield f"- Density `{family.code}-D`: the total / `{density.denominator}`, in the unit of the row's density"
    yield from _common_lines(total, family.hkex, family.worked_example)


def _derived_lines(kpi: Kpi) -> Iterator[str]:
    if isinstance(kpi, Ratio):
        factor = f" × {kpi.factor}" if kpi.factor != 1 else ""
        yield f"- Ratio: `{kpi.numerator}`{factor} / `{kpi.denominator}`"
    elif isinstance(kpi, Total):
        factor = f", × {kpi.factor}" if kpi.factor != 1 else ""
        yield f"- Sum of {_listed(kpi)}{factor}"
    elif isinstance(kpi, YearMean):
        yield f"- `{kpi.monthly}` / the months of the year; none until every month is in"
    elif isinstance(kpi, Chosen):
        yield f"- By the convention of the year, one of {_listed(kpi)}"
    elif isinstance(kpi, Worked):
        yield f"- Worked out with factors from {_listed(kpi)}, site by site; over several sites the sum of theirs"


def _listed(kpi: Kpi) -> str:
    return ", ".join(f"`{code}`" for code in kpi.needs)


def _counting_lines(kpi: RecordKpi) -> Iterator[str]:
    what = kpi.amount_meaning if isinstance(kpi, Flow) else "the number of records"
    verb = "Smallest of" if isinstance(kpi, Least) else "Adds up" if isinstance(kpi, Flow) else "Counts"
    yield f"- {verb}: {what}"
    yield f"- Records: `{kpi.source.__name__}`" + (f" where {_in_words(kpi.where)}" if kpi.where else "")


def _common_lines(kpi: Kpi, hkex: str, worked_example: str) -> Iterator[str]:
    yield f"- Section: {sections[kpi.section].title}"
    yield f"- HKEX: {hkex or 'none'}"
    yield f"- Worked example: {worked_example}"


def _in_words(condition: Q) -> str:
    children: list[Any] = condition.children
    parts = [_in_words(child) if isinstance(child, Q) else _comparison(*child) for child in children]
    words = f" {condition.connector.lower()} ".join(parts)
    return f"not ({words})" if condition.negated else words


def _comparison(lookup: str, value: Any) -> str:
    if lookup.endswith("__isnull"):
        return f"`{lookup.removesuffix('__isnull')}` is {'missing' if value else 'there'}"
    sign = "="
    if lookup.endswith("__gte"):
        lookup, sign = lookup.removesuffix("__gte"), "≥"
    if isinstance(value, F):
        return f"`{lookup}` {sign} `{value.name}`"  # type: ignore[attr-defined]
    # The sample row of a catalogue has the number 0.
    return f"`{lookup}` {sign} {'the row' if value == 0 and not isinstance(value, bool) else str(value).lower()}"


def _table_lines() -> Iterator[str]:
    yield "| table | first column | totals | densities |"
    yield "|---|---|---|---|"
    for table in tables:
        density = str(table.density_title) % {"output": f"`{table.denominator}`"} if table.density_title else "none"
        yield f"| {table.title} | {table.item_title} | {table.amount_title} | {density} |"
