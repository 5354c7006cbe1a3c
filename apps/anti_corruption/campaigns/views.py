"""The pages of the rounds of signing."""

import tempfile
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.anti_corruption import policies, readings
from apps.anti_corruption.campaigns import export, pages, services
from apps.anti_corruption.campaigns.forms import CampaignForm, DutyFilter, ExcuseForm
from apps.anti_corruption.documents.texts import texts_in_force
from apps.anti_corruption.models import Duty, Refusal

PAGE_SIZE: Final = 50


@require_safe
def campaigns(request: SignedInRequest) -> HttpResponse:
    if not policies.oversees(request.user):
        raise Http404
    found = policies.campaigns_for(request.user).select_related("site", "statement")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rounds = list(page.object_list)
    counts = pages.counts_of(request.user, rounds, timezone.localdate())
    context = {
        "page": page,
        "query": "",
        "lines": [{"campaign": each, "counts": counts[each.pk]} for each in rounds],
        "may_open": policies.is_officer(request.user),
    }
    return render(request, "anti_corruption/campaigns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: SignedInRequest) -> HttpResponse:
    user = request.user
    if not policies.oversees(user):
        raise Http404
    if not policies.is_officer(user):
        raise PermissionDenied
    form = CampaignForm(user=user, data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            opened = services.open_campaign(user=user, title=said["title"], site=said["site"], due_on=said["due_on"])
        except services.RoundError as error:
            form.add_error(None, str(error))
        else:
            people = Duty.objects.filter(campaign=opened).count()
            messages.success(
                request,
                ngettext(
                    "The round is open. %(count)d person is asked to sign.",
                    "The round is open. %(count)d people are asked to sign.",
                    people,
                )
                % {"count": people},
            )
            return redirect("integrity:campaign", opened.pk)
    context = {"form": form, "texts": texts_in_force(timezone.localdate()), "nothing": services.nothing_to_sign()}
    return render(request, "anti_corruption/campaign_new.html", context, status=422 if form.is_bound else 200)


@require_safe
def campaign(request: SignedInRequest, pk: int) -> HttpResponse:
    """A round: in numbers, and its people."""
    user, today = request.user, timezone.localdate()
    found = policies.access_campaign(user, pk)
    form = DutyFilter(request.GET, user=user, campaign=found)
    duties = form.narrowed(policies.duties_overseen(user).filter(campaign=found))
    listed = pages.with_words(duties.select_related("campaign", "user", "post", "site"))
    page = Paginator(listed.order_by("site__position", "user__username"), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "campaign": found,
        "overview": pages.overview(user, found, today),
        "form": form,
        "page": page,
        "people": pages.people(user, found, list(page.object_list), today),
        "query": query.urlencode(),
        "may_remind": found.is_open and services.may_remind(user, found),
        "may_close": found.is_open and policies.may_run(user, found),
        "may_excuse": policies.is_officer(user),
    }
    return render(request, "anti_corruption/campaign.html", context)


@require_safe
def campaign_export(request: SignedInRequest, pk: int) -> FileResponse:
    """The people that the list shows, as a workbook."""
    found = policies.access_campaign(request.user, pk)
    form = DutyFilter(request.GET, user=request.user, campaign=found)
    duties = form.narrowed(policies.duties_overseen(request.user).filter(campaign=found))
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    export.write(stream, duties, timezone.localdate())
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"round-{found.pk}.xlsx")


@require_POST
def campaign_remind(request: SignedInRequest, pk: int) -> HttpResponse:
    policies.access_campaign(request.user, pk)
    overdue_only = request.POST.get("whom") == "overdue"
    try:
        sent = services.remind(campaign_id=pk, user=request.user, overdue_only=overdue_only)
    except services.RoundError as error:
        messages.error(request, str(error))
    else:
        said = ngettext("%(count)d person is reminded.", "%(count)d people are reminded.", sent) % {"count": sent}
        if not sent:
            said = _("Nobody is left to remind: everybody has answered, or was reminded today already.")
        messages.success(request, said)
    return redirect("integrity:campaign", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Says what closing means, and does it."""
    found = policies.access_campaign(request.user, pk, to_run=True)
    if request.method == "POST":
        try:
            services.close(campaign_id=pk, user=request.user)
        except services.RoundError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The round is closed."))
        return redirect("integrity:campaign", pk)
    if not found.is_open:
        raise Http404
    counts = pages.overview(request.user, found, timezone.localdate()).total
    context = {"campaign": found, "counts": counts, "not_due": counts.open - counts.overdue}
    return render(request, "anti_corruption/campaign_close.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duty_excuse(request: SignedInRequest, pk: int) -> HttpResponse:
    duty = policies.access_duty(request.user, pk, to_run=True)
    form = ExcuseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.excuse(duty_id=pk, user=request.user, reason=form.cleaned_data["reason"])
        except services.RoundError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(person)s is excused.") % {"person": duty.user})
            return redirect("integrity:campaign", duty.campaign_id)
    context = {"form": form, "duty": duty}
    return render(request, "anti_corruption/campaign_excuse.html", context, status=422 if form.is_bound else 200)


@require_safe
def refusal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why somebody declined: for who oversees their site, which is noted, and for themselves."""
    user = request.user
    readable: Any = Q(duty__in=policies.duties_overseen(user)) | Q(duty__in=policies.duties_of(user))
    found = (
        Refusal._default_manager.filter(readable, pk=pk)
        .select_related("duty__campaign__statement", "duty__user", "duty__site", "duty__post")
        .first()
    )
    if found is None:
        raise Http404
    readings.note(user=user, refusal=found)
    context = {
        "refusal": found,
        "may_open_round": policies.oversees(user, found.duty.site_id),
    }
    return render(request, "anti_corruption/campaign_refusal.html", context)
