"""The restatement note: what was corrected since the year was first published."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils import timezone

from apps.core.formats import number, plain_text
from apps.organisation.models import ReportingYear
from apps.reporting.content.languages import words
from apps.reporting.content.shape import GROUP, LANGUAGES, FigureContent, RestatementContent
from apps.reporting.models import RestatedFigure, Restatement, RestatementKind, RestatementState


def restatements_of(
    year: ReportingYear,
    figures: Mapping[str, FigureContent],
    number_now: int,
    approving: Restatement | None = None,
) -> list[RestatementContent]:
    """Those approved, the oldest first; ``approving`` is the last one, named by the edition it makes."""
    found = (
        Restatement.objects.filter(year=year, state=RestatementState.APPROVED)
        .select_related("prepared_by", "decided_by", "edition")
        .prefetch_related("figures__site")
        .order_by("pk")
    )
    settled = [*found, approving] if approving else found
    return [restatement_content(restatement, figures, number_now) for restatement in settled]


def restatement_content(
    restatement: Restatement, figures: Mapping[str, FigureContent], number_now: int
) -> RestatementContent:
    """One restatement with the figures of its last preparation."""
    listed = list(restatement.figures.all())
    last = max((figure.round for figure in listed), default=0)
    return {
        "edition": restatement.edition.number if restatement.edition else number_now,
        "kind": words(lambda: RestatementKind(restatement.kind).label),
        "cause": {language: restatement.cause_in(language) for language in LANGUAGES},
        "prepared_by": str(restatement.prepared_by or ""),
        "approved_by": str(restatement.decided_by or ""),
        "approved_on": timezone.localdate(restatement.decided_at).isoformat() if restatement.decided_at else "",
        "figures": [
            {
                "code": figure.code,
                "site": figure.site.code if figure.site else GROUP,
                "old": figure.old_value,
                "new": figure.new_value,
                "old_display": _display(figure.old_value, figure, figures),
                "new_display": _display(figure.new_value, figure, figures),
                "change": plain_text(figure.change_percent) if figure.change_percent is not None else None,
            }
            for figure in listed
            if figure.round == last
        ],
    }


def _display(value: str, figure: RestatedFigure, figures: Mapping[str, FigureContent]) -> str:
    known = figures.get(figure.code)
    return number(Decimal(value) if value else None, known["decimals"] if known else 2)
