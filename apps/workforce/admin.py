"""The catalogues of the workforce, and the conventions of each year."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from apps.core.admin import M, Menu, ScopedFilter
from apps.organisation.admin import KeptAdmin
from apps.submissions.admin.catalogues import NAMES, CatalogueAdmin, QuantityItemAdmin, SiteRowInline
from apps.workforce.models import (
    AccidentType,
    Dimension,
    DiseaseCategory,
    LabourItem,
    SiteLabourItem,
    StandardItem,
    TrainingTopic,
    WorkforceGroup,
    WorkforceMeasure,
    YearConvention,
)


class PeopleItemAdmin(QuantityItemAdmin[M]):
    """A catalogue of what is counted of people: no densities, and small numbers are not questioned."""

    fixed_fields: ClassVar[tuple[str, ...]] = ("code", "kind")
    dates: ClassVar[tuple[str, ...]] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            (None, {"fields": ("code", *NAMES, *self.own_fields, *self.dates, "position")}),
            (gettext_lazy("Total"), {"fields": ("unit_code", "decimals", "whole_numbers")}),
            (gettext_lazy("Checks"), {"fields": ("jump_percent", "unquestioned_below")}),
        )


class LabourItemSites(SiteRowInline):
    model = SiteLabourItem


@admin.register(LabourItem)
class LabourItemAdmin(PeopleItemAdmin[LabourItem]):
    list_display = ("code", "name", "kind", "unit", "sites", "position")
    list_filter = ("kind",)
    own_fields = ("kind",)
    inlines = (LabourItemSites,)


@admin.register(StandardItem)
class StandardItemAdmin(PeopleItemAdmin[StandardItem]):
    list_display = ("code", "name", "kind", "unit", "valid_from", "valid_until", "position")
    list_filter = ("kind",)
    own_fields = ("kind",)
    dates = ("valid_from", "valid_until")


@admin.register(WorkforceMeasure)
class WorkforceMeasureAdmin(PeopleItemAdmin[WorkforceMeasure]):
    list_display = ("code", "name", "kind", "unit", "only_for_total", "valid_from", "valid_until", "position")
    own_fields = ("kind", "only_for_total")
    dates = ("valid_from", "valid_until")


@admin.register(Dimension)
class DimensionAdmin(CatalogueAdmin[Dimension]):
    fixed_fields = ("code", "gives_total")
    list_display = ("code", "name", "gives_total", "in_headcount", "in_turnover", "in_training", "position")
    fields = (
        "code",
        *NAMES,
        "roster_column",
        "gives_total",
        "in_headcount",
        "in_turnover",
        "in_training",
        "position",
    )


@admin.register(WorkforceGroup)
class WorkforceGroupAdmin(CatalogueAdmin[WorkforceGroup]):
    list_display = ("code", "name", "dimension", "counts_in_total", "is_local", "age_from", "age_to", "valid_until")
    list_filter = (("dimension", ScopedFilter), "counts_in_total")
    list_select_related = ("dimension",)
    fixed_fields = ("code", "dimension")
    fields = (
        "code",
        *NAMES,
        "dimension",
        "counts_in_total",
        "is_local",
        ("age_from", "age_to"),
        "roster_words",
        ("valid_from", "valid_until"),
        "position",
    )


@admin.register(AccidentType)
class AccidentTypeAdmin(CatalogueAdmin[AccidentType]):
    pass


@admin.register(DiseaseCategory)
class DiseaseCategoryAdmin(CatalogueAdmin[DiseaseCategory]):
    pass


@admin.register(TrainingTopic)
class TrainingTopicAdmin(CatalogueAdmin[TrainingTopic]):
    pass


@admin.register(YearConvention)
class YearConventionAdmin(KeptAdmin[YearConvention]):
    """How rates are worked out in a year; a year without a row has the first of each."""

    menu = Menu.ORGANISATION
    list_display = ("year", "turnover", "lost_days")
    list_select_related = ("year",)
    fields = ("year", "turnover", "lost_days")
    fixed_fields = ("year",)
