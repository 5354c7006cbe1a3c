"""The annual figures in the admin: the years, the figures of one, and their export."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.accounts.http import person_of
from apps.accounts.models import User
from apps.core.admin import Menu, ReadOnlyAdmin
from apps.indicators.choice import choose
from apps.indicators.models import AnnualFigures
from apps.indicators.views import annual_context, as_response, export_file, is_long
from apps.organisation.policies import may_use_admin

_CHANGE = "admin:indicators_annualfigures_change"
_EXPORT = "indicators_annualfigures_export"


@admin.register(AnnualFigures)
class AnnualFiguresAdmin(ReadOnlyAdmin[AnnualFigures]):
    """Shows what the staff page shows, within the same scope."""

    menu = Menu.REVIEW
    list_display = ("code", "starts_on", "ends_on")
    ordering = ("-starts_on",)

    def may_view(self, user: User) -> bool:
        return may_use_admin(user)

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export_view)
        return [path("<slug:year>/export/<slug:file_format>", export, name=_EXPORT), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The figures of a year. It takes no form."""
        year = self.get_object(request, object_id)
        if year is None:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        choice = choose(person_of(request), request.GET, request.GET.get("year") or year.code)
        if choice.known_year.pk != year.pk:
            return HttpResponseRedirect(f"{reverse(_CHANGE, args=[choice.known_year.pk])}?{choice.query}")
        context = {
            **self.admin_site.each_context(request),
            **annual_context(choice, choice.report(choice.known_year), request.GET.get("page")),
            "title": choice.known_year.code,
            "opts": self.opts,
            "chooser_url": reverse(_CHANGE, args=[year.pk]),
            "export_view": f"admin:{_EXPORT}",
        }
        return TemplateResponse(request, "admin/indicators/annual.html", context)

    def export_view(self, request: HttpRequest, year: str, file_format: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        choice = choose(person_of(request), request.GET, year)
        if is_long(choice):
            return HttpResponseRedirect(f"{reverse('indicators:export', args=[year, file_format])}?{choice.query}")
        return as_response(export_file(choice, file_format))
