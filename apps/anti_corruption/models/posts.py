"""Important positions, who holds them, and the settings of integrity."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow
from apps.organisation.models import Site
from apps.organisation.models.places import Dated, InForceQuerySet, dates_in_order


class Rank(models.TextChoices):
    """The ranks by which signatures are counted, the highest first."""

    DIRECTOR = "director", _("Directors")
    SENIOR = "senior", _("Senior management")
    MIDDLE = "middle", _("Middle management")
    KEY_POST = "key_post", _("Other important positions")


class Post(CatalogueRow):
    """A position whose holders sign: purchasing, sales, weighing, warehouse, finance."""

    rank = models.CharField(_("rank"), max_length=8, choices=Rank.choices)

    class Meta(CatalogueRow.Meta):
        verbose_name = _("important position")
        verbose_name_plural = _("important positions")
        constraints = [
            models.CheckConstraint(
                name="post_known_rank",
                condition=Q(rank__in=Rank.values),
                violation_error_message=_("Choose a rank."),
            )
        ]


class PostHolder(Dated):
    """Somebody holds a position at a site, from one day until another."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", verbose_name=_("important position"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("holder of a position")
        verbose_name_plural = _("holders of positions")
        ordering = ("site", "post", "user", "valid_from")
        constraints = [
            dates_in_order("postholder"),
            models.UniqueConstraint(
                name="postholder_once",
                fields=["user", "post", "site", "valid_from"],
                violation_error_message=_("This person holds this position from that day already."),
            ),
            models.UniqueConstraint(
                name="postholder_once_at_a_time",
                fields=["user", "post", "site"],
                condition=Q(valid_until__isnull=True),
                violation_error_message=_("This person holds this position already. End that first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.post}"

    def clean(self) -> None:
        super().clean()
        if not (self.user_id and self.post_id and self.site_id and self.valid_from):
            return
        same: Any = PostHolder._default_manager.filter(user=self.user_id, post=self.post_id, site=self.site_id)
        last = self.valid_until or dt.date.max
        if any(other.holds_during(self.valid_from, last) for other in same.exclude(pk=self.pk)):
            raise ValidationError(_("This person holds this position at that time already."))


class IntegritySettings(models.Model):
    """What the company decides for itself. There is exactly one row."""

    days_to_sign = models.PositiveSmallIntegerField(
        _("days to sign"), default=30, help_text=_("For new holders and new versions, from the day they are asked.")
    )
    days_to_remind = models.PositiveSmallIntegerField(
        _("days to remind"), default=7, help_text=_("So many days before the due date the portal reminds by itself.")
    )
    gift_threshold_cny = models.DecimalField(
        _("gifts are handed in from (RMB)"),
        max_digits=10,
        decimal_places=2,
        default=50,
        help_text=_("Gifts worth this or more are handed in or returned, cash always."),
    )
    gift_days = models.PositiveSmallIntegerField(
        _("days to register a gift"), default=3, help_text=_("Calendar days from the day it was received.")
    )

    class Meta:
        verbose_name = _("settings of integrity")
        verbose_name_plural = _("settings of integrity")
        constraints = [
            models.CheckConstraint(
                name="integritysettings_single_row",
                condition=Q(id=1),
                violation_error_message=_("There is one row of settings; change it."),
            ),
            models.CheckConstraint(
                name="integritysettings_in_bounds",
                condition=Q(days_to_sign__gte=1, gift_days__gte=1, gift_threshold_cny__gte=0),
                violation_error_message=_("Give at least one day, and no amount below zero."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> "IntegritySettings":
        return cls._default_manager.get_or_create(pk=1)[0]
