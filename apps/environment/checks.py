"""Checks of the Environment section."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from apps.core.formats import plain_text, typed
from apps.environment.models import ScopeThreeEmission, StackTest, WasteRecord
from apps.environment.models.resources import Resource, ResourceKind
from apps.submissions.choices import Severity
from apps.submissions.findings import Finding, row_id
from apps.submissions.sheets import Sheet


def energy_without_production(sheet: Sheet) -> Iterator[Finding]:
    """Energy was used and nothing was made: a standstill, or a forgotten production figure."""
    output = [row.quantity for row in sheet.rows_of("production") if row.record is not None]
    if not output or any(output):
        return
    used = [
        row
        for row in sheet.rows_of("resource")
        if isinstance(row.item, Resource) and row.item.kind == ResourceKind.ENERGY and row.quantity
    ]
    if used:
        yield Finding(
            code="energy_without_production",
            severity=Severity.WARNING,
            row=used[0].id,
            fingerprint=" ".join(f"{row.key}={plain_text(row.quantity)}" for row in used if row.quantity)[:200],
            message=_("Energy was used (%(rows)s) and no production is reported.")
            % {"rows": ", ".join(row.title for row in used)},
        )


def stack_limits(sheet: Sheet) -> Iterator[Finding]:
    """Measured concentrations are lower than the limit in force; the limit itself is not lower (HKEX A1.1)."""
    for test in sheet.entries.get("stack_test", []):
        if not isinstance(test, StackTest):
            continue
        limit = getattr(test, "limit", None)
        words = {
            "stack": test.stack.name,
            "pollutant": test.pollutant.name,
            "value": typed(test.concentration_mg_m3),
            "day": test.tested_on.isoformat(),
            "limit": typed(limit),
        }
        row = row_id("stack_test", str(test.pk))
        if limit is None:
            yield Finding(
                code="limit_unknown",
                severity=Severity.NOTICE,
                row=row,
                message=_("%(stack)s, %(pollutant)s: no limit is known. Ask the administrator to enter the permit's.")
                % words,
            )
        elif test.concentration_mg_m3 >= limit:
            yield Finding(
                code="limit_exceeded",
                severity=Severity.WARNING,
                row=row,
                fingerprint=f"{plain_text(test.concentration_mg_m3)} >= {plain_text(limit)}",
                message=_(
                    "%(stack)s, %(pollutant)s: %(value)s mg/m³ on %(day)s is not lower than the limit of %(limit)s."
                )
                % words,
            )


def waste_balance(sheet: Sheet) -> Iterator[Finding]:
    """Opening stock + generated = taken away + closing stock, where all four are given."""
    for row in sheet.rows_of("waste"):
        record = row.record
        if not isinstance(record, WasteRecord) or record.quantity is None:
            continue
        opening, taken, closing = record.opening_stock, record.taken_away, record.closing_stock
        if opening is None or taken is None or closing is None:
            continue
        difference = opening + record.quantity - taken - closing
        if difference:
            yield Finding(
                code="waste_balance",
                severity=Severity.WARNING,
                row=row.id,
                fingerprint=plain_text(difference),
                message=_("%(row)s: the stock does not add up, by %(difference)s %(unit)s.")
                % {"row": row.title, "difference": typed(difference), "unit": row.unit.label},
            )


def scope_three_explained(sheet: Sheet) -> Iterator[Finding]:
    """Emissions of the value chain are worked out outside the portal: without the way there they prove nothing."""
    for row in sheet.rows_of("scope_three"):
        record = row.record
        if isinstance(record, ScopeThreeEmission) and record.quantity and not record.note.strip():
            yield Finding(
                code="scope_three_unexplained",
                severity=Severity.ERROR,
                row=row.id,
                message=_("%(row)s: say in the note what was counted and by which factors it was multiplied.")
                % {"row": row.title},
            )
