"""What is never changed: who moved a submission, and the seals of approvals."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.submissions.choices import Verb
from apps.submissions.models.submission import Submission


class SubmissionEvent(models.Model):
    """Who moved a submission, when and why. ``findings`` keeps what the checks said when it was handed in."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="events", verbose_name=_("submission")
    )
    verb = models.CharField(_("what"), max_length=12, choices=Verb.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    comment = models.CharField(_("comment"), max_length=2000, blank=True)
    revision = models.PositiveIntegerField(_("revision"))
    findings = models.JSONField(_("findings"), default=list)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("pk",)
        # What was sent back is rare among what was handed in and approved.
        indexes = [models.Index(fields=["verb", "id"], name="event_by_verb")]
        constraints = [
            models.UniqueConstraint(name="submissionevent_once", fields=["submission", "revision"]),
            models.CheckConstraint(
                name="submissionevent_reason_given",
                condition=~Q(verb__in=[Verb.SENT_BACK, Verb.REOPENED]) | ~Q(comment=""),
                violation_error_message=_("Say why it goes back."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} · {self.submission_id}"


class Seal(models.Model):
    """SHA-256 over what was approved and over the seal before it, so that a later change anywhere shows."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="seals", verbose_name=_("submission")
    )
    revision = models.PositiveIntegerField(_("revision"))
    content = models.TextField(_("sealed content"))
    previous_digest = models.CharField(_("previous seal"), max_length=64)
    digest = models.CharField(_("seal"), max_length=64, unique=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(name="seal_once", fields=["submission", "revision"])]

    def __str__(self) -> str:
        return self.digest[:12]


class Unlock(models.Model):
    """A form of a published year that may be corrected, and for how long; nobody opens one but for a restatement."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="unlocks", verbose_name=_("submission")
    )
    reason = models.CharField(_("reason"), max_length=1000)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("opening of a published form")
        verbose_name_plural = _("openings of published forms")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="unlock_one_at_a_time",
                fields=["submission"],
                condition=Q(closed_at__isnull=True),
                violation_error_message=_("This form is open for a correction already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} · {self.opened_at:%Y-%m-%d}"
