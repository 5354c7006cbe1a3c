"""The group, its sites, and which site hands in which section."""

import datetime as dt
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.names import Named


class Group(Named):
    """The company group that runs this portal. There is exactly one row."""

    stock_code = models.CharField(_("stock code"), max_length=12, blank=True)
    notice = models.CharField(
        _("notice"),
        max_length=200,
        blank=True,
        help_text=_("Shown on every page, for instance that the figures are illustrative."),
    )
    notice_zh_hans = models.CharField(_("notice (Simplified Chinese)"), max_length=200, blank=True)
    notice_zh_hant = models.CharField(_("notice (Traditional Chinese)"), max_length=200, blank=True)
    days_to_hand_in_month = models.PositiveSmallIntegerField(
        _("days to hand in a month"),
        default=10,
        help_text=_("Counted from the last day of the month."),
    )
    days_to_hand_in_year = models.PositiveSmallIntegerField(
        _("days to hand in a year"), default=45, help_text=_("Counted from the last day of the year.")
    )

    small_group_below = models.PositiveSmallIntegerField(
        _("small groups: fewer than"),
        default=5,
        help_text=_("Figures about fewer persons than this are withheld from reports and exports."),
    )

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("group")
        constraints = [
            models.CheckConstraint(
                name="group_single_row",
                condition=Q(id=1),
                violation_error_message=_("There is one group in a portal; change its row."),
            ),
            models.CheckConstraint(
                name="group_protects_small_groups",
                condition=Q(small_group_below__gte=3),
                violation_error_message=_("Groups of one and two people are always protected: enter 3 or more."),
            ),
        ]

    @classmethod
    def current(cls) -> "Group":
        return cls.objects.get_or_create(
            pk=1, defaults={"name_en": "Group", "name_zh_hans": "集团", "name_zh_hant": "集團"}
        )[0]

    def notice_in(self, language: str) -> str:
        return {"zh-hans": self.notice_zh_hans, "zh-hant": self.notice_zh_hant}.get(language) or self.notice


class Site(Named):
    """A production base that hands in data."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    province = models.CharField(_("province"), max_length=60)
    province_zh_hans = models.CharField(_("province (Simplified Chinese)"), max_length=60)
    province_zh_hant = models.CharField(_("province (Traditional Chinese)"), max_length=60)
    grid_region = models.CharField(
        _("grid region"), max_length=20, blank=True, help_text=_("The power grid that supplies the site.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ("position", "code")


class InForceQuerySet(models.QuerySet["models.Model"]):
    """Rows that hold from one day until another."""

    def in_force(self, first_day: dt.date, last_day: dt.date) -> Self:
        """Rows that hold on at least one day of the span."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first_day), valid_from__lte=last_day)


class Dated(models.Model):
    """Holds from one day until another; an open end holds for ever."""

    valid_from = models.DateField(_("valid from"), default=dt.date(2000, 1, 1))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": _("The last day lies before the first.")})

    def holds_during(self, first_day: dt.date, last_day: dt.date) -> bool:
        return self.valid_from <= last_day and (self.valid_until is None or self.valid_until >= first_day)


def dates_in_order(name: str) -> models.CheckConstraint:
    """The constraint every Dated model carries."""
    return models.CheckConstraint(
        name=f"{name}_dates_in_order",
        condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
        violation_error_message=_("The last day lies before the first."),
    )


class SiteRow(Dated):
    """Says that a site answers a catalogue row, from when until when.

    A subclass names the catalogue rows in foreign keys that are called as in the record they lead to.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))

    objects = InForceQuerySet.as_manager()

    row_fields: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True


class Assignment(Dated):
    """A site hands in a section."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("site"))
    section = models.CharField(_("section"), max_length=40)

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("section of a site")
        verbose_name_plural = _("sections of the sites")
        ordering = ("site", "section")
        constraints = [
            dates_in_order("assignment"),
            models.UniqueConstraint(
                name="assignment_once",
                fields=["site", "section", "valid_from"],
                violation_error_message=_("This site already hands in this section from that day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.section}"
