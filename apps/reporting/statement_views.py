"""The page of a statement and what is done with it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import SignedInRequest
from apps.reporting import policies, statements
from apps.reporting.models import Statement, StatementKind
from apps.reporting.statement_forms import CommentForm, ResponsibleForm, RevisionForm, StatementForm
from apps.reporting.statement_page import compare_all, statement_context
from apps.submissions.workflow import Refused


def _shown(
    request: SignedInRequest, year: str, code: str, extra: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    found_year, provision, statement = policies.access_provision(request.user, year, code)
    context = statement_context(request.user, found_year, provision, statement, request.GET)
    return render(request, "reporting/statement.html", {**context, **(extra or {})}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: SignedInRequest, year: str, code: str) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, year, code)
    found_year, _provision, stored = policies.access_provision(request.user, year, code)
    if not (policies.may_write_statements(request.user) or stored and policies.is_responsible(request.user, stored)):
        raise PermissionDenied
    form = StatementForm(request.POST)
    if not form.is_valid():
        return _shown(request, year, code, {"form": form, "may_edit": True}, status=422)
    try:
        saved = statements.save(
            year_id=found_year.pk,
            code=code,
            user=request.user,
            revision=form.cleaned_data["revision"],
            kind=StatementKind(form.cleaned_data["kind"]),
            texts=form.texts,
        )
    except statements.Stale as stale:
        return _show_both(request, year, code, form, stale.statement)
    except Refused as refused:
        # What was typed stays on the page, to be copied, though it cannot be saved.
        messages.error(request, str(refused))
        return _shown(request, year, code, {"form": form, "may_edit": True}, status=409)
    if "hand_in" in request.POST:
        return _hand_in(request, year, code, saved)
    messages.success(request, _("The statement is saved."))
    return redirect("reporting:statement", year, code)


def _show_both(request: SignedInRequest, year: str, code: str, form: StatementForm, stored: Statement) -> HttpResponse:
    """Somebody saved in between: what is stored and what was typed, to be brought together and saved."""
    extra = {
        "form": form.upon(stored),
        "may_edit": True,
        "stale": compare_all(_("As saved by somebody else"), stored, _("As you typed it"), form.texts),
    }
    return _shown(request, year, code, extra, status=409)


def _hand_in(request: SignedInRequest, year: str, code: str, saved: Statement) -> HttpResponse:
    try:
        statements.submit(statement_id=saved.pk, user=request.user, revision=saved.revision)
    except Refused as refused:
        messages.warning(request, _("Saved, but not handed in. %(reason)s") % {"reason": refused})
        return redirect("reporting:statement", year, code)
    messages.success(request, _("The statement is handed in."))
    return redirect("reporting:statement", year, code)


def _decide(
    request: SignedInRequest, year: str, code: str, form: forms.Form, move: Callable[[int], Any], said: str
) -> HttpResponse:
    """Makes a step with a stored statement; what is refused is told on its page with the comment as typed."""
    stored = policies.access_provision(request.user, year, code)[2]
    if stored is None:
        raise Http404
    if not form.is_valid():
        return _shown(request, year, code, {"comment_form": form}, status=422)
    try:
        move(stored.pk)
    except Refused as refused:
        messages.error(request, str(refused))
        found = list(refused.problems) if isinstance(refused, statements.NotReady) else []
        extra = {"comment_form": form} if isinstance(form, CommentForm) else {}
        return _shown(request, year, code, {**extra, "refused": found}, status=409)
    messages.success(request, said)
    return redirect("reporting:statement", year, code)


@require_POST
def statement_approve(request: SignedInRequest, year: str, code: str) -> HttpResponse:
    form = RevisionForm(request.POST)

    def approve(pk: int) -> None:
        statements.approve(statement_id=pk, user=request.user, revision=form.cleaned_data["revision"])

    return _decide(request, year, code, form, approve, _("The statement is approved."))


@require_POST
def statement_send_back(request: SignedInRequest, year: str, code: str) -> HttpResponse:
    form = CommentForm(request.POST)

    def send_back(pk: int) -> None:
        statements.send_back(statement_id=pk, user=request.user, **form.cleaned_data)

    return _decide(request, year, code, form, send_back, _("The statement is sent back."))


@require_POST
def statement_reopen(request: SignedInRequest, year: str, code: str) -> HttpResponse:
    form = CommentForm(request.POST)

    def reopen(pk: int) -> None:
        said = form.cleaned_data
        statements.reopen(statement_id=pk, user=request.user, revision=said["revision"], reason=said["comment"])

    return _decide(request, year, code, form, reopen, _("The statement is open again."))


@require_POST
def statement_responsible(request: SignedInRequest, year: str, code: str) -> HttpResponse:
    found_year, _provision, _stored = policies.access_provision(request.user, year, code)
    form = ResponsibleForm(request.POST)
    if not policies.may_write_statements(request.user):
        raise PermissionDenied
    if not form.is_valid():
        return _shown(request, year, code, {"responsible_form": form}, status=422)
    try:
        statements.name_responsible(
            year_id=found_year.pk, code=code, user=request.user, responsible=form.cleaned_data["responsible"]
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The responsible person is kept."))
    return redirect("reporting:statement", year, code)


@require_POST
def carry_forward(request: SignedInRequest, year: str, code: str = "") -> HttpResponse:
    """One provision, or all that have no words yet."""
    found_year = policies.access_year(request.user, year)
    try:
        carried = statements.carry_forward(year_id=found_year.pk, user=request.user, codes=[code] if code else None)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if carried:
            messages.success(
                request,
                ngettext(
                    "%(count)d statement is carried forward as a draft.",
                    "%(count)d statements are carried forward as drafts.",
                    len(carried),
                )
                % {"count": len(carried)},
            )
        else:
            messages.info(request, _("There was nothing to carry forward: no approved words of the year before."))
    return redirect("reporting:statement", year, code) if code else redirect("reporting:year", year)
