"""What a year is reckoned with, and the electricity that was bought by contracts of its own."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.greenhouse_gases.choices import LOCATION_BASED, GridSeries, GwpSet, InstrumentKind
from apps.organisation.models import ReportingYear, Site

# The yearly averages of the ministry begin to come out in time for a report with the year 2023. Before, the factor of
# the emission trading guidelines was the one that reports used.
_AVERAGES_FROM: Final = dt.date(2023, 1, 1)


class YearBasis(models.Model):
    """Which grid factors and which global warming potentials a year is reckoned with.

    A year without a row has AR5, and the national factor of the emission trading guidelines where it ends before
    2023; later years have the national average.
    """

    year = models.OneToOneField(
        ReportingYear, on_delete=models.PROTECT, related_name="+", verbose_name=_("reporting year")
    )
    gwp_set = models.CharField(
        _("GWP set"),
        max_length=4,
        choices=GwpSet.choices,
        default=GwpSet.AR5,
        help_text=_("The report of the IPCC that global warming potentials are taken from."),
    )
    grid_series = models.CharField(
        _("grid factors"),
        max_length=20,
        choices=[(series.value, series.label) for series in LOCATION_BASED],
        help_text=_("Location-based. Averages of a region or province need that of each site."),
    )

    class Meta:
        verbose_name = _("basis of a year")
        verbose_name_plural = _("bases of the years")
        ordering = ("-year__starts_on",)
        constraints = [
            models.CheckConstraint(
                name="yearbasis_known",
                condition=Q(gwp_set__in=GwpSet.values, grid_series__in=LOCATION_BASED),
                violation_error_message=_("Choose one of the GWP sets and of the series of grid factors."),
            )
        ]

    def __str__(self) -> str:
        return str(self.year)

    def clean(self) -> None:
        super().clean()
        if self.year_id and self.year.published_at is not None:
            raise ValidationError(_("This year is published; what it is reckoned with stays as it is."))

    @classmethod
    def of(cls, year: ReportingYear) -> "YearBasis":
        """The basis of a year, stored or not."""
        return cls.of_years([year])[year.pk]

    @classmethod
    def of_years(cls, years: Sequence[ReportingYear]) -> dict[int, "YearBasis"]:
        """By the number of the year."""
        stored = {basis.year_id: basis for basis in cls.objects.filter(year__in=[year.pk for year in years])}
        return {year.pk: stored.get(year.pk) or cls._usual(year) for year in years}

    @classmethod
    def _usual(cls, year: ReportingYear) -> "YearBasis":
        before = year.ends_on < _AVERAGES_FROM
        return cls(year=year, grid_series=GridSeries.ETS_NATIONAL if before else GridSeries.AVERAGE_NATIONAL)


class ContractualInstrument(models.Model):
    """Electricity of a site under a contract of its own. It is noted beside the location-based figure, never taken off.

    ``mwh`` is the electricity it covers in the year, in MWh.
    """

    year = models.ForeignKey(
        ReportingYear, on_delete=models.PROTECT, related_name="+", verbose_name=_("reporting year")
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    kind = models.CharField(_("kind"), max_length=12, choices=InstrumentKind.choices)
    mwh = models.DecimalField(
        _("electricity in MWh"), max_digits=20, decimal_places=6, validators=[MinValueValidator(Decimal("0.000001"))]
    )
    note = models.CharField(
        _("note"), max_length=500, help_text=_("The contract or the certificate numbers, and the power plant.")
    )

    class Meta:
        verbose_name = _("contractual instrument")
        verbose_name_plural = _("contractual instruments")
        ordering = ("year", "site", "kind", "pk")
        constraints = [
            models.CheckConstraint(
                name="contractualinstrument_positive",
                condition=Q(mwh__gt=0),
                violation_error_message=_("Enter the electricity that the contract covers, in MWh."),
            ),
            models.CheckConstraint(
                name="contractualinstrument_explained",
                condition=Q(kind__in=InstrumentKind.values) & ~Q(note=""),
                violation_error_message=_("Name the contract or the certificates in the note."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.get_kind_display()}"
