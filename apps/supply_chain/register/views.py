"""The pages of the suppliers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import SignedInRequest
from apps.supply_chain import policies
from apps.supply_chain.models import Supplier
from apps.supply_chain.register import listing, services
from apps.supply_chain.register.forms import SupplierFilter, SupplierForm

PAGE_SIZE = 50

View = Callable[..., HttpResponseBase]


def for_readers(view: View) -> View:
    """Strangers to the section find nothing here."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.may_see_suppliers(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def for_keepers(view: View) -> View:
    """Whoever may read the register and not keep it is told so."""

    @wraps(view)
    @for_readers
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.may_keep_suppliers(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_readers
def suppliers(request: SignedInRequest) -> HttpResponse:
    form = SupplierFilter(request.GET or None)
    filters = form.cleaned_data if form.is_valid() else {}
    found = listing.chosen(filters).select_related("region").prefetch_related("supplies", "sites")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    standing = listing.standings(rows)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "supply_chain/suppliers.html",
        {
            "form": form,
            "page": page,
            "lines": [(supplier, standing[supplier.pk]) for supplier in rows],
            "query": query.urlencode(),
            "may_keep": policies.may_keep_suppliers(request.user),
        },
    )


@require_safe
@for_readers
def supplier(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Supplier.objects.select_related("region").prefetch_related("supplies", "sites"), pk=pk)
    return render(
        request,
        "supply_chain/supplier.html",
        {
            "supplier": found,
            "standing": listing.standings([found])[found.pk],
            "assessments": found.assessments.select_related("entered_by", "confirmed_by"),
            "may_keep": policies.may_keep_suppliers(request.user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def supplier_add(request: SignedInRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def supplier_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Supplier, pk=pk))


def _edit(request: SignedInRequest, found: Supplier | None) -> HttpResponse:
    form = SupplierForm(request.POST or None, instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            kept = services.save_supplier(user=request.user, form=form)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("“%(name)s” is kept.") % {"name": kept})
            return redirect("supply_chain:supplier", kept.pk)
    status = 422 if form.is_bound else 200
    return render(request, "supply_chain/supplier_edit.html", {"form": form, "supplier": found}, status=status)
