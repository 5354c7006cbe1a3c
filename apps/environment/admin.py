"""The catalogues of the environment: what is measured, which site answers what, stacks and their limits."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.http import person_of
from apps.core.admin import LabelledFormSet, M, PolicyInline, ScopedFilter, WholeRowForm
from apps.core.formats import typed
from apps.core.units import UNITS
from apps.environment.models import (
    EmissionLimit,
    PackagingMaterial,
    Pollutant,
    Product,
    Resource,
    SitePackaging,
    SiteProduct,
    SiteResource,
    SiteTarget,
    SiteWaste,
    Stack,
    Target,
    Treatment,
    WasteType,
)
from apps.organisation.admin import KeptAdmin, KeptByAdministrators
from apps.organisation.models import SiteRow
from apps.organisation.policies import visible_sites
from apps.submissions.catalogue import QuantityItem
from apps.submissions.sections import Grid, sections

_NAMES = ("name_en", "name_zh_hans", "name_zh_hant")


def grids_about(model: type[Any]) -> list[Grid]:
    """The grids whose rows are those of a catalogue."""
    grids = [grid for section in sections for grid in section.grids]
    return [grid for grid in grids if grid.model._meta.get_field(grid.item_field).related_model is model]


def is_used(item: QuantityItem) -> bool:
    return any(
        grid.model._default_manager.filter(**{grid.item_field: item.pk}).exists() for grid in grids_about(type(item))
    )


class SiteRowFormSet(LabelledFormSet):
    """Takes a site away again only while it has answered nothing; later it gets a last day."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            row = form.instance
            if row.pk and self._has_answered(row):
                raise ValidationError(
                    _("%(site)s has records here. Enter the last day it answers instead of deleting it.")
                    % {"site": row.site}
                )

    @staticmethod
    def _has_answered(row: SiteRow) -> bool:
        place = {f"{name}_id": getattr(row, f"{name}_id") for name in row.row_fields}
        return any(
            grid.model._default_manager.filter(submission__site=row.site_id, **place).exists()
            for section in sections
            for grid in section.grids
            if grid.site_row is type(row)
        )


