"""What is sold or shipped, and what was taken back (HKEX B6.1)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import SiteRow
from apps.organisation.models.places import dates_in_order
from apps.submissions.catalogue import QuantityItem
from apps.submissions.models import QuantityRecord, Record


class SoldProduct(QuantityItem):
    """What is sold. Its unit is that of sales and of recalls, so that the two can be compared."""

    class Meta(QuantityItem.Meta):
        verbose_name = _("product sold")
        verbose_name_plural = _("products sold")


class SiteSoldProduct(SiteRow):
    """A site sells a product."""

    product = models.ForeignKey(
        SoldProduct, on_delete=models.PROTECT, related_name="at_sites", verbose_name=_("product")
    )

    row_fields = ("product",)

    class Meta:
        verbose_name = _("site that answers")
        verbose_name_plural = _("sites that answer")
        constraints = [
            dates_in_order("sitesoldproduct"),
            models.UniqueConstraint(name="sitesoldproduct_once", fields=["site", "product", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.product}"


class ProductSale(QuantityRecord):
    """What a site sold or shipped of a product in a month."""

    product = models.ForeignKey(SoldProduct, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"))

    row_fields = ("product",)

    class Meta(QuantityRecord.Meta):
        verbose_name = _("product sold or shipped")
        verbose_name_plural = _("products sold or shipped")
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="productsale_once",
                fields=["submission", "product"],
                violation_error_message=_("This product has its row already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}"


class RecallReason(models.TextChoices):
    """Why products were recalled. HKEX B6.1 asks for safety and health; the others are counted apart."""

    SAFETY = "safety", _("Safety")
    HEALTH = "health", _("Health")
    QUALITY = "quality", _("Quality")
    LABELLING = "labelling", _("Labelling")
    OTHER = "other", _("Other")


SAFETY_AND_HEALTH = (RecallReason.SAFETY, RecallReason.HEALTH)


class Recall(Record):
    """Lots of a product that were taken back from customers. Both quantities are in the unit of the product."""

    product = models.ForeignKey(SoldProduct, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"))
    recalled_on = models.DateField(_("recalled on"))
    lots = models.CharField(_("lot numbers"), max_length=120)
    quantity = models.DecimalField(
        _("quantity recalled"),
        max_digits=18,
        decimal_places=6,
        help_text=_("In the unit of the product, as behind its name."),
    )
    sold = models.DecimalField(
        _("quantity sold of these lots"),
        max_digits=18,
        decimal_places=6,
        help_text=_("In the unit of the product, as behind its name."),
    )
    reason = models.CharField(_("reason"), max_length=10, choices=RecallReason.choices)
    cause = models.CharField(_("what was wrong"), max_length=500)
    measures = models.CharField(_("what was done"), max_length=500)

    row_fields = ("product",)

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        ordering = ("recalled_on", "product__position", "lots")
        constraints = [
            models.UniqueConstraint(
                name="recall_once",
                fields=["submission", "product", "recalled_on", "lots"],
                violation_error_message=_("This recall is entered already."),
            ),
            models.CheckConstraint(
                name="recall_of_what_was_sold",
                condition=Q(quantity__gt=0, sold__gte=F("quantity")),
                violation_error_message=_("More than nothing is recalled, and no more than was sold of these lots."),
            ),
            models.CheckConstraint(
                name="recall_known_reason",
                condition=Q(reason__in=RecallReason.values),
                violation_error_message=_("Choose why it was recalled."),
            ),
            models.CheckConstraint(
                name="recall_is_told",
                condition=~Q(lots="") & ~Q(cause="") & ~Q(measures=""),
                violation_error_message=_("Name the lots, what was wrong and what was done."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.lots}"

    def clean(self) -> None:
        super().clean()
        if self.submission_id and self.recalled_on:
            period = self.submission.period
            if not period.starts_on <= self.recalled_on <= period.ends_on:
                raise ValidationError(
                    {"recalled_on": _("The recall lies outside this period; enter it in its own month.")}
                )
