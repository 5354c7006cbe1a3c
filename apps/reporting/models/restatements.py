"""Corrections of a published year: who found what, which figures move from what to what, and who else agreed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core import units
from apps.organisation.models import ReportingYear, Site
from apps.reporting.models.editions import Edition
from apps.submissions.models import Submission


class RestatementKind(models.TextChoices):
    """What was wrong."""

    DATA = "data", _("A row of an approved form")
    METHOD = "method", _("A method, a factor, or what is counted")
    WORDS = "words", _("A statement in words")


class RestatementState(models.TextChoices):
    """Open while the correction is made; prepared with its list of figures; approved, or withdrawn."""

    OPEN = "open", pgettext_lazy("restatement", "Open")
    PREPARED = "prepared", _("To approve")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Restatement(models.Model):
    """One correction. While it is open the form it names may be reopened, or the statements of the year changed."""

    year = models.ForeignKey(
        ReportingYear, on_delete=models.PROTECT, related_name="restatements", verbose_name=_("reporting year")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=RestatementKind.choices)
    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="restatements",
        verbose_name=_("form"),
    )
    cause_en = models.CharField(_("cause (English)"), max_length=1000)
    cause_zh_hans = models.CharField(_("cause (Simplified Chinese)"), max_length=1000)
    cause_zh_hant = models.CharField(_("cause (Traditional Chinese)"), max_length=1000)
    state = models.CharField(_("state"), max_length=9, choices=RestatementState.choices, default=RestatementState.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("restatement", "prepared by"),
    )
    prepared_at = models.DateTimeField(pgettext_lazy("restatement", "prepared"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision = models.CharField(_("why"), max_length=1000, blank=True)
    # The edition that the approval published.
    edition = models.OneToOneField(
        Edition,
        on_delete=models.PROTECT,
        null=True,
        related_name="restatement",
        verbose_name=_("published edition"),
    )

    class Meta:
        verbose_name = _("restatement")
        verbose_name_plural = _("restatements")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="restatement_known_kind",
                condition=Q(kind__in=RestatementKind.values, state__in=RestatementState.values),
                violation_error_message=_("Choose a kind."),
            ),
            models.CheckConstraint(
                name="restatement_data_of_a_form",
                condition=Q(kind="data", submission__isnull=False) | ~Q(kind="data") & Q(submission__isnull=True),
                violation_error_message=_("A restatement of data names the form that was wrong."),
            ),
            models.CheckConstraint(
                name="restatement_says_why",
                condition=~Q(cause_en="") & ~Q(cause_zh_hans="") & ~Q(cause_zh_hant=""),
                violation_error_message=_("Say in all three languages what was wrong."),
            ),
            models.CheckConstraint(
                name="restatement_prepared_by_somebody",
                condition=~Q(state="prepared") | Q(prepared_by__isnull=False, prepared_at__isnull=False),
                violation_error_message=_("A restatement is prepared by somebody."),
            ),
            # The preparer and the approver are two people.
            models.CheckConstraint(
                name="restatement_two_people",
                condition=(
                    ~Q(state="approved")
                    | Q(
                        prepared_by__isnull=False,
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        edition__isnull=False,
                    )
                    & ~Q(decided_by=F("prepared_by"))
                    & ~Q(decided_by=F("opened_by"))
                ),
                violation_error_message=_("Somebody else than the preparer approves a restatement."),
            ),
            models.UniqueConstraint(
                name="restatement_one_at_a_time",
                fields=["year"],
                condition=Q(state__in=["open", "prepared"]),
                violation_error_message=_("Another restatement of this year is open. Finish or withdraw it first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.get_kind_display()}"

    def cause_in(self, language: str) -> str:
        return {"zh-hans": self.cause_zh_hans, "zh-hant": self.cause_zh_hant}.get(language, self.cause_en)


class RestatedFigure(models.Model):
    """A figure that a restatement moves: as published before, and as it is now. ``site`` empty is the group.

    ``change_percent`` is against the old value, empty where there was none or it was zero. Rows are never changed.
    """

    restatement = models.ForeignKey(
        Restatement, on_delete=models.PROTECT, related_name="figures", verbose_name=_("restatement")
    )
    # Grows with every preparation; the last one counts.
    round = models.PositiveSmallIntegerField(_("round"))
    code = models.CharField(_("figure"), max_length=80)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("site")
    )
    old_value = models.CharField(_("old value"), max_length=80, blank=True)
    new_value = models.CharField(_("new value"), max_length=80, blank=True)
    change_percent = models.DecimalField(
        _("change in %"), max_digits=units.MAX_DIGITS, decimal_places=units.DECIMAL_PLACES, null=True
    )

    class Meta:
        verbose_name = _("restated figure")
        verbose_name_plural = _("restated figures")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="restatedfigure_once",
                fields=["restatement", "round", "code", "site"],
                nulls_distinct=False,
                violation_error_message=_("This figure stands in the list already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.restatement} · {self.code}"
