"""What a site sold in a year: the sums of its approved months, kept by the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.indicators.sums.models import YearlySum
from apps.product_responsibility.models.sales import ProductSale, SoldProduct


class SaleSum(YearlySum):
    """Of what was sold or shipped."""

    product = models.ForeignKey(
        SoldProduct, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("product")
    )

    records = ProductSale

    class Meta(YearlySum.Meta):
        constraints = [
            *YearlySum.Meta.constraints,
            models.UniqueConstraint(name="salesum_once", fields=["year", "site", "product"]),
        ]
