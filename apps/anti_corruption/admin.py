"""Catalogues and settings of integrity. What people declare has no page here, for nobody."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.accounts.models import User
from apps.anti_corruption.models import Document, Duty, IntegritySettings, Post
from apps.organisation.admin import KeptAdmin
from apps.submissions.admin.catalogues import NAMES, CatalogueAdmin


def _is_asked(post: Post) -> bool:
    return Duty.objects.filter(post=post.pk).exists()


@admin.register(Post)
class PostAdmin(CatalogueAdmin[Post]):
    list_display = ("code", "name", "rank", "position")
    list_filter = ("rank",)
    fields = ("code", *NAMES, "rank", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """People were asked to sign under this rank."""
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, "rank") if obj is not None and _is_asked(obj) else readonly


@admin.register(Document)
class DocumentAdmin(CatalogueAdmin[Document]):
    """Names of the documents; their words are in their versions, on the portal's pages."""

    fixed_fields = ("code", "kind")
    list_display = ("code", "name", "kind", "position")
    fields = ("code", *NAMES, "kind", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Its names are signed with its versions."""
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, *NAMES) if obj is not None and obj.versions.exists() else readonly


@admin.register(IntegritySettings)
class IntegritySettingsAdmin(KeptAdmin[IntegritySettings]):
    """One row: the list leads straight to it."""

    fields = ("days_to_sign", "days_to_remind", "gift_threshold_cny", "gift_days")

    def may_add(self, user: User) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[IntegritySettings]:
        IntegritySettings.current()  # there is a row from the first time somebody asks
        return super().get_queryset(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        page = reverse("admin:anti_corruption_integritysettings_change", args=[IntegritySettings.current().pk])
        return HttpResponseRedirect(page)

    def response_post_save_change(self, request: HttpRequest, obj: IntegritySettings) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:index"))
