"""The abstract base of the yearly sums."""

from functools import cache
from typing import ClassVar

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.units import DECIMAL_PLACES, MAX_DIGITS
from apps.organisation.models import ReportingYear, Site
from apps.submissions.models import QuantityRecord, Record


class YearlySum(models.Model):
    """What the approved records of a site and a year say of one line of a grid, added up.

    It follows from the records: the database writes it when a form is approved or reopened, and refuses every other
    hand (sum_triggers.py). A subclass names the ``records`` and has their foreign keys to catalogue rows under the same
    names, so that a condition on those reads the same of both. A line that nobody answered has no row.
    """

    # The unique constraint of a subclass begins with the year and the site: no index of their own beside it.
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"), db_index=False)
    year = models.ForeignKey(
        ReportingYear, on_delete=models.PROTECT, related_name="+", verbose_name=_("year"), db_index=False
    )
    # In the unit of the catalogue row; NULL where no record has a value. Many records have more digits than one.
    quantity = models.DecimalField(_("quantity"), max_digits=MAX_DIGITS + 8, decimal_places=DECIMAL_PLACES, null=True)
    row_count = models.PositiveIntegerField(_("records"))
    value_count = models.PositiveIntegerField(_("values"))
    not_applicable_count = models.PositiveIntegerField(_("not applicable"))

    records: ClassVar[type[QuantityRecord]]

    class Meta:
        abstract = True
        default_permissions = ()
        verbose_name = _("yearly sum")
        verbose_name_plural = _("yearly sums")
        constraints = [
            models.CheckConstraint(
                name="%(class)s_counts",
                condition=Q(row_count__gte=F("value_count") + F("not_applicable_count")),
                violation_error_message=_("A sum counts no more values than records."),
            ),
            models.CheckConstraint(
                name="%(class)s_quantity",
                condition=Q(value_count=0, quantity__isnull=True)
                | Q(value_count__gt=0, quantity__isnull=False, quantity__gte=0),
                violation_error_message=_("A sum has a quantity where a record has a value."),
            ),
        ]

    def __str__(self) -> str:
        lines = " · ".join(str(getattr(self, name)) for name in self.records.row_fields)
        return f"{self.site} · {self.year} · {lines}"


@cache
def sum_models() -> tuple[type[YearlySum], ...]:
    """All of them. Ask once Django's apps are ready."""
    return tuple(model for model in apps.get_models() if issubclass(model, YearlySum))


def sum_model_of(records: type[Record]) -> type[YearlySum] | None:
    """Where the sums of ``records`` are kept; None for those of yearly forms and of registers."""
    return next((model for model in sum_models() if model.records is records), None)
