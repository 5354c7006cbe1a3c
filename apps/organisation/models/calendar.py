"""Reporting years and their periods."""

import calendar
import datetime as dt
import re
from functools import lru_cache

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import dateformat
from django.utils.formats import get_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.organisation.choices import Frequency

# The code of a month's period; the period of a whole year has the year's code.
_MONTH_CODE = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def last_of_month(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


class ReportingYear(models.Model):
    """A financial year: whole months, not necessarily January to December, never overlapping another."""

    code = models.SlugField(_("code"), max_length=12, unique=True, help_text=_("As people call it: 2020, or 2020-21."))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    class Meta:
        verbose_name = _("reporting year")
        verbose_name_plural = _("reporting years")
        ordering = ("-starts_on",)
        constraints = [
            models.CheckConstraint(
                name="reportingyear_dates_in_order",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="reportingyear_no_overlap",
                expressions=[
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                violation_error_message=_("Another reporting year has days in common with this one."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        super().clean()
        if _MONTH_CODE.fullmatch(self.code):
            raise ValidationError({"code": _("This reads as a month. Write both years in full: 2011-2012.")})
        if self.starts_on and self.starts_on.day != 1:
            raise ValidationError({"starts_on": _("A reporting year starts on the first day of a month.")})
        if self.ends_on and self.ends_on != last_of_month(self.ends_on):
            raise ValidationError({"ends_on": _("A reporting year ends on the last day of a month.")})
        if self.starts_on and self.ends_on and (self.ends_on - self.starts_on).days > 18 * 31:
            raise ValidationError({"ends_on": _("A reporting year has at most 18 months.")})


class Period(models.Model):
    """A month of a reporting year, or the year as a whole."""

    year = models.ForeignKey(
        ReportingYear, on_delete=models.PROTECT, related_name="periods", verbose_name=_("reporting year")
    )
    frequency = models.CharField(_("frequency"), max_length=5, choices=Frequency.choices)
    code = models.SlugField(
        _("code"), max_length=12, unique=True, help_text=_("2020-03 for a month, the year's code for a year.")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    due_on = models.DateField(_("due on"))

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ("starts_on", "frequency")
        # Long lists of submissions run along their periods: the newest first, or what is due first.
        indexes = [
            models.Index(fields=["-starts_on", "-ends_on"], name="period_newest_first"),
            models.Index(fields=["due_on", "starts_on"], name="period_due_first"),
        ]
        constraints = [
            models.CheckConstraint(
                name="period_dates_in_order",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="period_due_after_end",
                condition=Q(due_on__gte=F("ends_on")),
                violation_error_message=_("A period cannot be due before it ends."),
            ),
            models.UniqueConstraint(
                name="period_once",
                fields=["frequency", "starts_on"],
                violation_error_message=_("This period exists already."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """“March 2020”, “2020年3月”, or the year's code."""
        if self.frequency == Frequency.MONTH:
            return month_label(self.starts_on)
        return self.code


def month_label(first_day: dt.date) -> str:
    """A month as the reader writes it. Lists write the same few in every row."""
    return _month(first_day, str(get_format("YEAR_MONTH_FORMAT")), get_language())


@lru_cache(maxsize=2000)
def _month(first_day: dt.date, form: str, _language: str | None) -> str:
    return dateformat.format(first_day, form)
