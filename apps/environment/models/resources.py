"""Energy, water and materials used (HKEX A2.1, A2.2)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import SiteRow
from apps.organisation.models.places import dates_in_order
from apps.submissions.catalogue import QuantityItem
from apps.submissions.models import QuantityRecord


class ResourceKind(models.TextChoices):
    """Which checks and totals a resource belongs to."""

    ENERGY = "energy", _("Energy")
    WATER = "water", _("Water")
    MATERIAL = "material", _("Material")


class Resource(QuantityItem):
    """Something a site uses. A grade of coal or a source of water is a row of its own, reported under another."""

    kind = models.CharField(_("kind"), max_length=10, choices=ResourceKind.choices)
    reported_under = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("reported under"),
        help_text=_("The printed line this grade or source adds to, such as coal or water."),
    )
    gj_per_unit = models.DecimalField(
        _("energy content in GJ per unit"),
        max_digits=16,
        decimal_places=8,
        null=True,
        blank=True,
        help_text=_("Net calorific value; 0.0036 for a kWh."),
    )
    energy_source = models.CharField(_("source of the energy content"), max_length=200, blank=True)
    hkex = models.CharField(
        _("HKEX provisions"), max_length=40, blank=True, help_text=_("Codes such as A2.1, with commas.")
    )

    class Meta(QuantityItem.Meta):
        verbose_name = _("resource")
        verbose_name_plural = _("resources")

    def clean(self) -> None:
        super().clean()
        above = self.reported_under
        if above is None:
            if self.pk and self.parts.exclude(unit_code=self.unit_code).exists():
                raise ValidationError({"unit_code": _("The rows reported under this one have another unit.")})
            return
        if above.reported_under_id or above.pk == self.pk or (self.pk and self.parts.exists()):
            raise ValidationError({"reported_under": _("Choose a line that is itself reported under no other.")})
        if above.unit_code != self.unit_code:
            raise ValidationError({"unit_code": _("A row has the unit of the line it is reported under.")})

    def hkex_codes(self) -> tuple[str, ...]:
        return tuple(code.strip() for code in self.hkex.split(",") if code.strip())


class SiteResource(SiteRow):
    """A site uses a resource."""

    resource_item = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="at_sites", verbose_name=_("resource")
    )

    row_fields = ("resource_item",)

    class Meta:
        verbose_name = _("site that answers")
        verbose_name_plural = _("sites that answer")
        constraints = [
            dates_in_order("siteresource"),
            models.UniqueConstraint(name="siteresource_once", fields=["site", "resource_item", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.resource_item}"

    def clean(self) -> None:
        super().clean()
        item = self.resource_item if self.resource_item_id else None
        if item is not None and item.kind == ResourceKind.ENERGY and item.parts.exists():
            raise ValidationError({"resource_item": _("Choose the grade that the site uses: it moves the figures.")})


class ResourceUse(QuantityRecord):
    """How much of a resource was used in the period."""

    # Not called "resource": import-export's admin takes that name for its own (issue 2106 there).
    resource_item = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="+", verbose_name=_("resource"), db_index=False
    )

    row_fields = ("resource_item",)

    class Meta(QuantityRecord.Meta):
        verbose_name = _("use of a resource")
        verbose_name_plural = _("use of resources")
        # The newest of one resource: among millions of records it may be an old one.
        indexes = [models.Index(fields=["resource_item", "id"], name="resourceuse_by_resource")]
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="resourceuse_once",
                fields=["submission", "resource_item"],
                violation_error_message=_("This resource has its row already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_item}"
