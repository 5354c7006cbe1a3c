"""Employees by gender, type, age, origin and category (HKEX B1.1, B1.2, B3.1, B3.2)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow
from apps.organisation.models.places import Dated, dates_in_order
from apps.submissions.models import QuantityRecord, Record
from apps.submissions.sections import Asked
from apps.workforce.models.items import PeopleItem


class RosterColumn(models.TextChoices):
    """The column of a roster by which people fall into the groups of a dimension."""

    GENDER = "gender", _("Gender")
    EMPLOYMENT_TYPE = "employment_type", _("Employment type")
    BIRTH_DATE = "birth_date", _("Birth date")
    ORIGIN = "origin", _("Region of origin")
    CATEGORY = "category", _("Employee category")


class Dimension(CatalogueRow):
    """A way to divide the workforce. The groups of each add up to the same total."""

    roster_column = models.CharField(
        _("column of the roster"), max_length=20, choices=RosterColumn.choices, unique=True, null=True, blank=True
    )
    gives_total = models.BooleanField(
        _("gives the total"),
        default=False,
        help_text=_("Its groups make the total that is printed; all other dimensions have to agree with it."),
    )
    in_headcount = models.BooleanField(_("printed under B1.1"), default=True)
    in_turnover = models.BooleanField(_("printed under B1.2"), default=True)
    in_training = models.BooleanField(_("printed under B3"), default=False)

    class Meta(CatalogueRow.Meta):
        verbose_name = _("dimension of the workforce")
        verbose_name_plural = _("dimensions of the workforce")
        constraints = [
            models.UniqueConstraint(
                name="dimension_one_total",
                fields=["gives_total"],
                condition=Q(gives_total=True),
                violation_error_message=_("One dimension gives the total; another does already."),
            )
        ]


class WorkforceGroup(CatalogueRow, Dated):
    """Women, full-time, below 30 … An age group names its years, both included."""

    dimension = models.ForeignKey(
        Dimension, on_delete=models.PROTECT, related_name="groups", verbose_name=_("dimension")
    )
    counts_in_total = models.BooleanField(
        _("counts in the total"),
        default=True,
        help_text=_("Dispatched workers and interns are no employees: they are listed apart."),
    )
    is_local = models.BooleanField(_("local"), default=False, help_text=_("From the region of the plant."))
    age_from = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    roster_words = models.CharField(
        _("words in rosters"),
        max_length=200,
        blank=True,
        help_text=_("What else a roster may call it, with commas: F, female, 女. Code and names are known anyway."),
    )

    class Meta:
        verbose_name = _("group of the workforce")
        verbose_name_plural = _("groups of the workforce")
        ordering = ("dimension__position", "position", "code")
        constraints = [
            dates_in_order("workforcegroup"),
            models.CheckConstraint(
                name="workforcegroup_ages_in_order",
                condition=Q(age_from__isnull=True) | Q(age_to__isnull=True) | Q(age_to__gte=F("age_from")),
                violation_error_message=_("The lower age comes first."),
            ),
        ]

    def clean(self) -> None:
        """Age groups of one day neither overlap nor name another column than the birth date."""
        super().clean()
        if self.dimension_id is None:
            return
        by_age = self.dimension.roster_column == RosterColumn.BIRTH_DATE
        if not by_age and (self.age_from is not None or self.age_to is not None):
            raise ValidationError({"age_from": _("Only groups of a dimension by birth date have ages.")})
        if by_age:
            for other in WorkforceGroup.objects.filter(dimension=self.dimension).exclude(pk=self.pk):
                if self._same_days(other) and self._same_ages(other):
                    raise ValidationError(
                        {"age_from": _("“%(group)s” has some of these ages already.") % {"group": other.name}}
                    )

    def _same_days(self, other: "WorkforceGroup") -> bool:
        return (self.valid_until is None or other.valid_from <= self.valid_until) and (
            other.valid_until is None or self.valid_from <= other.valid_until
        )

    def _same_ages(self, other: "WorkforceGroup") -> bool:
        return (self.age_to is None or (other.age_from or 0) <= self.age_to) and (
            other.age_to is None or (self.age_from or 0) <= other.age_to
        )


class MeasureKind(models.TextChoices):
    """What is counted of each group: figures and checks look at the kind."""

    YEAR_END = "year_end", _("Employees at year end")
    YEAR_START = "year_start", _("Employees at year start")
    HIRED = "hired", _("Hired in the year")
    LEAVERS = "leavers", _("Left in the year")
    TRAINED = "trained", _("Employees trained")
    TRAINING_HOURS = "training_hours", _("Training hours")


class WorkforceMeasure(PeopleItem, Dated):
    """A column of the breakdown."""

    kind = models.CharField(_("kind"), max_length=16, choices=MeasureKind.choices, unique=True)
    only_for_total = models.BooleanField(
        _("total only"), default=False, help_text=_("Asked only for the dimension that gives the total.")
    )

    class Meta(PeopleItem.Meta):
        verbose_name = _("measure of the workforce")
        verbose_name_plural = _("measures of the workforce")
        constraints = [dates_in_order("workforcemeasure")]


def breakdown_rows() -> list[Asked]:
    """Every measure of every group, which each site answers: two questions to the database."""
    groups = list(WorkforceGroup.objects.select_related("dimension"))
    return [
        Asked(
            catalogue=(measure, group),
            valid_from=max(measure.valid_from, group.valid_from),
            valid_until=min((day for day in (measure.valid_until, group.valid_until) if day), default=None),
        )
        for measure in WorkforceMeasure.objects.all()
        for group in groups
        if group.dimension.gives_total or not measure.only_for_total
    ]


class WorkforceCount(QuantityRecord):
    """How many of a group, or how many hours of theirs, in the year."""

    measure = models.ForeignKey(
        WorkforceMeasure, on_delete=models.PROTECT, related_name="+", verbose_name=_("measure of the workforce")
    )
    group = models.ForeignKey(
        WorkforceGroup, on_delete=models.PROTECT, related_name="+", verbose_name=_("group of the workforce")
    )

    row_fields = ("measure", "group")

    class Meta(QuantityRecord.Meta):
        verbose_name = _("count of the workforce")
        verbose_name_plural = _("counts of the workforce")
        constraints = [
            *QuantityRecord.Meta.constraints,
            models.UniqueConstraint(
                name="workforcecount_once",
                fields=["submission", "measure", "group"],
                violation_error_message=_("This group has its row for this measure already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} · {self.group}"


class RosterUpload(Record):
    """That the breakdown was filled from a roster. Nothing of the roster is kept but its digest and its length."""

    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    line_count = models.PositiveIntegerField(_("lines"))

    class Meta:
        verbose_name = _("roster upload")
        verbose_name_plural = _("roster uploads")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="rosterupload_once",
                fields=["submission", "sha256"],
                violation_error_message=_("This roster has been taken over already."),
            ),
            models.CheckConstraint(
                name="rosterupload_digest",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("A digest has 64 hexadecimal digits."),
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
