"""The reviewers' admin: who comes in, what stands on its start page, and what it does not offer."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from apps.accounts.http import person_of
from apps.accounts.models import User
from apps.core.admin import Menu, PolicyModelAdmin
from apps.organisation.policies import may_use_admin
from apps.submissions.overview import start_page

# Of Django's own: passwords and signing out have their pages, and the redirect by content type asks no policy.
_NOT_OFFERED = ("view_on_site", "password_change_done")


class PortalAdminSite(AdminSite):
    """Rights come from roles at sites; ``is_staff``, groups and model permissions mean nothing here."""

    site_title = _("Review")
    site_header = _("Review")
    index_title = _("Review")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(
        self, model_or_iterable: Any, admin_class: type[ModelAdmin[Any]] | None = None, **options: Any
    ) -> None:
        """Takes in admins that ask our policies. Those that other packages bring along stay outside."""
        if admin_class is not None and issubclass(admin_class, PolicyModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and may_use_admin(request.user)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Somebody signed in without a role here is refused, not asked to sign in again."""
        inner: Callable[..., HttpResponseBase] = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [url for url in super().get_urls() if getattr(url, "name", None) not in _NOT_OFFERED]

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in page for everybody."""
        target = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(target, reverse("account_login"))
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        start = start_page(person_of(request), request.GET.get("year"))
        return super().index(request, {"start": start, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Lists by what people look for, not by the app that holds the table."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        by_menu: dict[Menu, list[Any]] = {menu: [] for menu in Menu}
        for app in super().get_app_list(request):
            for entry in app["models"]:
                by_menu[self._menu_of(entry["model"])].append(entry)
        return [
            {"name": menu.label, "app_label": menu.value, "app_url": "", "models": entries}
            for menu, entries in by_menu.items()
            if entries
        ]

    def _menu_of(self, model: type[Model]) -> Menu:
        registered = self._registry[model]
        return registered.menu if isinstance(registered, PolicyModelAdmin) else Menu.CATALOGUES
