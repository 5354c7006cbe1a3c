"""Complaints received, how they were closed and how long it took (HKEX B6.2)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow
from apps.indicators.declarations import Family, Flow, Kpi, Ratio, RowCount, Text, Total, declared
from apps.product_responsibility.kpis.recalls import PERCENT
from apps.product_responsibility.models import Complaint, ComplaintCategory, ComplaintClosing, CustomerRegion
from apps.product_responsibility.sections import PRODUCT
from apps.submissions.choices import State

_CLOSED: Final = Q(closed_on__isnull=False)
_APPROVED: Final = Q(submission__state=State.APPROVED)


def _closed_ahead(complaints: QuerySet[Any]) -> QuerySet[Any]:
    """Says of each complaint whether an approved month of the same year closes it.

    Where its own month is not approved, the two are left out together: the closing from what is taken off, also among
    approved records alone, where the complaint itself is not counted; and the complaint from the open ones.
    """
    closings: Any = ComplaintClosing.objects
    ahead = closings.filter(
        _APPROVED, complaint=OuterRef("pk"), submission__period__year=OuterRef("submission__period__year")
    )
    found: QuerySet[Any] = complaints.annotate(closed_ahead=Exists(ahead))
    return found


def _days(first: str, last: str) -> Func:
    """How many days after ``first`` the day ``last`` is, as a whole number."""
    return Func(F(last), F(first), arg_joiner=" - ", template="(%(expressions)s)", output_field=IntegerField())


def _in_time(head: str = "") -> Q:
    """Closed by the day that the category sets."""
    due = ExpressionWrapper(F(f"{head}received_on") + F(f"{head}category__days_to_close"), output_field=DateField())
    return Q(closed_on__lte=due)


def _told(complaint: Any) -> str:
    if complaint.closed_on is None:
        return gettext("%(complaint)s: open at the end of the month") % {"complaint": complaint.reference}
    days = (complaint.closed_on - complaint.received_on).days
    return gettext("%(complaint)s: closed after %(days)d days") % {"complaint": complaint.reference, "days": days}


def _count(
    code: str,
    title: Text,
    source: Any,
    where: Q,
    meaning: str,
    example: str,
    *,
    hkex: tuple[str, ...] = (),
    is_part: bool = False,
    annotate: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None,
) -> None:
    declared.register(
        RowCount(
            code=code,
            title=title,
            unit="case",
            decimals=0,
            section=PRODUCT,
            hkex=hkex,
            source=source,
            where=where,
            annotate=annotate,
            describe=_told if source is Complaint else str,
            is_part=is_part,
            meaning=meaning,
            worked_example=example,
        )
    )


def _total(code: str, title: Text, parts: tuple[str, ...], unit: str, unit_name: Text, meaning: str, ex: str) -> None:
    declared.register(
        Total(
            code=code,
            title=title,
            unit=unit,
            unit_name=unit_name,
            decimals=0,
            section=PRODUCT,
            hkex=("B6.2",),
            parts=parts,
            meaning=meaning,
            worked_example=ex,
        )
    )


def _by(name: str) -> Callable[[Any, str], tuple[Kpi, ...]]:
    """How many complaints name a catalogue row in the field ``name``."""

    def declare(row: CatalogueRow, code: str) -> tuple[Kpi, ...]:
        return (
            RowCount(
                code=code,
                title=gettext("Complaints: %(row)s") % {"row": row.name},
                unit="case",
                decimals=0,
                section=PRODUCT,
                hkex=("B6.2",),
                source=Complaint,
                where=Q(**{name: row.pk}),
                describe=_told,
            ),
        )

    return declare


_count(
    "PR-COMPL",
    _("Complaints received about products and services"),
    Complaint,
    Q(),
    "Complaints received in the year, closed or not.",
    "Four in March and two in November: 6.",
    hkex=("B6.2",),
)
BY_CATEGORY = declared.register(
    Family(
        code="PR-CAT-*",
        title=_("Complaints by category"),
        rows=ComplaintCategory.objects.all,
        declare=_by("category"),
        sample=lambda: ComplaintCategory(pk=0, code="sample", name_en="Sample"),
        hkex="B6.2",
        meaning="Complaints received in the year, by what they are about. Each has one category.",
        worked_example="Four about quality and two about delivery: 4 and 2.",
    )
)
BY_REGION = declared.register(
    Family(
        code="PR-REG-*",
        title=_("Complaints by customer's region"),
        rows=CustomerRegion.objects.all,
        declare=_by("region"),
        sample=lambda: CustomerRegion(pk=0, code="sample", name_en="Sample"),
        hkex="B6.2",
        meaning="Complaints received in the year, by where the customer is.",
        worked_example="Five from East China and one from Europe: 5 and 1.",
    )
)
_count(
    "PR-CLOSED-NEW",
    _("Complaints closed in the month of their arrival"),
    Complaint,
    _CLOSED,
    "Complaints closed in the very month in which they were received.",
    "Three of March's four: 3.",
    is_part=True,
)
_count(
    "PR-CLOSED-LATER",
    _("Complaints closed in a later month"),
    ComplaintClosing,
    Q(),
    "Complaints of earlier months, also of earlier years, that were closed in a month of the year.",
    "March's fourth, closed in May, and one of last December, closed in January: 2.",
    is_part=True,
)
_total(
    "PR-CLOSED",
    _("Complaints closed"),
    ("PR-CLOSED-NEW", "PR-CLOSED-LATER"),
    "case",
    "",
    "Complaints closed in the year, whenever they were received: it can be more than were received.",
    "3 + 2 = 5.",
)
_count(
    "PR-INTIME-NEW",
    _("Closed in time, in the month of their arrival"),
    Complaint,
    _CLOSED & _in_time(),
    "Of those closed in the month of their arrival the ones closed within the days of their category.",
    "All three: 3.",
    is_part=True,
)
_count(
    "PR-INTIME-LATER",
    _("Closed in time, in a later month"),
    ComplaintClosing,
    _in_time("complaint__"),
    "Of those closed in a later month the ones closed within the days of their category.",
    "Received on 20 March, 30 days, closed on 5 May: late. Of December, closed after 20 days: in time. 1.",
    is_part=True,
)
_total(
    "PR-INTIME",
    _("Complaints closed in time"),
    ("PR-INTIME-NEW", "PR-INTIME-LATER"),
    "case",
    "",
    "Complaints closed in the year within the days of their category, the day of arrival not counted.",
    "3 + 1 = 4.",
)
declared.register(
    Ratio(
        code="PR-INTIME-SHARE",
        title=_("Share of complaints closed in time"),
        unit="%",
        decimals=1,
        section=PRODUCT,
        hkex=("B6.2",),
        numerator="PR-INTIME",
        denominator="PR-CLOSED",
        factor=PERCENT,
        meaning="Complaints closed in time of all that were closed in the year; open ones are in neither.",
        worked_example="4 × 100 / 5 = 80.0 %.",
    )
)
_count(
    "PR-OPEN-NEW",
    _("Complaints open at the end of the month of their arrival"),
    Complaint,
    ~_CLOSED & ~(Q(closed_ahead=True) & ~_APPROVED),
    (
        "Complaints of the year that were not closed in the month in which they were received. One of a month that is "
        "not approved is left out where an approved month of the year closes it: that closing is not taken off either."
    ),
    "One of March and two of November: 3.",
    is_part=True,
    annotate=_closed_ahead,
)
declared.register(
    Flow(
        code="PR-OPEN-OFF",
        title=_("Taken off: those closed later in the year"),
        unit="case",
        decimals=0,
        section=PRODUCT,
        source=ComplaintClosing,
        where=Q(complaint__submission__period__year=F("submission__period__year"))
        & ~(_APPROVED & ~Q(complaint__submission__state=State.APPROVED)),
        amount=Value(Decimal(-1)),
        amount_meaning="−1 for each",
        zero_when_empty=True,
        is_part=True,
        describe=str,
        meaning=(
            "−1 for each complaint of the year that a later month of the same year closed. An approved closing counts "
            "only where the month of the complaint is approved as well: nothing is taken off that was not counted."
        ),
        worked_example="March's, closed in May: −1. The one of last December is none of this year's.",
    )
)
_total(
    "PR-OPEN",
    _("Complaints of the year still open at its end"),
    ("PR-OPEN-NEW", "PR-OPEN-OFF"),
    "case",
    "",
    (
        "Complaints received in the year and not closed in it. One that was received in an earlier year and is open "
        "still stands with that year and is not counted again. A closing counts where its complaint does, so that the "
        "figure is never below zero."
    ),
    "3 − 1 = 2.",
)
for _code, _title, _source, _first, _where, _meaning, _example in (
    (
        "PR-DAYS-NEW",
        _("Days to close, complaints closed in the month of their arrival"),
        Complaint,
        "received_on",
        _CLOSED,
        "Days from the arrival to the closing, of complaints closed in the month of their arrival.",
        "Received on 3 March and closed on 10 March: 7. Three such: 21.",
    ),
    (
        "PR-DAYS-LATER",
        _("Days to close, complaints closed in a later month"),
        ComplaintClosing,
        "complaint__received_on",
        Q(),
        "Days from the arrival to the closing, of complaints closed in a later month.",
        "Received on 20 March and closed on 5 May: 46; with the 20 days of December's: 66.",
    ),
):
    declared.register(
        Flow(
            code=_code,
            title=_title,
            unit="days",
            unit_name=_("days"),
            decimals=0,
            section=PRODUCT,
            source=_source,
            where=_where,
            amount=_days(_first, "closed_on"),
            amount_meaning="the days from the arrival to the closing",
            zero_when_empty=True,
            is_part=True,
            describe=_told if _source is Complaint else str,
            meaning=_meaning,
            worked_example=_example,
        )
    )
_total(
    "PR-DAYS",
    _("Days to close, all complaints closed"),
    ("PR-DAYS-NEW", "PR-DAYS-LATER"),
    "days",
    _("days"),
    "The days that all complaints closed in the year took, added up.",
    "21 + 66 = 87.",
)
declared.register(
    Ratio(
        code="PR-DAYS-MEAN",
        title=_("Average days to close a complaint"),
        unit="days",
        unit_name=_("days"),
        decimals=1,
        section=PRODUCT,
        hkex=("B6.2",),
        numerator="PR-DAYS",
        denominator="PR-CLOSED",
        meaning="All days by all complaints closed in the year: no mean of the sites' or months' averages.",
        worked_example="87 / 5 = 17.4 days.",
    )
)
