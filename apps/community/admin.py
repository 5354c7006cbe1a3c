"""The catalogues of the community, and the exchange rates that contributions are converted with."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from apps.community.models import ExchangeRate, FocusArea, LocalHiringItem
from apps.core.formats import typed
from apps.organisation.admin import KeptAdmin
from apps.submissions.admin.catalogues import NAMES, CatalogueAdmin, QuantityItemAdmin


@admin.register(FocusArea)
class FocusAreaAdmin(CatalogueAdmin[FocusArea]):
    pass


@admin.register(LocalHiringItem)
class LocalHiringItemAdmin(QuantityItemAdmin[LocalHiringItem]):
    fixed_fields = ("code", "kind")
    list_display = ("code", "name", "kind", "unit", "valid_from", "valid_until", "position")
    list_filter = ("kind",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            (None, {"fields": ("code", *NAMES, "kind", "valid_from", "valid_until", "position")}),
            (gettext_lazy("Total"), {"fields": ("unit_code", "decimals")}),
            (gettext_lazy("Checks"), {"fields": ("jump_percent", "unquestioned_below")}),
        )


@admin.register(ExchangeRate)
class ExchangeRateAdmin(KeptAdmin[ExchangeRate]):
    """Newest first, with how many contributions rest on each: those that have any stay as they are."""

    list_display = ("currency", "day", "rmb", "source", "uses")
    list_filter = ("currency",)
    search_fields = ("currency", "source")
    date_hierarchy = "day"
    ordering = ("-day", "currency")
    own_fields: ClassVar[tuple[str, ...]] = ("currency", "day", "rmb_per_unit", "source")
    fields = own_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExchangeRate]:
        return super().get_queryset(request).annotate(use_count=Count("contributions"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, *self.own_fields) if obj is not None and obj.contributions.exists() else readonly

    @admin.display(description=gettext_lazy("RMB for one unit"), ordering="rmb_per_unit")
    def rmb(self, rate: ExchangeRate) -> str:
        return typed(rate.rmb_per_unit)

    @admin.display(description=gettext_lazy("contributions"), ordering="use_count")
    def uses(self, rate: Any) -> int:
        return int(rate.use_count)
