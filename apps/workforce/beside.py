"""What the checks of one form need from others of the same site: a fixed number of questions for any number of sheets.

Loaders put it on ``Sheet.beside``; the checks read it from there.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from apps.submissions.sheets import Sheet
from apps.workforce.models import (
    Injury,
    InjuryFollowUp,
    InjurySeverity,
    LostDays,
    MeasureKind,
    Outcome,
    TrainingCourse,
    WorkforceCount,
    YearConvention,
)

CASES: Final = "cases"
LOST_DAYS: Final = "lost_days"
COURSE_HOURS: Final = "course_hours"
HIRED: Final = "hired"


@dataclass(kw_only=True)
class CaseHistory:
    """An injury of an earlier month with what later months before this one said."""

    injury: Injury
    severity: str
    outcome: str
    # Days lost by the reporting year in which they were lost.
    days: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def is_open(self) -> bool:
        return self.outcome == Outcome.ABSENT and self.severity != InjurySeverity.FATAL

    @property
    def days_so_far(self) -> int:
        return sum(self.days.values())


def _sites(sheets: Sequence[Sheet]) -> set[int]:
    return {sheet.submission.site_id for sheet in sheets}


def cases(sheets: Sequence[Sheet]) -> None:
    """For each sheet the cases of its site from earlier months, and the convention of its year for lost days."""
    last = max(sheet.submission.period.starts_on for sheet in sheets)
    by_site: dict[int, list[Injury]] = defaultdict(list)
    all_injuries: Any = Injury.objects
    injuries = all_injuries.filter(submission__site__in=_sites(sheets), happened_on__lt=last)
    for injury in injuries.select_related("submission__period"):
        by_site[injury.submission.site_id].append(injury)
    followed: dict[int, list[InjuryFollowUp]] = defaultdict(list)
    all_follow_ups: Any = InjuryFollowUp.objects
    follow_ups = all_follow_ups.filter(submission__site__in=_sites(sheets), submission__period__starts_on__lt=last)
    for follow_up in follow_ups.select_related("submission__period").order_by("submission__period__starts_on"):
        followed[follow_up.case_id].append(follow_up)
    years = {sheet.submission.period.year_id for sheet in sheets}
    conventions = dict(YearConvention.objects.filter(year__in=years).values_list("year_id", "lost_days"))
    for sheet in sheets:
        start = sheet.submission.period.starts_on
        sheet.beside[CASES] = [
            _history(injury, followed[injury.pk], start)
            for injury in by_site[sheet.submission.site_id]
            if injury.happened_on < start
        ]
        sheet.beside[LOST_DAYS] = LostDays(conventions.get(sheet.submission.period.year_id, LostDays.WORKING))


def _history(injury: Injury, follow_ups: Sequence[InjuryFollowUp], before: dt.date) -> CaseHistory:
    history = CaseHistory(injury=injury, severity=injury.severity, outcome=injury.outcome)
    history.days[injury.submission.period.year_id] += injury.days_lost
    for follow_up in follow_ups:
        period = follow_up.submission.period
        if period.starts_on < before:
            history.severity, history.outcome = follow_up.severity, follow_up.outcome
            history.days[period.year_id] += follow_up.days_lost
    return history


def courses(sheets: Sequence[Sheet]) -> None:
    """For each sheet the hours × participants of its site's courses in its year; None where there are none."""
    years = {sheet.submission.period.year_id for sheet in sheets}
    all_courses: Any = TrainingCourse.objects
    found = all_courses.filter(submission__site__in=_sites(sheets), submission__period__year__in=years)
    hours: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for site_id, year_id, each, women, men in found.values_list(
        "submission__site_id", "submission__period__year_id", "hours", "women", "men"
    ):
        hours[site_id, year_id] += each * (women + men)
    for sheet in sheets:
        sheet.beside[COURSE_HOURS] = hours.get((sheet.submission.site_id, sheet.submission.period.year_id))


def breakdowns(sheets: Sequence[Sheet]) -> None:
    """For each sheet how many the breakdown of its site and year says were hired; None where it says nothing."""
    years = {sheet.submission.period.year_id for sheet in sheets}
    counts: Any = WorkforceCount.objects
    found = counts.filter(
        submission__site__in=_sites(sheets),
        submission__period__year__in=years,
        group__dimension__gives_total=True,
        group__counts_in_total=True,
        measure__kind=MeasureKind.HIRED,
        quantity__isnull=False,
    )
    hired: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for site_id, year_id, quantity in found.values_list(
        "submission__site_id", "submission__period__year_id", "quantity"
    ):
        hired[site_id, year_id] += quantity
    for sheet in sheets:
        sheet.beside[HIRED] = hired.get((sheet.submission.site_id, sheet.submission.period.year_id))
