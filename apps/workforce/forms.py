"""Forms of the registers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from apps.core.fields import TypedDecimalField
from apps.submissions.models import Submission
from apps.submissions.register_forms import RegisterForm, day_input, sentences
from apps.workforce.models import (
    AccidentType,
    DiseaseCase,
    DiseaseCategory,
    Injury,
    InjuryFollowUp,
    InjurySeverity,
    Outcome,
    Remedy,
    RosterUpload,
    SafetyMeasure,
    TrainingCourse,
    TrainingTopic,
)

# Somebody who came back may fall ill of the same injury again.
_RELAPSE: Final = dt.timedelta(days=366)


class InjuryForm(RegisterForm):
    is_commuting = forms.TypedChoiceField(
        label=_("On the way to or from work"),
        choices=[("", "---------"), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
    )

    class Meta:
        model = Injury
        fields = (
            "case_number",
            "happened_on",
            "accident_type",
            "severity",
            "is_commuting",
            "days_lost",
            "outcome",
            "returned_on",
            "action",
        )
        widgets = {"happened_on": day_input(), "returned_on": day_input(), "action": sentences()}

    promised = frozenset({"accident_type"})

    @classmethod
    def offered(cls, submission: Submission) -> Mapping[str, Any]:
        return {"accident_type": AccidentType.objects.all()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["is_commuting"] = "yes" if self.instance.is_commuting else "no"


def open_cases(submission: Submission) -> Any:
    """Cases of the site from earlier months that are not over before this one: absent, or back for less than a year."""
    period = submission.period
    injuries: Any = Injury.objects
    follow_ups: Any = InjuryFollowUp.objects
    earlier = follow_ups.filter(case=OuterRef("pk"), submission__period__starts_on__lt=period.starts_on)
    newest = earlier.order_by("-submission__period__starts_on")
    cases = injuries.filter(submission__site=submission.site_id, happened_on__lt=period.starts_on).annotate(
        last_outcome=Subquery(newest.values("outcome")[:1]), last_return=Subquery(newest.values("returned_on")[:1])
    )
    still_absent = Q(last_outcome=Outcome.ABSENT) | Q(last_outcome__isnull=True, outcome=Outcome.ABSENT)
    since = period.starts_on - _RELAPSE
    back = Q(last_return__gte=since) | Q(last_outcome__isnull=True, returned_on__gte=since)
    in_this_month = Q(follow_ups__submission=submission)
    may_follow = (still_absent | back) & ~Q(severity=InjurySeverity.FATAL)
    return cases.filter(may_follow | in_this_month).distinct()


class FollowUpForm(RegisterForm):
    class Meta:
        model = InjuryFollowUp
        fields = ("case", "severity", "days_lost", "outcome", "returned_on", "action")
        widgets = {"returned_on": day_input(), "action": sentences()}

    promised = frozenset({"case"})

    @classmethod
    def offered(cls, submission: Submission) -> Mapping[str, Any]:
        return {"case": open_cases(submission)}


class DiseaseForm(RegisterForm):
    class Meta:
        model = DiseaseCase
        fields = ("case_number", "category", "diagnosed_on", "action")
        widgets = {"diagnosed_on": day_input(), "action": sentences()}

    promised = frozenset({"category"})

    @classmethod
    def offered(cls, submission: Submission) -> Mapping[str, Any]:
        return {"category": DiseaseCategory.objects.all()}


class CourseForm(RegisterForm):
    class Meta:
        model = TrainingCourse
        fields = ("topic", "held_on", "hours", "women", "men", "senior", "middle", "general", "trainer", "note")
        field_classes = {"hours": TypedDecimalField}
        widgets = {"held_on": day_input()}

    promised = frozenset({"topic"})

    @classmethod
    def offered(cls, submission: Submission) -> Mapping[str, Any]:
        return {"topic": TrainingTopic.objects.all()}


class SafetyMeasureForm(RegisterForm):
    class Meta:
        model = SafetyMeasure
        fields = ("kind", "description", "watched_by")


class RemedyForm(RegisterForm):
    class Meta:
        model = Remedy
        fields = ("kind", "found_on", "steps", "ended_on")
        widgets = {"found_on": day_input(), "ended_on": day_input()}


class RosterForm(RegisterForm):
    """Never typed: says what the page shows of a roster that was taken over."""

    class Meta:
        model = RosterUpload
        fields = ("sha256", "line_count")
