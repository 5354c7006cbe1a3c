"""The catalogues, and the register of suppliers to look at: it is kept on its own pages."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.admin import Menu, ReadOnlyAdmin, ScopedFilter
from apps.organisation.policies import may_use_admin
from apps.submissions.admin.catalogues import CatalogueAdmin
from apps.supply_chain.models import Assessment, Supplier, SupplierRegion, SupplyCategory
from apps.supply_chain.policies import may_see_suppliers


@admin.register(SupplierRegion)
class SupplierRegionAdmin(CatalogueAdmin[SupplierRegion]):
    pass


@admin.register(SupplyCategory)
class SupplyCategoryAdmin(CatalogueAdmin[SupplyCategory]):
    pass


class _OnItsPage(ReadOnlyAdmin[Any]):
    """Leads to the page on which a row is kept."""

    menu = Menu.RECORDS
    sortable_by = ()
    page_name: str

    def may_view(self, user: User) -> bool:
        return may_use_admin(user) and may_see_suppliers(user)

    @admin.display(description=_("page"))
    def page_link(self, row: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse(self.page_name, args=[row.pk]), row)


@admin.register(Supplier)
class SupplierAdmin(_OnItsPage):
    page_name = "supply_chain:supplier"
    list_display = ("code", "page_link", "region", "is_major", "practices_apply", "active_from", "active_until")
    list_filter = ("is_major", "practices_apply", ("region", ScopedFilter))
    list_select_related = ("region",)
    search_fields = ("code", "name_zh", "name_en", "uscc")
    ordering = ("code",)
    fields = (
        "code",
        "page_link",
        "name_zh",
        "name_en",
        "uscc",
        "region",
        "is_major",
        "practices_apply",
        "active_from",
        "active_until",
        "note",
    )
    readonly_fields = fields


@admin.register(Assessment)
class AssessmentAdmin(_OnItsPage):
    page_name = "supply_chain:assessment"
    list_display = ("assessed_on", "page_link", "supplier", "kind", "result", "valid_until", "confirmed_by")
    list_filter = ("kind", "result")
    list_select_related = ("supplier", "confirmed_by")
    search_fields = ("supplier__code", "supplier__name_zh", "supplier__name_en")
    ordering = ("-assessed_on", "-pk")
    fields = (
        "page_link",
        "supplier",
        "kind",
        "assessed_on",
        "assessor",
        "child_labour",
        "forced_labour",
        "result",
        "findings",
        "valid_until",
        "entered_by",
        "confirmed_by",
        "confirmed_at",
        "withdrawn_by",
        "withdrawn_at",
        "withdrawn_because",
    )
    readonly_fields = fields
