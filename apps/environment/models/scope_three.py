"""Greenhouse gases of the value chain (scope 3): what a site works out itself, by category of the GHG Protocol."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import SiteRow
from apps.organisation.models.places import dates_in_order
from apps.submissions.catalogue import QuantityItem
from apps.submissions.models import QuantityRecord


class ScopeThreeCategory(QuantityItem):
    """One of the fifteen categories, always in tonnes of CO₂ equivalent."""

    class Meta(QuantityItem.Meta):
        verbose_name = _("scope 3 category")
        verbose_name_plural = _("scope 3 categories")
        constraints = [
            models.CheckConstraint(
                name="scopethreecategory_in_tonnes",
                condition=Q(unit_code="tCO2e"),
                violation_error_message=_("Scope 3 is kept in tonnes of CO₂ equivalent: choose tCO₂e."),
            )
        ]


class SiteScopeThree(SiteRow):
    """A site reports a category."""

    category = models.ForeignKey(
        ScopeThreeCategory, on_delete=models.PROTECT, related_name="at_sites", verbose_name=_("scope 3 category")
    )

    row_fields = ("category",)

    class Meta:
        verbose_name = _("site that answers")
        verbose_name_plural = _("sites that answer")
        constraints = [
            dates_in_order("sitescopethree"),
            models.UniqueConstraint(name="sitescopethree_once", fields=["site", "category", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.category}"


class ScopeThreeEmission(QuantityRecord):
    """The emissions of a category in the year, in tCO₂e. The note says how they were worked out."""

    category = models.ForeignKey(
        ScopeThreeCategory, on_delete=models.PROTECT, related_name="+", verbose_name=_("scope 3 category")
    )

    row_fields = ("category",)

    class Meta(QuantityRecord.Meta):
        verbose_name = _("scope 3 emissions")
        verbose_name_plural = _("scope 3 emissions")
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="scopethreeemission_once",
                fields=["submission", "category"],
                violation_error_message=_("This category has its row already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}"
