"""Hours, heads and supplies of a year at a site: the sums of its approved months, kept by the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.indicators.sums.models import YearlySum
from apps.workforce.models.labour import LabourItem, LabourRecord


class LabourSum(YearlySum):
    """Of the months' hours, heads, checks and supplies."""

    item = models.ForeignKey(
        LabourItem, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("item")
    )

    records = LabourRecord

    class Meta(YearlySum.Meta):
        constraints = [
            *YearlySum.Meta.constraints,
            models.UniqueConstraint(name="laboursum_once", fields=["year", "site", "item"]),
        ]
