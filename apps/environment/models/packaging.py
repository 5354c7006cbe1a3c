"""Packaging of finished products (HKEX A2.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import SiteRow
from apps.organisation.models.places import dates_in_order
from apps.submissions.catalogue import QuantityItem
from apps.submissions.models import QuantityRecord


class PackagingMaterial(QuantityItem):
    """A material in which finished products leave the site."""

    class Meta(QuantityItem.Meta):
        verbose_name = _("packaging material")
        verbose_name_plural = _("packaging materials")


class SitePackaging(SiteRow):
    """A site packs in a material."""

    material = models.ForeignKey(
        PackagingMaterial, on_delete=models.PROTECT, related_name="at_sites", verbose_name=_("material")
    )

    row_fields = ("material",)

    class Meta:
        verbose_name = _("site that answers")
        verbose_name_plural = _("sites that answer")
        constraints = [
            dates_in_order("sitepackaging"),
            models.UniqueConstraint(name="sitepackaging_once", fields=["site", "material", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.material}"


class PackagingUse(QuantityRecord):
    """Packaging used for finished products in the period."""

    material = models.ForeignKey(
        PackagingMaterial, on_delete=models.PROTECT, related_name="+", verbose_name=_("material"), db_index=False
    )

    row_fields = ("material",)

    class Meta(QuantityRecord.Meta):
        verbose_name = _("use of packaging")
        verbose_name_plural = _("use of packaging")
        indexes = [models.Index(fields=["material", "id"], name="packaginguse_by_material")]
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="packaginguse_once",
                fields=["submission", "material"],
                violation_error_message=_("This material has its row already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material}"
