"""The pages of the register of gifts."""

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
from apps.anti_corruption.gifts import listing, services
from apps.anti_corruption.gifts.forms import GiftFilter, GiftForm, SettleForm
from apps.anti_corruption.gifts.services import GiftError
from apps.anti_corruption.models import Gift, IntegritySettings, Opening

PAGE_SIZE: Final = 50


@require_safe
def gift_list(request: SignedInRequest) -> HttpResponse:
    if not policies.may_register_gifts(request.user):
        raise Http404
    chosen = GiftFilter(request.GET)
    page = Paginator(listing.gifts_shown(request.user, chosen.shown), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": chosen,
        "page": page,
        "lines": [listing.line_of(gift, request.user) for gift in page.object_list],
        "query": query.urlencode(),
        "oversees": policies.oversees(request.user),
        "rules": IntegritySettings.current(),
    }
    return render(request, "anti_corruption/gifts.html", context)


@require_safe
def gift(request: SignedInRequest, gift: int) -> HttpResponse:
    found = policies.access_gift(request.user, gift)
    readings.note(user=request.user, gift=found)
    is_own = found.receiver_id == request.user.pk
    may_open = policies.gifts_for(request.user)
    is_replaced = Gift.objects.filter(replaces=found).exists()
    context = {
        "gift": found,
        "line": listing.line_of(found, request.user),
        "handlings": found.handlings.select_related("confirmed_by").order_by("pk"),
        "is_replaced": is_replaced,
        # A corrected entry may name another site, of which the reader is no officer.
        "later": may_open.filter(replaces=found).first(),
        "opens_earlier": found.replaces is not None and may_open.filter(pk=found.replaces.pk).exists(),
        "is_own": is_own,
        "may_settle": not is_replaced and policies.may_settle_gift(request.user, found),
        "openings": Opening._default_manager.filter(gift=found).select_related("reader") if is_own else (),
    }
    return render(request, "anti_corruption/gift.html", context)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def gift_add(request: SignedInRequest) -> HttpResponse:
    if not policies.may_register_gifts(request.user):
        raise Http404
    return _registering(request, None)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def gift_correct(request: SignedInRequest, gift: int) -> HttpResponse:
    found = policies.access_gift(request.user, gift)
    if found.receiver_id != request.user.pk:
        raise PermissionDenied
    if Gift.objects.filter(replaces=found).exists():
        messages.error(request, _("This entry was replaced already. Correct the one that stands."))
        return redirect("integrity:gift", gift)
    if found.handlings.exists():
        messages.error(request, services.confirmed_sentence())
        return redirect("integrity:gift", gift)
    return _registering(request, found)


@sensitive_variables()
def _registering(request: SignedInRequest, replaces: Gift | None) -> HttpResponse:
    """The form of a gift, or its entry."""
    form = GiftForm(request.POST if request.method == "POST" else None, user=request.user, replaces=replaces)
    if form.is_valid():
        try:
            kept = services.register(user=request.user, gift=form.instance)
        except GiftError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _said(kept))
            return redirect("integrity:gift", kept.pk)
    context = {"form": form, "replaces": replaces, "rules": IntegritySettings.current()}
    return render(request, "anti_corruption/gift_form.html", context, status=422 if form.is_bound else 200)


def _said(gift: Gift) -> str:
    if gift.must_go:
        return _("The gift is registered. Hand it in to the integrity officer, or return it.")
    return _("The gift is registered. The integrity officer confirms what becomes of it.")


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def gift_settle(request: SignedInRequest, gift: int) -> HttpResponse:
    found = policies.access_gift(request.user, gift, to_settle=True)
    form = SettleForm(request.POST if request.method == "POST" else None, gift=found)
    if form.is_valid():
        try:
            services.settle(user=request.user, gift_id=gift, **form.cleaned_data)
        except GiftError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("It is kept what became of the gift."))
        return redirect("integrity:gift", gift)
    readings.note(user=request.user, gift=found)
    context = {"form": form, "gift": found}
    return render(request, "anti_corruption/gift_settle.html", context, status=422 if form.is_bound else 200)
