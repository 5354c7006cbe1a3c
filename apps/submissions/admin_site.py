"""The reviewers' admin: who comes in, what stands on its start page, and what it does not offer."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache, update_wrapper
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_stubs_ext import StrPromise

from apps.accounts.http import person_of
from apps.accounts.models import User
from apps.core.admin import Menu, PolicyModelAdmin
from apps.organisation.policies import may_use_admin
from apps.submissions.overview import completeness_page, start_page

# Of Django's own: passwords and signing out have their pages, and the redirect by content type asks no policy.
_NOT_OFFERED = ("view_on_site", "password_change_done")


@dataclass(frozen=True)
class _Entry:
    """A list, or another page of the review, under its heading. ``add_url`` where one may add to it."""

    name: str
    url: str
    add_url: str = ""


def _menus(
    admin_site: AdminSite, models: Iterable[type[Model]], addable: Collection[type[Model]] = ()
) -> list[tuple[StrPromise, list[_Entry]]]:
    by_menu: dict[Menu, list[_Entry]] = {menu: [] for menu in Menu}
    by_menu[Menu.REVIEW].append(_Entry(str(_("Completeness of a year")), reverse("admin:completeness")))
    named = [
        (model._meta.app_config.verbose_name, capfirst(model._meta.verbose_name_plural), model) for model in models
    ]
    for _app, name, model in sorted(named, key=lambda entry: (str(entry[0]).lower(), str(entry[1]))):
        view = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        add_url = reverse(f"{view}_add") if model in addable else ""
        by_menu[menu_of(admin_site._registry[model])].append(_Entry(str(name), reverse(f"{view}_changelist"), add_url))
    return [(menu.label, entries) for menu, entries in by_menu.items() if entries]


@lru_cache(maxsize=200)
def _panel(admin_site: AdminSite, models: tuple[type[Model], ...], _language: str | None) -> str:
    """The links to all lists, under their headings. Few people differ in what they may see, so it is written once."""
    return render_to_string("admin/parts/all_lists.html", {"menus": _menus(admin_site, models)})


@lru_cache(maxsize=200)
def _lists(
    admin_site: AdminSite, models: tuple[type[Model], ...], addable: tuple[type[Model], ...], _language: str | None
) -> str:
    """The same at the foot of the start page, where one may also add to them."""
    return render_to_string("admin/app_list.html", {"menus": _menus(admin_site, models, addable)})


def menu_of(registered: ModelAdmin[Any]) -> Menu:
    """Under which heading a list stands."""
    return registered.menu if isinstance(registered, PolicyModelAdmin) else Menu.CATALOGUES


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
        offered = [url for url in super().get_urls() if getattr(url, "name", None) not in _NOT_OFFERED]
        # Before the last of Django's own, which takes any address.
        return [path("completeness/", self.admin_view(self.completeness), name="completeness"), *offered]

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

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """As Django's, but for the lists: every page leads to all of them, so their links are written ready."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": self.site_url,
            "has_permission": self.has_permission(request),
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
            "log_entries": (),
            "all_lists": self._all_lists(request),
        }

    def _all_lists(self, request: HttpRequest) -> SafeString:
        if not self.has_permission(request):
            return SafeString()
        here = f' href="{request.path}"'
        panel = _panel(self, self._listed(request), get_language())
        return SafeString(panel.replace(here, f'{here} aria-current="page"', 1))

    def _listed(self, request: HttpRequest) -> tuple[type[Model], ...]:
        return tuple(model for model, one in self._registry.items() if one.has_module_permission(request))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """As Django's, with our start page and the lists written ready."""
        start = start_page(person_of(request), request.GET.get("year"))
        listed = self._listed(request)
        addable = tuple(model for model in listed if self._registry[model].has_add_permission(request))
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "start": start,
            "lists": SafeString(_lists(self, listed, addable, get_language())),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/index.html", context)

    @method_decorator(require_safe)
    def completeness(self, request: HttpRequest) -> TemplateResponse:
        """How complete a year is: of a large group one section at a time, and so many sites on a page."""
        asked = request.GET
        shown = completeness_page(
            person_of(request), asked.get("year"), asked.get("section", ""), asked.get("page", "")
        )
        title = _("How complete %(year)s is") % {"year": shown.year} if shown.year else _("Completeness of a year")
        context = {**self.each_context(request), "shown": shown, "title": title}
        return TemplateResponse(request, "admin/completeness.html", context)
