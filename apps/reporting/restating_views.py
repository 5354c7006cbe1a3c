"""The pages of restatements: the note, one case, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.organisation.models import ReportingYear, Site
from apps.reporting import background, policies, restating
from apps.reporting.content.shape import Content
from apps.reporting.edition_page import from_differences, from_listed, in_language
from apps.reporting.models import Restatement, RestatementState
from apps.reporting.publishing import Refused
from apps.reporting.publishing_forms import CommentForm, OpenForm, ReasonForm, SiteForm
from apps.reporting.publishing_views import place_names
from apps.submissions.models import Submission


@require_safe
def restatements(request: SignedInRequest, code: str) -> HttpResponse:
    """The restatement note: every correction of the year with its figures, the newest first."""
    year = policies.access_year(request.user, code)
    content = restating.newest_words(year) if year.published_at else None
    found = list(_cases().filter(year=year).order_by("-pk"))
    context = {
        "year": year,
        "cases": [_case(each, content) for each in found] if content else [],
        "may_open": content is not None
        and policies.may_publish(request.user)
        and not any(each.state in restating.RUNNING for each in found),
    }
    return render(request, "reporting/restatements.html", context)


def _cases() -> Any:
    beside = ("year", "submission__site", "submission__period", "opened_by", "prepared_by", "decided_by", "edition")
    return Restatement.objects.select_related(*beside).defer("edition__content")


def _case(restatement: Restatement, content: Content) -> dict[str, Any]:
    return {
        "restatement": restatement,
        "cause": restatement.cause_in(get_language() or "en"),
        "lines": from_listed(restating.listed_figures(restatement), content, place_names())
        if restatement.state != RestatementState.OPEN
        else [],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def restatement_open(request: SignedInRequest, code: str) -> HttpResponse:
    """Says what was wrong. ?form=… names the form, ?site=… whose forms are offered."""
    year = policies.access_year(request.user, code)
    if not policies.may_publish(request.user):
        raise PermissionDenied
    site, named = _named(request, year)
    form = OpenForm(request.POST or None, year=year, site=site, initial={"submission": named})
    if form.is_valid():
        try:
            opened = restating.open_restatement(
                year=year,
                user=request.user,
                kind=form.cleaned_data["kind"],
                cause=form.cause,
                submission=form.cleaned_data["submission"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The restatement is open. Correct what was wrong, then list the figures."))
            return redirect("reporting:restatement", year.code, opened.pk)
    context = {
        "year": year,
        "form": form,
        "site": site,
        "site_form": SiteForm(initial={"site": site.code if site else ""}),
    }
    return render(request, "reporting/restatement_open.html", context, status=422 if form.is_bound else 200)


def _named(request: SignedInRequest, year: ReportingYear) -> tuple[Site | None, Submission | None]:
    pk = request.GET.get("form", "")
    if pk.isdecimal() and len(pk) < 18:
        found = Submission.objects.filter(pk=int(pk), period__year=year).select_related("site").first()
        return (found.site, found) if found else (None, None)
    # The database takes no NUL, which an address may hold.
    return Site.objects.filter(code=request.GET.get("site", "").replace("\x00", "")).first(), None


def _found(request: SignedInRequest, code: str, pk: int) -> Restatement:
    year = policies.access_year(request.user, code)
    found: Restatement = get_object_or_404(_cases(), year=year, pk=pk)
    return found


@require_safe
def restatement(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    return _shown(request, _found(request, code, pk))


def _shown(request: SignedInRequest, found: Restatement, problem: str = "") -> HttpResponse:
    is_running = found.state in restating.RUNNING
    content = restating.newest_words(found.year)
    compared = restating.shown_sites(found) if is_running else None
    moved = restating.what_moved(found, compared) if is_running else restating.Moved(figures=(), words=())
    listed = from_listed(restating.listed_figures(found), content, place_names())
    context = {
        **_case(found, content),
        "year": found.year,
        "is_running": is_running,
        "compares_some": compared is not None and found.state == RestatementState.OPEN,
        "lines": from_differences(moved.figures, place_names()) if found.state == RestatementState.OPEN else listed,
        "words": [
            {
                "code": each.code,
                "title": in_language(each.title),
                "old": in_language(each.old),
                "new": in_language(each.new),
            }
            for each in moved.words
        ],
        "may_work": is_running and policies.may_publish(request.user),
        "may_approve": policies.may_approve_restatement(request.user, found),
        "problem": problem,
        # Nothing that was typed is lost.
        "send_back_form": ReasonForm(auto_id="send_back_%s", initial=request.POST.dict()),
        "withdraw_form": ReasonForm(auto_id="withdraw_%s", initial=request.POST.dict()),
        "comment_form": CommentForm(auto_id="approve_%s", initial=request.POST.dict()),
    }
    return render(request, "reporting/restatement.html", context, status=422 if problem else 200)


def _do(request: SignedInRequest, code: str, pk: int, act: Callable[..., object], said: str) -> HttpResponse:
    """Does one thing with a case and says so; what cannot be done now is said on its page."""
    found = _found(request, code, pk)
    if not policies.may_publish(request.user):
        raise PermissionDenied
    try:
        act(restatement_id=found.pk, user=request.user)
    except Refused as refused:
        return _shown(request, found, str(refused))
    messages.success(request, said)
    return redirect("reporting:restatement", code, pk)


@require_POST
def restatement_prepare(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Lists the figures; of a large group in the background, where all of its sites are compared."""
    if not restating.compares_many():
        said = _("The figures are listed. Another lead reviewer approves them.")
        return _do(request, code, pk, restating.prepare, said)
    found = _found(request, code, pk)
    if not policies.may_publish(request.user):
        raise PermissionDenied
    try:
        restating.require_preparable(found)
    except Refused as refused:
        return _shown(request, found, str(refused))
    return redirect("jobs:job", background.start_preparing(found, user=request.user).pk)


@require_POST
def restatement_send_back(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    return _do(request, code, pk, _with_reason(request, restating.send_back), _("The restatement is open again."))


@require_POST
def restatement_withdraw(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    return _do(request, code, pk, _with_reason(request, restating.withdraw), _("The restatement is withdrawn."))


def _with_reason(request: SignedInRequest, act: Callable[..., object]) -> Callable[..., object]:
    def done(**arguments: Any) -> object:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            raise Refused([str(message) for messages_of in form.errors.values() for message in messages_of])
        return act(**arguments, reason=form.cleaned_data["reason"])

    return done


@require_POST
def restatement_approve(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Asks for it in the background: the year is computed anew and written down."""
    found = _found(request, code, pk)
    if not policies.may_publish(request.user):
        raise PermissionDenied
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, " ".join(str(message) for message in form.errors["comment"]))
    if found.state != RestatementState.PREPARED:
        return _shown(request, found, _("This restatement is not waiting for an approval. Reload the page to see it."))
    if not policies.may_approve_restatement(request.user, found):
        raise PermissionDenied
    job = background.start_approving(found, user=request.user, comment=form.cleaned_data["comment"])
    return redirect("jobs:job", job.pk)
