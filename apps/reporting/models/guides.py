"""The ESG reporting guide of the exchange in its editions, and what each asks for.

Source: HKEX Listing Rules, Appendix 27 (2016 and 2020 editions) and Appendix C2 (2025 code). An edition is never
edited into the next one: each is a guide of its own with its own provisions.
"""

import datetime as dt

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow


class ProvisionKind(models.TextChoices):
    """What a provision asks for. A chapter is no provision: words of the report that the guide does not name."""

    CHAPTER = "chapter", _("Chapter")
    MANDATORY = "mandatory", _("Mandatory disclosure requirement")
    GENERAL = "general", _("General disclosure")
    KPI = "kpi", _("KPI")
    CLIMATE = "climate", _("Climate-related disclosure")


class Obligation(models.TextChoices):
    """How binding it is."""

    MANDATORY = "mandatory", _("Mandatory")
    COMPLY_OR_EXPLAIN = "comply", _("Comply or explain")
    RECOMMENDED = "recommended", _("Recommended")
    VOLUNTARY = "voluntary", _("Voluntary")


class Guide(CatalogueRow):
    """One edition of the guide. It holds for financial years that start on ``starts_on`` or later."""

    starts_on = models.DateField(_("for financial years from"), unique=True)
    source = models.CharField(pgettext_lazy("of a guide", "source"), max_length=300, blank=True)

    class Meta(CatalogueRow.Meta):
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        ordering = ("starts_on", "code")

    @classmethod
    def of_day(cls, first_day: dt.date) -> "Guide | None":
        """The edition for a financial year that starts on ``first_day``."""
        return cls.objects.filter(starts_on__lte=first_day).order_by("-starts_on").first()


class Provision(models.Model):
    """One provision of an edition. Its code is that of the guide: A1.3, B7.GD, D-28."""

    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="provisions", verbose_name=_("guide"))
    code = models.CharField(_("code"), max_length=20)
    aspect = models.CharField(_("aspect"), max_length=12)
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=ProvisionKind.choices)
    obligation = models.CharField(_("obligation"), max_length=12, choices=Obligation.choices)
    is_quantitative = models.BooleanField(_("asks for figures"), default=False)
    title_en = models.CharField(_("title (English)"), max_length=300)
    title_zh_hans = models.CharField(_("title (Simplified Chinese)"), max_length=300)
    title_zh_hant = models.CharField(_("title (Traditional Chinese)"), max_length=300)
    confidence = models.CharField(_("confidence"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ("guide", "position")
        constraints = [
            models.UniqueConstraint(
                name="provision_once",
                fields=["guide", "code"],
                violation_error_message=_("This guide has this provision already."),
            ),
            models.CheckConstraint(
                name="provision_known_kind",
                condition=Q(kind__in=ProvisionKind.values, obligation__in=Obligation.values),
                violation_error_message=_("Choose a kind and an obligation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    @admin.display(description=_("title of the provision"))
    def title(self) -> str:
        return self.title_in(get_language() or "en")

    def title_in(self, language: str) -> str:
        return {"zh-hans": self.title_zh_hans, "zh-hant": self.title_zh_hant}.get(language, self.title_en)
