"""What of the workforce stands on the reviewers' start page: grave injuries, and findings of child or forced labour."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.organisation.models import ReportingYear
from apps.submissions.attention import Item, Watch, records_for, review_url, watches
from apps.submissions.findings import row_id
from apps.workforce.models import Injury, InjuryFollowUp, InjurySeverity, Remedy

_GRAVE = (InjurySeverity.SERIOUS, InjurySeverity.FATAL)


def _grave(user: User, year: ReportingYear) -> list[QuerySet[Any]]:
    injuries: Any = Injury.objects
    follow_ups: Any = InjuryFollowUp.objects
    of_year = {"submission__period__year": year, "severity__in": _GRAVE}
    return [
        injuries.filter(records_for(user), **of_year).select_related("submission__site"),
        # A case that was serious already in the month of the accident stands in the list with that month.
        follow_ups.filter(records_for(user), **of_year)
        .exclude(case__severity=InjurySeverity.SERIOUS, severity=InjurySeverity.SERIOUS)
        .select_related("submission__site", "case"),
    ]


def grave_injuries(
    user: User, year: ReportingYear, injuries: Sequence[Any], follow_ups: Sequence[Any]
) -> Sequence[Item]:
    """Serious and fatal cases, where they became so."""
    return [
        Item(
            title=f"{entry.submission.site.name} · {entry}",
            detail=f"{entry.get_severity_display()} · {entry.get_outcome_display()} · {entry.action}",
            url=review_url(entry.submission, row_id(_table_of(entry), str(entry.pk))),
        )
        for entry in (*injuries, *follow_ups)
    ]


def _table_of(entry: Injury | InjuryFollowUp) -> str:
    return "injury" if isinstance(entry, Injury) else "injury_follow_up"


def _remedies(user: User, year: ReportingYear) -> list[QuerySet[Any]]:
    remedies: Any = Remedy.objects
    return [remedies.filter(records_for(user), submission__period__year=year).select_related("submission__site")]


def labour_findings(user: User, year: ReportingYear, found: Sequence[Any]) -> Sequence[Item]:
    return [
        Item(
            title=f"{remedy.submission.site.name} · {remedy.get_kind_display()}",
            detail=f"{date_format(remedy.found_on)} · {remedy.steps}",
            url=review_url(remedy.submission, row_id("remedy", str(remedy.pk))),
        )
        for remedy in found
    ]


watches.register(
    Watch(
        code="grave_injuries",
        title=gettext_lazy("Serious and fatal injuries"),
        help=gettext_lazy("Of the year, with what the site says of cause and action."),
        questions=_grave,
        items=grave_injuries,
    )
)
watches.register(
    Watch(
        code="labour_findings",
        title=gettext_lazy("Child or forced labour"),
        help=gettext_lazy("Findings of the year and the steps taken."),
        questions=_remedies,
        items=labour_findings,
    )
)
