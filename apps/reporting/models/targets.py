"""The yearly review of a target: who looked at it, and what they found (HKEX A1.5, A1.6, A2.3, A2.4, D-37)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.environment.models import Target
from apps.organisation.models import ReportingYear


class TargetVerdict(models.TextChoices):
    """Where a target stands in the eyes of whoever reviewed it."""

    ON_TRACK = "on_track", _("On track")
    BEHIND = "behind", _("Behind")
    REACHED = "reached", _("Reached")
    DROPPED = "dropped", _("Given up or replaced")


class TargetReview(models.Model):
    """One review of a target in a year."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("target"))
    year = models.ForeignKey(
        ReportingYear, on_delete=models.PROTECT, related_name="+", verbose_name=_("reporting year")
    )
    verdict = models.CharField(_("result"), max_length=8, choices=TargetVerdict.choices)
    reviewed_on = models.DateField(_("reviewed on"))
    # The board or a committee, in words: it need not have an account here.
    reviewed_by = models.CharField(_("reviewed by"), max_length=120, help_text=_("Such as: Board, ESG committee."))
    remark = models.CharField(_("remark"), max_length=1000, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), auto_now=True)

    class Meta:
        verbose_name = _("review of a target")
        verbose_name_plural = _("reviews of targets")
        ordering = ("year", "target")
        constraints = [
            models.UniqueConstraint(
                name="targetreview_once",
                fields=["target", "year"],
                violation_error_message=_("This target has its review for the year already."),
            ),
            models.CheckConstraint(
                name="targetreview_known_verdict",
                condition=Q(verdict__in=TargetVerdict.values),
                violation_error_message=_("Choose a result."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} · {self.year}"
