"""What a site used, made and threw away in a year: the sums of its approved records, kept by the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.environment.models.packaging import PackagingMaterial, PackagingUse
from apps.environment.models.production import Product, ProductionOutput
from apps.environment.models.resources import Resource, ResourceUse
from apps.environment.models.waste import Treatment, WasteRecord, WasteType
from apps.indicators.sums.models import YearlySum


class ProductionSum(YearlySum):
    """Of what was made."""

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("product")
    )

    records = ProductionOutput

    class Meta(YearlySum.Meta):
        constraints = [
            *YearlySum.Meta.constraints,
            models.UniqueConstraint(name="productionsum_once", fields=["year", "site", "product"]),
        ]


class ResourceSum(YearlySum):
    """Of what was used."""

    resource_item = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("resource")
    )

    records = ResourceUse

    class Meta(YearlySum.Meta):
        constraints = [
            *YearlySum.Meta.constraints,
            models.UniqueConstraint(name="resourcesum_once", fields=["year", "site", "resource_item"]),
        ]


class WasteSum(YearlySum):
    """Of what was thrown away."""

    waste_type = models.ForeignKey(
        WasteType, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("waste type")
    )
    treatment = models.ForeignKey(
        Treatment, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("treatment")
    )

    records = WasteRecord

    class Meta(YearlySum.Meta):
        constraints = [
            *YearlySum.Meta.constraints,
            models.UniqueConstraint(name="wastesum_once", fields=["year", "site", "waste_type", "treatment"]),
        ]


class PackagingSum(YearlySum):
    """Of what was packed with."""

    material = models.ForeignKey(
        PackagingMaterial, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("material")
    )

    records = PackagingUse

    class Meta(YearlySum.Meta):
        constraints = [
            *YearlySum.Meta.constraints,
            models.UniqueConstraint(name="packagingsum_once", fields=["year", "site", "material"]),
        ]
