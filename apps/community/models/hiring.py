"""How a site hires where it is: the figures of a year and what is arranged for local applicants."""

from decimal import Decimal
from typing import Final

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


class HiringKind(models.TextChoices):
    """What the checks and figures have to know of a line."""

    HIRES = "hires", _("Hires")
    LOCAL = "local", _("Hires from the region")
    SURPLUS = "surplus", _("Local surplus labour hired")
    FARM_PEOPLE = "farm_people", _("People on farm leave")
    FARM_DAYS = "farm_days", _("Days of farm leave")
    OTHER = "other", _("Other")


# Figures name these kinds, so each has one line and counts in one unit.
ONCE: Final = tuple(kind.value for kind in HiringKind if kind is not HiringKind.OTHER)
UNITS_OF_KINDS: Final = {
    HiringKind.HIRES: "person",
    HiringKind.LOCAL: "person",
    HiringKind.SURPLUS: "person",
    HiringKind.FARM_PEOPLE: "person",
    HiringKind.FARM_DAYS: "day",
}


def _fits_its_kind() -> Q:
    fits = Q(kind=HiringKind.OTHER)
    for kind, unit in UNITS_OF_KINDS.items():
        fits |= Q(kind=kind, unit_code=unit)
    return fits


class LocalHiringItem(QuantityItem, Dated):
    """A line of the yearly form, which every site answers in whole numbers."""

    kind = models.CharField(_("kind"), max_length=12, choices=HiringKind.choices, default=HiringKind.OTHER)
    unquestioned_below = models.PositiveIntegerField(
        _("changes not questioned below"),
        default=10,
        help_text=_("From 2 persons to 5 is 150 % more, and nobody needs to explain it."),
    )

    class Meta(QuantityItem.Meta):
        verbose_name = _("item of local hiring")
        verbose_name_plural = _("items of local hiring")
        constraints = [
            dates_in_order("localhiringitem"),
            models.CheckConstraint(
                name="localhiringitem_unit_of_its_kind",
                condition=_fits_its_kind(),
                violation_error_message=_("People are counted in persons, farm leave in days. Choose that unit."),
            ),
            models.UniqueConstraint(
                name="localhiringitem_kind_once",
                fields=["kind"],
                condition=Q(kind__in=ONCE),
                violation_error_message=_("This kind has its line already. Choose “Other”."),
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


def hiring_rows() -> list[Asked]:
    """Every item, which each site answers."""
    return [
        Asked(catalogue=(item,), valid_from=item.valid_from, valid_until=item.valid_until)
        for item in LocalHiringItem.objects.all()
    ]


class LocalHiringRecord(QuantityRecord):
    """What a site says of one item for the year."""

    item = models.ForeignKey(LocalHiringItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("item"))

    row_fields = ("item",)

    class Meta(QuantityRecord.Meta):
        verbose_name = _("figure of local hiring")
        verbose_name_plural = _("figures of local hiring")
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="localhiringrecord_once",
                fields=["submission", "item"],
                violation_error_message=_("This item has its row already."),
            ),
            models.CheckConstraint(
                name="localhiringrecord_is_whole",
                condition=Q(quantity__isnull=True) | Q(quantity=Floor("quantity")),
                violation_error_message=_("Count in whole numbers."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}"


class HiringArrangement(Record):
    """Something that is arranged for people who live near the site, such as leave for the harvest."""

    description = models.CharField(_("what is arranged"), max_length=500)
    for_whom = models.CharField(_("for whom"), max_length=200)
    since = models.DateField(_("since"))

    class Meta:
        verbose_name = _("arrangement of local hiring")
        verbose_name_plural = _("arrangements of local hiring")
        ordering = ("since", "pk")
        constraints = [
            models.UniqueConstraint(
                name="hiringarrangement_once",
                fields=["submission", "description", "for_whom"],
                violation_error_message=_("This arrangement is entered already."),
            ),
            models.CheckConstraint(
                name="hiringarrangement_is_told",
                condition=~Q(description="") & ~Q(for_whom=""),
                violation_error_message=_("Say what is arranged and for whom."),
            ),
        ]

    def __str__(self) -> str:
        return self.description[:60]
