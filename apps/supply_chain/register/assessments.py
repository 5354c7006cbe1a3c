"""The pages of the assessments of a supplier."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.submissions.evidence import ACCEPT, EvidenceError
from apps.submissions.views.attachments import download
from apps.supply_chain import policies
from apps.supply_chain.models import Assessment, AssessmentFile, CorrectiveAction, Supplier
from apps.supply_chain.register import services
from apps.supply_chain.register.forms import ActionForm, AssessmentForm, FileForm, ReasonForm, RecheckForm
from apps.supply_chain.register.services import Refused
from apps.supply_chain.register.views import for_keepers, for_readers


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def assessment_add(request: SignedInRequest, pk: int) -> HttpResponse:
    supplier = get_object_or_404(Supplier, pk=pk)
    return _edit(request, Assessment(supplier=supplier))


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def assessment_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Assessment.objects.select_related("supplier"), pk=pk)
    if found.is_confirmed:
        messages.error(request, _("This assessment is confirmed and stays as it is."))
        return redirect("supply_chain:assessment", pk)
    return _edit(request, found)


def _edit(request: SignedInRequest, found: Assessment) -> HttpResponse:
    form = AssessmentForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            kept = services.save_assessment(user=request.user, assessment=form.instance)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The assessment is kept. Attach its evidence; then a reviewer confirms it."))
            return redirect("supply_chain:assessment", kept.pk)
    status = 422 if form.is_bound else 200
    return render(request, "supply_chain/assessment_edit.html", {"form": form, "assessment": found}, status=status)


@require_safe
@for_readers
def assessment(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _found(pk))


def _found(pk: int) -> Assessment:
    people = ("supplier", "entered_by", "confirmed_by", "withdrawn_by")
    return get_object_or_404(Assessment.objects.select_related(*people), pk=pk)


def _page(request: SignedInRequest, found: Assessment, *, status: int = 200, **forms: Any) -> HttpResponse:
    keeps = policies.may_keep_suppliers(request.user)
    context = {
        "assessment": found,
        "files": found.files.select_related("uploaded_by"),
        "actions": found.actions.select_related("checked_by"),
        "missing": services.what_is_missing(found) if not found.is_confirmed else (),
        "may_change": keeps and not found.is_confirmed,
        "may_recheck": keeps and found.is_confirmed and not found.is_withdrawn,
        "may_confirm": policies.may_confirm(request.user, found),
        "may_withdraw": policies.may_withdraw(request.user, found),
        "file_form": FileForm(),
        "action_form": ActionForm(),
        "recheck_form": RecheckForm(),
        "reason_form": ReasonForm(),
        "recheck_of": 0,
        "accept": ACCEPT,
        **forms,
    }
    named = ("file_form", "action_form", "recheck_form", "reason_form")
    context["forms_with_errors"] = [forms[name] for name in named if name in forms]
    return render(request, "supply_chain/assessment.html", context, status=status)


@require_POST
@for_keepers
def assessment_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    try:
        services.delete_assessment(user=request.user, pk=pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("supply_chain:assessment", pk)
    messages.success(request, _("The assessment is deleted."))
    return redirect("supply_chain:supplier", found.supplier_id)


@require_POST
@for_keepers
def file_add(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, status=422, file_form=form)
    try:
        kept = services.attach(
            user=request.user, pk=pk, about=form.cleaned_data["about"], upload=form.cleaned_data["file"]
        )
    except (EvidenceError, Refused) as refusal:
        form.add_error("file", str(refusal))
        return _page(request, found, status=422, file_form=form)
    messages.success(request, _("“%(name)s” is attached.") % {"name": kept.name})
    return redirect("supply_chain:assessment", pk)


@require_safe
@for_readers
def file(request: SignedInRequest, pk: int) -> FileResponse:
    return download(get_object_or_404(AssessmentFile, pk=pk))


@require_POST
@for_keepers
def file_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(AssessmentFile, pk=pk)
    try:
        services.detach(user=request.user, kept=kept)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(name)s” is removed.") % {"name": kept.name})
    return redirect("supply_chain:assessment", kept.assessment_id)


@require_POST
@for_keepers
def action_add(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    form = ActionForm(request.POST, instance=CorrectiveAction(assessment=found))
    if not form.is_valid():
        return _page(request, found, status=422, action_form=form)
    try:
        services.add_action(user=request.user, action=form.instance)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("supply_chain:assessment", pk)


@require_POST
@for_keepers
def action_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    action = get_object_or_404(CorrectiveAction, pk=pk)
    try:
        services.drop_action(user=request.user, action=action)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("supply_chain:assessment", action.assessment_id)


@require_POST
@for_keepers
def action_recheck(request: SignedInRequest, pk: int) -> HttpResponse:
    action = get_object_or_404(CorrectiveAction, pk=pk)
    form = RecheckForm(request.POST)
    if form.is_valid():
        try:
            services.recheck(
                user=request.user,
                pk=pk,
                checked_on=form.cleaned_data["checked_on"],
                put_right=form.cleaned_data["put_right"],
                outcome=form.cleaned_data["outcome"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The re-check is kept."))
            return redirect("supply_chain:assessment", action.assessment_id)
    return _page(request, _found(action.assessment_id), status=422, recheck_form=form, recheck_of=pk)


@require_POST
@for_readers
def assessment_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    try:
        services.confirm(user=request.user, pk=found.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Confirmed. The assessment counts from now on."))
    return redirect("supply_chain:assessment", pk)


@require_POST
@for_readers
def assessment_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    if not policies.may_withdraw(request.user, found):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, reason_form=form)
    services.withdraw(user=request.user, pk=found.pk, reason=form.cleaned_data["reason"])
    messages.success(request, _("Withdrawn. The assessment no longer counts."))
    return redirect("supply_chain:assessment", pk)
