"""Hazardous and non-hazardous waste by type and treatment (HKEX A1.3, A1.4, A1.6)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core import units
from apps.core.names import CatalogueRow
from apps.organisation.models import SiteRow
from apps.organisation.models.places import dates_in_order
from apps.submissions.catalogue import QuantityItem
from apps.submissions.models import QuantityRecord


class WasteType(QuantityItem):
    """A kind of waste, hazardous or not in the sense of the national list."""

    is_hazardous = models.BooleanField(_("hazardous"), default=False)

    class Meta(QuantityItem.Meta):
        verbose_name = _("waste type")
        verbose_name_plural = _("waste types")


class Treatment(CatalogueRow):
    """Where a waste goes: sold for use, collected by the environmental hygiene department, landfilled …"""

    class Meta(CatalogueRow.Meta):
        verbose_name = _("waste treatment")
        verbose_name_plural = _("waste treatments")


class SiteWaste(SiteRow):
    """A site has a waste and hands it to a treatment."""

    waste_type = models.ForeignKey(
        WasteType, on_delete=models.PROTECT, related_name="at_sites", verbose_name=_("waste type")
    )
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="+", verbose_name=_("treatment"))

    row_fields = ("waste_type", "treatment")

    class Meta:
        verbose_name = _("site that answers")
        verbose_name_plural = _("sites that answer")
        constraints = [
            dates_in_order("sitewaste"),
            models.UniqueConstraint(name="sitewaste_once", fields=["site", "waste_type", "treatment", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.waste_type} · {self.treatment}"


class WasteRecord(QuantityRecord):
    """Waste generated in the period and handed to a treatment; stock movements where a store is kept.

    opening stock + generated = taken away + closing stock, all in the unit of the waste type.
    """

    waste_type = models.ForeignKey(
        WasteType, on_delete=models.PROTECT, related_name="+", verbose_name=_("waste type"), db_index=False
    )
    treatment = models.ForeignKey(
        Treatment, on_delete=models.PROTECT, related_name="+", verbose_name=_("treatment"), db_index=False
    )
    opening_stock = models.DecimalField(
        _("opening stock"),
        max_digits=units.MAX_DIGITS,
        decimal_places=units.DECIMAL_PLACES,
        null=True,
        blank=True,
    )
    taken_away = models.DecimalField(
        _("taken away"),
        max_digits=units.MAX_DIGITS,
        decimal_places=units.DECIMAL_PLACES,
        null=True,
        blank=True,
    )
    closing_stock = models.DecimalField(
        _("closing stock"),
        max_digits=units.MAX_DIGITS,
        decimal_places=units.DECIMAL_PLACES,
        null=True,
        blank=True,
    )

    row_fields = ("waste_type", "treatment")

    class Meta(QuantityRecord.Meta):
        verbose_name = _("waste record")
        verbose_name_plural = _("waste records")
        indexes = [
            models.Index(fields=["waste_type", "id"], name="wasterecord_by_type"),
            models.Index(fields=["treatment", "id"], name="wasterecord_by_treatment"),
        ]
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="wasterecord_once",
                fields=["submission", "waste_type", "treatment"],
                violation_error_message=_("This waste has its row for this treatment already."),
            ),
            models.CheckConstraint(
                name="wasterecord_stock_not_negative",
                condition=(Q(opening_stock__isnull=True) | Q(opening_stock__gte=0))
                & (Q(taken_away__isnull=True) | Q(taken_away__gte=0))
                & (Q(closing_stock__isnull=True) | Q(closing_stock__gte=0)),
                violation_error_message=_("A stock cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.waste_type} · {self.treatment}"
