"""What a site states for a year on rights, quality and data, and its practices (HKEX B6.3, B6.4, B6.5)."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Floor
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.formats import typed
from apps.organisation.models.places import Dated, dates_in_order
from apps.submissions.catalogue import QuantityItem
from apps.submissions.models import QuantityRecord, Record
from apps.submissions.sections import Asked


class Provision(models.TextChoices):
    """The provisions of HKEX aspect B6 that ask for practices."""

    RIGHTS = "B6.3", _("B6.3 Intellectual property")
    QUALITY = "B6.4", _("B6.4 Quality assurance and recall")
    PRIVACY = "B6.5", _("B6.5 Consumer data and privacy")


class StatementKind(models.TextChoices):
    """What the checks have to know of a line."""

    INSPECTED = "inspected", _("Batches inspected")
    REJECTED = "rejected", _("Batches rejected")
    OTHER = "other", _("Other")


class StatementItem(QuantityItem, Dated):
    """A line of the yearly statement, which every site answers in whole numbers."""

    provision = models.CharField(_("provision"), max_length=4, choices=Provision.choices)
    kind = models.CharField(_("kind"), max_length=10, choices=StatementKind.choices, default=StatementKind.OTHER)
    unquestioned_below = models.PositiveIntegerField(
        _("changes not questioned below"),
        default=10,
        help_text=_("From 2 patents to 5 is 150 % more, and nobody needs to explain it."),
    )

    class Meta(QuantityItem.Meta):
        verbose_name = _("item of product responsibility")
        verbose_name_plural = _("items of product responsibility")
        constraints = [
            dates_in_order("statementitem"),
            models.CheckConstraint(
                name="statementitem_known_words",
                condition=Q(provision__in=Provision.values, kind__in=StatementKind.values),
                violation_error_message=_("Choose a provision and a kind."),
            ),
        ]

    def refusal(self, quantity: Decimal) -> str:
        if quantity != quantity.to_integral_value():
            return gettext("%(value)s is no whole number. Count whole %(unit)s.") % {
                "value": typed(quantity),
                "unit": self.unit.label,
            }
        return ""

    def is_trifle(self, difference: Decimal) -> bool:
        return abs(difference) < self.unquestioned_below


def statement_rows() -> list[Asked]:
    """Every item, which each site answers."""
    return [
        Asked(catalogue=(item,), valid_from=item.valid_from, valid_until=item.valid_until)
        for item in StatementItem.objects.all()
    ]


class StatementRecord(QuantityRecord):
    """What a site says of one item for the year."""

    item = models.ForeignKey(StatementItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("item"))

    row_fields = ("item",)

    class Meta(QuantityRecord.Meta):
        verbose_name = _("statement on product responsibility")
        verbose_name_plural = _("statements on product responsibility")
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="statementrecord_once",
                fields=["submission", "item"],
                violation_error_message=_("This item has its row already."),
            ),
            models.CheckConstraint(
                name="statementrecord_is_whole",
                condition=Q(quantity__isnull=True) | Q(quantity=Floor("quantity")),
                violation_error_message=_("Count in whole numbers."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}"


class ProductPractice(Record):
    """What a site does about rights, quality or data, and how it is watched."""

    provision = models.CharField(_("provision"), max_length=4, choices=Provision.choices)
    description = models.CharField(_("what is done"), max_length=500)
    watched_by = models.CharField(_("how it is watched"), max_length=300)

    class Meta:
        verbose_name = _("practice of product responsibility")
        verbose_name_plural = _("practices of product responsibility")
        ordering = ("provision", "pk")
        constraints = [
            models.UniqueConstraint(
                name="productpractice_once",
                fields=["submission", "provision", "description"],
                violation_error_message=_("This practice is entered already."),
            ),
            models.CheckConstraint(
                name="productpractice_known_provision",
                condition=Q(provision__in=Provision.values),
                violation_error_message=_("Choose a provision."),
            ),
            models.CheckConstraint(
                name="productpractice_is_told",
                condition=~Q(description="") & ~Q(watched_by=""),
                violation_error_message=_("Say what is done and how it is watched."),
            ),
        ]

    def __str__(self) -> str:
        return self.description[:60]
