"""The pages on which a year is published, and those of its editions."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Length
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.indicators.parts import FEW_SITES
from apps.organisation.models import ReportingYear, Site
from apps.reporting import background, policies
from apps.reporting.checklist import checklist
from apps.reporting.comparing import all_differences, differences
from apps.reporting.content.shape import GROUP
from apps.reporting.edition_files import missing_files
from apps.reporting.edition_page import edition_page, from_differences
from apps.reporting.models import Edition, EditionFile, Restatement
from apps.reporting.parts import group_content
from apps.reporting.pieces import PIECE, file_pieces, spooled
from apps.reporting.publishing_forms import PublishForm
from apps.reporting.restating import RUNNING, figures_now


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, code: str) -> HttpResponse:
    """The checklist with the form, or what is published with its editions."""
    year = policies.access_year(request.user, code)
    if year.published_at is not None:
        if request.method == "POST":
            messages.error(request, _("This year is published already. What changes from now on is a restatement."))
            return redirect("reporting:publish", year.code)
        context = _published(year) | {"may_publish": policies.may_publish(request.user)}
        return render(request, "reporting/published.html", context)
    if request.method == "POST" and not policies.may_publish(request.user):
        raise PermissionDenied
    found = checklist(year)
    form = PublishForm(request.POST or None, year=year, wants_remark=found.wants_remark)
    if form.is_valid() and not found.blocks:
        job = background.start_publishing(year, user=request.user, remark=form.cleaned_data["remark"])
        return redirect("jobs:job", job.pk)
    context = {"year": year, "list": found, "form": form, "may_publish": policies.may_publish(request.user)}
    return render(request, "reporting/publish.html", context, status=422 if form.is_bound else 200)


def _published(year: ReportingYear) -> dict[str, Any]:
    editions = year.editions.select_related("published_by", "restatement").defer("content").order_by("-number")
    figures = figures_now(year)
    is_large = len(figures.sites) > FEW_SITES
    if is_large:
        moved = differences(group_content(editions[0]), figures, {GROUP})
    else:
        moved = all_differences(editions[0], figures)
    return {
        "year": year,
        "editions": [
            {"edition": edition, "files": _files(edition), "missing": len(missing_files(edition))}
            for edition in editions
        ],
        "newest": editions[0].number,
        "moved": from_differences(moved, place_names()),
        "group_alone": is_large,
        "running": Restatement.objects.filter(year=year, state__in=RUNNING).first(),
    }


def _files(edition: Edition) -> list[EditionFile]:
    return list(edition.files.defer("content").order_by("format", "language"))


def place_names() -> dict[str, str]:
    """Names of sites by code, "" the group."""
    return {"": _("Group"), **{site.code: site.name for site in Site.objects.all()}}


def _edition(request: SignedInRequest, code: str, number: int) -> Edition:
    year = policies.access_year(request.user, code)
    editions = Edition.objects.select_related("year", "published_by").defer("content")
    return get_object_or_404(editions, year=year, number=number)


@require_safe
def edition(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """What an edition holds, of the group or of one site, beside what is computed now."""
    found = _edition(request, code, number)
    sites = list(Site.objects.all())
    place = None
    if request.GET.get("site"):
        place = next((site for site in sites if site.code == request.GET["site"]), None)
        if place is None:
            raise Http404
    context = {
        "year": found.year,
        "page": edition_page(found, figures_now(found.year), place),
        "sites": sites,
        "files": _files(found),
        "missing": len(missing_files(found)),
        "newest": Edition.newest_of(found.year),
        "restatement": Restatement.objects.filter(edition=found).first(),
    }
    return render(request, "reporting/edition.html", context)


@require_safe
def edition_file(request: SignedInRequest, code: str, number: int, pk: int) -> HttpResponseBase:
    """The bytes as they were made then."""
    year = policies.access_year(request.user, code)
    files: Any = EditionFile.objects.defer("content").annotate(size=Length("content"))
    file = get_object_or_404(files, pk=pk, edition__year=year, edition__number=number)
    headers = {
        "Content-Type": file.content_type,
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Content-Length": str(file.size),
        "X-Content-Type-Options": "nosniff",
    }
    if file.size > PIECE:
        return FileResponse(spooled(file_pieces(file.pk)), headers=headers)
    return HttpResponse(file.data, headers=headers)


@require_POST
def edition_files(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Has the files made that are missing."""
    job = background.start_files(_edition(request, code, number), user=request.user)
    return redirect("jobs:job", job.pk)
