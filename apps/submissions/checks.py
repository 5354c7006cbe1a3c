"""The check engine and the checks that every section shares.

A check takes a sheet and yields findings. Form, import and command all call ``run``.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.core.formats import change_percent, number, percent, plain_text, typed
from apps.core.units import UNITS, factor_between, scale
from apps.submissions.choices import CellState, Severity
from apps.submissions.findings import Finding, row_id
from apps.submissions.sheets import Row, Sheet
from apps.submissions.takeover import out_of_date

# A slip of the decimal point or the unit multiplies by a power of ten; seasons and repairs blur it by this much.
_SLIP_BLUR: Final = Decimal("2.5")
# Each power with the least and the greatest ratio that is taken for it.
_SLIPS: Final = tuple(
    (power, power / _SLIP_BLUR, power * _SLIP_BLUR) for power in map(Decimal, (10_000, 1_000, 100, 10))
)
# Well between the least of these ratios and one over it: nearly all values lie here.
_NO_SLIP: Final = (Decimal("0.26"), Decimal("3.9"))


def run(sheet: Sheet, *, for_submission: bool = True, in_words: bool = True) -> list[Finding]:
    """All findings of a sheet, with the explanations written for them.

    ``for_submission`` also looks for what is missing, which a draft may still lack. Without ``in_words`` unusual values
    are found without their sentences, which take longer than the finding: enough to count them.
    """
    findings: list[Finding] = []
    if for_submission:
        findings.extend(missing_answers(sheet))
    for row in sheet.rows.values():
        if row.record is not None:
            found = (
                not_as_typed(row),
                not_possible(row),
                not_available_yet(row),
                unusual_value(row, in_words=in_words),
            )
            if any(found):
                findings += filter(None, found)
    for check in sheet.section.checks:
        findings.extend(check(sheet))
    findings.extend(out_of_date(sheet))
    return _with_explanations(sheet, findings)


def _with_explanations(sheet: Sheet, findings: list[Finding]) -> list[Finding]:
    if not sheet.explanations:
        return findings
    told = []
    for finding in findings:
        explanation = sheet.explanations.get((finding.code, finding.row))
        if explanation is None:
            told.append(finding)
        elif explanation.fingerprint == finding.fingerprint:
            told.append(replace(finding, explanation=explanation.text))
        else:
            told.append(replace(finding, earlier_explanation=explanation.text))
    return told


def missing_answers(sheet: Sheet) -> Iterator[Finding]:
    """Every expected row is answered; an empty register is confirmed."""
    for row in sheet.rows.values():
        if row.expected and row.record is None:
            yield Finding(
                code="missing",
                severity=Severity.ERROR,
                row=row.id,
                message=_("%(row)s: not answered yet.") % {"row": row.title},
            )
    for register in sheet.section.registers:
        if (
            register.answer_required
            and not sheet.entries[register.code]
            and register.code not in sheet.nothing_to_report
        ):
            yield Finding(
                code="missing",
                severity=Severity.ERROR,
                row=row_id(register.code, ""),
                message=_("%(table)s: add what there was, or tick that there was nothing to report.")
                % {"table": register.title},
            )


def not_as_typed(row: Row) -> Finding | None:
    """What is kept is what was typed, unless somebody wrote past the form or the item's tonnes per m³ changed since."""
    record = row.record
    if record is None or record.quantity is None or record.entered_value is None:
        return None
    if record.entered_value == record.quantity and record.entered_unit == row.unit.code:
        return None
    unit = UNITS.get(record.entered_unit)
    factor = factor_between(unit, row.unit, row.item.tonnes_per_m3) if unit else None
    if factor is None or scale(record.entered_value, factor) != record.quantity:
        return Finding(
            code="not_as_typed",
            severity=Severity.ERROR,
            row=row.id,
            message=_("%(row)s: %(typed)s was typed and %(kept)s is kept, which is not the same. Type it again.")
            % {
                "row": row.title,
                "typed": f"{typed(record.entered_value)} {unit.label if unit else record.entered_unit}",
                "kept": f"{typed(record.quantity)} {row.unit.label}",
            },
        )
    return None


def not_possible(row: Row) -> Finding | None:
    """What the form would have refused, had somebody not written past it."""
    quantity = row.quantity
    refusal = row.item.refusal(quantity) if quantity is not None else ""
    if refusal:
        return Finding(
            code="not_possible",
            severity=Severity.ERROR,
            row=row.id,
            message=_("%(row)s: %(reason)s") % {"row": row.title, "reason": refusal},
        )
    return None


