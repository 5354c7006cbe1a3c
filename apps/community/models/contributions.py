"""What a site gives to the community in a month: money, goods and time (HKEX B8.1, B8.2)."""

import re
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.community.models.rates import (
    CNY,
    RATE_DAYS,
    THREE_LETTERS,
    ExchangeRate,
    currency_code,
    in_rmb,
    rate_for,
)
from apps.core.names import CatalogueRow
from apps.submissions.models import Record

_NO_CURRENCY: Final = _("Write the currency in three letters, such as CNY or USD.")
HOURS_OF_A_DAY: Final = 24
HOURS_OF_A_MONTH: Final = 31 * HOURS_OF_A_DAY
# More than these is a slip of the hand.
MOST_VOLUNTEERS: Final = 100_000
MOST_REACHED: Final = 100_000_000
_MANY_VOLUNTEERS: Final = _("At most 100,000 volunteers. Enter how many people helped.")
_MANY_REACHED: Final = _("At most 100,000,000 people. Enter how many were reached, or leave it blank.")


class FocusArea(CatalogueRow):
    """What contributions are for."""

    class Meta(CatalogueRow.Meta):
        verbose_name = _("focus area of contributions")
        verbose_name_plural = _("focus areas of contributions")


def _both_or_neither(one: str, other: str) -> Q:
    return Q(**{f"{one}__isnull": True, f"{other}__isnull": True}) | Q(
        **{f"{one}__isnull": False, f"{other}__isnull": False}
    )


