"""What a unit of a foreign currency was worth in RMB on a day, and which of these rates a day takes."""

import datetime as dt
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.formats import round_half_up, typed
from apps.core.units import scale

CNY: Final = "CNY"
# A rate serves the days from its own on, and no longer than this.
RATE_DAYS: Final = 31
# No currency moves by more than this factor in a quarter; who quotes 100 units, or the other way round, does.
NEAR_DAYS: Final = 92
MOST_TIMES: Final = 2
THREE_LETTERS: Final = r"^[A-Z]{3}$"
# What clerks write instead of the code.
_RMB: Final = frozenset({"RMB", "人民币", "人民幣", "元", "¥"})


def currency_code(text: str) -> str:
    """The code that somebody meant: "usd", "ＵＳＤ" and "RMB" are understood."""
    code = unicodedata.normalize("NFKC", text).strip().upper()
    return CNY if code in _RMB else code


class ExchangeRate(models.Model):
    """A rate of a day. Once a contribution is converted with it, it stays as it was made."""

    currency = models.CharField(_("currency"), max_length=3, help_text=_("The three letters of ISO 4217, such as USD."))
    day = models.DateField(_("day of the rate"))
    rmb_per_unit = models.DecimalField(
        _("RMB for one unit"),
        max_digits=18,
        decimal_places=8,
        help_text=_("Of a rate quoted for 100 units enter the hundredth part."),
    )
    source = models.CharField(
        _("source"),
        max_length=300,
        help_text=_("Who published it, such as: State Administration of Foreign Exchange, central parity rate."),
    )

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ("-day", "currency")
        constraints = [
            models.UniqueConstraint(
                name="exchangerate_once",
                fields=["currency", "day"],
                violation_error_message=_("This currency has a rate of this day already."),
            ),
            models.CheckConstraint(
                name="exchangerate_of_a_currency",
                condition=Q(currency__regex=THREE_LETTERS) & ~Q(currency=CNY),
                violation_error_message=_("Enter the three letters of a currency other than CNY."),
            ),
            models.CheckConstraint(
                name="exchangerate_is_positive",
                condition=Q(rmb_per_unit__gt=0),
                violation_error_message=_("A rate is more than zero."),
            ),
            models.CheckConstraint(
                name="exchangerate_has_source",
                condition=~Q(source=""),
                violation_error_message=_("Say who published the rate."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}: {typed(self.rmb_per_unit)}"

    def clean(self) -> None:
        super().clean()
        self.currency = currency_code(self.currency)
        if self.day is None or self._is_as_stored():
            return
        if self.day > localdate():
            raise ValidationError({"day": _("This day is still to come. Enter the rate on its day or later.")})
        near = self._nearest()
        if near is None or self.rmb_per_unit is None or self.rmb_per_unit <= 0:
            return
        smaller, larger = sorted((self.rmb_per_unit, near.rmb_per_unit))
        if larger > smaller * MOST_TIMES:
            raise ValidationError(
                {
                    "rmb_per_unit": gettext(
                        "Is this for 100 units? Give RMB for one unit. On %(day)s one %(currency)s was RMB %(rmb)s; if "
                        "that is wrong, correct it first."
                    )
                    % {
                        "day": date_format(near.day, "SHORT_DATE_FORMAT"),
                        "currency": self.currency,
                        "rmb": typed(near.rmb_per_unit),
                    }
                }
            )

    def _is_as_stored(self) -> bool:
        """What stands is not asked about anew when only its source is corrected, or nothing may be."""
        stored = ExchangeRate.objects.filter(pk=self.pk, currency=self.currency, day=self.day)
        return self.pk is not None and stored.filter(rmb_per_unit=self.rmb_per_unit).exists()

    def _nearest(self) -> "ExchangeRate | None":
        """The rate of the currency whose day is nearest, of two as near the earlier one."""
        first = dt.date.fromordinal(max(self.day.toordinal() - NEAR_DAYS, dt.date.min.toordinal()))
        days = (first, self.day + dt.timedelta(days=NEAR_DAYS))
        near = ExchangeRate.objects.filter(currency=self.currency, day__range=days).exclude(pk=self.pk)
        return min(near, key=lambda rate: (abs(rate.day - self.day), rate.day), default=None)


def rate_for(currency: str, day: dt.date) -> ExchangeRate | None:
    """The newest rate at or before ``day``, unless that is too old."""
    known = ExchangeRate.objects.filter(currency=currency, day__range=(day - dt.timedelta(days=RATE_DAYS), day))
    return known.order_by("-day").first()


def in_rmb(amount: Decimal | None, rate: ExchangeRate | None) -> Decimal | None:
    """``amount`` × the rate, exactly, rounded half up to 0.01 once. Without a rate it is RMB already."""
    if amount is None or rate is None:
        return amount
    return round_half_up(scale(amount, Fraction(rate.rmb_per_unit)), 2)
