"""The calculation of a figure and the README of a pack, in sentences."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from apps.core.formats import plain_text, typed
from apps.indicators.calculations import CalculationLine
from apps.indicators.computation import Figures
from apps.indicators.declarations import Chosen, Kpi, Ratio, RecordKpi, Total, YearMean
from apps.indicators.figures import Figure

LANGUAGES: Final = ("en", "zh-hans", "zh-hant")


def _told(figure: Figure) -> str:
    """Value and unit, or why there is none."""
    if figure.value_text is None:
        return figure.reason
    return f"{figure.value_text} {figure.kpi.unit_label}"


def _named(figure: Figure) -> str:
    return f"{figure.kpi.title} ({figure.kpi.code}) = {_told(figure)}"


def calculation_text(kpi: Kpi, figures: Figures) -> str:
    """How the figure of the group came about, line by line, in the language that is switched on."""
    figure = figures.of(kpi.code)
    lines = [f"{kpi.title} ({kpi.code}) · {figures.year.code}", _told(figure), figure.coverage.text]
    if figure.is_withheld:
        lines.append(_("The report withholds this figure: it speaks of a small group."))
    lines.append("")
    if figure.calculation is not None:
        lines.extend(_line(line) for line in figure.calculation.lines)
    elif isinstance(kpi, Ratio):
        lines.extend(_named(figures.of(code)) for code in kpi.needs)
        lines.append(f"{kpi.numerator} × {kpi.factor} ÷ {kpi.denominator} = {_told(figure)}")
    elif isinstance(kpi, Total):
        lines.extend(f"+ {_named(figures.of(code))}" for code in kpi.parts)
        lines.append(f"× {kpi.factor} = {_told(figure)}" if kpi.factor != 1 else f"= {_told(figure)}")
    elif isinstance(kpi, YearMean):
        lines.append(_named(figures.of(kpi.monthly)))
        if figure.denominator is not None:
            lines.append(f"÷ {typed(figure.denominator)} = {_told(figure)}")
    elif isinstance(kpi, Chosen):
        lines.append(_named(figures.of(figures.chosen(kpi))))
    elif isinstance(kpi, RecordKpi):
        lines.append(_("Each row and what it adds stands in rows.csv."))
        lines.extend(f"{site.name}: {_told(figures.of(kpi.code, site))}" for site in figures.sites)
    return "\n".join(lines) + "\n"


def _line(line: CalculationLine) -> str:
    place = f"{line.site.name} · " if line.site else ""
    head = f"{place}{line.title} ({line.code})"
    if line.amount is None or line.result_value is None:
        return f"{head}: {line.reason}"
    steps = "".join(f" × {step.display} {step.unit}".rstrip() + f" [{step.title}]" for step in line.steps)
    return f"{head}: {plain_text(line.amount)} {line.unit}{steps} = {line.result_value}"


def readme(kpi: Kpi, figures: Figures, problems: int) -> str:
    """What is in the pack, in the language that is switched on."""
    return "\n".join(_readme(kpi, figures, problems)) + "\n"


def _readme(kpi: Kpi, figures: Figures, problems: int) -> Iterator[str]:
    figure = figures.of(kpi.code)
    yield _("Evidence for a figure of the ESG report")
    yield f"{kpi.title} ({kpi.code}) · {figures.year.code}"
    yield _told(figure)
    yield figure.coverage.text
    yield ""
    yield _("The pack counts approved data. It has one folder for the figure and one for each figure it is made of.")
    yield ""
    yield "figures/*/values.csv, values.json – " + _("The figure of the group and of each site, not rounded.")
    yield "figures/*/calculation.*.txt – " + _("How it was worked out, line by line.")
    yield "figures/*/factors.csv – " + _("Every factor with its value, unit and source.")
    yield "figures/*/rows.csv – " + _(
        "Every row that counts: what was typed, what it is in the unit of the figure, who entered, handed in and "
        "approved it, and when."
    )
    yield "evidence.csv, evidence/ – " + _(
        "The files that prove the rows and their forms. The digest of each was compared with the one that was kept "
        "when the file came in."
    )
    yield "forms.csv, events.csv, seals.csv, seals/ – " + _(
        "The forms, who moved them, and the seals of their approvals. A seal is the SHA-256 of the seal before it, a "
        "line feed, and the sealed content."
    )
    yield "audit.csv – " + _("Every change of these rows and forms, from the audit trail.")
    yield "SHA256SUMS – " + _("The digests of all files of this pack. Check them with: sha256sum -c SHA256SUMS")
    yield ""
    if problems:
        yield _("ATTENTION: files are missing or changed since they came in: %(count)d. See evidence.csv.") % {
            "count": problems
        }
    else:
        yield _("Every file is there and unchanged since it came in.")
