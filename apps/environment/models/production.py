"""Production output: the denominator of the densities."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import SiteRow
from apps.organisation.models.places import dates_in_order
from apps.submissions.catalogue import QuantityItem
from apps.submissions.models import QuantityRecord


class Product(QuantityItem):
    """What a site makes."""

    counts_as_output = models.BooleanField(
        _("counts as output"),
        default=True,
        help_text=_("Whether it is part of the tonnes by which densities are divided. Intermediates are not."),
    )

    class Meta(QuantityItem.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")


class SiteProduct(SiteRow):
    """A site makes a product."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="at_sites", verbose_name=_("product"))

    row_fields = ("product",)

    class Meta:
        verbose_name = _("site that answers")
        verbose_name_plural = _("sites that answer")
        constraints = [
            dates_in_order("siteproduct"),
            models.UniqueConstraint(name="siteproduct_once", fields=["site", "product", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.product}"


class ProductionOutput(QuantityRecord):
    """Tonnes of a product made in the period."""

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"), db_index=False
    )

    row_fields = ("product",)

    class Meta(QuantityRecord.Meta):
        verbose_name = _("production output")
        verbose_name_plural = _("production output")
        indexes = [models.Index(fields=["product", "id"], name="productionoutput_by_product")]
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="productionoutput_once",
                fields=["submission", "product"],
                violation_error_message=_("This product has its row already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}"
