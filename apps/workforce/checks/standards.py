"""Checks of the annual statement on labour standards."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.formats import plain_text, typed
from apps.submissions.choices import Severity
from apps.submissions.findings import Finding
from apps.submissions.sheets import Row, Sheet
from apps.workforce import beside
from apps.workforce.models import (
    RemedyKind,
    StandardKind,
)

_MINIMUM_AGE: Final = 16
_ADULT: Final = 18


def _standard(sheet: Sheet, kind: str) -> Row | None:
    return next((row for row in sheet.rows_of("standard") if getattr(row.item, "kind", "") == kind), None)


def _said(sheet: Sheet, kind: str) -> Decimal | None:
    row = _standard(sheet, kind)
    return row.quantity if row else None


def identity_checks(sheet: Sheet) -> Iterator[Finding]:
    """Everybody hired in the year had their identity and age checked (State Council Order 364, article 4)."""
    row, hired = _standard(sheet, StandardKind.IDENTITY_CHECKS), sheet.beside.get(beside.HIRED)
    if row is None or row.quantity is None or hired is None or row.quantity >= hired:
        return
    yield Finding(
        code="not_all_checked",
        severity=Severity.WARNING,
        row=row.id,
        fingerprint=f"{plain_text(row.quantity)}<{plain_text(hired)}",
        message=_("%(checked)s were checked at hiring; the breakdown says that %(hired)s were hired.")
        % {"checked": typed(row.quantity), "hired": typed(hired)},
    )


def ages_at_hire(sheet: Sheet) -> Iterator[Finding]:
    """Nobody is hired below 16 (Order 364, article 2); who is below 18 stands in the register of young workers."""
    row = _standard(sheet, StandardKind.YOUNGEST_AGE)
    age = row.quantity if row else None
    if row is None or age is None:
        return
    if age < _MINIMUM_AGE and not _said(sheet, StandardKind.CHILD_LABOUR):
        yield Finding(
            code="child_hired",
            severity=Severity.ERROR,
            row=row.id,
            message=_("Somebody was hired at %(age)s: that is child labour. State the finding and its remedy below.")
            % {"age": typed(age)},
        )
    elif _MINIMUM_AGE <= age < _ADULT and _said(sheet, StandardKind.YOUNG_WORKERS) == 0:
        yield Finding(
            code="young_not_registered",
            severity=Severity.WARNING,
            row=row.id,
            fingerprint=plain_text(age),
            message=_("Somebody was hired at %(age)s, and no young worker is registered.") % {"age": typed(age)},
        )


def findings_have_remedies(sheet: Sheet) -> Iterator[Finding]:
    """Findings are stated as a number, and each is described with the steps taken (HKEX B4.2)."""
    entries: Any = sheet.entries.get("remedy", ())
    for standard, kind in (
        (StandardKind.CHILD_LABOUR, RemedyKind.CHILD_LABOUR),
        (StandardKind.FORCED_LABOUR, RemedyKind.FORCED_LABOUR),
    ):
        row = _standard(sheet, standard)
        if row is None or row.record is None:
            continue
        told = sum(entry.kind == kind for entry in entries)
        if row.quantity is None:
            yield Finding(
                code="finding_not_stated",
                severity=Severity.ERROR,
                row=row.id,
                message=_("%(row)s: state a number. No finding is 0.") % {"row": row.title},
            )
        elif row.quantity != told:
            yield Finding(
                code="remedy_missing",
                severity=Severity.ERROR,
                row=row.id,
                message=_("%(row)s: %(findings)s, and %(told)d are described below with their remedy.")
                % {"row": row.title, "findings": typed(row.quantity), "told": told},
            )
