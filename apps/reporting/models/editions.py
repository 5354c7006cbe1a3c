"""A year as it was published: every figure, word, factor and definition in one document with its digest.

Nothing is ever changed in it; a correction is a restatement, which publishes the next edition of the year. The
database computes the digests anew and refuses what does not fit (trigger ``reporting_edition``).
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import ReportingYear


class Edition(models.Model):
    """``content`` is canonical JSON (``reporting/content.py`` has its shape); ``sha256`` is of its UTF-8 bytes.

    The edition before is named with its digest inside the content, so that editions form a chain.
    """

    year = models.ForeignKey(
        ReportingYear, on_delete=models.PROTECT, related_name="editions", verbose_name=_("reporting year")
    )
    number = models.PositiveSmallIntegerField(_("edition"))
    content = models.TextField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published"))
    # What whoever published said of forms that were not approved yet.
    remark = models.CharField(_("remark"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("published edition")
        verbose_name_plural = _("published editions")
        ordering = ("year", "number")
        constraints = [
            models.UniqueConstraint(
                name="edition_once",
                fields=["year", "number"],
                violation_error_message=_("This edition of the year is published already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.number}"

    @classmethod
    def newest_of(cls, year: ReportingYear) -> "Edition | None":
        """The edition that holds; without its content, which may be long."""
        return cls.objects.filter(year=year).order_by("-number").defer("content").first()


class EditionPart(models.Model):
    """A part of an edition's content as its pages read it: a page shows one place of hundreds.

    ``place`` is the code of a site, "" the group: its figures by code. ``REST`` is everything else: the content with
    no places in its figures and without the calculations. The database cuts an edition when it is published (trigger
    ``reporting_edition_parts``) and nobody else writes here; ``verify_audit`` cuts it anew and compares.
    """

    # No code of a site: those are slugs.
    REST = "*"

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="parts", verbose_name=_("published edition")
    )
    place = models.CharField(_("place"), max_length=60, blank=True)
    content = models.TextField(_("content"))

    class Meta:
        verbose_name = _("part of a published edition")
        verbose_name_plural = _("parts of published editions")
        ordering = ("edition", "place")
        constraints = [
            models.UniqueConstraint(
                name="editionpart_once",
                fields=["edition", "place"],
                violation_error_message=_("This part of the edition is there already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} · {self.place}"


class EditionFile(models.Model):
    """A file of a published edition as it was made then: what is downloaded next year has the same bytes."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="files", verbose_name=_("published edition")
    )
    format = models.CharField(_("format"), max_length=10)
    # Empty for files that hold all languages.
    language = models.CharField(_("language"), max_length=10, blank=True)
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(_("type"), max_length=100)
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("file of a published edition")
        verbose_name_plural = _("files of published editions")
        ordering = ("edition", "format", "language")
        constraints = [
            models.UniqueConstraint(
                name="editionfile_once",
                fields=["edition", "format", "language"],
                violation_error_message=_("This file of the edition is there already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def data(self) -> bytes:
        """PostgreSQL hands out a memoryview."""
        content: Any = self.content
        return bytes(content)
