"""Assessments of suppliers: labour audits, health and safety, environmental permits (HKEX B5.2).

An assessment counts once a second person has confirmed it; then it stays as it is. What was wrong is withdrawn with a
reason, and a new one is made.
"""

import datetime as dt
from typing import Final, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.submissions.models import KeptFile
from apps.supply_chain.models.suppliers import Supplier

# Longer than any audit scheme lets a result stand.
LONGEST_VALIDITY_DAYS: Final = 5 * 366


class AssessmentKind(models.TextChoices):
    """What was looked at."""

    LABOUR = "labour", _("Labour audit")
    SAFETY = "safety", _("Occupational health and safety")
    PERMITS = "permits", _("Environmental permits")


class AssessmentResult(models.TextChoices):
    """What came of it."""

    PASSED = "passed", _("Passed")
    CONDITIONAL = "conditional", _("Passed, with corrective action")
    FAILED = "failed", _("Failed")


class LabourFinding(models.TextChoices):
    """What a labour audit says of child labour and of forced labour, each by itself."""

    NONE = "none", _("None found")
    FOUND = "found", _("Found")


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments by whether they count."""

    def counting(self) -> Self:
        """Confirmed by a second person and not withdrawn."""
        return self.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True)

    def newest_by(self, day: dt.date | Combinable) -> Self:
        """Of each supplier and kind the newest one that counts, made by ``day``: a later look replaces an earlier one.

        ``day`` may be worked out for each row, as the last day on which its supplier supplied.
        """
        on_day = Value(day, output_field=models.DateField()) if isinstance(day, dt.date) else day
        later = Assessment.objects.counting().filter(
            supplier=OuterRef("supplier"), kind=OuterRef("kind"), assessed_on__lte=OuterRef("on_day")
        )
        newest = Subquery(later.order_by("-assessed_on", "-pk").values("pk")[:1])
        return self.annotate(on_day=on_day).filter(pk=newest)

    def valid_on(self, day: dt.date | Combinable) -> Self:
        """Those that were passed and hold on ``day``, replaced by no later one, with nothing left to be put right."""
        unmet = CorrectiveAction.objects.filter(assessment=OuterRef("pk")).filter(
            Q(checked_on__lte=OuterRef("on_day"), put_right=False)
            | Q(due_on__lt=OuterRef("on_day"), checked_on__isnull=True)
            | Q(due_on__lt=OuterRef("on_day"), checked_on__gt=OuterRef("on_day"))
        )
        return (
            self.newest_by(day)
            .filter(valid_until__gte=F("on_day"))
            .exclude(result=AssessmentResult.FAILED)
            .filter(~Exists(unmet))
        )


class Assessment(models.Model):
    """One look at one supplier."""

    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("supplier")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=AssessmentKind.choices)
    assessed_on = models.DateField(_("assessed on"))
    assessor = models.CharField(_("assessed by"), max_length=120, help_text=_("The department or the firm."))
    child_labour = models.CharField(_("child labour"), max_length=5, choices=LabourFinding.choices, blank=True)
    forced_labour = models.CharField(_("forced labour"), max_length=5, choices=LabourFinding.choices, blank=True)
    result = models.CharField(_("result"), max_length=12, choices=AssessmentResult.choices)
    findings = models.CharField(_("findings"), max_length=1000, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("Empty where it failed."))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_because = models.CharField(_("why it was withdrawn"), max_length=500, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ("-assessed_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="assessment_once",
                fields=["supplier", "kind", "assessed_on"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message=_("This assessment is entered already."),
            ),
            models.CheckConstraint(
                name="assessment_known_words",
                condition=Q(kind__in=AssessmentKind.values, result__in=AssessmentResult.values),
                violation_error_message=_("Choose a kind and a result."),
            ),
            models.CheckConstraint(
                name="assessment_labour_is_stated",
                condition=Q(
                    kind=AssessmentKind.LABOUR,
                    child_labour__in=LabourFinding.values,
                    forced_labour__in=LabourFinding.values,
                )
                | ~Q(kind=AssessmentKind.LABOUR) & Q(child_labour="", forced_labour=""),
                violation_error_message=_("A labour audit says of child labour and of forced labour what was found."),
            ),
            models.CheckConstraint(
                name="assessment_grave_finding_fails",
                condition=~(Q(child_labour=LabourFinding.FOUND) | Q(forced_labour=LabourFinding.FOUND))
                | Q(result=AssessmentResult.FAILED),
                violation_error_message=_("Where child or forced labour was found, the audit is failed."),
            ),
            models.CheckConstraint(
                name="assessment_holds_if_passed",
                condition=Q(result=AssessmentResult.FAILED, valid_until__isnull=True)
                | ~Q(result=AssessmentResult.FAILED) & Q(valid_until__isnull=False, valid_until__gt=F("assessed_on")),
                violation_error_message=_("Say until when a passed assessment holds; a failed one holds for no time."),
            ),
            models.CheckConstraint(
                name="assessment_findings_are_told",
                condition=Q(result=AssessmentResult.PASSED) | ~Q(findings=""),
                violation_error_message=_("Say what was found, unless the assessment was passed."),
            ),
            models.CheckConstraint(
                name="assessment_confirmed_by_another",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("entered_by")),
                violation_error_message=_("An assessment is confirmed by somebody other than the one who entered it."),
            ),
            models.CheckConstraint(
                name="assessment_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(withdrawn_because=""),
                violation_error_message=_("What was confirmed is withdrawn by a person, with a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.assessed_on}"

    def clean(self) -> None:
        super().clean()
        if self.assessed_on and self.assessed_on > timezone.localdate():
            raise ValidationError({"assessed_on": _("This day is still to come.")})
        if self.assessed_on and self.valid_until and (self.valid_until - self.assessed_on).days > LONGEST_VALIDITY_DAYS:
            raise ValidationError({"valid_until": _("An assessment holds for five years at most.")})

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class FileAbout(models.TextChoices):
    """What a file of an assessment proves."""

    CHILD_LABOUR = "child_labour", _("Child labour")
    FORCED_LABOUR = "forced_labour", _("Forced labour")
    OTHER = "other", _("Other")


class AssessmentFile(KeptFile):
    """A file that proves what an assessment says."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="files", verbose_name=_("assessment")
    )
    about = models.CharField(_("proves"), max_length=16, choices=FileAbout.choices, default=FileAbout.OTHER)

    class Meta:
        verbose_name = _("file of an assessment")
        verbose_name_plural = _("files of assessments")
        ordering = ("pk",)


