"""Work injuries, their follow-up, occupational disease and safety measures (HKEX B2).

An injury stands in the month in which it happened, with the days lost in that month. As long as somebody is absent,
each later month has a follow-up with the days of that month, also over the end of a year: the days of a year are then
the sum of its months, and an approved month is never touched again. Days are counted from the day after the accident
to the day before the return, by the convention of the year (conventions.py). People are named by a case number only.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow
from apps.submissions.models import Record


class AccidentType(CatalogueRow):
    """How somebody was hurt, by the list of GB 6441-1986."""

    class Meta(CatalogueRow.Meta):
        verbose_name = _("type of accident")
        verbose_name_plural = _("types of accident")


class InjurySeverity(models.TextChoices):
    """GB 6441-1986: minor below 105 lost days in all, serious from 105 on."""

    MINOR = "minor", _("Minor")
    SERIOUS = "serious", _("Serious")
    FATAL = "fatal", _("Fatal")


SERIOUS_FROM_DAYS = 105


class Outcome(models.TextChoices):
    """Where a case stands at the end of the month."""

    ABSENT = "absent", _("Still absent")
    RETURNED = "returned", _("Back at work")
    CLOSED = "closed", _("Closed otherwise")


class CaseMonth(Record):
    """What one month says of a case: how grave it is, the days lost, where it stands."""

    severity = models.CharField(_("severity"), max_length=8, choices=InjurySeverity.choices)
    days_lost = models.PositiveSmallIntegerField(
        _("days lost in the month"), help_text=_("From the day after the accident to the day before the return.")
    )
    outcome = models.CharField(_("at the end of the month"), max_length=8, choices=Outcome.choices)
    returned_on = models.DateField(_("back at work on"), null=True, blank=True)
    action = models.CharField(_("cause and what was done"), max_length=500, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_known_words",
                condition=Q(severity__in=InjurySeverity.values, outcome__in=Outcome.values),
                violation_error_message=_("Choose a severity and where the case stands."),
            ),
            models.CheckConstraint(
                name="%(class)s_days_of_a_month",
                condition=Q(days_lost__lte=31),
                violation_error_message=_("A month has at most 31 days to lose."),
            ),
            models.CheckConstraint(
                name="%(class)s_return_has_a_day",
                condition=Q(outcome=Outcome.RETURNED, returned_on__isnull=False)
                | ~Q(outcome=Outcome.RETURNED) & Q(returned_on__isnull=True),
                violation_error_message=_("Whoever is back at work came back on a day, and nobody else did."),
            ),
            models.CheckConstraint(
                name="%(class)s_fatal_is_closed",
                condition=~Q(severity=InjurySeverity.FATAL) | Q(outcome=Outcome.CLOSED),
                violation_error_message=_("A fatal case is closed: choose “Closed otherwise”."),
            ),
            models.CheckConstraint(
                name="%(class)s_grave_is_told",
                condition=Q(severity=InjurySeverity.MINOR) | ~Q(action=""),
                violation_error_message=_("Say of a serious or fatal injury what caused it and what was done."),
            ),
        ]

    def most_days(self, absent_from: dt.date) -> int:
        """How many days somebody can have lost who is absent from that day on, in the month."""
        last = self.submission.period.ends_on
        if self.returned_on:
            last = min(last, self.returned_on - dt.timedelta(days=1))
        return max(0, (last - absent_from).days + 1)

    def _check_days(self, absent_from: dt.date) -> None:
        most = self.most_days(absent_from)
        if self.days_lost is not None and self.days_lost > most:
            raise ValidationError(
                {"days_lost": _("At most %(most)d days can be lost here, counted by the calendar.") % {"most": most}}
            )


class Injury(CaseMonth):
    """A work injury in the month in which it happened."""

    case_number = models.CharField(
        _("case number"), max_length=30, help_text=_("The number of your accident file. No names.")
    )
    happened_on = models.DateField(_("happened on"))
    accident_type = models.ForeignKey(
        AccidentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("type of accident")
    )
    is_commuting = models.BooleanField(
        _("on the way to or from work"), help_text=_("Counts as a work injury by law, and is shown separately.")
    )

    row_fields = ("accident_type",)

    class Meta:
        verbose_name = _("work injury")
        verbose_name_plural = _("work injuries")
        ordering = ("happened_on", "case_number")
        constraints = [
            *CaseMonth.Meta.constraints,
            models.UniqueConstraint(
                name="injury_once",
                fields=["submission", "case_number"],
                violation_error_message=_("This case is entered already."),
            ),
            models.CheckConstraint(
                name="injury_return_after_accident",
                condition=Q(returned_on__isnull=True) | Q(returned_on__gte=F("happened_on")),
                violation_error_message=_("Nobody comes back before the accident."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} · {self.happened_on}"

    def clean(self) -> None:
        super().clean()
        if not self.submission_id or not self.happened_on:
            return
        period = self.submission.period
        if not period.starts_on <= self.happened_on <= period.ends_on:
            raise ValidationError(
                {"happened_on": _("The accident lies outside this period; enter it in its own month.")}
            )
        if self.returned_on and self.returned_on > period.ends_on + dt.timedelta(days=1):
            raise ValidationError(
                {"returned_on": _("That is after this month: choose “still absent” and follow the case up.")}
            )
        self._check_days(self.happened_on + dt.timedelta(days=1))
        self._check_follow_ups()
        elsewhere = Injury.objects.filter(submission__site=self.submission.site_id, case_number=self.case_number)
        if elsewhere.exclude(submission=self.submission_id).exists():
            raise ValidationError(
                {"case_number": _("Another month has a case of this number. Later days belong into the follow-up.")}
            )

    def _check_follow_ups(self) -> None:
        """What later months rest on stays; the database refuses it too."""
        injuries: Any = Injury.objects
        stored = injuries.filter(pk=self.pk, follow_ups__isnull=False).first() if self.pk else None
        if stored is None:
            return
        if self.severity == InjurySeverity.FATAL:
            raise ValidationError(
                {"severity": _("Later months follow this case. Say there when it became fatal, or remove their lines.")}
            )
        if (self.case_number, self.happened_on) != (stored.case_number, stored.happened_on):
            raise ValidationError({"case_number": _("Later months follow this case: its number and day stay.")})


class InjuryFollowUp(CaseMonth):
    """A later month of a case that was still open."""

    case = models.ForeignKey(Injury, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("case"))

    class Meta:
        verbose_name = _("follow-up of an injury")
        verbose_name_plural = _("follow-ups of injuries")
        ordering = ("case__happened_on", "case__case_number")
        constraints = [
            *CaseMonth.Meta.constraints,
            models.UniqueConstraint(
                name="injuryfollowup_once",
                fields=["submission", "case"],
                violation_error_message=_("This case has its line in this month already."),
            ),
            models.UniqueConstraint(
                name="injuryfollowup_dies_once",
                fields=["case"],
                condition=Q(severity=InjurySeverity.FATAL),
                violation_error_message=_("Another month says already that this case was fatal."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)

    def clean(self) -> None:
        super().clean()
        if not self.submission_id or not self.case_id:
            return
        period = self.submission.period
        if self.case.submission.site_id != self.submission.site_id:
            raise ValidationError({"case": _("This case belongs to another site.")})
        if self.case.happened_on >= period.starts_on:
            raise ValidationError({"case": _("In the month of the accident the days stand with the injury itself.")})
        if self.case.severity == InjurySeverity.FATAL:
            raise ValidationError({"case": _("This case was fatal; nothing follows.")})
        others: Any = InjuryFollowUp.objects.filter(case=self.case_id).exclude(pk=self.pk)
        if others.filter(severity=InjurySeverity.FATAL, submission__period__starts_on__lt=period.starts_on).exists():
            raise ValidationError({"case": _("An earlier month says that this case was fatal; nothing follows.")})
        if self.severity == InjurySeverity.FATAL and others.filter(submission__period__starts_on__gt=period.starts_on):
            raise ValidationError({"severity": _("Later months have lines of this case. Remove them first.")})
        if self.returned_on and not period.starts_on <= self.returned_on <= period.ends_on + dt.timedelta(days=1):
            raise ValidationError({"returned_on": _("The return lies outside this period.")})
        self._check_days(period.starts_on)


class DiseaseCategory(CatalogueRow):
    """A group of the national catalogue of occupational diseases."""

    class Meta(CatalogueRow.Meta):
        verbose_name = _("category of occupational disease")
        verbose_name_plural = _("categories of occupational disease")


class DiseaseCase(Record):
    """A case of occupational disease, in the month of its diagnosis."""

    case_number = models.CharField(
        _("case number"), max_length=30, help_text=_("The number of the diagnosis. No names.")
    )
    category = models.ForeignKey(
        DiseaseCategory, on_delete=models.PROTECT, related_name="+", verbose_name=_("category")
    )
    diagnosed_on = models.DateField(_("diagnosed on"))
    action = models.CharField(_("what was done"), max_length=500)

    row_fields = ("category",)

    class Meta:
        verbose_name = _("occupational disease")
        verbose_name_plural = _("occupational diseases")
        ordering = ("diagnosed_on", "case_number")
        constraints = [
            models.UniqueConstraint(
                name="diseasecase_once",
                fields=["submission", "case_number"],
                violation_error_message=_("This case is entered already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_number} · {self.diagnosed_on}"

    def clean(self) -> None:
        super().clean()
        if self.submission_id and self.diagnosed_on:
            period = self.submission.period
            if not period.starts_on <= self.diagnosed_on <= period.ends_on:
                raise ValidationError(
                    {"diagnosed_on": _("The diagnosis lies outside this period; enter it in its own month.")}
                )


class SafetyMeasureKind(models.TextChoices):
    """What a measure is about."""

    EQUIPMENT = "equipment", _("Equipment and workplace")
    MONITORING = "monitoring", _("Monitoring of hazards")
    HEALTH = "health", _("Health care")
    DRILL = "drill", _("Drills and emergency")
    EPIDEMIC = "epidemic", _("Epidemic prevention")


class SafetyMeasure(Record):
    """What a site did for health and safety, and how it is watched (HKEX B2.3)."""

    kind = models.CharField(_("kind"), max_length=12, choices=SafetyMeasureKind.choices)
    description = models.CharField(_("what was done"), max_length=500)
    watched_by = models.CharField(_("how it is watched"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("safety measure")
        verbose_name_plural = _("safety measures")
        ordering = ("kind", "pk")
        constraints = [
            models.UniqueConstraint(
                name="safetymeasure_once",
                fields=["submission", "kind", "description"],
                violation_error_message=_("This measure is entered already."),
            )
        ]

    def __str__(self) -> str:
        return self.description[:60]
