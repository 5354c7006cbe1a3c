"""The words of the report: one statement for a provision and a year, in three languages.

It goes the way of a form: drafted, handed in, approved by somebody else, or sent back. An approved statement is
locked by trigger (``reporting_statement``) until it is reopened with a reason.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import ReportingYear


class StatementKind(models.TextChoices):
    """What the words are: what was asked for, why it is not there, or why it does not apply."""

    DISCLOSURE = "disclosure", _("Disclosure")
    EXPLANATION = "explanation", _("Explanation why it is not disclosed")
    NOT_APPLICABLE = "not_applicable", _("Not applicable, with the reason")


class StatementState(models.TextChoices):
    """Where it stands."""

    DRAFT = "draft", _("In progress")
    SUBMITTED = "submitted", _("To review")
    RETURNED = "returned", _("Sent back")
    APPROVED = "approved", _("Approved")


class StatementVerb(models.TextChoices):
    """What somebody did with it."""

    SAVED = "saved", pgettext_lazy("event of a statement", "saved")
    SUBMITTED = "submitted", pgettext_lazy("event of a statement", "handed in")
    SENT_BACK = "sent_back", pgettext_lazy("event of a statement", "sent back")
    APPROVED = "approved", pgettext_lazy("event of a statement", "approved")
    REOPENED = "reopened", pgettext_lazy("event of a statement", "reopened")


class Statement(models.Model):
    """The words for one provision in one year. ``code`` is the provision's, whatever the edition."""

    year = models.ForeignKey(
        ReportingYear, on_delete=models.PROTECT, related_name="statements", verbose_name=_("reporting year")
    )
    code = models.CharField(_("provision"), max_length=20)
    kind = models.CharField(_("kind"), max_length=14, choices=StatementKind.choices, default=StatementKind.DISCLOSURE)
    text_en = models.TextField(_("text (English)"), blank=True)
    text_zh_hans = models.TextField(_("text (Simplified Chinese)"), blank=True)
    text_zh_hant = models.TextField(_("text (Traditional Chinese)"), blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible person"),
    )
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("carried from")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=StatementState.choices, default=StatementState.DRAFT, editable=False
    )
    # Grows with every save, so that two people who write at once are told.
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("handed in by"),
    )
    submitted_at = models.DateTimeField(_("handed in"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ("year", "code")
        constraints = [
            models.UniqueConstraint(
                name="statement_once",
                fields=["year", "code"],
                violation_error_message=_("This provision has its statement for the year already."),
            ),
            models.CheckConstraint(
                name="statement_known_kind",
                condition=Q(kind__in=StatementKind.values, state__in=StatementState.values),
                violation_error_message=_("Choose a kind."),
            ),
            models.CheckConstraint(
                name="statement_handed_in_with_person",
                condition=(
                    ~Q(state__in=["submitted", "approved"]) | Q(submitted_by__isnull=False, submitted_at__isnull=False)
                ),
                violation_error_message=_("A statement is handed in by somebody."),
            ),
            models.CheckConstraint(
                name="statement_approved_by_another",
                condition=(
                    ~Q(state="approved")
                    | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("submitted_by"))
                ),
                violation_error_message=_("Somebody else than the person who handed it in approves a statement."),
            ),
            models.CheckConstraint(
                name="statement_approved_in_words",
                condition=(
                    ~Q(state__in=["submitted", "approved"]) | ~Q(text_en="") & ~Q(text_zh_hans="") & ~Q(text_zh_hant="")
                ),
                violation_error_message=_("Write the statement in all three languages before it is handed in."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.year}"

    @property
    def text(self) -> str:
        return self.text_in(get_language() or "en")

    def text_in(self, language: str) -> str:
        return {"zh-hans": self.text_zh_hans, "zh-hant": self.text_zh_hant}.get(language, self.text_en)


class StatementEvent(models.Model):
    """What was done with a statement, with its words at that moment. Rows are never changed."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="events", verbose_name=_("statement")
    )
    verb = models.CharField(_("what"), max_length=9, choices=StatementVerb.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    revision = models.PositiveIntegerField(_("revision"))
    text_en = models.TextField(_("text (English)"), blank=True)
    text_zh_hans = models.TextField(_("text (Simplified Chinese)"), blank=True)
    text_zh_hant = models.TextField(_("text (Traditional Chinese)"), blank=True)

    class Meta:
        verbose_name = _("event of a statement")
        verbose_name_plural = _("events of statements")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.statement} · {self.get_verb_display()}"
