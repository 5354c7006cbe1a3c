"""The catalogues of the environment: what is measured, which site answers what, stacks and their limits."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.admin import FewOrChosenFilter, ScopedFilter, WholeRowForm
from apps.core.formats import typed
from apps.environment.models import (
    EmissionLimit,
    PackagingMaterial,
    Pollutant,
    Product,
    Resource,
    ScopeThreeCategory,
    SitePackaging,
    SiteProduct,
    SiteResource,
    SiteScopeThree,
    SiteTarget,
    SiteWaste,
    Stack,
    Target,
    Treatment,
    WasteType,
)
from apps.organisation.admin import KeptAdmin
from apps.submissions.admin.catalogues import NAMES, CatalogueAdmin, QuantityItemAdmin, SiteRowInline


class ProductSites(SiteRowInline):
    model = SiteProduct


class ResourceSites(SiteRowInline):
    model = SiteResource


class WasteSites(SiteRowInline):
    model = SiteWaste
    fields = ("site", "treatment", "valid_from", "valid_until")


class PackagingSites(SiteRowInline):
    model = SitePackaging


class ScopeThreeSites(SiteRowInline):
    model = SiteScopeThree


class TargetSites(SiteRowInline):
    model = SiteTarget


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


@admin.register(ScopeThreeCategory)
class ScopeThreeCategoryAdmin(QuantityItemAdmin[ScopeThreeCategory]):
    list_display = ("code", "name", "unit", "sites", "position")
    inlines = (ScopeThreeSites,)


@admin.register(Target)
class TargetAdmin(QuantityItemAdmin[Target]):
    list_display = ("code", "name", "kind", "unit", "base_year", "target_year", "goal", "sites")
    list_filter = ("kind",)
    inlines = (TargetSites,)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            (None, {"fields": ("code", *NAMES, "kind", "position")}),
            (
                gettext_lazy("Base and goal"),
                {"fields": (("base_year", "base_value"), ("target_year", "target_value"), "figure")},
            ),
            (gettext_lazy("Unit"), {"fields": ("unit_code", "decimals", "tonnes_per_m3", "jump_percent")}),
        )

    @admin.display(description=gettext_lazy("target value"), ordering="target_value")
    def goal(self, target: Target) -> str:
        return typed(target.target_value)


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
    list_filter = (("site", FewOrChosenFilter), "stack_type")
    search_fields = ("code", *NAMES, "site__code", "site__name_en", "site__name_zh_hans")
    list_select_related = ("site",)
    fixed_fields = ("code", "site")
    fields = ("code", *NAMES, "site", "stack_type", "outlet_number", "valid_from", "valid_until", "position")


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
    list_filter = (LimitFilter, "stack_type", ("pollutant", ScopedFilter), ("stack__site", FewOrChosenFilter))
    list_select_related = ("stack__site", "pollutant")
    search_fields = (
        "source",
        "pollutant__code",
        "stack__code",
        "stack__name_en",
        "stack__name_zh_hans",
        "stack__site__code",
        "stack__site__name_en",
        "stack__site__name_zh_hans",
    )
    fields = ("stack", "stack_type", "pollutant", "limit_mg_m3", "valid_from", "valid_until", "source", "confidence")

    @admin.display(description=gettext_lazy("stack or process"))
    def place(self, limit: EmissionLimit) -> str:
        if limit.stack is None:
            return limit.get_stack_type_display()
        return f"{limit.stack.site.name} · {limit.stack.name}"

    @admin.display(description=gettext_lazy("limit (mg/m³)"), ordering="limit_mg_m3")
    def limit(self, limit: EmissionLimit) -> str:
        return _("enter the permit's limit") if limit.limit_mg_m3 is None else typed(limit.limit_mg_m3)
