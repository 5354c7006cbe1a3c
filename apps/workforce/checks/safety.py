"""Checks of hours, injuries and their follow-up."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.formats import plain_text, typed
from apps.submissions.choices import Severity
from apps.submissions.findings import Finding, row_id
from apps.submissions.sheets import Row, Sheet
from apps.workforce import beside
from apps.workforce.beside import CaseHistory
from apps.workforce.models import (
    Injury,
    InjuryFollowUp,
    InjurySeverity,
    LabourKind,
)
from apps.workforce.models.safety import SERIOUS_FROM_DAYS

# Nobody works more in a month, or less on average in a plant that runs.
_MOST_HOURS_A_HEAD: Final = 300
_LEAST_HOURS_A_HEAD: Final = 40


def _cases(sheet: Sheet) -> Sequence[CaseHistory]:
    known: Sequence[CaseHistory] = sheet.beside.get(beside.CASES, ())
    return known


def _follow_ups(sheet: Sheet) -> dict[int, InjuryFollowUp]:
    entries: Any = sheet.entries.get("injury_follow_up", ())
    return {entry.case_id: entry for entry in entries}


def days_by_convention(sheet: Sheet) -> Iterator[Finding]:
    """Says by which convention days are counted, where there are any."""
    if sheet.entries.get("injury") or sheet.entries.get("injury_follow_up"):
        yield Finding(
            code="days_convention",
            severity=Severity.NOTICE,
            row=row_id("injury", ""),
            message=_("Lost days of this year are counted as %(convention)s.")
            % {"convention": sheet.beside[beside.LOST_DAYS].label},
        )


def open_cases_are_followed_up(sheet: Sheet) -> Iterator[Finding]:
    """Whoever is still absent has a line in each later month."""
    followed = _follow_ups(sheet)
    for case in _cases(sheet):
        if case.is_open and case.injury.pk not in followed:
            yield Finding(
                code="open_case",
                severity=Severity.ERROR,
                row=row_id("injury_follow_up", ""),
                message=_("Case %(case)s of %(day)s is still open: add its line, with the days lost or the return.")
                % {"case": case.injury.case_number, "day": case.injury.happened_on.isoformat()},
            )


def _lines(sheet: Sheet) -> Iterator[tuple[str, Injury | InjuryFollowUp, CaseHistory | None]]:
    """Each line on injuries with its row and what earlier months said of the case."""
    for entry in sheet.entries.get("injury", ()):
        if isinstance(entry, Injury):
            yield row_id("injury", str(entry.pk)), entry, None
    known = {case.injury.pk: case for case in _cases(sheet)}
    for case_id, entry in _follow_ups(sheet).items():
        yield row_id("injury_follow_up", str(entry.pk)), entry, known.get(case_id)


def days_of_a_case(sheet: Sheet) -> Iterator[Finding]:
    """Nobody loses more days than a year has, nor days after the case was over."""
    year = sheet.submission.period.year
    most = (year.ends_on - year.starts_on).days + 1
    for row, entry, case in _lines(sheet):
        if case is None:
            continue
        lost = case.days[year.pk] + entry.days_lost
        if lost > most:
            yield Finding(
                code="days_of_a_year",
                severity=Severity.ERROR,
                row=row,
                message=_("Case %(case)s: %(days)d days in this year, which has %(most)d.")
                % {"case": case.injury.case_number, "days": lost, "most": most},
            )
        if not case.is_open and entry.days_lost:
            yield Finding(
                code="days_after_the_end",
                severity=Severity.WARNING,
                row=row,
                fingerprint=f"{case.outcome}/{entry.days_lost}",
                message=_("Case %(case)s was over, and %(days)d days are lost again. Say whether it is a relapse.")
                % {"case": case.injury.case_number, "days": entry.days_lost},
            )


def severity_fits_the_days(sheet: Sheet) -> Iterator[Finding]:
    """GB 6441: serious from 105 lost days on; a grave case stays grave."""
    for row, entry, case in _lines(sheet):
        days = entry.days_lost + (case.days_so_far if case else 0)
        if entry.severity == InjurySeverity.MINOR and days >= SERIOUS_FROM_DAYS:
            yield Finding(
                code="severity_of_days",
                severity=Severity.WARNING,
                row=row,
                fingerprint=str(days),
                message=_("%(days)d days are lost in this case: from 105 on an injury is serious (GB 6441).")
                % {"days": days},
            )
        if case and case.severity == InjurySeverity.SERIOUS and entry.severity == InjurySeverity.MINOR:
            yield Finding(
                code="severity_lowered",
                severity=Severity.WARNING,
                row=row,
                fingerprint=entry.severity,
                message=_("Case %(case)s was serious before and is minor now.") % {"case": case.injury.case_number},
            )


def _labour(sheet: Sheet, kind: str) -> list[Row]:
    return [row for row in sheet.rows_of("labour") if getattr(row.item, "kind", "") == kind]


def _sum(rows: Sequence[Row]) -> Decimal | None:
    values = [row.quantity for row in rows if row.quantity is not None]
    return sum(values, start=Decimal(0)) if values and len(values) == len(rows) else None


def hours_fit_the_people(sheet: Sheet) -> Iterator[Finding]:
    """Hours worked and heads belong together: so many hours a month nobody works, and so few are a slip."""
    rows = _labour(sheet, LabourKind.HOURS_WORKED)
    hours, heads = _sum(rows), _sum(_labour(sheet, LabourKind.HEADCOUNT))
    if hours is None or heads is None or not rows:
        return
    if hours > heads * _MOST_HOURS_A_HEAD or hours < heads * _LEAST_HOURS_A_HEAD:
        yield Finding(
            code="hours_a_head",
            severity=Severity.WARNING,
            row=rows[0].id,
            fingerprint=f"{plain_text(hours)}/{plain_text(heads)}",
            message=_("%(hours)s hours for %(heads)s people: usual are %(least)d to %(most)d hours a head and month.")
            % {
                "hours": typed(hours),
                "heads": typed(heads),
                "least": _LEAST_HOURS_A_HEAD,
                "most": _MOST_HOURS_A_HEAD,
            },
        )


def health_checks(sheet: Sheet) -> Iterator[Finding]:
    """No more checks are done than were offered."""
    rows = _labour(sheet, LabourKind.CHECKS_DONE)
    offered, done = _sum(_labour(sheet, LabourKind.CHECKS_OFFERED)), _sum(rows)
    if offered is not None and done is not None and done > offered:
        yield Finding(
            code="more_checks_done",
            severity=Severity.WARNING,
            row=rows[0].id,
            fingerprint=f"{plain_text(done)}>{plain_text(offered)}",
            message=_("%(done)s health checks done, and %(offered)s offered.")
            % {"done": typed(done), "offered": typed(offered)},
        )
