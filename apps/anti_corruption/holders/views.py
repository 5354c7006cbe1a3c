"""The pages of important positions and who holds them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import SignedInRequest
from apps.anti_corruption import policies
from apps.anti_corruption.holders import services
from apps.anti_corruption.holders.forms import EndForm, HolderFilter, HolderForm

PAGE_SIZE: Final = 50

View = Callable[..., HttpResponseBase]


def for_officers(view: View) -> View:
    """Strangers find nothing here; who may read the list and not keep it is told so."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.oversees(request.user):
            raise Http404
        if not policies.is_officer(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
def holders(request: SignedInRequest) -> HttpResponse:
    if not policies.oversees(request.user):
        raise Http404
    form = HolderFilter(request.GET, user=request.user)
    found = form.narrowed(policies.holders_for(request.user)).select_related("user", "post", "site")
    page = Paginator(
        found.order_by("site__position", "post__position", "user__username", "valid_from"), PAGE_SIZE
    ).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    own = set(policies.sites_of_officer(request.user).values_list("pk", flat=True))
    context = {
        "form": form,
        "page": page,
        "lines": [{"holder": holder, "may_end": holder.site_id in own} for holder in page.object_list],
        "query": query.urlencode(),
        "may_keep": bool(own),
        "today": timezone.localdate(),
    }
    return render(request, "anti_corruption/holders.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def holder_add(request: SignedInRequest) -> HttpResponse:
    form = HolderForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            added = services.add_holder(user=request.user, holder=form.instance)
        except services.HolderError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(person)s is in the list.") % {"person": added.user})
            return redirect("integrity:holders")
    status = 422 if form.is_bound else 200
    return render(request, "anti_corruption/holder_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def holder_end(request: SignedInRequest, pk: int) -> HttpResponse:
    found = policies.access_holder(request.user, pk, to_keep=True)
    start = {"until": found.valid_until or timezone.localdate()}
    form = EndForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        try:
            services.end_holder(user=request.user, holder_id=pk, until=form.cleaned_data["until"])
        except services.HolderError as error:
            form.add_error("until", str(error))
        else:
            messages.success(request, _("The last day is kept."))
            return redirect("integrity:holders")
    context = {"form": form, "holder": found}
    return render(request, "anti_corruption/holder_end.html", context, status=422 if form.is_bound else 200)
