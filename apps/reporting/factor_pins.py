"""Which factors the figures of a published year rest on: those of its newest edition, until a method is restated."""

from collections.abc import Callable, Mapping
from typing import Any

from apps.greenhouse_gases.services import factors_for, factors_now, pin
from apps.organisation.models import ReportingYear
from apps.reporting.models import Restatement, RestatementKind

Prepared = Mapping[Callable[[ReportingYear], Any], Any]


def prepared_for(year: ReportingYear, restatement: Restatement | None = None) -> Prepared:
    """What ``compute(prepared=…)`` takes: a restatement of a method is computed with the newest factors.

    Everything else is computed with the factors that hold for the year, pinned where it is published, which needs
    nothing from here.
    """
    if restatement is None or restatement.kind != RestatementKind.METHOD:
        return {}
    return {factors_for: factors_now(year)}


def pin_factors(year: ReportingYear, number: int, restatement: Restatement | None = None) -> None:
    """Keeps the factors of edition ``number``, so that its figures come out the same next year."""
    newest = restatement is not None and restatement.kind == RestatementKind.METHOD
    pin(year, number, (factors_now(year) if newest else factors_for(year)).factors)
