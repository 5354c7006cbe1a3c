"""The register of gifts: what somebody was given, and what became of it. Append-only."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.organisation.models import Site


class GiftQuerySet(models.QuerySet["Gift"]):
    """Gifts by where they stand."""

    def current(self) -> Self:
        """Without those that a corrected entry replaces."""
        return self.filter(replaced_by__isnull=True)

    def unsettled(self) -> Self:
        """Of those, the ones nobody has said of what became of them."""
        handlings: Any = GiftHandling._default_manager
        return self.current().filter(~Exists(handlings.filter(gift=OuterRef("pk"))))


class Gift(models.Model):
    """A gift as its receiver registered it. A mistake is put right by an entry that ``replaces`` it."""

    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("receiver")
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    received_on = models.DateField(_("received on"))
    giver = models.CharField(_("giver and company"), max_length=200)
    occasion = models.CharField(_("occasion"), max_length=200)
    item = models.CharField(_("what was given"), max_length=200)
    is_cash = models.BooleanField(_("cash or vouchers"), default=False)
    value_cny = models.DecimalField(
        _("value in RMB"), max_digits=12, decimal_places=2, help_text=_("An estimate will do.")
    )
    witness = models.CharField(_("witness"), max_length=100, blank=True)
    late_because = models.CharField(_("why it is registered late"), max_length=300, blank=True)
    # Of the settings on the day it was registered: what must be handed in, and how many days there were.
    threshold_cny = models.DecimalField(_("handed in from (RMB)"), max_digits=10, decimal_places=2)
    days_allowed = models.PositiveSmallIntegerField(_("days to register"))
    registered_at = models.DateTimeField(_("registered"))
    registered_on = models.DateField(_("registered on"))
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        ordering = ("-received_on", "-pk")
        constraints = [
            models.CheckConstraint(
                name="gift_is_told",
                condition=~Q(giver="") & ~Q(occasion="") & ~Q(item="") & Q(value_cny__gte=0),
                violation_error_message=_("Say who gave what, on which occasion, and what it is worth."),
            ),
            models.CheckConstraint(
                name="gift_received_before",
                condition=Q(received_on__lte=F("registered_on")),
                violation_error_message=_("A gift is registered after it was received."),
            ),
        ]

    def __str__(self) -> str:
        return self.item

    @property
    def must_go(self) -> bool:
        """Whether it cannot be kept."""
        return self.is_cash or self.value_cny >= self.threshold_cny

    @property
    def is_late(self) -> bool:
        return (self.registered_on - self.received_on).days > self.days_allowed


class Handling(models.TextChoices):
    """What became of a gift."""

    HANDED_IN = "handed_in", pgettext_lazy("of a gift", "Handed in")
    RETURNED = "returned", _("Returned to the giver")
    KEPT = "kept", _("Kept by the receiver")


class GiftHandling(models.Model):
    """An integrity officer, who is not the receiver, confirms what became of a gift. The last word counts."""

    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="handlings", verbose_name=_("gift"))
    handling = models.CharField(_("what became of it"), max_length=9, choices=Handling.choices)
    handled_on = models.DateField(_("on"))
    receipt = models.CharField(_("receipt number"), max_length=60, blank=True)
    words = models.CharField(_("note"), max_length=300, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"))

    class Meta:
        verbose_name = _("handling of a gift")
        verbose_name_plural = _("handlings of gifts")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="gifthandling_known",
                condition=Q(handling__in=Handling.values),
                violation_error_message=_("Choose what became of the gift."),
            ),
            models.CheckConstraint(
                name="gifthandling_has_receipt",
                condition=~Q(handling=Handling.HANDED_IN) | ~Q(receipt=""),
                violation_error_message=_("What is handed in gets a receipt number."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_handling_display())
