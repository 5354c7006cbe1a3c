"""Factors by which quantities become emissions and energy. A factor never changes: a correction is a new version."""

import datetime as dt
from decimal import Decimal
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.greenhouse_gases.choices import SHARES, UNITS_OF, Confidence, GridSeries, GwpSet, Parameter
from apps.organisation.models import ReportingYear

# What makes rows versions of one another.
Key = tuple[str, str, str, str, str]


class Factor(models.Model):
    """One version of one number, with its source and the days it holds.

    ``subject`` is the code of a resource or product, or of a gas. A grid factor has a region and a series, a global
    warming potential the report of the IPCC it is from. Versions are counted through: a value for later years is a
    later version as well, so that "electricity.grid@China/ets_national v2" names one number for ever.
    """

    subject = models.SlugField(_("subject"), max_length=40, help_text=_("The code of a resource or a product."))
    parameter = models.CharField(_("what it says"), max_length=10, choices=Parameter.choices)
    region = models.CharField(
        _("region"), max_length=20, blank=True, help_text=_("Of a grid factor: China, the grid region or the province.")
    )
    series = models.CharField(_("series"), max_length=20, blank=True, choices=GridSeries.choices)
    gwp_set = models.CharField(_("GWP set"), max_length=4, blank=True, choices=GwpSet.choices)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=10)
    unit = models.CharField(
        _("unit"),
        max_length=12,
        choices=[
            (unit, _("ratio") if unit == "ratio" else unit)
            for unit in dict.fromkeys(unit for units in UNITS_OF.values() for unit in units)
        ],
    )
    valid_from = models.DateField(
        _("holds from"), default=dt.date(2000, 1, 1), help_text=_("A financial year takes what holds on its last day.")
    )
    valid_until = models.DateField(
        _("holds until"), null=True, blank=True, help_text=_("Empty: until a later version takes its place.")
    )
    data_year = models.CharField(
        _("year of the data"), max_length=20, blank=True, help_text=_("The year that the source measured.")
    )
    document = models.CharField(_("document"), max_length=300)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    confidence = models.CharField(_("how sure"), max_length=20, choices=Confidence.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    version = models.PositiveIntegerField(_("version"), editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    reason = models.CharField(_("reason for this version"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("factor")
        verbose_name_plural = _("factors")
        ordering = ("subject", "parameter", "region", "series", "gwp_set", "-version")
        constraints = [
            models.UniqueConstraint(
                name="factor_version_once",
                fields=["subject", "parameter", "region", "series", "gwp_set", "version"],
                violation_error_message=_("Somebody added this version in the meantime. Look at it first."),
            ),
            models.CheckConstraint(
                name="factor_positive",
                condition=Q(value__gt=0),
                violation_error_message=_("A factor is greater than zero."),
            ),
            models.CheckConstraint(
                name="factor_share_at_most_one",
                condition=~Q(parameter__in=SHARES) | Q(value__lte=1),
                violation_error_message=_("A share is at most 1: write 0.98 for 98 %."),
            ),
            models.CheckConstraint(
                name="factor_dates_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="factor_unit_of_parameter",
                condition=reduce(
                    or_,
                    (Q(parameter=parameter.value, unit__in=units) for parameter, units in UNITS_OF.items()),
                ),
                violation_error_message=_("This unit does not fit what the factor says."),
            ),
            models.CheckConstraint(
                name="factor_grid_has_region_and_series",
                condition=Q(parameter=Parameter.GRID, series__in=GridSeries.values) & ~Q(region="")
                | ~Q(parameter=Parameter.GRID) & Q(region="", series=""),
                violation_error_message=_("A grid factor has a region and a series, and no other factor has them."),
            ),
            models.CheckConstraint(
                name="factor_gwp_has_set",
                condition=Q(parameter=Parameter.GWP, gwp_set__in=GwpSet.values)
                | ~Q(parameter=Parameter.GWP) & Q(gwp_set=""),
                violation_error_message=_("A global warming potential names its GWP set, and no other factor has one."),
            ),
            models.CheckConstraint(
                name="factor_known_confidence",
                condition=Q(confidence__in=Confidence.values),
                violation_error_message=_("Say how sure the factor is."),
            ),
            models.CheckConstraint(
                name="factor_names_its_source",
                condition=~Q(document=""),
                violation_error_message=_("Name the document that the factor is taken from."),
            ),
            models.CheckConstraint(
                name="factor_says_why",
                condition=Q(added_by__isnull=True) | ~Q(reason=""),
                violation_error_message=_("Say why this version is added."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def clean(self) -> None:
        super().clean()
        if self.value is not None and self.value <= Decimal(0):
            raise ValidationError({"value": _("A factor is greater than zero.")})

    @property
    def code(self) -> str:
        """What it is about and what it says: coal_bituminous.ncv."""
        return f"{self.subject}.{self.parameter}"

    @property
    def key(self) -> Key:
        return (self.subject, self.parameter, self.region, self.series, self.gwp_set)

    @property
    def place(self) -> str:
        """What tells it from others of its code: a region with its series, or a GWP set."""
        return "/".join(part for part in (self.region, self.series, self.gwp_set) if part)

    @property
    def reference(self) -> str:
        """Names this very number: electricity.grid@China/ets_national v1."""
        return f"{self.code}{'@' if self.place else ''}{self.place} v{self.version}"

    @property
    def unit_label(self) -> str:
        """As people write it; a ratio has none."""
        return (
            "" if self.unit == "ratio" else self.unit.replace("10^4", "10⁴").replace("Nm3", "Nm³").replace("CO2", "CO₂")
        )

    @property
    def is_doubtful(self) -> bool:
        return self.confidence == Confidence.GENERAL_KNOWLEDGE

    @property
    def source(self) -> str:
        """Where it was taken from, in the words of the source."""
        return ", ".join(part for part in (self.document, self.issuer, self.data_year) if part)

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or self.valid_until >= day)


class FactorPin(models.Model):
    """A factor that edition ``number`` of a published year rests on."""

    year = models.ForeignKey(
        ReportingYear, on_delete=models.PROTECT, related_name="+", verbose_name=_("reporting year")
    )
    number = models.PositiveIntegerField(_("edition"))
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="pins", verbose_name=_("factor"))
    pinned_at = models.DateTimeField(_("pinned"), auto_now_add=True)

    class Meta:
        verbose_name = _("factor of an edition")
        verbose_name_plural = _("factors of the editions")
        ordering = ("year", "number", "factor")
        constraints = [
            models.UniqueConstraint(
                name="factorpin_once",
                fields=["year", "number", "factor"],
                violation_error_message=_("This edition rests on the factor already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.number} · {self.factor}"
