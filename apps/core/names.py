"""Names in three languages, for everything an administrator can add."""

from django.contrib import admin
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """Something with a name in English, 简体中文 and 繁體中文."""

    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh_hans = models.CharField(_("name (Simplified Chinese)"), max_length=120)
    name_zh_hant = models.CharField(_("name (Traditional Chinese)"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    @admin.display(description=pgettext_lazy("of a catalogue row", "name"))
    def name(self) -> str:
        """The name in the language of whoever is reading."""
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        if language == "zh-hans":
            return self.name_zh_hans
        if language == "zh-hant":
            return self.name_zh_hant
        return self.name_en


class CatalogueRow(Named):
    """A row that an administrator adds without a release. It is retired with a date, never deleted."""

    code = models.SlugField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_("Stable; used in files and in figure codes. Never reused for something else."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        abstract = True
        ordering = ("position", "code")
