"""Word templates of the company: each upload is a row that stays; the newest of a language holds."""

import hashlib
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# The digest of no bytes at all.
_NOTHING: Final = hashlib.sha256(b"").hexdigest()


class TemplateLanguage(models.TextChoices):
    """For which report a template is."""

    ALL = "", _("All languages")
    ENGLISH = "en", "English"
    SIMPLIFIED = "zh-hans", "简体中文"
    TRADITIONAL = "zh-hant", "繁體中文"


class ReportTemplate(models.Model):
    """``content`` is the file as it was uploaded; an empty one says that the portal's own holds again."""

    language = models.CharField(
        _("language"), max_length=10, choices=TemplateLanguage, default=TemplateLanguage.ALL, blank=True
    )
    name = models.CharField(_("file name"), max_length=200)
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("Word template")
        verbose_name_plural = _("Word templates")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="reporttemplate_language",
                condition=Q(language__in=["", "en", "zh-hans", "zh-hant"]),
                violation_error_message=_("There is no report in this language."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def data(self) -> bytes:
        """PostgreSQL hands out a memoryview."""
        content: Any = self.content
        return bytes(content)

    @property
    def is_own(self) -> bool:
        """Whether it says that the portal's own template holds."""
        return self.sha256 == _NOTHING

    @classmethod
    def newest_of(cls, language: str) -> "ReportTemplate | None":
        """The row that holds for a language, without its bytes: the newest for it or for all."""
        return cls.objects.filter(language__in=["", language]).order_by("-pk").defer("content").first()


def template_for(language: str) -> bytes | None:
    """The company's Word template for a language; None where it uses the portal's own."""
    found = ReportTemplate.newest_of(language)
    return found.data if found is not None and not found.is_own else None
