"""The pages of factors, and of what a year is reckoned with."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.forms import Form, ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.greenhouse_gases import pages, policies, services
from apps.greenhouse_gases.forms import BasisForm, FactorFilter, InstrumentForm, NewFactorForm, VersionForm
from apps.greenhouse_gases.models import ContractualInstrument, Factor, YearBasis
from apps.greenhouse_gases.preview import preview, published_years, resting_on_factors
from apps.greenhouse_gases.subjects import subject_names
from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.kpi_set import current_kpis
from apps.indicators.reports import year_to_show
from apps.organisation.models import ReportingYear, Site

PAGE_SIZE = 50


@require_safe
def factor_list(request: SignedInRequest) -> HttpResponse:
    if not policies.may_read_factors(request.user):
        raise PermissionDenied
    names = subject_names()
    chosen = FactorFilter(request.GET, names=names)
    lines = pages.lines(Factor.objects.filter(**chosen.chosen), names)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "greenhouse_gases/factors.html",
        {
            "form": chosen,
            "page": Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
            "query": query.urlencode(),
            "doubtful": sum(line.factor.is_doubtful and line.is_newest for line in lines),
            "may_add": policies.may_add_factors(request.user),
        },
    )


@require_safe
def factor(request: SignedInRequest, pk: int) -> HttpResponse:
    found = policies.access_factor(request.user, pk)
    versions = Factor.objects.filter(
        subject=found.subject,
        parameter=found.parameter,
        region=found.region,
        series=found.series,
        gwp_set=found.gwp_set,
    ).select_related("added_by")
    lines = pages.lines(versions, subject_names())
    year = year_to_show(list(ReportingYear.objects.all()))
    return render(
        request,
        "greenhouse_gases/factor.html",
        {
            "line": next(line for line in lines if line.factor.pk == found.pk),
            "versions": lines,
            "year": year,
            "uses": list(_uses(found, year)) if year else [],
            "editions": pages.editions(found),
            "may_add": policies.may_add_factors(request.user),
        },
    )


def _uses(found: Factor, year: ReportingYear) -> Any:
    kpis = current_kpis()
    kpis = kpis.of(resting_on_factors(kpis))
    return pages.uses(compute(year=year, sites=list(Site.objects.all()), basis=Basis.ALL, kpis=kpis), found)


@require_http_methods(["GET", "HEAD", "POST"])
def factor_add(request: SignedInRequest) -> HttpResponse:
    """The first version of a factor."""
    return _version(request, Factor(), None)


@require_http_methods(["GET", "HEAD", "POST"])
def version_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """The next version, with the newest one to start from."""
    found = policies.access_factor(request.user, pk)
    fields = ("subject", "parameter", "region", "series", "gwp_set", "unit", "valid_from", "valid_until", "value")
    return _version(request, Factor(**{name: getattr(found, name) for name in fields}), found)


def _version(request: SignedInRequest, new: Factor, found: Factor | None) -> HttpResponse:
    """First the form, then what it would move, then it is kept: each step carries what was typed."""
    if not policies.may_add_factors(request.user):
        raise PermissionDenied
    form = (VersionForm if found else NewFactorForm)(request.POST or None, instance=new)
    if not form.is_valid() or "back" in request.POST:
        status = 422 if form.is_bound and "back" not in request.POST else 200
        return _form_page(request, form, found, status)
    if "confirm" in request.POST:
        try:
            services.add_factor(factor=form.instance, seen_version=_seen(request), user=request.user)
        except (services.StaleError, IntegrityError):
            messages.warning(request, _("Somebody added a version in the meantime. Look at what yours would move now."))
            new.pk = None
        else:
            messages.success(request, _("The version is kept. Unpublished years are reckoned with it from now on."))
            return redirect("factors:factor", form.instance.pk)
    form.instance.version = services.newest_version(form.instance) + 1
    years = preview(form.instance)
    return render(
        request,
        "greenhouse_gases/preview.html",
        {
            "form": form,
            "typed": [(name, form.data.get(name, "")) for name in form.fields],
            "line": pages.lines([form.instance], subject_names())[0],
            "found": found,
            "years": years,
            "moves_any": any(year.moves for year in years),
            "kept": list(published_years()),
            "seen_version": form.instance.version - 1,
        },
    )


def _seen(request: SignedInRequest) -> int:
    text = request.POST.get("seen_version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _form_page(request: SignedInRequest, form: Any, found: Factor | None, status: int = 200) -> HttpResponse:
    line = pages.lines([found], subject_names())[0] if found else None
    return render(request, "greenhouse_gases/version_form.html", {"form": form, "line": line}, status=status)


@require_safe
def years(request: SignedInRequest) -> HttpResponse:
    if not policies.may_read_factors(request.user):
        raise PermissionDenied
    bases = [YearBasis.of(year) for year in ReportingYear.objects.all()]
    return render(request, "greenhouse_gases/years.html", {"bases": bases})


@require_http_methods(["GET", "HEAD", "POST"])
def year_basis(request: SignedInRequest, code: str) -> HttpResponse:
    year = policies.access_year(request.user, code)
    form = BasisForm(request.POST or None, instance=YearBasis.of(year))
    if request.method == "POST":
        if not policies.may_keep_basis(request.user):
            raise PermissionDenied
        if form.is_valid():
            try:
                services.save_basis(basis=form.instance, user=request.user)
            except services.PublishedError:
                messages.error(request, _published())
            else:
                messages.success(request, _("What the year is reckoned with is kept."))
            return redirect("factors:year", code)
    return _year_page(request, year, form, InstrumentForm())


def _published() -> str:
    return _("This year is published; what it is reckoned with stays as it is.")


def _year_page(
    request: SignedInRequest, year: ReportingYear, form: ModelForm[Any], instrument_form: ModelForm[Any] | Form
) -> HttpResponse:
    is_wrong = any(each.is_bound and not each.is_valid() for each in (form, instrument_form))
    context = {
        "year": year,
        "basis": YearBasis.of(year),
        "form": form,
        "instrument_form": instrument_form,
        "instruments": ContractualInstrument.objects.filter(year=year).select_related("site"),
        "may_keep": policies.may_keep_basis(request.user) and year.published_at is None,
    }
    return render(request, "greenhouse_gases/year.html", context, status=422 if is_wrong else 200)


@require_POST
def instrument_add(request: SignedInRequest, code: str) -> HttpResponse:
    year = policies.access_year(request.user, code)
    if not policies.may_keep_basis(request.user):
        raise PermissionDenied
    form = InstrumentForm(request.POST, instance=ContractualInstrument(year=year))
    if not form.is_valid():
        return _year_page(request, year, BasisForm(instance=YearBasis.of(year)), form)
    try:
        services.add_instrument(instrument=form.instance, user=request.user)
    except services.PublishedError:
        messages.error(request, _published())
    else:
        messages.success(request, _("The contract is noted."))
    return redirect("factors:year", code)


@require_POST
def instrument_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    found = policies.access_instrument(request.user, pk)
    if not policies.may_keep_basis(request.user):
        raise PermissionDenied
    try:
        services.remove_instrument(instrument_id=pk, user=request.user)
    except services.PublishedError:
        messages.error(request, _published())
    else:
        messages.success(request, _("%(contract)s is deleted.") % {"contract": str(found)})
    return redirect("factors:year", found.year.code)
