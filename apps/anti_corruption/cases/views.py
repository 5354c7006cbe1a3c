"""The pages of concluded cases. Whoever opens one is noted; the list does not say what it was about."""

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import SignedInRequest
from apps.anti_corruption import policies, readings
from apps.anti_corruption.cases import services
from apps.anti_corruption.cases.forms import CaseFilter, CaseForm
from apps.anti_corruption.models import ConcludedCase

PAGE_SIZE: Final = 50


@require_safe
def cases(request: SignedInRequest) -> HttpResponse:
    if not policies.oversees(request.user):
        raise Http404
    form = CaseFilter(request.GET, user=request.user)
    told = policies.cases_for(request.user).filter(replaced_by__isnull=True, **form.chosen())
    listed = told.select_related("site").defer("matter", "outcome_words")
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "may_enter": policies.is_officer(request.user),
    }
    return render(request, "anti_corruption/cases.html", context)


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    found = policies.access_case(request.user, pk)
    readings.note(user=request.user, case=found)
    newer = ConcludedCase.objects.filter(replaces=found).first()
    context = {
        "case": found,
        "newer": newer,
        "may_correct": newer is None and policies.is_officer(request.user, found.site_id),
    }
    return render(request, "anti_corruption/case.html", context)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def case_enter(request: SignedInRequest) -> HttpResponse:
    if not policies.oversees(request.user):
        raise Http404
    if not policies.is_officer(request.user):
        raise PermissionDenied
    return _form_page(request, None)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def case_correct(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new entry, which starts with the words of the one it replaces: so opening it is a reading."""
    found = policies.access_case(request.user, pk, to_enter=True)
    if ConcludedCase.objects.filter(replaces=found).exists():
        messages.error(request, _("This entry was corrected already. Correct the newer one."))
        return redirect("integrity:case", pk)
    if request.method != "POST":
        readings.note(user=request.user, case=found)
    return _form_page(request, found)


@sensitive_variables()
def _form_page(request: SignedInRequest, replaced: ConcludedCase | None) -> HttpResponse:
    start = {name: getattr(replaced, name) for name in CaseForm.Meta.fields} if replaced is not None else {}
    form = CaseForm(
        request.POST if request.method == "POST" else None,
        instance=ConcludedCase(replaces=replaced),
        initial=start,
        user=request.user,
    )
    if form.is_valid():
        try:
            entered = services.enter_case(user=request.user, case=form.instance)
        except services.CaseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The case is entered."))
            return redirect("integrity:case", entered.pk)
    context = {"form": form, "replaced": replaced}
    return render(request, "anti_corruption/case_form.html", context, status=422 if form.is_bound else 200)
