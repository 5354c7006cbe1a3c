"""Complaints of customers and their closing (HKEX B6.2).

A complaint stands in the month in which it was received, with its closing where it was closed in that month. One that
is closed later has a line in the later month: an approved month is never touched again.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow
from apps.submissions.models import Record


class ComplaintCategory(CatalogueRow):
    """What complaints are about, and within how many days they should be closed."""

    days_to_close = models.PositiveSmallIntegerField(
        _("days to close"),
        default=30,
        help_text=_("Stays once a complaint is entered. For another number of days add a category."),
    )

    class Meta(CatalogueRow.Meta):
        verbose_name = _("category of complaints")
        verbose_name_plural = _("categories of complaints")
        constraints = [
            models.CheckConstraint(
                name="complaintcategory_has_days",
                condition=Q(days_to_close__gte=1),
                violation_error_message=_("Give at least one day to close a complaint."),
            )
        ]


class CustomerRegion(CatalogueRow):
    """Where customers are."""

    class Meta(CatalogueRow.Meta):
        verbose_name = _("region of customers")
        verbose_name_plural = _("regions of customers")


class Complaint(Record):
    """A complaint in the month in which it was received."""

    reference = models.CharField(
        _("complaint number"), max_length=40, help_text=_("The number of your complaint file. No names of people.")
    )
    received_on = models.DateField(_("received on"))
    category = models.ForeignKey(
        ComplaintCategory, on_delete=models.PROTECT, related_name="+", verbose_name=_("category")
    )
    region = models.ForeignKey(
        CustomerRegion, on_delete=models.PROTECT, related_name="+", verbose_name=_("customer's region")
    )
    what = models.CharField(_("what the customer complains of"), max_length=500)
    closed_on = models.DateField(
        _("closed on"), null=True, blank=True, help_text=_("Only where it was closed in this very month.")
    )
    settled = models.CharField(_("how it was settled"), max_length=500, blank=True)

    row_fields = ("category", "region")

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ("received_on", "reference")
        constraints = [
            models.UniqueConstraint(
                name="complaint_once",
                fields=["submission", "reference"],
                violation_error_message=_("This complaint is entered already."),
            ),
            models.CheckConstraint(
                name="complaint_dates_in_order",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("received_on")),
                violation_error_message=_("A complaint is closed after it was received."),
            ),
            models.CheckConstraint(
                name="complaint_closing_is_told",
                condition=Q(closed_on__isnull=True, settled="") | Q(closed_on__isnull=False) & ~Q(settled=""),
                violation_error_message=_("Of a closed complaint say both: the day, and how it was settled."),
            ),
            models.CheckConstraint(
                name="complaint_says_something",
                condition=~Q(reference="") & ~Q(what=""),
                violation_error_message=_("A complaint has a number and says something."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.received_on}"

    def clean(self) -> None:
        super().clean()
        if not self.submission_id or not self.received_on:
            return
        period = self.submission.period
        if not period.starts_on <= self.received_on <= period.ends_on:
            raise ValidationError(
                {"received_on": _("It was received outside this period; enter it in the month of its arrival.")}
            )
        if self.closed_on and self.closed_on > period.ends_on:
            raise ValidationError(
                {"closed_on": _("That is after this month. Leave it open here and close it in the later month.")}
            )
        self._check_closing()
        elsewhere = Complaint.objects.filter(submission__site=self.submission.site_id, reference=self.reference)
        if elsewhere.exclude(submission=self.submission_id).exists():
            raise ValidationError({"reference": _("Another month has a complaint of this number.")})

    def _check_closing(self) -> None:
        """What a later month rests on stays; the database refuses it too."""
        complaints: Any = Complaint.objects
        stored = complaints.filter(pk=self.pk, closings__isnull=False).first() if self.pk else None
        if stored is None:
            return
        if self.closed_on:
            raise ValidationError({"closed_on": _("A later month says when this complaint was closed.")})
        if (self.reference, self.received_on) != (stored.reference, stored.received_on):
            raise ValidationError({"reference": _("A later month closes this complaint: its number and day stay.")})


class ComplaintClosing(Record):
    """The closing of a complaint of an earlier month. A complaint closes once."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="closings", verbose_name=_("complaint")
    )
    closed_on = models.DateField(_("closed on"))
    settled = models.CharField(_("how it was settled"), max_length=500)

    class Meta:
        verbose_name = _("closing of a complaint")
        verbose_name_plural = _("closings of complaints")
        ordering = ("complaint__received_on", "complaint__reference")
        constraints = [
            models.UniqueConstraint(
                name="complaintclosing_once",
                fields=["submission", "complaint"],
                violation_error_message=_("This complaint has its line in this month already."),
            ),
            models.UniqueConstraint(
                name="complaintclosing_closes_once",
                fields=["complaint"],
                violation_error_message=_("Another month says already that this complaint was closed."),
            ),
            models.CheckConstraint(
                name="complaintclosing_is_told",
                condition=~Q(settled=""),
                violation_error_message=_("Say how it was settled."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.complaint)

    def clean(self) -> None:
        super().clean()
        if not self.submission_id or not self.complaint_id:
            return
        period, of_complaint = self.submission.period, self.complaint.submission
        if of_complaint.site_id != self.submission.site_id:
            raise ValidationError({"complaint": _("This complaint belongs to another site.")})
        if of_complaint.period.starts_on >= period.starts_on:
            raise ValidationError({"complaint": _("In the month of its arrival it is closed in its own line.")})
        if self.complaint.closed_on:
            raise ValidationError({"complaint": _("This complaint was closed in the month of its arrival.")})
        if self.closed_on and not period.starts_on <= self.closed_on <= period.ends_on:
            raise ValidationError(
                {"closed_on": _("The day lies outside this period; enter it in the month of the closing.")}
            )
