"""The code of conduct and the assurance statement: texts in versions, in three languages, with their questions.

Once a version is issued it stays as it is (trigger ``anti_corruption_version``): what somebody signed can be read for
ever. Another text is another version.
"""

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow


class DocumentKind(models.TextChoices):
    """What a document is for."""

    CODE = "code", _("Code of conduct")
    STATEMENT = "statement", _("Assurance statement")


class Document(CatalogueRow):
    """A code that people read, or a statement that they sign. Its words are in its versions."""

    kind = models.CharField(_("kind"), max_length=9, choices=DocumentKind.choices)

    class Meta(CatalogueRow.Meta):
        verbose_name = _("integrity document")
        verbose_name_plural = _("integrity documents")
        constraints = [
            models.CheckConstraint(
                name="document_known_kind",
                condition=Q(kind__in=DocumentKind.values),
                violation_error_message=_("Choose a kind."),
            ),
            # A round is about one code and one statement.
            models.UniqueConstraint(
                name="document_one_of_a_kind",
                fields=["kind"],
                violation_error_message=_("There is a document of this kind. Prepare another version of it."),
            ),
        ]


class VersionQuerySet(models.QuerySet["DocumentVersion"]):
    """Versions by the time in which they hold."""

    def issued(self) -> Self:
        return self.filter(issued_at__isnull=False)

    def in_force(self, day: dt.date) -> Self:
        """Of each document the issued version that holds on ``day``: the last one whose first day has come."""
        later: Any = DocumentVersion.objects
        later = later.issued().filter(
            document=OuterRef("document"), effective_on__gt=OuterRef("effective_on"), effective_on__lte=day
        )
        return self.issued().filter(~Exists(later), effective_on__lte=day)


class DocumentVersion(models.Model):
    """The words of a document from one day on, until another version takes effect."""

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="versions", verbose_name=_("integrity document")
    )
    number = models.CharField(_("version"), max_length=20, help_text=_("As people call it: 2020, or 2.1."))
    effective_on = models.DateField(_("in force from"))
    text_en = models.TextField(_("text (English)"), blank=True)
    text_zh_hans = models.TextField(_("text (Simplified Chinese)"), blank=True)
    text_zh_hant = models.TextField(_("text (Traditional Chinese)"), blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    prepared_at = models.DateTimeField(_("prepared"), auto_now_add=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued"), null=True)
    # Over its words and questions, as ``digests.of_version`` computes it.
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ("document", "-effective_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="documentversion_once",
                fields=["document", "number"],
                violation_error_message=_("The document has a version of this name."),
            ),
            models.UniqueConstraint(
                name="documentversion_one_a_day",
                fields=["document", "effective_on"],
                condition=Q(issued_at__isnull=False),
                violation_error_message=_("Another version of the document takes effect on this day."),
            ),
            models.CheckConstraint(
                name="documentversion_issued_whole",
                condition=Q(issued_at__isnull=True, issued_by__isnull=True, sha256="")
                | Q(issued_at__isnull=False, issued_by__isnull=False, sha256__regex=r"^[0-9a-f]{64}$")
                & ~Q(text_en="")
                & ~Q(text_zh_hans="")
                & ~Q(text_zh_hant=""),
                violation_error_message=_("A version is issued by a person, with its words in all three languages."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.number}"

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None

    @property
    def text(self) -> str:
        """The words in the language of whoever is reading."""
        return self.text_in(get_language() or "en")

    def text_in(self, language: str) -> str:
        return {"zh-hans": self.text_zh_hans, "zh-hant": self.text_zh_hant}.get(language, self.text_en)


class QuestionKind(models.TextChoices):
    """What a statement asks about. Every statement asks all of it: whoever signs answers each."""

    OWN_INTERESTS = "own_interests", _("Own interests in business partners or competitors")
    FAMILY_IN_GROUP = "family_in_group", _("Family members in the group")
    FAMILY_AT_PARTNERS = "family_at_partners", _("Family members at business partners or competitors")
    GIFTS = "gifts", _("Gifts, cash and vouchers")
    HOSPITALITY = "hospitality", _("Meals, travel and entertainment")
    LOANS = "loans", _("Loans with business partners")
    OUTSIDE_WORK = "outside_work", _("Work and investments outside the group")
    WRONGDOING = "wrongdoing", _("Knowledge of bribery, fraud or money laundering")


class Question(models.Model):
    """A question of a version of a statement."""

    version = models.ForeignKey(
        DocumentVersion, on_delete=models.CASCADE, related_name="questions", verbose_name=_("version of a document")
    )
    kind = models.CharField(_("about"), max_length=20, choices=QuestionKind.choices)
    position = models.PositiveSmallIntegerField(_("position"))
    text_en = models.CharField(_("question (English)"), max_length=500)
    text_zh_hans = models.CharField(_("question (Simplified Chinese)"), max_length=500)
    text_zh_hant = models.CharField(_("question (Traditional Chinese)"), max_length=500)

    class Meta:
        verbose_name = _("question of a statement")
        verbose_name_plural = _("questions of statements")
        ordering = ("version", "position")
        constraints = [
            models.UniqueConstraint(
                name="question_once",
                fields=["version", "kind"],
                violation_error_message=_("The version asks this already."),
            ),
            models.CheckConstraint(
                name="question_says_something",
                condition=Q(kind__in=QuestionKind.values) & ~Q(text_en="") & ~Q(text_zh_hans="") & ~Q(text_zh_hant=""),
                violation_error_message=_("A question has its words in all three languages."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def text(self) -> str:
        """The question in the language of whoever is reading."""
        return self.text_in(get_language() or "en")

    def text_in(self, language: str) -> str:
        return {"zh-hans": self.text_zh_hans, "zh-hant": self.text_zh_hant}.get(language, self.text_en)