def not_available_yet(row: Row) -> Finding | None:
    """A value that is still to come is a promise, so the reviewer hears of it."""
    if row.record is not None and row.record.state == CellState.NOT_AVAILABLE_YET:
        return Finding(
            code="not_available_yet",
            severity=Severity.NOTICE,
            row=row.id,
            message=_("%(row)s: the value is still to come (%(note)s).") % {"row": row.title, "note": row.record.note},
        )
    return None


def unusual_value(row: Row, *, in_words: bool = True) -> Finding | None:
    """A slip of ten, hundred, thousand or ten thousand; else a jump. One sentence a row, the graver one."""
    quantity = row.quantity
    if quantity is None:
        return None
    item, usual = row.item, row.usual()
    if usual and quantity:
        slip = _slip(quantity, usual)
        if slip is not None and not item.is_trifle(quantity - usual):
            return Finding(
                code="scale",
                severity=Severity.WARNING,
                row=row.id,
                fingerprint=plain_text(quantity),
                message=_scale_message(row, quantity, usual, slip) if in_words else "",
            )
    compared = [
        record.quantity for record in (row.previous, row.year_ago) if record is not None and record.quantity is not None
    ]
    # After a standstill neither of the two says anything; what was usual before it does.
    told = [past for past in compared if past] or ([usual] if usual else [])
    # A season moves a value away from last month, not from the same month last year: both have to be far.
    limit = item.jump_percent
    if not told or any(abs(quantity - past) * 100 <= limit * abs(past) for past in told):
        return None
    if any(item.is_trifle(quantity - past) for past in compared):
        return None
    return Finding(
        code="jump",
        severity=Severity.WARNING,
        row=row.id,
        fingerprint=plain_text(quantity),
        message=_jump_message(row, quantity) if in_words else "",
    )


def _slip(quantity: Decimal, usual: Decimal) -> Decimal | None:
    """The power of ten that ``quantity`` is off by (as a factor or, below 1, a share), or None."""
    ratio = quantity / usual
    if _NO_SLIP[0] < ratio < _NO_SLIP[1]:
        return None
    inverse = 1 / ratio
    for power, least, most in _SLIPS:
        if least <= ratio <= most:
            return power
        if least <= inverse <= most:
            return 1 / power
    return None


def _scale_message(row: Row, quantity: Decimal, usual: Decimal, slip: Decimal) -> str:
    words = {
        "row": row.title,
        "value": typed(quantity),
        "unit": row.unit.label,
        "times": f"{slip:,f}" if slip > 1 else f"{1 / slip:,f}",
        "usual": number(usual, row.item.decimals),
    }
    message = (
        _("%(row)s: %(value)s %(unit)s is about %(times)s times what this site usually reports (%(usual)s).")
        if slip > 1
        else _("%(row)s: %(value)s %(unit)s is about 1/%(times)s of what this site usually reports (%(usual)s).")
    ) % words
    suggestion = _suggested_unit(row, usual)
    if suggestion:
        message += " " + _("Did you mean %(unit)s?") % {"unit": suggestion}
    return message


def _suggested_unit(row: Row, usual: Decimal) -> str | None:
    """The unit in which the typed number would be a usual one."""
    if row.record is None or row.record.entered_value is None:
        return None
    for unit in row.item.typed_units:
        factor = factor_between(unit, row.unit, row.item.tonnes_per_m3)
        if factor is None or unit.code == row.record.entered_unit:
            continue
        ratio = scale(row.record.entered_value, factor) / usual
        if 1 / _SLIP_BLUR <= ratio <= _SLIP_BLUR:
            return str(unit.label)
    return None


def _jump_message(row: Row, quantity: Decimal) -> str:
    parts = []
    if row.previous_quantity:
        parts.append(
            _("%(change)s against the period before (%(value)s)")
            % {
                "change": percent(change_percent(quantity, row.previous_quantity)),
                "value": typed(row.previous_quantity),
            }
        )
    if row.year_ago_quantity and row.year_ago is not row.previous:
        parts.append(
            _("%(change)s against a year before (%(value)s)")
            % {
                "change": percent(change_percent(quantity, row.year_ago_quantity)),
                "value": typed(row.year_ago_quantity),
            }
        )
    if not parts:
        parts.append(
            _("%(change)s against what is usual here (%(value)s)")
            % {
                "change": percent(change_percent(quantity, row.usual())),
                "value": number(row.usual(), row.item.decimals),
            }
        )
    return _("%(row)s: %(value)s %(unit)s is %(comparison)s.") % {
        "row": row.title,
        "value": typed(quantity),
        "unit": row.unit.label,
        "comparison": ", ".join(parts),
    }
