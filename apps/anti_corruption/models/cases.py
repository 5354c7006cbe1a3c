"""Concluded legal cases regarding corrupt practices (HKEX B7.1). Seen by few, append-only."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import Site


class CaseSubject(models.TextChoices):
    """Against whom a case was brought."""

    COMPANY = "company", _("The company")
    EMPLOYEE = "employee", _("An employee or director")


class CaseOutcome(models.TextChoices):
    """How a case ended."""

    CONVICTED = "convicted", _("Convicted or fined")
    ACQUITTED = "acquitted", _("Acquitted")
    SETTLED = "settled", _("Settled")
    DISMISSED = "dismissed", _("Dismissed or withdrawn")


class CaseQuerySet(models.QuerySet["ConcludedCase"]):
    """Cases as they are told now."""

    def current(self) -> Self:
        """Without those that a corrected entry replaces."""
        return self.filter(replaced_by__isnull=True)


class ConcludedCase(models.Model):
    """A case that was brought for bribery, extortion, fraud or money laundering and is concluded."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    reference = models.CharField(_("case number"), max_length=80)
    subject = models.CharField(_("against"), max_length=8, choices=CaseSubject.choices)
    matter = models.CharField(_("what it was about"), max_length=500, help_text=_("Without names of people."))
    authority = models.CharField(_("court or authority"), max_length=120)
    concluded_on = models.DateField(_("concluded on"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=CaseOutcome.choices)
    outcome_words = models.CharField(_("outcome in words"), max_length=500, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"))
    entered_on = models.DateField(_("entered on"))
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("concluded case")
        verbose_name_plural = _("concluded cases")
        ordering = ("-concluded_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="concludedcase_first_once",
                fields=["reference"],
                condition=Q(replaces__isnull=True),
                violation_error_message=_("This case is entered already. Correct its entry."),
            ),
            models.CheckConstraint(
                name="concludedcase_is_told",
                condition=~Q(reference="")
                & ~Q(matter="")
                & ~Q(authority="")
                & Q(subject__in=CaseSubject.values, outcome__in=CaseOutcome.values),
                violation_error_message=_("Say which case it was, before whom, and how it ended."),
            ),
            models.CheckConstraint(
                name="concludedcase_is_over",
                condition=Q(concluded_on__lte=F("entered_on")),
                violation_error_message=_("A case is entered once it is concluded."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
