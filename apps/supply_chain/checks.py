"""Checks of the annual form on the supply chain."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.submissions.choices import Severity
from apps.submissions.findings import Finding, row_id
from apps.submissions.sheets import Sheet
from apps.supply_chain.models import PracticeKind, SupplierYear, SupplyPractice


def _suppliers(sheet: Sheet) -> Sequence[SupplierYear]:
    entries: Any = sheet.entries.get("supplier", ())
    return entries  # type: ignore[no-any-return]


def major_suppliers_are_audited(sheet: Sheet) -> Iterator[Finding]:
    """Every major supplier has a labour audit that holds on its last day in the year."""
    for entry in _suppliers(sheet):
        if entry.is_major and not entry.is_labour_audited:
            yield Finding(
                code="major_not_audited",
                severity=Severity.WARNING,
                row=row_id("supplier", str(entry.pk)),
                fingerprint=f"{entry.supplier.code}/{entry.is_assessed}",
                message=_("%(supplier)s is a major supplier and had no valid labour audit on its last day in the year.")
                % {"supplier": entry},
            )


def practices_fit_the_suppliers(sheet: Sheet) -> Iterator[Finding]:
    """A practice covers no more suppliers than there are; where practices apply, one is told."""
    suppliers = _suppliers(sheet)
    practices: Any = sheet.entries.get("supply_practice", ())
    for practice in practices:
        if practice.suppliers_covered > len(suppliers):
            yield Finding(
                code="covers_too_many",
                severity=Severity.WARNING,
                row=row_id("supply_practice", str(practice.pk)),
                fingerprint=f"{practice.suppliers_covered}>{len(suppliers)}",
                message=ngettext(
                    "It covers %(covered)d suppliers; the site has %(count)d.",
                    "It covers %(covered)d suppliers; the site has %(count)d.",
                    len(suppliers),
                )
                % {"covered": practice.suppliers_covered, "count": len(suppliers)},
            )
    applied = any(entry.practices_apply for entry in suppliers)
    if applied and not any(_is_engagement(practice) for practice in practices):
        yield Finding(
            code="no_practice_told",
            severity=Severity.WARNING,
            row=row_id("supply_practice", ""),
            message=_("Practices apply to suppliers of this site, and none of engaging them is told (B5.2)."),
        )


def _is_engagement(practice: SupplyPractice) -> bool:
    return practice.kind == PracticeKind.ENGAGEMENT


def spend_is_complete(sheet: Sheet) -> Iterator[Finding]:
    """A share of spend speaks of the suppliers whose spend is given: it says how many those are."""
    suppliers = _suppliers(sheet)
    given = [entry for entry in suppliers if entry.spend_cny is not None]
    if given and len(given) < len(suppliers):
        yield Finding(
            code="spend_of_some",
            severity=Severity.NOTICE,
            row=row_id("supplier", ""),
            message=_("Spend is given of %(given)d of %(count)d suppliers; shares of spend speak of these alone.")
            % {"given": len(given), "count": len(suppliers)},
        )
