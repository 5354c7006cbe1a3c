"""What a catalogue row must say so that quantities can be entered against it."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow
from apps.core.units import UNITS, Unit, factor_between, units_of


def unit_choices() -> list[tuple[str, str]]:
    """Named, not listed, in migrations: a new unit or label changes no table."""
    return [(unit.code, str(unit.label)) for unit in UNITS.values()]


class QuantityItem(CatalogueRow):
    """A fuel, a waste, a product, a material: what is measured, and in which unit it is kept and printed."""

    unit_code = models.CharField(
        _("unit"),
        max_length=12,
        choices=unit_choices,
        help_text=_("Quantities are kept and printed in this unit; other units are converted on entry."),
    )
    decimals = models.PositiveSmallIntegerField(_("decimals of the total"), default=1)
    density_unit = models.CharField(
        _("unit of the density"),
        max_length=12,
        blank=True,
        help_text=_("Per tonne of product: kg prints kg/t. Empty: the unit above."),
    )
    density_decimals = models.PositiveSmallIntegerField(_("decimals of the density"), default=3)
    tonnes_per_m3 = models.DecimalField(
        _("tonnes per m³"),
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.000001"))],
        help_text=_("Lets people type kilograms for litres, or the other way round."),
    )
    jump_percent = models.PositiveSmallIntegerField(
        _("unusual change in %"),
        default=50,
        help_text=_("A value further than this from the month before and the same month last year is questioned."),
    )

    class Meta(CatalogueRow.Meta):
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.density_unit and self.density_unit not in UNITS:
            raise ValidationError({"density_unit": _("Choose one of the known units.")})
        known = self.unit_code in UNITS  # where it is not, the field has said so
        if known and self.density_unit and factor_between(self.unit, UNITS[self.density_unit]) is None:
            raise ValidationError({"density_unit": _("This unit cannot be compared with the unit of the total.")})

    @cached_property
    def unit(self) -> Unit:
        return UNITS[self.unit_code]

    @cached_property
    def printed_density_unit(self) -> Unit:
        return UNITS[self.density_unit or self.unit_code]

    def refusal(self, quantity: Decimal) -> str:
        """Why this quantity cannot be, in a sentence for whoever typed it; blank where it can."""
        return ""

    def is_trifle(self, difference: Decimal) -> bool:
        """Whether a change by so much asks for no word, however large it is in percent."""
        return False

    @cached_property
    def typed_units(self) -> tuple[Unit, ...]:
        """Units a person may choose: those of the same dimension, and with a known density mass and volume."""
        own = units_of(self.unit.dimension)
        if self.tonnes_per_m3 and self.unit.dimension in ("mass", "volume"):
            return own + units_of("volume" if self.unit.dimension == "mass" else "mass")
        return own

    @cached_property
    def typed_codes(self) -> tuple[str, ...]:
        return tuple(unit.code for unit in self.typed_units)
