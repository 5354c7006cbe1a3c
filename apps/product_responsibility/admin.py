"""The catalogues of product responsibility."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from apps.core.admin import M
from apps.product_responsibility.models import (
    CertificateStandard,
    Complaint,
    ComplaintCategory,
    CustomerRegion,
    Recall,
    SiteSoldProduct,
    SoldProduct,
    StatementItem,
)
from apps.submissions.admin.catalogues import NAMES, CatalogueAdmin, QuantityItemAdmin, SiteRowInline, is_used


class CountedAdmin(QuantityItemAdmin[M]):
    """A catalogue of quantities without densities."""

    checks_fields: ClassVar[tuple[str, ...]] = ("jump_percent",)
    unit_fields: ClassVar[tuple[str, ...]] = ("unit_code", "decimals")
    dates: ClassVar[tuple[str, ...]] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            (None, {"fields": ("code", *NAMES, *self.own_fields, *self.dates, "position")}),
            (gettext_lazy("Total"), {"fields": self.unit_fields}),
            (gettext_lazy("Checks"), {"fields": self.checks_fields}),
        )


class SoldProductSites(SiteRowInline):
    model = SiteSoldProduct


@admin.register(SoldProduct)
class SoldProductAdmin(CountedAdmin[SoldProduct]):
    list_display = ("code", "name", "unit", "sites", "position")
    unit_fields = ("unit_code", "decimals", "tonnes_per_m3")
    inlines = (SoldProductSites,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Recalls are told in the unit of the product too."""
        readonly = super().get_readonly_fields(request, obj)
        if obj is None or "unit_code" in readonly or not Recall.objects.filter(product=obj.pk).exists():
            return readonly
        return (*readonly, "unit_code")


@admin.register(StatementItem)
class StatementItemAdmin(CountedAdmin[StatementItem]):
    fixed_fields = ("code", "kind")
    list_display = ("code", "name", "provision", "kind", "unit", "valid_from", "valid_until", "position")
    list_filter = ("provision",)
    own_fields = ("provision", "kind")
    dates = ("valid_from", "valid_until")
    checks_fields = ("jump_percent", "unquestioned_below")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, "provision") if obj is not None and is_used(obj) else readonly


@admin.register(ComplaintCategory)
class ComplaintCategoryAdmin(CatalogueAdmin[ComplaintCategory]):
    list_display = ("code", "name", "days_to_close", "position")
    fields = ("code", *NAMES, "days_to_close", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whether a complaint was closed in time is not to change afterwards."""
        readonly = super().get_readonly_fields(request, obj)
        if obj is None or not Complaint.objects.filter(category=obj.pk).exists():
            return readonly
        return (*readonly, "days_to_close")


@admin.register(CustomerRegion)
class CustomerRegionAdmin(CatalogueAdmin[CustomerRegion]):
    pass


@admin.register(CertificateStandard)
class CertificateStandardAdmin(CatalogueAdmin[CertificateStandard]):
    list_display = ("code", "name", "family", "withdrawn_on", "position")
    fields = ("code", *NAMES, "family", "withdrawn_on", "position")