class SiteRowInline(KeptByAdministrators[Any], PolicyInline[Any, Any]):
    """Which sites answer the row above, from when until when."""

    site_path = "site"
    formset = SiteRowFormSet
    fields: ClassVar[Any] = ("site", "valid_from", "valid_until")
    ordering = ("site__position", "valid_from")

    def may_delete(self, user: Any, obj: Any = None) -> bool:
        return self.may_change(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("site", *self.model.row_fields)


class ProductSites(SiteRowInline):
    model = SiteProduct


class ResourceSites(SiteRowInline):
    model = SiteResource


class WasteSites(SiteRowInline):
    model = SiteWaste
    fields = ("site", "treatment", "valid_from", "valid_until")


class PackagingSites(SiteRowInline):
    model = SitePackaging


class TargetSites(SiteRowInline):
    model = SiteTarget


class QuantityItemAdmin(KeptAdmin[M]):
    """A catalogue of quantities. The unit stays once something is recorded in it."""

    fixed_fields = ("code",)
    search_fields = ("code", *_NAMES)
    list_per_page = 100
    own_fields: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the number of visible sites that answer today."""
        today = localdate()
        answers = Q(at_sites__valid_from__lte=today) & (
            Q(at_sites__valid_until__isnull=True) | Q(at_sites__valid_until__gte=today)
        )
        visible = visible_sites(person_of(request), "at_sites__site")
        return (
            super()
            .get_queryset(request)
            .annotate(site_count=Count("at_sites__site", filter=answers & visible, distinct=True))
        )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "density_unit":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        choices = [("", _("as the total")), *((unit.code, unit.label) for unit in UNITS.values())]
        return forms.ChoiceField(
            label=capfirst(db_field.verbose_name), help_text=db_field.help_text, choices=choices, required=False
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, "unit_code") if obj is not None and is_used(obj) else readonly

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            (None, {"fields": ("code", *_NAMES, *self.own_fields, "position")}),
            (gettext_lazy("Total"), {"fields": ("unit_code", "decimals", "tonnes_per_m3")}),
            (gettext_lazy("Density"), {"fields": ("density_unit", "density_decimals")}),
            (gettext_lazy("Checks"), {"fields": ("jump_percent",)}),
        )

    @admin.display(description=gettext_lazy("sites"), ordering="site_count")
    def sites(self, item: Any) -> int:
        return int(item.site_count)

    @admin.display(description=gettext_lazy("unit"), ordering="unit_code")
    def unit(self, item: QuantityItem) -> Any:
        return item.unit.label


@admin.register(Product)
class ProductAdmin(QuantityItemAdmin[Product]):
    list_display = ("code", "name", "unit", "counts_as_output", "sites", "position")
    list_filter = ("counts_as_output",)
    own_fields = ("counts_as_output",)
    inlines = (ProductSites,)


@admin.register(Resource)
class ResourceAdmin(QuantityItemAdmin[Resource]):
    list_display = ("code", "name", "kind", "unit", "reported_under", "energy", "sites", "position")
    list_filter = ("kind",)
    list_select_related = ("reported_under",)
    own_fields = ("kind", "reported_under")
    inlines = (ResourceSites,)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        energy = (gettext_lazy("Energy content"), {"fields": ("gj_per_unit", "energy_source", "hkex")})
        return (*super().get_fieldsets(request, obj), energy)

    @admin.display(description=gettext_lazy("GJ per unit"), ordering="gj_per_unit")
    def energy(self, resource: Resource) -> str:
        return typed(resource.gj_per_unit)


@admin.register(WasteType)
class WasteTypeAdmin(QuantityItemAdmin[WasteType]):
    list_display = ("code", "name", "is_hazardous", "unit", "sites", "position")
    list_filter = ("is_hazardous",)
    own_fields = ("is_hazardous",)
    inlines = (WasteSites,)


@admin.register(PackagingMaterial)
class PackagingMaterialAdmin(QuantityItemAdmin[PackagingMaterial]):
    list_display = ("code", "name", "unit", "sites", "position")
    inlines = (PackagingSites,)


@admin.register(Target)
class TargetAdmin(QuantityItemAdmin[Target]):
    list_display = ("code", "name", "kind", "unit", "base_year", "target_year", "goal", "sites")
    list_filter = ("kind",)
    inlines = (TargetSites,)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            (None, {"fields": ("code", *_NAMES, "kind", "position")}),
            (gettext_lazy("Base and goal"), {"fields": (("base_year", "base_value"), ("target_year", "target_value"))}),
            (gettext_lazy("Unit"), {"fields": ("unit_code", "decimals", "tonnes_per_m3", "jump_percent")}),
        )

    @admin.display(description=gettext_lazy("target value"), ordering="target_value")
    def goal(self, target: Target) -> str:
        return typed(target.target_value)


class CatalogueAdmin(KeptAdmin[M]):
    """A plain catalogue."""

    fixed_fields: ClassVar[tuple[str, ...]] = ("code",)
    list_display: Any = ("code", "name", "position")
    search_fields = ("code", *_NAMES)
    fields: ClassVar[Any] = ("code", *_NAMES, "position")


@admin.register(Treatment)
class TreatmentAdmin(CatalogueAdmin[Treatment]):
    pass


@admin.register(Pollutant)
class PollutantAdmin(CatalogueAdmin[Pollutant]):
    pass


@admin.register(Stack)
class StackAdmin(CatalogueAdmin[Stack]):
    site_path = "site"
    list_display = ("code", "name", "site", "stack_type", "outlet_number", "valid_from", "valid_until")
    list_filter = (("site", ScopedFilter), "stack_type")
    list_select_related = ("site",)
    fixed_fields = ("code", "site")
    fields = ("code", *_NAMES, "site", "stack_type", "outlet_number", "valid_from", "valid_until", "position")


class LimitFilter(admin.SimpleListFilter):
    title = gettext_lazy("limit")
    parameter_name = "limit"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("unknown", _("Not entered yet")), ("known", _("Entered"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("unknown", "known"):
            return queryset
        return queryset.filter(limit_mg_m3__isnull=self.value() == "unknown")


class EmissionLimitForm(WholeRowForm):
    class Meta:
        help_texts: Any = {
            "stack": gettext_lazy("For the limit of one stack's permit. Leave the process empty then."),
            "stack_type": gettext_lazy("For the limit of a standard that holds for every stack of a process."),
            "limit_mg_m3": gettext_lazy("Leave it empty until somebody has looked it up; it is never guessed."),
        }


@admin.register(EmissionLimit)
class EmissionLimitAdmin(KeptAdmin[EmissionLimit]):
    site_path = "stack__site"
    form = EmissionLimitForm
    list_display = ("place", "pollutant", "limit", "valid_from", "valid_until", "source", "confidence")
    list_display_links = ("place",)
    list_filter = (LimitFilter, "stack_type", ("pollutant", ScopedFilter), ("stack__site", ScopedFilter))
    list_select_related = ("stack__site", "pollutant")
    search_fields = ("source", "pollutant__code", "stack__code", "stack__name_en", "stack__name_zh_hans")
    fields = ("stack", "stack_type", "pollutant", "limit_mg_m3", "valid_from", "valid_until", "source", "confidence")

    @admin.display(description=gettext_lazy("stack or process"))
    def place(self, limit: EmissionLimit) -> str:
        if limit.stack is None:
            return limit.get_stack_type_display()
        return f"{limit.stack.site.name} · {limit.stack.name}"

    @admin.display(description=gettext_lazy("limit (mg/m³)"), ordering="limit_mg_m3")
    def limit(self, limit: EmissionLimit) -> str:
        return _("enter the permit's limit") if limit.limit_mg_m3 is None else typed(limit.limit_mg_m3)
