"""What catalogue rows about people have in common."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.formats import typed
from apps.submissions.catalogue import QuantityItem


class PeopleItem(QuantityItem):
    """Something counted of people: small numbers, most of them whole, in which a jump of a few means nothing."""

    whole_numbers = models.BooleanField(
        gettext_lazy("whole numbers"), default=True, help_text=gettext_lazy("Persons and cases are; hours are not.")
    )
    unquestioned_below = models.PositiveIntegerField(
        gettext_lazy("changes not questioned below"),
        default=10,
        help_text=gettext_lazy("From 2 persons to 5 is 150 % more, and nobody needs to explain it."),
    )

    class Meta(QuantityItem.Meta):
        abstract = True

    def refusal(self, quantity: Decimal) -> str:
        if self.whole_numbers and quantity != quantity.to_integral_value():
            return _("%(value)s is no whole number. Count whole %(unit)s.") % {
                "value": typed(quantity),
                "unit": self.unit.label,
            }
        return ""

    def is_trifle(self, difference: Decimal) -> bool:
        return abs(difference) < self.unquestioned_below
