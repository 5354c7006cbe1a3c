"""What hangs on a submission: evidence, explanations, comments, and the word that there is nothing to report."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.submissions.models.submission import Submission


def _evidence_path(evidence: "KeptFile", name: str) -> str:
    """A name nobody can guess and nothing in the upload can bend."""
    return f"evidence/{uuid.uuid4().hex}{PurePath(name).suffix.lower()[:8]}"


class KeptFile(models.Model):
    """A file that somebody attached, told by its bytes. ``evidence.keep`` looks at it and stores it."""

    file = models.FileField(_("file"), upload_to=_evidence_path, max_length=120)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size_bytes = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Evidence(KeptFile):
    """A file that proves rows: a meter photo, an invoice, a weighbridge ticket, a test report."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("submission")
    )
    row = models.CharField(_("row"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("pk",)


class Explanation(models.Model):
    """Why a warning is right as it stands. It holds for the value it was written for (``fingerprint``)."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="explanations", verbose_name=_("submission")
    )
    finding = models.CharField(_("finding"), max_length=60)
    row = models.CharField(_("row"), max_length=160, blank=True)
    fingerprint = models.CharField(_("said of"), max_length=200)
    text = models.CharField(_("explanation"), max_length=1000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"), auto_now=True)

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="explanation_once",
                fields=["submission", "finding", "row"],
                violation_error_message=_("This finding is explained already; change the explanation."),
            ),
            models.CheckConstraint(
                name="explanation_says_something",
                condition=~Q(text=""),
                violation_error_message=_("An explanation says something."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class NothingToReport(models.Model):
    """The explicit word that a register has no entry in this period: a stated zero."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="empty_tables", verbose_name=_("submission")
    )
    table = models.CharField(_("table"), max_length=40)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("stated by"),
    )
    stated_at = models.DateTimeField(_("stated"), auto_now_add=True)

    class Meta:
        verbose_name = _("nothing to report")
        verbose_name_plural = _("nothing to report")
        constraints = [
            models.UniqueConstraint(
                name="nothingtoreport_once",
                fields=["submission", "table"],
                violation_error_message=_("This is stated already."),
            )
        ]

    def __str__(self) -> str:
        return self.table


class Comment(models.Model):
    """What somebody says about a submission or one of its rows. A question stays open until it is settled."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="comments", verbose_name=_("submission")
    )
    row = models.CharField(_("row"), max_length=160, blank=True)
    text = models.CharField(_("text"), max_length=2000)
    is_question = models.BooleanField(_("question"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="comment_says_something",
                condition=~Q(text=""),
                violation_error_message=_("A comment says something."),
            ),
            models.CheckConstraint(
                name="comment_settled_by_someone",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False, is_question=True),
                violation_error_message=_("Only a question is settled, by a person at a time."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
