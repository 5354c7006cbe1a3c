"""Measures taken, and targets with their yearly progress (HKEX A1.5, A1.6, A2.3, A2.4, A3.1)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core import units
from apps.indicators.kpi_set import current_kpis
from apps.organisation.models import SiteRow
from apps.organisation.models.places import dates_in_order
from apps.submissions.catalogue import QuantityItem
from apps.submissions.models import QuantityRecord, Record


class MeasureKind(models.TextChoices):
    """What a measure saves."""

    ENERGY = "energy", _("Energy saving")
    EMISSIONS = "emissions", _("Emission reduction")
    WATER = "water", _("Water")
    WASTE = "waste", _("Waste")
    NATURE = "nature", _("Natural resources")


class Measure(Record):
    """Something the site did: what, since when, with what effect."""

    kind = models.CharField(_("kind"), max_length=10, choices=MeasureKind.choices)
    description = models.CharField(_("what"), max_length=500)
    since = models.DateField(_("since"))
    effect = models.CharField(_("effect"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("since", "pk")
        constraints = [
            models.UniqueConstraint(
                name="measure_once",
                fields=["submission", "kind", "description"],
                violation_error_message=_("This measure is entered already."),
            )
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def row_key(self) -> str:
        return f"{self.kind}/{self.pk}"


class Target(QuantityItem):
    """What is to be reached: a value by a year, against a base year. HKEX lets a direction do for a number."""

    kind = models.CharField(_("kind"), max_length=10, choices=MeasureKind.choices)
    base_year = models.PositiveSmallIntegerField(_("base year"))
    base_value = models.DecimalField(
        _("value of the base year"),
        max_digits=units.MAX_DIGITS,
        decimal_places=units.DECIMAL_PLACES,
        null=True,
        blank=True,
    )
    target_year = models.PositiveSmallIntegerField(_("target year"))
    target_value = models.DecimalField(
        _("target value"),
        max_digits=units.MAX_DIGITS,
        decimal_places=units.DECIMAL_PLACES,
        null=True,
        blank=True,
        help_text=_("Empty: a direction only, said in the name."),
    )
    figure = models.CharField(
        _("figure"),
        max_length=80,
        blank=True,
        help_text=_("Code of the figure that says where the target stands."),
    )

    class Meta(QuantityItem.Meta):
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.CheckConstraint(
                name="target_after_base_year",
                condition=models.Q(target_year__gt=models.F("base_year")),
                violation_error_message=_("The target year lies after the base year."),
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.base_year and self.target_year and self.target_year <= self.base_year:
            raise ValidationError({"target_year": _("The target year lies after the base year.")})
        if self.figure:
            self._check_figure()

    def _check_figure(self) -> None:
        """The figure exists and is in the unit of the target: the two are compared with each other."""
        kpis = current_kpis()
        if self.figure not in kpis:
            raise ValidationError(
                {"figure": _("There is no figure %(code)s. Look its code up on its page.") % {"code": self.figure}}
            )
        unit = kpis[self.figure].unit_label
        if self.unit_code and unit != str(self.unit.label):
            raise ValidationError(
                {"figure": _("%(code)s is in %(unit)s. Choose that unit.") % {"code": self.figure, "unit": unit}}
            )


class SiteTarget(SiteRow):
    """A site works towards a target."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="at_sites", verbose_name=_("target"))

    row_fields = ("target",)

    class Meta:
        verbose_name = _("site that answers")
        verbose_name_plural = _("sites that answer")
        constraints = [
            dates_in_order("sitetarget"),
            models.UniqueConstraint(name="sitetarget_once", fields=["site", "target", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.target}"


class TargetProgress(QuantityRecord):
    """Where a site stands on a target at the end of a year; the note says in words what was done."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="+", verbose_name=_("target"))

    row_fields = ("target",)

    class Meta(QuantityRecord.Meta):
        verbose_name = _("progress on a target")
        verbose_name_plural = _("progress on targets")
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="targetprogress_once",
                fields=["submission", "target"],
                violation_error_message=_("This target has its row already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}"
