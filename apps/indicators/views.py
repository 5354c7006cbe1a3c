"""The figures pages: a year, one figure with the records behind it, and the files."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import SignedInRequest
from apps.accounts.models import User
from apps.core.unchanged import KeptWhileUnchanged
from apps.indicators import policies
from apps.indicators.background import start_export
from apps.indicators.calculation_page import lines_on, shown_lines
from apps.indicators.cells import site_heads, site_rows
from apps.indicators.choice import Choice, choose
from apps.indicators.computation import compute
from apps.indicators.declarations import Chosen, Kpi, Ratio, RecordKpi, Total, Worked
from apps.indicators.exports.files import FORMATS, ExportedFile, export
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.indicators.lineage import lineage
from apps.indicators.reports import COLUMNS, AnnualReport, held_against
from apps.indicators.years import SiteYears, years_of
from apps.organisation.policies import grants
from apps.submissions.models import Submission

# Each with some eighty figures.
_SITES_ON_A_PAGE = 10
_EXPORT = "indicators:export"
# Each has up to two hundred kilobytes.
_PAGES_KEPT: Final = 16


@dataclass(frozen=True, kw_only=True)
class AnnualPage:
    """The page of a year as somebody sees it. ``year`` and ``place`` are codes, empty for none and for the group."""

    year: str
    place: str
    query: str
    content: SafeString


_site_pages: Final[KeptWhileUnchanged[SiteYears | None]] = KeptWhileUnchanged(_PAGES_KEPT)
_annual_pages: Final[KeptWhileUnchanged[AnnualPage]] = KeptWhileUnchanged(_PAGES_KEPT)


def _who(user: User) -> tuple[Hashable, ...]:
    """Who asks, and how. Their roles came with the person, a moment before the database is asked for its state."""
    return user.pk, grants(user), get_language(), get_script_prefix()


@require_safe
def annual(request: SignedInRequest, year: str | None = None) -> HttpResponse:
    asked = year or request.GET.get("year") or None
    key = (*_who(request.user), asked, request.GET.urlencode(), timezone.localdate())
    page = _annual_pages.get(key, lambda: _annual_page(request.user, request.GET, asked), using=Submission.objects.db)
    return render(request, "indicators/annual.html", {"page": page})


def _annual_page(user: User, data: Mapping[str, str], year: str | None) -> AnnualPage:
    choice = choose(user, data, year)
    report = choice.report(choice.year) if choice.year else None
    context = annual_context(choice, report, data.get("page"))
    return AnnualPage(
        year=choice.year.code if choice.year else "",
        place=choice.place.code if choice.place else "",
        query=choice.query,
        content=render_to_string("indicators/parts/annual.html", context),
    )


def annual_context(choice: Choice, report: AnnualReport | None, page: str | None) -> dict[str, Any]:
    """Of the staff page and of the admin's alike. More sites than columns are listed below each other."""
    context: dict[str, Any] = {"choice": choice, "report": report, "formats": FORMATS, "export_view": _EXPORT}
    context["is_long"] = report is not None and report.row_count > settings.EXPORT_IN_REQUEST_ROWS
    if report and report.is_group and len(report.sites) > COLUMNS:
        site_page = Paginator(report.sites, _SITES_ON_A_PAGE).get_page(page)
        codes = [line.total.figures[0].kpi.code for table in report.tables for line in table.lines if not line.is_part]
        context["site_page"] = site_page
        context["page_query"] = f"year={report.year.code}&{choice.query}".rstrip("&")
        context["heads"] = site_heads(report, codes)
        context["site_rows"] = site_rows(report, codes, site_page.object_list)
    return context


@require_safe
def site_years(request: SignedInRequest, code: str) -> HttpResponse:
    shown = _site_pages.get((*_who(request.user), code), lambda: years_of(request.user, code))
    if shown is None:
        raise Http404
    return render(request, "indicators/years.html", {"shown": shown})


@require_safe
def figure(request: SignedInRequest, year: str, code: str) -> HttpResponse:
    choice = choose(request.user, request.GET, year)
    kpis = current_kpis()
    kpi = _readable(kpis, code, choice)
    may_open_rows = policies.may_open_rows(request.user, kpis.sections(kpi), choice.sites)
    figures = compute(
        year=choice.known_year,
        sites=choice.sites,
        basis=choice.basis,
        kpis=kpis.only(code),
        reveal=may_open_rows,
        published=held_against(choice.known_year, choice.place is None),
    )
    context: dict[str, Any] = {
        "choice": choice,
        "year": choice.known_year,
        "figure": figures.of(code, choice.place),
        "may_open_rows": may_open_rows,
    }
    counting = [site for site in choice.sites if figures.coverage(kpis.sections(kpi), site).counted(choice.basis)]
    worked_page, lines = lines_on(figures.of(code, choice.place), counting, request.GET.get("page"))
    context["worked"] = shown_lines(figures.of(code, choice.place), lines)
    context["worked_page"], context["worked_query"] = worked_page, choice.query
    if choice.place is None and len(choice.sites) <= COLUMNS:
        context["by_site"] = [figures.of(code, site) for site in choice.sites]
    if isinstance(kpi, Ratio):
        context["ratio"] = kpi
        context["above"] = figures.of(kpi.numerator, choice.place)
        context["below"] = figures.of(kpi.denominator, choice.place)
    elif kpi.needs and not isinstance(kpi, Worked):
        parts = [figures.of(part, choice.place) for part in kpi.needs]
        if isinstance(kpi, Total) and kpi.parts_among:  # of a whole catalogue, only what there is
            parts = [part for part in parts if part.rows or part.gaps or part.value] or parts
        context["made_of"] = parts
        context["chosen"] = figures.chosen(kpi) if isinstance(kpi, Chosen) else ""
    elif isinstance(kpi, RecordKpi) and may_open_rows:
        context["lineage"] = lineage(
            kpi, year=choice.known_year, sites=choice.sites, basis=choice.basis, page=request.GET.get("page")
        )
    return render(request, "indicators/figure.html", context)


def _readable(kpis: KpiSet, code: str, choice: Choice) -> Kpi:
    if code not in kpis or not kpis.sections(kpis[code]) <= choice.sections:
        raise Http404
    return kpis[code]


@require_http_methods(["GET", "HEAD", "POST"])
def download(request: SignedInRequest, year: str, file_format: str) -> HttpResponse:
    """The file; of many figures POST has it written in the background, and GET says so."""
    choice = choose(request.user, request.GET, year)
    if file_format not in FORMATS:
        raise Http404
    if not is_long(choice):
        return as_response(export_file(choice, file_format))
    if request.method == "POST":
        return redirect("jobs:job", start_export(choice, file_format, user=request.user).pk)
    return render(request, "indicators/export.html", {"choice": choice, "file_format": file_format})


def is_long(choice: Choice) -> bool:
    """Whether the file of all figures has more of them than one request writes."""
    places = len(choice.sites) + (choice.place is None)
    return len(current_kpis().printed(choice.sections)) * places > settings.EXPORT_IN_REQUEST_ROWS


def export_file(choice: Choice, file_format: str) -> ExportedFile:
    if file_format not in FORMATS:
        raise Http404
    return export(choice.report(choice.known_year, columns=None), file_format)


def as_response(file: ExportedFile) -> HttpResponse:
    return HttpResponse(
        file.content,
        headers={"Content-Type": file.content_type, "Content-Disposition": f'attachment; filename="{file.name}"'},
    )
