"""The home of the report and the index of a year."""

from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.accounts.http import SignedInRequest
from apps.organisation.models import ReportingYear
from apps.reporting import policies
from apps.reporting.index import Status
from apps.reporting.index_page import index_page, summaries

# Open years are computed for this page.
_YEARS_ON_A_PAGE: Final = 4


class ShowForm(forms.Form):
    """Narrows the index to a status."""

    show = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("All")), ("blocks", _("What blocks publishing")), *Status.choices],
        required=False,
    )


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    if not policies.may_read_report(request.user):
        raise PermissionDenied
    page = Paginator(ReportingYear.objects.all(), _YEARS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "reporting/home.html", {"page": page, "summaries": summaries(list(page.object_list))})


@require_safe
def year_index(request: SignedInRequest, year: str) -> HttpResponse:
    found = policies.access_year(request.user, year)
    form = ShowForm(request.GET)
    show = form.cleaned_data["show"] if form.is_valid() else ""
    context: dict[str, Any] = {
        "year": found,
        "form": form,
        "index": index_page(found, show),
        "may_write": policies.may_write_statements(request.user) and policies.words_are_open(found),
    }
    return render(request, "reporting/index.html", context)
