"""Certificates of management systems, kept all year round, and what a year's form says of them (HKEX B6.4)."""

import datetime as dt
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow
from apps.organisation.models import Site
from apps.submissions.models import KeptFile, Record

# So many days before its last day a certificate is spoken of: an audit for a new one takes its time.
REMIND_DAYS: Final = 90


class CertificateStandard(CatalogueRow):
    """A standard in one edition. Editions of one ``family`` follow each other."""

    family = models.SlugField(_("family"), max_length=20, help_text=_("The same for all editions of a standard."))
    withdrawn_on = models.DateField(
        _("last day of the edition"),
        null=True,
        blank=True,
        help_text=_("Certificates of this edition hold no longer than this day. Empty: the edition is in force."),
    )

    class Meta(CatalogueRow.Meta):
        verbose_name = _("standard of certificates")
        verbose_name_plural = _("standards of certificates")


class CertificateState(models.TextChoices):
    """Where a certificate stands on a day."""

    VALID = "valid", _("Valid")
    ENDS_SOON = "ends_soon", _("Ends soon")
    NOT_YET = "not_yet", _("Not valid yet")
    RUN_OUT = "run_out", _("Run out")
    EDITION_WITHDRAWN = "withdrawn", _("Edition withdrawn")
    ENDED = "ended", _("Given up or replaced")


class EndReason(models.TextChoices):
    """Why a certificate ended before its time."""

    GIVEN_UP = "given_up", _("Given up")
    REPLACED = "replaced", _("Replaced by another certificate")


class Certificate(models.Model):
    """A certificate that a site holds or held. What became of it is told by days, so that any day can be asked for."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    standard = models.ForeignKey(
        CertificateStandard,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("standard"),
        help_text=_("In the edition that is printed on the certificate."),
    )
    number = models.CharField(_("certificate number"), max_length=60)
    body = models.CharField(_("certification body"), max_length=120)
    scope = models.CharField(
        _("scope"), max_length=500, blank=True, help_text=_("What it covers, as printed on the certificate.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True, help_text=_("From this day on it does not hold."))
    ended_because = models.CharField(_("why it ended"), max_length=8, choices=EndReason.choices, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ("site__position", "site__code", "standard__position", "standard__code", "-valid_until", "pk")
        constraints = [
            models.UniqueConstraint(
                name="certificate_once",
                fields=["standard", "number"],
                # It may be at a site that whoever enters it does not see.
                violation_error_message=_("This number is in use. Look at it again."),
            ),
            models.CheckConstraint(
                name="certificate_says_what_it_is",
                condition=~Q(number="") & ~Q(body=""),
                violation_error_message=_("A certificate has a number and a certification body."),
            ),
            models.CheckConstraint(
                name="certificate_dates_in_order",
                condition=Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="certificate_ends_with_reason",
                condition=Q(ended_on__isnull=True, ended_because="")
                | Q(ended_on__isnull=False, ended_because__in=EndReason.values),
                violation_error_message=_("Say both: from which day on it does not hold, and why."),
            ),
            models.CheckConstraint(
                name="certificate_ends_in_its_time",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("valid_from"), ended_on__lte=F("valid_until")),
                violation_error_message=_("It ends after its first day and not after its last one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} · {self.number}"

    def clean(self) -> None:
        super().clean()
        self.number = " ".join(self.number.split())
        withdrawn_on = self.standard.withdrawn_on if self.standard_id else None
        if withdrawn_on and self.valid_from and self.valid_from > withdrawn_on:
            raise ValidationError(
                {
                    "standard": _("This edition ended on %(day)s. Look at the certificate for the edition it names.")
                    % {"day": formats.date_format(withdrawn_on, "SHORT_DATE_FORMAT")}
                }
            )

    @property
    def last_day(self) -> dt.date:
        """The last day on which it holds: by its own words, by the edition's, or because it was ended."""
        days = [self.valid_until]
        if self.standard.withdrawn_on:
            days.append(self.standard.withdrawn_on)
        if self.ended_on:
            days.append(self.ended_on - dt.timedelta(days=1))
        return min(days)

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day <= self.last_day

    def state_on(self, day: dt.date, remind_days: int = 0) -> CertificateState:
        """Where it stands; within ``remind_days`` of its last day it ends soon."""
        if day < self.valid_from:
            return CertificateState.NOT_YET
        if self.ended_on and self.ended_on <= day:
            return CertificateState.ENDED
        if self.standard.withdrawn_on and self.standard.withdrawn_on < day:
            return CertificateState.EDITION_WITHDRAWN
        if self.valid_until < day:
            return CertificateState.RUN_OUT
        if (self.last_day - day).days < remind_days:
            return CertificateState.ENDS_SOON
        return CertificateState.VALID


class CertificateFile(KeptFile):
    """The certificate itself, scanned. It stays with it, and goes only with it."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="files", verbose_name=_("certificate")
    )

    class Meta:
        verbose_name = _("file of a certificate")
        verbose_name_plural = _("files of certificates")
        ordering = ("pk",)


class CertificateHeld(Record):
    """What the yearly form says of one certificate of the site, copied from the register for the last day of the year.

    A copy: the register goes on, and what was approved stands still.
    """

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="+", verbose_name=_("certificate")
    )
    standard = models.ForeignKey(
        CertificateStandard, on_delete=models.PROTECT, related_name="+", verbose_name=_("standard")
    )
    number = models.CharField(_("certificate number"), max_length=60)
    body = models.CharField(_("certification body"), max_length=120)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    state = models.CharField(_("on the last day"), max_length=10, choices=CertificateState.choices)

    row_fields = ("standard",)

    class Meta:
        verbose_name = _("certificate of the year")
        verbose_name_plural = _("certificates of the year")
        ordering = ("standard__position", "standard__code", "-valid_until", "pk")
        constraints = [
            models.UniqueConstraint(
                name="certificateheld_once",
                fields=["submission", "certificate"],
                violation_error_message=_("This certificate has its line already."),
            ),
            models.CheckConstraint(
                name="certificateheld_known_state",
                condition=Q(
                    state__in=[
                        CertificateState.VALID,
                        CertificateState.RUN_OUT,
                        CertificateState.EDITION_WITHDRAWN,
                        CertificateState.ENDED,
                    ]
                ),
                violation_error_message=_("On the last day a certificate is valid, run out, withdrawn or ended."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} · {self.number}"
