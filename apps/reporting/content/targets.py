"""Targets and contractual instruments for the document."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from apps.core.formats import plain_text
from apps.greenhouse_gases.models import ContractualInstrument
from apps.organisation.models import ReportingYear
from apps.reporting.content.figures import YearFigures, year_value
from apps.reporting.content.languages import names, words
from apps.reporting.content.shape import InstrumentContent, TargetContent
from apps.reporting.targets import Standing, running_targets, standings

# Digits of what has no last one, as in the figures of the document.
_DIGITS: Final = Context(prec=30, rounding=ROUND_HALF_UP)


def targets_of(loaded: YearFigures) -> list[TargetContent]:
    """The targets that run in the year, each with where it stands."""
    return [_target(standing) for standing in standings(loaded, running_targets(loaded.year))]


def _target(standing: Standing) -> TargetContent:
    target, review = standing.target, standing.review
    return {
        "code": target.code,
        "title": names(target),
        "kind": words(target.get_kind_display),
        "unit": words(lambda: target.unit.label),
        "base_year": target.base_year,
        "base_value": _text(target.base_value),
        "target_year": target.target_year,
        "target_value": _text(target.target_value),
        "current": _text(standing.current),
        "figure": target.figure,
        "progress": _text(standing.progress),
        "verdict": words(review.get_verdict_display) if review else {},
        "reviewed_by": review.reviewed_by if review else "",
        "reviewed_on": review.reviewed_on.isoformat() if review else "",
        "remark": review.remark if review else "",
        "history": [year_value(year.code, _cut(value), target.decimals) for year, value in standing.history],
    }


def _cut(value: Decimal | None) -> Decimal | None:
    return None if value is None else _DIGITS.plus(value)


def _text(value: Decimal | None) -> str | None:
    cut = _cut(value)
    return None if cut is None else plain_text(cut)


def instruments_of(year: ReportingYear) -> list[InstrumentContent]:
    """Electricity under contracts of its own, noted beside the location-based figure."""
    return [
        {
            "site": instrument.site.code,
            "kind": words(instrument.get_kind_display),
            "mwh": plain_text(instrument.mwh),
            "note": instrument.note,
        }
        for instrument in ContractualInstrument.objects.filter(year=year).select_related("site")
    ]
