"""Hours and headcount of a month, and what a year says of labour standards (HKEX B2.3, B4)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import SiteRow
from apps.organisation.models.places import Dated, dates_in_order
from apps.submissions.models import QuantityRecord, Record
from apps.submissions.sections import Asked
from apps.workforce.models.items import PeopleItem


class LabourKind(models.TextChoices):
    """Which figures and checks a row of the month belongs to."""

    HOURS_WORKED = "hours_worked", _("Hours worked")
    HEADCOUNT = "headcount", _("Average headcount")
    CHECKS_OFFERED = "checks_offered", _("Health checks offered")
    CHECKS_DONE = "checks_done", _("Health checks done")
    SUPPLIES = "supplies", _("Protective supplies")


class LabourItem(PeopleItem):
    """Hours worked, average headcount, health checks, protective supplies."""

    kind = models.CharField(_("kind"), max_length=16, choices=LabourKind.choices)

    class Meta(PeopleItem.Meta):
        verbose_name = _("monthly item of the workforce")
        verbose_name_plural = _("monthly items of the workforce")


class SiteLabourItem(SiteRow):
    """A site answers an item each month."""

    item = models.ForeignKey(LabourItem, on_delete=models.PROTECT, related_name="at_sites", verbose_name=_("item"))

    row_fields = ("item",)

    class Meta:
        verbose_name = _("site that answers")
        verbose_name_plural = _("sites that answer")
        constraints = [
            dates_in_order("sitelabouritem"),
            models.UniqueConstraint(name="sitelabouritem_once", fields=["site", "item", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.item}"


class LabourRecord(QuantityRecord):
    """Hours, heads, checks or supplies of a month."""

    item = models.ForeignKey(LabourItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("item"))

    row_fields = ("item",)

    class Meta(QuantityRecord.Meta):
        verbose_name = _("hours and people of a month")
        verbose_name_plural = _("hours and people of a month")
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="labourrecord_once",
                fields=["submission", "item"],
                violation_error_message=_("This item has its row already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}"


class StandardKind(models.TextChoices):
    """What a row of the annual statement says."""

    IDENTITY_CHECKS = "identity_checks", _("Identity and age checked at hiring")
    YOUNGEST_AGE = "youngest_age", _("Youngest age at hire")
    YOUNG_WORKERS = "young_workers", _("Young workers registered")
    CHILD_LABOUR = "child_labour", _("Findings of child labour")
    FORCED_LABOUR = "forced_labour", _("Findings of forced labour")
    COVERAGE = "coverage", _("Covered employees")


class StandardItem(PeopleItem, Dated):
    """A line of the annual statement on labour standards."""

    kind = models.CharField(_("kind"), max_length=16, choices=StandardKind.choices)

    class Meta(PeopleItem.Meta):
        verbose_name = _("item of the labour standards")
        verbose_name_plural = _("items of the labour standards")
        constraints = [dates_in_order("standarditem")]


def standard_rows() -> list[Asked]:
    """Every item, which each site answers."""
    return [
        Asked(catalogue=(item,), valid_from=item.valid_from, valid_until=item.valid_until)
        for item in StandardItem.objects.all()
    ]


class StandardRecord(QuantityRecord):
    """What a site says of one item for the year."""

    item = models.ForeignKey(StandardItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("item"))

    row_fields = ("item",)

    class Meta(QuantityRecord.Meta):
        verbose_name = _("statement on labour standards")
        verbose_name_plural = _("statements on labour standards")
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="standardrecord_once",
                fields=["submission", "item"],
                violation_error_message=_("This item has its row already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}"


class RemedyKind(models.TextChoices):
    """What was found."""

    CHILD_LABOUR = "child_labour", _("Child labour")
    FORCED_LABOUR = "forced_labour", _("Forced labour")


class Remedy(Record):
    """A finding of child or forced labour and the steps taken to end it (HKEX B4.2)."""

    kind = models.CharField(_("what was found"), max_length=16, choices=RemedyKind.choices)
    found_on = models.DateField(_("found on"))
    steps = models.CharField(_("steps taken"), max_length=500)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("remedy")
        verbose_name_plural = _("remedies")
        ordering = ("found_on", "pk")
        constraints = [
            models.UniqueConstraint(
                name="remedy_once",
                fields=["submission", "kind", "found_on", "steps"],
                violation_error_message=_("This finding is entered already."),
            ),
            models.CheckConstraint(
                name="remedy_dates_in_order",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("found_on")),
                violation_error_message=_("It ended before it was found."),
            ),
            models.CheckConstraint(
                name="remedy_known_kind",
                condition=Q(kind__in=RemedyKind.values),
                violation_error_message=_("Choose child labour or forced labour."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.found_on}"
