"""Sites, periods and the group in the admin, and the bases of everything administrators keep.

Years, roles and assignments need the sections, which lie above: they are registered in submissions/admin.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.accounts.models import User
from apps.core.admin import AsksPolicies, M, Menu, PolicyModelAdmin, ScopedFilter
from apps.organisation import policies
from apps.organisation.models import Group, Period, Site


class KeptByAdministrators(AsksPolicies[M]):
    """Administrators add and change; whoever else may use the admin reads what belongs to their sites.

    ``site_path`` leads to the site of a row; rows without one are everybody's. Nothing is deleted: it is retired
    with its last day.
    """

    site_path: ClassVar[str] = ""

    def may_view(self, user: User) -> bool:
        return policies.may_use_admin(user)

    def may_add(self, user: User) -> bool:
        return policies.may_administer(user)

    def may_change(self, user: User, obj: M | None = None) -> bool:
        return policies.may_administer(user)

    def scope(self, user: User) -> Q:
        visible = policies.visible_sites(user, self.site_path or "pk")
        if not self.site_path or not visible:
            return Q()
        return visible | Q(**{f"{self.site_path}__isnull": True})


class KeptAdmin(KeptByAdministrators[M], PolicyModelAdmin[M]):
    """A list that administrators keep. Codes stand in files and figures, so they stay as they were made."""

    fixed_fields: ClassVar[tuple[str, ...]] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        return readonly if obj is None else (*readonly, *self.fixed_fields)


@admin.register(Site)
class SiteAdmin(KeptAdmin[Site]):
    menu = Menu.ORGANISATION
    list_display = ("code", "name_en", "name_zh_hans", "name_zh_hant", "province", "grid_region", "position")
    search_fields = ("code", "name_en", "name_zh_hans", "name_zh_hant")
    fixed_fields = ("code",)
    fieldsets = (
        (None, {"fields": ("code", "name_en", "name_zh_hans", "name_zh_hant", "position")}),
        (None, {"fields": ("province", "province_zh_hans", "province_zh_hant", "grid_region")}),
    )

    def scope(self, user: User) -> Q:
        return policies.visible_sites(user)


@admin.register(Period)
class PeriodAdmin(KeptAdmin[Period]):
    """Made by opening a year; the day by which it is handed in can be moved."""

    menu = Menu.ORGANISATION
    list_display = ("code", "frequency", "year", "starts_on", "ends_on", "due_on")
    list_filter = (("year", ScopedFilter), "frequency")
    list_select_related = ("year",)
    search_fields = ("code",)
    ordering = ("-starts_on", "frequency")
    fields = ("code", "year", "frequency", "starts_on", "ends_on", "due_on")
    readonly_fields = ("code", "year", "frequency", "starts_on", "ends_on")

    def may_add(self, user: User) -> bool:
        return False


@admin.register(Group)
class GroupAdmin(KeptAdmin[Group]):
    """One row: the list leads straight to it."""

    menu = Menu.ORGANISATION
    fieldsets = (
        (None, {"fields": ("name_en", "name_zh_hans", "name_zh_hant", "stock_code")}),
        (None, {"fields": ("notice", "notice_zh_hans", "notice_zh_hant")}),
        (None, {"fields": ("days_to_hand_in_month", "days_to_hand_in_year")}),
        (None, {"fields": ("small_group_below",)}),
    )

    def may_add(self, user: User) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:organisation_group_change", args=[Group.current().pk]))

    def response_post_save_change(self, request: HttpRequest, obj: Group) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:index"))