class Contribution(Record):
    """Something that was given, on the day it was given.

    ``rate``, ``money_rmb`` and ``goods_rmb`` follow from what was typed (``clean``); the database refuses others.
    """

    given_on = models.DateField(_("given on"))
    focus_area = models.ForeignKey(FocusArea, on_delete=models.PROTECT, related_name="+", verbose_name=_("focus area"))
    what = models.CharField(_("what was done or given"), max_length=300)
    for_whom = models.CharField(
        _("for whom and where"), max_length=200, help_text=_("A group or an organisation. No names of people.")
    )
    money = models.DecimalField(
        _("money given"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, _("An amount cannot be negative."))],
    )
    goods_at_cost = models.DecimalField(
        _("goods given, at cost"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, _("An amount cannot be negative."))],
    )
    currency = models.CharField(_("currency of the amounts"), max_length=3, default=CNY)
    volunteer_people = models.PositiveIntegerField(
        _("volunteers"), null=True, blank=True, validators=[MaxValueValidator(MOST_VOLUNTEERS, _MANY_VOLUNTEERS)]
    )
    volunteer_hours = models.DecimalField(
        _("volunteer hours, all together"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    beneficiaries = models.PositiveIntegerField(
        _("people reached, if known"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_REACHED, _MANY_REACHED)],
        help_text=_("Blank: not known. Zero says nobody."),
    )
    rate = models.ForeignKey(
        ExchangeRate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("exchange rate"),
    )
    money_rmb = models.DecimalField(_("money in RMB"), max_digits=30, decimal_places=2, null=True, blank=True)
    goods_rmb = models.DecimalField(_("goods in RMB"), max_digits=30, decimal_places=2, null=True, blank=True)

    row_fields = ("focus_area",)

    class Meta:
        verbose_name = _("community contribution")
        verbose_name_plural = _("community contributions")
        ordering = ("given_on", "focus_area__position", "pk")
        constraints = [
            models.UniqueConstraint(
                name="contribution_once",
                fields=["submission", "given_on", "focus_area", "what", "for_whom"],
                violation_error_message=_("This contribution is entered already."),
            ),
            models.CheckConstraint(
                name="contribution_is_told",
                condition=~Q(what="") & ~Q(for_whom=""),
                violation_error_message=_("Say what was done or given, for whom and where."),
            ),
            models.CheckConstraint(
                name="contribution_not_negative",
                condition=(Q(money__isnull=True) | Q(money__gte=0))
                & (Q(goods_at_cost__isnull=True) | Q(goods_at_cost__gte=0)),
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                name="contribution_gives_something",
                condition=Q(money__isnull=False, money__gt=0)
                | Q(goods_at_cost__isnull=False, goods_at_cost__gt=0)
                | Q(volunteer_hours__isnull=False, volunteer_hours__gt=0),
                violation_error_message=_("Enter money, goods or volunteer hours: at least one above zero."),
            ),
            models.CheckConstraint(
                name="contribution_hours_of_people",
                condition=Q(volunteer_people__isnull=True, volunteer_hours__isnull=True)
                | Q(
                    volunteer_people__isnull=False,
                    volunteer_hours__isnull=False,
                    volunteer_people__gt=0,
                    volunteer_hours__gt=0,
                ),
                violation_error_message=_("Of volunteer work enter both: how many people, and their hours together."),
            ),
            models.CheckConstraint(
                name="contribution_most_volunteers",
                condition=Q(volunteer_people__isnull=True) | Q(volunteer_people__lte=MOST_VOLUNTEERS),
                violation_error_message=_MANY_VOLUNTEERS,
            ),
            models.CheckConstraint(
                name="contribution_most_reached",
                condition=Q(beneficiaries__isnull=True) | Q(beneficiaries__lte=MOST_REACHED),
                violation_error_message=_MANY_REACHED,
            ),
            models.CheckConstraint(
                name="contribution_hours_of_a_month",
                # Constraints are tried in any order, so the product needs room for every number the column takes.
                condition=Q(volunteer_hours__isnull=True)
                | Q(volunteer_hours__lte=Cast("volunteer_people", models.BigIntegerField()) * HOURS_OF_A_MONTH),
                violation_error_message=_("These are more hours than a month has for so many people."),
            ),
            models.CheckConstraint(
                name="contribution_known_currency",
                condition=Q(currency__regex=THREE_LETTERS),
                violation_error_message=_NO_CURRENCY,
            ),
            models.CheckConstraint(
                name="contribution_foreign_amount",
                condition=Q(currency=CNY) | Q(money__isnull=False) | Q(goods_at_cost__isnull=False),
                violation_error_message=_("Without an amount leave the currency CNY."),
            ),
            models.CheckConstraint(
                name="contribution_rate_of_foreign",
                condition=Q(currency=CNY, rate__isnull=True) | ~Q(currency=CNY) & Q(rate__isnull=False),
                violation_error_message=_("An amount in another currency comes with its rate, one in RMB with none."),
            ),
            models.CheckConstraint(
                name="contribution_in_rmb",
                condition=_both_or_neither("money", "money_rmb")
                & _both_or_neither("goods_at_cost", "goods_rmb")
                & (
                    ~Q(currency=CNY)
                    | (Q(money__isnull=True) | Q(money_rmb=F("money")))
                    & (Q(goods_at_cost__isnull=True) | Q(goods_rmb=F("goods_at_cost")))
                ),
                violation_error_message=_("What is given in RMB is kept as it was typed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_on} · {self.what[:60]}"

    def clean(self) -> None:
        super().clean()
        self.currency = currency_code(self.currency)
        if not re.fullmatch(THREE_LETTERS, self.currency):
            raise ValidationError({"currency": _NO_CURRENCY})
        if not self.submission_id or not self.given_on:
            return
        period = self.submission.period
        if not period.starts_on <= self.given_on <= period.ends_on:
            raise ValidationError(
                {"given_on": _("It was given outside this period; enter it in the month in which it was given.")}
            )
        self._convert()

    def _convert(self) -> None:
        """Works the RMB amounts out of the typed ones. The one place that does."""
        self.rate = None
        if self.currency != CNY and (self.money is not None or self.goods_at_cost is not None):
            self.rate = self._rate_as_stored() or rate_for(self.currency, self.given_on)
            if self.rate is None:
                raise ValidationError(
                    {
                        "currency": gettext(
                            "There is no rate of %(currency)s of %(day)s or the %(days)d days before. Ask the "
                            "administrator to enter one."
                        )
                        % {
                            "currency": self.currency,
                            "day": date_format(self.given_on, "SHORT_DATE_FORMAT"),
                            "days": RATE_DAYS,
                        }
                    }
                )
        self.money_rmb = in_rmb(self.money, self.rate)
        self.goods_rmb = in_rmb(self.goods_at_cost, self.rate)

    def _rate_as_stored(self) -> ExchangeRate | None:
        """What was converted keeps its rate while its day and currency stay, whatever rates came in since."""
        if not self.pk:
            return None
        contributions: Any = Contribution.objects
        stored = contributions.filter(pk=self.pk, currency=self.currency, given_on=self.given_on)
        found = stored.select_related("rate").first()
        rate: ExchangeRate | None = found.rate if found else None
        return rate