class CorrectiveAction(models.Model):
    """What a supplier has to put right, until when, and what the re-check found."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="actions", verbose_name=_("assessment")
    )
    what = models.CharField(_("what is to be put right"), max_length=500)
    due_on = models.DateField(_("due on"))
    checked_on = models.DateField(_("checked again on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    put_right = models.BooleanField(_("put right"), null=True, blank=True)
    outcome = models.CharField(_("what the re-check found"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
        ordering = ("due_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="correctiveaction_says_something",
                condition=~Q(what=""),
                violation_error_message=_("Say what is to be put right."),
            ),
            models.CheckConstraint(
                name="correctiveaction_checked_by_someone",
                condition=Q(checked_on__isnull=True, checked_by__isnull=True, put_right__isnull=True, outcome="")
                | Q(checked_on__isnull=False, checked_by__isnull=False, put_right__isnull=False) & ~Q(outcome=""),
                violation_error_message=_("A re-check has a day, a person and an outcome."),
            ),
        ]

    def __str__(self) -> str:
        return self.what[:60]

    def clean(self) -> None:
        super().clean()
        if self.due_on and self.due_on < self.assessment.assessed_on:
            raise ValidationError({"due_on": _("This day lies before the assessment.")})

    @property
    def is_open(self) -> bool:
        return self.checked_on is None

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()
