"""Checks of the month (complaints, recalls) and of the year (certificates, batches)."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.formats import plain_text, typed
from apps.product_responsibility import beside
from apps.product_responsibility.models import CertificateState, Complaint, Recall, StatementKind
from apps.product_responsibility.register import wants_action
from apps.submissions.choices import Severity
from apps.submissions.findings import Finding, row_id
from apps.submissions.sheets import Row, Sheet

# More than these are counted, not named.
_NAMED: Final = 8


def _date(day: dt.date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def _named(complaints: Sequence[Complaint]) -> str:
    named = ", ".join(f"{each.reference} ({_date(each.received_on)})" for each in complaints[:_NAMED])
    return f"{named}, …" if len(complaints) > _NAMED else named


def _of(complaints: Sequence[Complaint]) -> str:
    """Which complaints a sentence is about, in few characters."""
    return hashlib.sha256(" ".join(str(each.pk) for each in complaints).encode()).hexdigest()[:32]


def _still_open(sheet: Sheet) -> list[Complaint]:
    """Complaints of earlier months that this month does not close."""
    entries: Any = sheet.entries.get("complaint_closing", ())
    closed = {entry.complaint_id for entry in entries}
    known: Sequence[Complaint] = sheet.beside.get(beside.OPEN_COMPLAINTS, ())
    return [complaint for complaint in known if complaint.pk not in closed]


def _is_late(complaint: Complaint, day: dt.date) -> bool:
    return (day - complaint.received_on).days > complaint.category.days_to_close


def open_complaints(sheet: Sheet) -> Iterator[Finding]:
    """Says which complaints of earlier months are still open, and asks about those over their days."""
    last = sheet.submission.period.ends_on
    complaints = _still_open(sheet)
    late = [each for each in complaints if _is_late(each, last)]
    in_time = [each for each in complaints if not _is_late(each, last)]
    if in_time:
        yield Finding(
            code="complaints_open",
            severity=Severity.NOTICE,
            row=row_id("complaint_closing", ""),
            message=ngettext(
                "%(count)d complaint of an earlier month is still open: %(complaints)s.",
                "%(count)d complaints of earlier months are still open: %(complaints)s.",
                len(in_time),
            )
            % {"count": len(in_time), "complaints": _named(in_time)},
        )
    if late:
        yield Finding(
            code="complaints_overdue",
            severity=Severity.WARNING,
            row=row_id("complaint_closing", ""),
            fingerprint=_of(late),
            message=ngettext(
                "%(count)d complaint of an earlier month is open longer than its category allows: %(complaints)s. "
                "Close it, or say what it waits for.",
                "%(count)d complaints of earlier months are open longer than their categories allow: %(complaints)s. "
                "Close them, or say what they wait for.",
                len(late),
            )
            % {"count": len(late), "complaints": _named(late)},
        )


def complaints_in_time(sheet: Sheet) -> Iterator[Finding]:
    """Complaints that this month received or closed, and that took longer than they should."""
    last = sheet.submission.period.ends_on
    received: Any = sheet.entries.get("complaint", ())
    closings: Any = sheet.entries.get("complaint_closing", ())
    for row, complaint, closed_on in [
        *((row_id("complaint", str(each.pk)), each, each.closed_on) for each in received),
        *((row_id("complaint_closing", str(each.pk)), each.complaint, each.closed_on) for each in closings),
    ]:
        if not _is_late(complaint, closed_on or last):
            continue
        message = (
            _("%(complaint)s: closed after %(days)d days; the category allows %(most)d. Say why it took longer.")
            if closed_on
            else _("%(complaint)s: open for %(days)d days; the category allows %(most)d. Say what it waits for.")
        )
        days = ((closed_on or last) - complaint.received_on).days
        yield Finding(
            code="complaint_late",
            severity=Severity.WARNING,
            row=row,
            fingerprint=f"{days}>{complaint.category.days_to_close}",
            message=message
            % {"complaint": complaint.reference, "days": days, "most": complaint.category.days_to_close},
        )


def recalls_fit_the_sales(sheet: Sheet) -> Iterator[Finding]:
    """Nothing is recalled that was not sold: within twelve months as a rule."""
    recalls: Any = sheet.entries.get("recall", ())
    sold = sheet.beside.get(beside.SOLD, {})
    for recall in recalls:
        lately = sold.get(recall.product_id, 0)
        if recall.quantity > lately:
            yield Finding(
                code="recall_over_sales",
                severity=Severity.WARNING,
                row=row_id("recall", str(recall.pk)),
                fingerprint=f"{plain_text(recall.quantity)}>{lately}",
                message=_(
                    "%(product)s: %(recalled)s %(unit)s recalled, and %(sold)s sold in twelve months. Say of which "
                    "time the lots are."
                )
                % {
                    "product": recall.product.name,
                    "recalled": typed(recall.quantity),
                    "unit": recall.product.unit.label,
                    "sold": typed(lately),
                },
            )


def _lots(recall: Recall) -> set[str]:
    """The lots that a recall names, however they are set apart."""
    return {" ".join(lot.split()).casefold() for lot in re.split("[,;/，；、]", recall.lots)} - {""}


def recalled_once(sheet: Sheet) -> Iterator[Finding]:
    """A lot that another month recalls too was probably entered twice."""
    recalls: Any = sheet.entries.get("recall", ())
    others: Sequence[Recall] = sheet.beside.get(beside.RECALLS, ())
    for recall in recalls:
        same = [each for each in others if each.product_id == recall.product_id and _lots(each) & _lots(recall)]
        if same:
            other = min(same, key=lambda each: (each.recalled_on, each.pk))
            yield Finding(
                code="recall_twice",
                severity=Severity.WARNING,
                row=row_id("recall", str(recall.pk)),
                fingerprint=f"{other.pk} {' '.join(sorted(_lots(other) & _lots(recall)))}"[:200],
                message=_(
                    "%(recall)s: a recall of these lots is entered on %(day)s too. Delete one of the two, or say why "
                    "they were recalled twice."
                )
                % {"recall": str(recall), "day": _date(other.recalled_on)},
            )


def _of_kind(sheet: Sheet, kind: StatementKind) -> Row | None:
    return next((row for row in sheet.rows_of("product_statement") if getattr(row.item, "kind", "") == kind), None)


def batches_rejected(sheet: Sheet) -> Iterator[Finding]:
    """No more batches are rejected than were inspected."""
    inspected, rejected = _of_kind(sheet, StatementKind.INSPECTED), _of_kind(sheet, StatementKind.REJECTED)
    if inspected is None or rejected is None or inspected.quantity is None or rejected.quantity is None:
        return
    if rejected.quantity > inspected.quantity:
        yield Finding(
            code="more_rejected",
            severity=Severity.ERROR,
            row=rejected.id,
            message=_("%(rejected)s batches rejected, and %(inspected)s inspected. Correct one of the two.")
            % {"rejected": typed(rejected.quantity), "inspected": typed(inspected.quantity)},
        )


def certificates_hold(sheet: Sheet) -> Iterator[Finding]:
    """A certificate that has run out without another, or whose edition was withdrawn, wants a word."""
    last = sheet.submission.period.ends_on
    held: Any = sheet.entries.get("certificate_held", ())
    holding = {each.standard.family for each in held if each.state == CertificateState.VALID}
    for each in held:
        if not wants_action(each.state, each.valid_until, last, is_succeeded=each.standard.family in holding):
            continue
        if each.state == CertificateState.RUN_OUT:
            message = _(
                "%(certificate)s ran out on %(day)s, and no other certificate of this standard was valid on %(last)s. "
                "Say when it is renewed."
            )
            day = each.valid_until
        else:
            message = _(
                "%(certificate)s: certificates of this edition held until %(day)s at the latest, so it was not valid "
                "on %(last)s. Say by what it is replaced."
            )
            day = each.standard.withdrawn_on
        yield Finding(
            code="certificate_not_valid",
            severity=Severity.WARNING,
            row=row_id("certificate_held", str(each.pk)),
            fingerprint=f"{each.state} {day}",
            message=message % {"certificate": str(each), "day": _date(day), "last": _date(last)},
        )


def certificates_have_files(sheet: Sheet) -> Iterator[Finding]:
    """A certificate that is told to be valid can be looked at."""
    held: Any = sheet.entries.get("certificate_held", ())
    filed = sheet.beside.get(beside.FILED, set())
    for each in held:
        if each.state == CertificateState.VALID and each.certificate_id not in filed:
            yield Finding(
                code="certificate_without_file",
                severity=Severity.WARNING,
                row=row_id("certificate_held", str(each.pk)),
                message=_(
                    "%(certificate)s: no file is attached in the register. Attach the certificate, or say where it is."
                )
                % {"certificate": str(each)},
            )
