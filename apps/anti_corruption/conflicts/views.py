"""The pages of the conflicts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.anti_corruption import policies, readings
from apps.anti_corruption.answers import readable
from apps.anti_corruption.conflicts import pages, services
from apps.anti_corruption.conflicts.forms import ConcernedForm, ConflictFilter, DecisionForm, PartnerForm
from apps.anti_corruption.models import Conflict, QuestionKind

PAGE_SIZE = 50


@require_safe
def conflict_list(request: SignedInRequest) -> HttpResponse:
    if not policies.oversees(request.user):
        raise Http404
    chosen = ConflictFilter(request.GET, user=request.user)
    found = pages.with_ruling(chosen.among(policies.conflicts_for(request.user)))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": chosen,
        "page": page,
        "lines": pages.lines(list(page.object_list)),
        "query": query.urlencode(),
    }
    return render(request, "anti_corruption/conflicts.html", context)


@require_safe
def conflict(request: SignedInRequest, pk: int) -> HttpResponse:
    return _shown(request, policies.access_conflict(request.user, pk))


def _shown(request: SignedInRequest, found: Conflict, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a conflict. It shows an answer, so the reading is noted each time."""
    readings.note(user=request.user, declaration=found.declaration)
    over = pages.is_over(found)
    decisions, is_decided = pages.decisions_of(found, request.user)
    context = {
        "conflict": found,
        "answer": pages.answer_of(found, request.user),
        "partners": found.partners.select_related("added_by"),
        "concerned": found.concerned.select_related("user", "added_by"),
        "decisions": decisions,
        "is_decided": is_decided,
        # Whoever reads this answer alone must not think to have read the report as well.
        "reports_wrongdoing": any(
            answer.kind == QuestionKind.WRONGDOING and not answer.none
            for answer in readable(found.declaration, request.user)
        ),
        "opens_declaration": policies.declarations_for(request.user).filter(pk=found.declaration_id).exists(),
        "is_over": over,
        "is_stuck": not over and bool(policies.without_decider([found])),
        "may_decide": not over and policies.may_decide(request.user, found),
        "decision_form": DecisionForm(),
        "concerned_form": ConcernedForm(),
        "partner_form": PartnerForm(),
        **forms,
    }
    return render(request, "anti_corruption/conflict.html", context, status=status)


@sensitive_post_parameters("words")
@require_POST
def conflict_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    found = policies.access_conflict(request.user, pk, to_decide=True)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.decide(user=request.user, conflict_id=pk, **form.cleaned_data)
        except services.ConflictError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The decision is kept."))
            return redirect("integrity:conflict", pk)
    return _shown(request, found, 422, decision_form=form, wrong=form)


@sensitive_post_parameters("person")
@require_POST
def conflict_concerned(request: SignedInRequest, pk: int) -> HttpResponse:
    found = policies.access_conflict(request.user, pk, to_decide=True)
    form = ConcernedForm(request.POST)
    if form.is_valid():
        concerned = form.cleaned_data["person"]
        try:
            services.add_concerned(user=request.user, conflict_id=pk, concerned=concerned)
        except services.ConflictError as error:
            form.add_error("person", str(error))
        else:
            if concerned == request.user:
                messages.success(request, _("You are named as concerned, so somebody else decides."))
                return redirect("integrity:conflicts")
            messages.success(request, _("The person is named as concerned."))
            return redirect("integrity:conflict", pk)
    return _shown(request, found, 422, concerned_form=form, wrong=form)


@sensitive_post_parameters("partner")
@require_POST
def conflict_partner(request: SignedInRequest, pk: int) -> HttpResponse:
    found = policies.access_conflict(request.user, pk, to_decide=True)
    form = PartnerForm(request.POST)
    if form.is_valid():
        try:
            services.add_partner(user=request.user, conflict_id=pk, text=form.cleaned_data["partner"])
        except services.ConflictError as error:
            form.add_error("partner", str(error))
        else:
            messages.success(request, _("The business partner is named."))
            return redirect("integrity:conflict", pk)
    return _shown(request, found, 422, partner_form=form, wrong=form)
