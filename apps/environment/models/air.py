"""Stack tests against the limit in force (HKEX A1.1)."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow
from apps.organisation.models import Site
from apps.organisation.models.places import Dated, InForceQuerySet, dates_in_order
from apps.submissions.models import Record
from apps.submissions.models.records import RecordQuerySet


class StackType(models.TextChoices):
    """The process a stack belongs to, as emission standards tell them apart."""

    CALCINATION = "calcination", _("Calcination kiln")
    REDUCTION = "reduction", _("Reduction furnace")
    REFINING = "refining", _("Refining furnace")
    PREPARATION = "preparation", _("Raw-material preparation")
    BOILER = "boiler", _("Boiler")
    OTHER = "other", _("Other")


class Pollutant(CatalogueRow):
    """A substance measured in a stack, in mg/m³ at the standard state."""

    class Meta(CatalogueRow.Meta):
        verbose_name = _("pollutant")
        verbose_name_plural = _("pollutants")


class Stack(CatalogueRow, Dated):
    """A chimney of a site, with the number of its discharge outlet in the permit."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="stacks", verbose_name=_("site"))
    stack_type = models.CharField(_("process"), max_length=12, choices=StackType.choices)
    outlet_number = models.CharField(_("discharge outlet number"), max_length=40, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta(CatalogueRow.Meta):
        verbose_name = _("stack")
        verbose_name_plural = _("stacks")
        constraints = [dates_in_order("stack")]


class EmissionLimit(Dated):
    """A limit in mg/m³ from a day on: of one stack (its permit) or of every stack of a process (a standard).

    The permit goes before the standard. A limit that nobody has looked up stays empty; it is never guessed.
    """

    stack = models.ForeignKey(
        Stack,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="limits",
        verbose_name=_("stack"),
    )
    stack_type = models.CharField(_("process"), max_length=12, choices=StackType.choices, blank=True)
    pollutant = models.ForeignKey(
        Pollutant, on_delete=models.PROTECT, related_name="limits", verbose_name=_("pollutant")
    )
    limit_mg_m3 = models.DecimalField(_("limit (mg/m³)"), max_digits=12, decimal_places=3, null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, help_text=_("The standard, or the permit's number."))
    confidence = models.CharField(_("confidence"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("emission limit")
        verbose_name_plural = _("emission limits")
        ordering = ("stack_type", "stack", "pollutant", "valid_from")
        constraints = [
            dates_in_order("emissionlimit"),
            models.CheckConstraint(
                name="emissionlimit_stack_or_process",
                condition=Q(stack__isnull=False, stack_type="") | Q(stack__isnull=True) & ~Q(stack_type=""),
                violation_error_message=_("A limit is for one stack or for one process, not for both."),
            ),
            models.CheckConstraint(
                name="emissionlimit_positive",
                condition=Q(limit_mg_m3__isnull=True) | Q(limit_mg_m3__gt=0),
                violation_error_message=_("A limit is greater than zero."),
            ),
            models.UniqueConstraint(
                name="emissionlimit_once",
                fields=["stack", "stack_type", "pollutant", "valid_from"],
                nulls_distinct=False,
                violation_error_message=_("There is a limit from that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stack or self.get_stack_type_display()} · {self.pollutant}"


class StackTestQuerySet(RecordQuerySet):
    """Stack tests beside the limit of their day."""

    def with_limit(self) -> Self:
        """Adds ``limit``: mg/m³ of the permit, else of the standard for the process; None when unknown."""
        in_force = (
            EmissionLimit.objects.filter(
                Q(valid_until__isnull=True) | Q(valid_until__gte=OuterRef("tested_on")),
                pollutant=OuterRef("pollutant"),
                valid_from__lte=OuterRef("tested_on"),
                limit_mg_m3__isnull=False,
            )
            .order_by("-valid_from")
            .values("limit_mg_m3")
        )
        return self.annotate(
            limit=Coalesce(
                Subquery(in_force.filter(stack=OuterRef("stack"))[:1]),
                Subquery(in_force.filter(stack_type=OuterRef("stack__stack_type"))[:1]),
            )
        )

    def exceeding(self) -> Self:
        """Not lower than the limit. The report says “lower than”, so the limit itself exceeds."""
        return self.with_limit().filter(concentration_mg_m3__gte=F("limit"))


class StackTest(Record):
    """One measured concentration, from one report."""

    stack = models.ForeignKey(Stack, on_delete=models.PROTECT, related_name="+", verbose_name=_("stack"))
    pollutant = models.ForeignKey(Pollutant, on_delete=models.PROTECT, related_name="+", verbose_name=_("pollutant"))
    concentration_mg_m3 = models.DecimalField(_("concentration (mg/m³)"), max_digits=12, decimal_places=3)
    tested_on = models.DateField(_("tested on"))
    report_number = models.CharField(_("report number"), max_length=80)

    objects = StackTestQuerySet.as_manager()  # type: ignore[misc]

    row_fields = ("stack", "pollutant")

    class Meta:
        verbose_name = _("stack test")
        verbose_name_plural = _("stack tests")
        ordering = ("tested_on", "stack", "pollutant")
        constraints = [
            models.UniqueConstraint(
                name="stacktest_once",
                fields=["submission", "stack", "pollutant", "tested_on", "report_number"],
                violation_error_message=_("This test of this report is entered already."),
            ),
            models.CheckConstraint(
                name="stacktest_not_negative",
                condition=Q(concentration_mg_m3__gte=0),
                violation_error_message=_("A concentration cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stack} · {self.pollutant} · {self.tested_on}"

    def clean(self) -> None:
        super().clean()
        if self.stack_id and self.submission_id and self.stack.site_id != self.submission.site_id:
            raise ValidationError({"stack": _("This stack belongs to another site.")})
        if self.tested_on and self.submission_id:
            period = self.submission.period
            if not period.starts_on <= self.tested_on <= period.ends_on:
                raise ValidationError({"tested_on": _("The test lies outside this period; enter it in its own month.")})
