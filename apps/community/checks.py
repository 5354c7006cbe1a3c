"""Checks of the month (contributions) and of the year (local hiring)."""

import datetime as dt
import statistics
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils import formats
from django.utils.translation import gettext as _

from apps.community import beside
from apps.community.models import CNY, HOURS_OF_A_DAY, Contribution, HiringKind
from apps.core.formats import number, plain_text, typed
from apps.submissions.choices import Severity
from apps.submissions.findings import Finding, row_id
from apps.submissions.sheets import Row, Sheet

# So many times what a site usually gives is a slip, or worth a word; without earlier ones so many RMB are.
MANY_TIMES: Final = 100
LARGE_RMB: Final = Decimal(1_000_000)
# Above so many RMB there is a receipt.
RECEIPT_ABOVE_RMB: Final = Decimal(10_000)


def _date(day: dt.date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def _given(sheet: Sheet) -> Sequence[Contribution]:
    given: Any = sheet.entries.get("contribution", ())
    return given  # type: ignore[no-any-return]


def _row(contribution: Contribution) -> str:
    return row_id("contribution", str(contribution.pk))


def _worth(contribution: Contribution) -> Decimal:
    """Money and goods in RMB."""
    return (contribution.money_rmb or Decimal(0)) + (contribution.goods_rmb or Decimal(0))


def _likeness(contribution: Contribution) -> tuple[object, ...]:
    """What two entries of one contribution have in common, apart from the day."""
    return (
        contribution.focus_area_id,
        " ".join(contribution.what.split()).casefold(),
        contribution.currency,
        contribution.money or 0,
        contribution.goods_at_cost or 0,
        contribution.volunteer_people or 0,
        contribution.volunteer_hours or 0,
    )


def entered_once(sheet: Sheet) -> Iterator[Finding]:
    """The same words and amounts twice on a day, or in another month, were probably entered twice.

    Of other months only money and goods are compared: the same people may well help for as long each month.
    """
    others: Sequence[Contribution] = sheet.beside.get(beside.OTHERS, ())
    elsewhere: dict[tuple[object, ...], Contribution] = {}
    for each in others:
        if _worth(each):
            elsewhere.setdefault(_likeness(each), each)
    here: dict[tuple[object, ...], Contribution] = {}
    for contribution in sorted(_given(sheet), key=lambda each: each.pk):
        likeness = _likeness(contribution)
        first = here.setdefault((contribution.given_on, *likeness), contribution)
        same = [each for each in (elsewhere.get(likeness), first) if each is not None and each is not contribution]
        if same:
            other = min(same, key=lambda each: each.given_on)
            yield Finding(
                code="contribution_twice",
                severity=Severity.WARNING,
                row=_row(contribution),
                fingerprint=str(other.pk),
                message=_(
                    "%(contribution)s: the same was given on %(day)s too, for: %(whom)s. Delete one of the two, or say "
                    "why it was given twice."
                )
                % {"contribution": contribution.what, "day": _date(other.given_on), "whom": other.for_whom},
            )


def hours_of_people(sheet: Sheet) -> Iterator[Finding]:
    """A contribution stands on one day, and a day has 24 hours for each volunteer."""
    for contribution in _given(sheet):
        people, hours = contribution.volunteer_people, contribution.volunteer_hours
        if people and hours and hours > people * HOURS_OF_A_DAY:
            yield Finding(
                code="volunteer_hours",
                severity=Severity.WARNING,
                row=_row(contribution),
                fingerprint=f"{plain_text(hours)}/{people}",
                message=_(
                    "%(contribution)s: %(hours)s hours of %(people)d volunteers are %(each)s hours each. Enter the "
                    "hours of all together, or say on how many days they helped."
                )
                % {
                    "contribution": contribution.what,
                    "hours": typed(hours),
                    "people": people,
                    "each": number(hours / people, 1),
                },
            )


def unusual_amount(sheet: Sheet) -> Iterator[Finding]:
    """An amount far above what the site gave before; perhaps it was multiplied by 10,000 once too often."""
    start = sheet.submission.period.starts_on
    others: Sequence[Contribution] = sheet.beside.get(beside.OTHERS, ())
    past = [_worth(each) for each in others if each.given_on < start and _worth(each)]
    usual = statistics.median(past) if past else None
    for contribution in _given(sheet):
        worth = _worth(contribution)
        if worth <= (usual * MANY_TIMES if usual else LARGE_RMB):
            continue
        words = {
            "contribution": contribution.what,
            "amount": typed(worth),
            "myriads": plain_text(worth / 10_000),
            "usual": typed(usual),
        }
        message = (
            _(
                "%(contribution)s: RMB %(amount)s (%(myriads)s × 10,000) is more than a hundred times what this site "
                "usually gives (RMB %(usual)s). Correct the amount, or say what it was given for."
            )
            if usual
            else _(
                "%(contribution)s: RMB %(amount)s (%(myriads)s × 10,000) is a large amount, and the site gave none "
                "in the 24 months before. Correct the amount, or say what it was given for."
            )
        )
        yield Finding(
            code="large_contribution",
            severity=Severity.WARNING,
            row=_row(contribution),
            fingerprint=plain_text(worth),
            message=message % words,
        )


def has_evidence(sheet: Sheet) -> Iterator[Finding]:
    """Of larger amounts there is a receipt to look at."""
    proven = sheet.beside.get(beside.PROVEN, set())
    for contribution in _given(sheet):
        worth = _worth(contribution)
        if worth > RECEIPT_ABOVE_RMB and _row(contribution) not in proven:
            yield Finding(
                code="contribution_without_evidence",
                severity=Severity.WARNING,
                row=_row(contribution),
                fingerprint=plain_text(worth),
                message=_(
                    "%(contribution)s: RMB %(amount)s, and no evidence is attached. Attach the receipt, or say where "
                    "it is."
                )
                % {"contribution": contribution.what, "amount": typed(worth)},
            )


def converted(sheet: Sheet) -> Iterator[Finding]:
    """Says with which rate an amount in another currency was converted."""
    for contribution in _given(sheet):
        rate = contribution.rate
        if contribution.currency == CNY or rate is None:
            continue
        amounts = [
            _("%(amount)s × %(rate)s = RMB %(rmb)s")
            % {"amount": typed(amount), "rate": typed(rate.rmb_per_unit), "rmb": number(rmb, 2)}
            for amount, rmb in (
                (contribution.money, contribution.money_rmb),
                (contribution.goods_at_cost, contribution.goods_rmb),
            )
            if amount is not None
        ]
        yield Finding(
            code="contribution_converted",
            severity=Severity.NOTICE,
            row=_row(contribution),
            message=_("%(contribution)s: %(currency)s %(amounts)s, by the rate of %(day)s (%(source)s).")
            % {
                "contribution": contribution.what,
                "currency": rate.currency,
                "amounts": "; ".join(amounts),
                "day": _date(rate.day),
                "source": rate.source,
            },
        )


def _of_kind(sheet: Sheet, kind: HiringKind) -> Row | None:
    return next((row for row in sheet.rows_of("local_hiring") if getattr(row.item, "kind", "") == kind), None)


def parts_fit(sheet: Sheet) -> Iterator[Finding]:
    """Of those hired no more come from the region, and of these no more from local surplus labour."""
    pairs = (
        (HiringKind.LOCAL, HiringKind.HIRES),
        (HiringKind.SURPLUS, HiringKind.LOCAL),
        # Where nobody counts those of the region, surplus labour is still hired.
        (HiringKind.SURPLUS, HiringKind.HIRES),
    )
    said: set[HiringKind] = set()
    for part_kind, whole_kind in pairs:
        part, whole = _of_kind(sheet, part_kind), _of_kind(sheet, whole_kind)
        if part is None or whole is None or part.quantity is None or whole.quantity is None or part_kind in said:
            continue
        if part.quantity > whole.quantity:
            said.add(part_kind)
            yield Finding(
                code="more_than_hired",
                severity=Severity.ERROR,
                row=part.id,
                message=_("%(part)s: %(some)s, and %(whole)s: %(all)s. Correct one of the two.")
                % {
                    "part": part.title,
                    "some": typed(part.quantity),
                    "whole": whole.title,
                    "all": typed(whole.quantity),
                },
            )


def farm_leave_fits(sheet: Sheet) -> Iterator[Finding]:
    """Days of farm leave are days of people, and nobody takes more of them than the year has."""
    people, days = _of_kind(sheet, HiringKind.FARM_PEOPLE), _of_kind(sheet, HiringKind.FARM_DAYS)
    if people is None or days is None or people.record is None or days.quantity is None:
        return
    period = sheet.submission.period
    most = (period.ends_on - period.starts_on).days + 1
    taken = people.quantity
    if days.quantity and not taken:
        message = _("%(days)s days of farm leave, and nobody who took it. Enter how many people took it.")
    elif taken and not days.quantity:
        message = _("%(people)s people took farm leave, and no day of it is entered. Enter the days.")
    elif taken and days.quantity > taken * most:
        message = _("%(days)s days of farm leave are more than the year has for %(people)s people. Correct them.")
    else:
        return
    yield Finding(
        code="farm_leave",
        severity=Severity.ERROR,
        row=people.id if days.quantity and not taken else days.id,
        message=message % {"days": typed(days.quantity), "people": typed(taken)},
    )
