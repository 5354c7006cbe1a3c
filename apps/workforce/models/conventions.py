"""The conventions of a year, where the HKEX guide leaves a choice. They are stored, so that nobody has to guess."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import ReportingYear


class Turnover(models.TextChoices):
    """By what leavers of a group are divided (HKEX B1.2)."""

    YEAR_END = "year_end", _("leavers of the group / employees of the group at year end")
    AVERAGE = "average", _("leavers of the group / average employees of the group")
    TOTAL = "total", _("leavers of the group / all employees at year end")


class LostDays(models.TextChoices):
    """Which days count as lost (HKEX B2.2)."""

    WORKING = "working", _("scheduled working days")
    CALENDAR = "calendar", _("calendar days")


class YearConvention(models.Model):
    """What was chosen for a reporting year; a year without a row has the first of each."""

    year = models.OneToOneField(
        ReportingYear, on_delete=models.PROTECT, related_name="+", verbose_name=_("reporting year")
    )
    turnover = models.CharField(_("turnover rate"), max_length=10, choices=Turnover.choices, default=Turnover.YEAR_END)
    lost_days = models.CharField(_("lost days"), max_length=10, choices=LostDays.choices, default=LostDays.WORKING)

    class Meta:
        verbose_name = _("convention of a year")
        verbose_name_plural = _("conventions of the years")
        ordering = ("-year__starts_on",)
        constraints = [
            models.CheckConstraint(
                name="yearconvention_known",
                condition=Q(turnover__in=Turnover.values, lost_days__in=LostDays.values),
                violation_error_message=_("Choose one of the conventions."),
            )
        ]

    def __str__(self) -> str:
        return str(self.year)

    def clean(self) -> None:
        super().clean()
        if self.year_id and self.year.published_at is not None:
            raise ValidationError(_("This year is published; its conventions stay as they are."))

    @classmethod
    def of(cls, year: ReportingYear) -> "YearConvention":
        """The convention of a year, stored or not."""
        return cls.objects.filter(year=year).first() or cls(year=year)
