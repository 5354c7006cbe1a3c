"""The pages of a tender for those who run, review and read it. Scoring has its own module."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.submissions.evidence import ACCEPT, EvidenceError
from apps.submissions.exchange.lines import day_in
from apps.submissions.views.attachments import download
from apps.supply_chain.models import Bid, BidFile, Tender, TenderState
from apps.supply_chain.tenders import bidding, interests, pages, policies, preparing, report, steps
from apps.supply_chain.tenders.forms import (
    BidForm,
    ReadBidForm,
    RequirementsForm,
    ScorerForm,
    TenderFilter,
    TenderForm,
    WeightsForm,
)
from apps.supply_chain.tenders.policies import access_tender
from apps.supply_chain.tenders.steps import TenderError

PAGE_SIZE: Final = 50
# Every reason and comment of a tender takes as many characters.
LONGEST_TEXT: Final = 1000

View = Callable[..., HttpResponse]


def told(view: View) -> View:
    """Says why a step cannot be taken, on the page of the tender."""

    @wraps(view)
    def guarded(request: SignedInRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, pk, *args, **kwargs)
        except TenderError as error:
            messages.error(request, str(error))
            return back(pk)

    return guarded


def back(pk: int) -> HttpResponse:
    return redirect("supply_chain:tender", pk)


@require_safe
def tender_list(request: SignedInRequest) -> HttpResponse:
    if not policies.may_open_register(request.user):
        raise Http404
    chosen = TenderFilter(request.GET, user=request.user)
    found = policies.tenders_for(request.user).filter(chosen.condition()).select_related("site", "material")
    page = Paginator(found.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": chosen,
        "page": page,
        "lines": [{"tender": tender, "mark": pages.mark_of(tender)} for tender in page.object_list],
        "query": query.urlencode(),
        "may_create": policies.may_create(request.user),
    }
    return render(request, "supply_chain/tenders.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tender_new(request: SignedInRequest) -> HttpResponse:
    if not policies.may_create(request.user):
        raise Http404
    form = TenderForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            tender = preparing.create(form.instance, user=request.user)
        except preparing.NumberInUse as error:
            form.add_error("number", str(error))
        else:
            said = _("The tender is created. Set weights, requirements and scorers, then invite bids.")
            messages.success(request, said)
            return back(tender.pk)
    return render(
        request, "supply_chain/tender_form.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@told
def tender_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = access_tender(request.user, pk, to_run=True)
    if tender.state != TenderState.PREPARING:
        raise TenderError(_("The facts of a tender stay once its weights are fixed."))
    form = TenderForm(request.POST if request.method == "POST" else None, instance=tender, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            preparing.change(form.instance, user=request.user, fields=list(form.fields))
        except preparing.NumberInUse as error:
            form.add_error("number", str(error))
        else:
            messages.success(request, _("The tender is saved."))
            return back(pk)
    context = {"form": form, "tender": tender}
    return render(request, "supply_chain/tender_form.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def tender(request: SignedInRequest, pk: int) -> HttpResponse:
    return tender_page(request, access_tender(request.user, pk))


def tender_page(request: SignedInRequest, tender: Tender, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page that changes with the state; ``forms`` are those with something to correct."""
    user = request.user
    runs = policies.may_run(user, tender)
    context: dict[str, Any] = {
        "tender": tender,
        "mark": pages.mark_of(tender),
        "estimate": pages.money(tender, tender.estimated_value) if tender.estimated_value else "",
        "steps": pages.steps_of(tender),
        "bids": pages.bid_lines(tender),
        "matrix": pages.matrix_of(tender),
        "weight_sum": sum(weight.weight for weight in tender.weights.all()),
        "weight_missing": steps.WHOLE - sum(weight.weight for weight in tender.weights.all()),
        "ranking": pages.shown_ranking(tender),
        "may_run": runs,
        "may_review": policies.may_review(user, tender),
        "may_approve": policies.may_approve(user, tender),
        "seat": policies.scorer_of(user, tender),
        "interests": interests.interests_of(tender) if policies.may_see_interests(user, tender) else [],
        "may_excuse": tender.state == TenderState.SCORING and policies.may_excuse(user, tender),
    }
    if runs and tender.state == TenderState.PREPARING:
        context |= {
            "weights_form": WeightsForm(tender),
            "requirements_form": RequirementsForm(tender),
            "scorer_form": ScorerForm(tender),
        }
    if runs and tender.state == TenderState.INVITING:
        context["bid_form"] = BidForm(tender)
    return render(request, "supply_chain/tender.html", context | forms, status=status)


@require_POST
@told
def tender_weights(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = access_tender(request.user, pk, to_run=True)
    steps.expect(tender, TenderState.PREPARING)
    form = WeightsForm(tender, request.POST)
    if not form.is_valid():
        return tender_page(request, tender, status=422, weights_form=form)
    added_up = preparing.set_weights(tender_id=pk, user=request.user, weights=form.weights())
    if added_up == steps.WHOLE:
        messages.success(request, _("The weights are saved; they add up to 100."))
    else:
        messages.warning(
            request, _("The weights are saved. They add up to %(sum)d; they have to add up to 100.") % {"sum": added_up}
        )
    return back(pk)


@require_POST
@told
def tender_requirements(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = access_tender(request.user, pk, to_run=True)
    steps.expect(tender, TenderState.PREPARING)
    form = RequirementsForm(tender, request.POST)
    if not form.is_valid():
        return tender_page(request, tender, status=422, requirements_form=form)
    texts = form.cleaned_data["requirements"]
    preparing.set_requirements(tender_id=pk, user=request.user, texts=texts)
    messages.success(request, _("The requirements are saved."))
    return back(pk)


@require_POST
@told
def tender_scorers(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = access_tender(request.user, pk, to_run=True)
    steps.expect(tender, TenderState.PREPARING)
    form = ScorerForm(tender, request.POST)
    if not form.is_valid():
        return tender_page(request, tender, status=422, scorer_form=form)
    scorer = preparing.add_scorer(tender_id=pk, user=request.user, scorer=form.cleaned_data["person"])
    messages.success(request, _("%(person)s scores this tender.") % {"person": scorer.user})
    return back(pk)


@require_POST
@told
def tender_scorer_remove(request: SignedInRequest, pk: int, scorer_pk: int) -> HttpResponse:
    access_tender(request.user, pk, to_run=True)
    preparing.remove_scorer(tender_id=pk, user=request.user, scorer_id=scorer_pk)
    return back(pk)


@require_POST
@told
def tender_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    access_tender(request.user, pk, to_run=True)
    steps.invite(tender_id=pk, user=request.user)
    messages.success(request, _("The weights are fixed. Bids may be entered as they come in."))
    return back(pk)


@require_POST
@told
def tender_bids(request: SignedInRequest, pk: int) -> HttpResponse:
    """Notes a sealed bid."""
    tender = access_tender(request.user, pk, to_run=True)
    steps.expect(tender, TenderState.INVITING)
    form = BidForm(tender, request.POST)
    if not form.is_valid():
        return tender_page(request, tender, status=422, bid_form=form)
    bid = bidding.enter_bid(
        tender_id=pk,
        user=request.user,
        supplier=form.cleaned_data["supplier"],
        received_on=form.cleaned_data["received_on"],
    )
    messages.success(request, _("The bid of %(bidder)s is noted.") % {"bidder": bid.supplier.name})
    return back(pk)


@require_POST
@told
def bid_remove(request: SignedInRequest, pk: int, bid_pk: int) -> HttpResponse:
    """Withdraws a sealed bid; it stays in the list."""
    tender = access_tender(request.user, pk, to_run=True)
    if bid_pk not in {bid.pk for bid in tender.bids.all()}:
        raise Http404
    bid = bidding.withdraw_bid(tender_id=pk, user=request.user, bid_id=bid_pk, reason=words(request, "reason"))
    messages.success(request, _("The bid of %(bidder)s is withdrawn.") % {"bidder": bid.supplier.name})
    return back(pk)


@require_POST
@told
def tender_open(request: SignedInRequest, pk: int) -> HttpResponse:
    access_tender(request.user, pk, to_run=True)
    steps.open_bids(tender_id=pk, user=request.user)
    messages.success(request, _("The bids are opened. Enter what each of them says."))
    return back(pk)


def _bid(tender: Tender, bid_pk: int) -> Bid:
    bid = next((bid for bid in tender.live_bids if bid.pk == bid_pk), None)
    if bid is None or tender.opened_at is None:
        raise Http404
    return bid


@require_http_methods(["GET", "HEAD", "POST"])
@told
def bid(request: SignedInRequest, pk: int, bid_pk: int) -> HttpResponse:
    """What an opened bid says: a form while bids are opened, and afterwards to read."""
    writes = request.method == "POST"
    tender = access_tender(request.user, pk, to_run=writes)
    bid = _bid(tender, bid_pk)
    if writes:
        steps.expect(tender, TenderState.OPENED)
    may_write = tender.state == TenderState.OPENED and policies.may_run(request.user, tender)
    form = ReadBidForm(tender, bid, request.POST if writes else None)
    if writes and form.is_valid():
        bidding.read_bid(
            tender_id=pk,
            user=request.user,
            bid_id=bid.pk,
            price=form.cleaned_data["price"],
            payment=form.cleaned_data["payment"],
            delivery=form.cleaned_data["delivery"],
            answers=form.answers(),
        )
        messages.success(request, _("The bid of %(bidder)s is saved.") % {"bidder": bid.supplier.name})
        return back(pk)
    context = {
        "tender": tender,
        "bid": bid,
        "price": pages.money(tender, bid.price),
        "form": form if may_write else None,
        "accept": ACCEPT,
        "answers": [(row.text, dict(row.answers)[bid]) for row in pages.matrix_of(tender)],
    }
    return render(request, "supply_chain/tender_bid.html", context, status=422 if writes else 200)


@require_POST
@told
def bid_files(request: SignedInRequest, pk: int, bid_pk: int) -> HttpResponse:
    tender = access_tender(request.user, pk, to_run=True)
    bid = _bid(tender, bid_pk)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Choose a file first."))
    else:
        try:
            kept = bidding.add_file(tender_id=pk, user=request.user, bid_id=bid.pk, upload=upload)
        except EvidenceError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("“%(name)s” is attached.") % {"name": kept.name})
    return redirect("supply_chain:bid", pk, bid.pk)


def _file(tender: Tender, file_pk: int) -> BidFile:
    kept = BidFile.objects.filter(pk=file_pk, bid__tender=tender).select_related("bid").first()
    if kept is None:
        raise Http404
    return kept


@require_safe
def bid_file(request: SignedInRequest, pk: int, file_pk: int) -> FileResponse:
    """A document of a bid, to download."""
    return download(_file(access_tender(request.user, pk), file_pk))


@require_POST
@told
def bid_file_remove(request: SignedInRequest, pk: int, file_pk: int) -> HttpResponse:
    kept = _file(access_tender(request.user, pk, to_run=True), file_pk)
    bidding.remove_file(tender_id=pk, user=request.user, kept=kept)
    messages.success(request, _("“%(name)s” is removed.") % {"name": kept.name})
    return redirect("supply_chain:bid", pk, kept.bid_id)


@require_POST
@told
def tender_start_scoring(request: SignedInRequest, pk: int) -> HttpResponse:
    access_tender(request.user, pk, to_run=True)
    steps.start_scoring(tender_id=pk, user=request.user)
    messages.success(request, _("The bids are closed. The scorers find the tender in their work."))
    return back(pk)


def _number(text: str | None) -> int:
    """The number of a row that a form sent back; 0 for none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else 0


@require_POST
@told
def tender_select(request: SignedInRequest, pk: int) -> HttpResponse:
    access_tender(request.user, pk, to_run=True)
    steps.select(
        tender_id=pk,
        user=request.user,
        bid_id=_number(request.POST.get("bid")),
        reason=words(request, "reason"),
        decided_on=_day(words(request, "decided_on")),
    )
    messages.success(request, _("The bid is selected. A reviewer approves it."))
    return back(pk)


def _day(text: str) -> dt.date | None:
    """The day somebody chose, None where they left it open. Raises TenderError for what is no day."""
    day = day_in(text) if text else None
    if text and day is None:
        raise TenderError(_("This is no day. Write it like 2020-03-05."))
    return day


def words(request: SignedInRequest, name: str) -> str:
    """A text of a form without what the database does not take. Raises TenderError for one longer than its column."""
    # Browsers send a line break as two characters and count it as one.
    text = request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise TenderError(
            _("The text has %(count)d characters; at most %(most)d fit. Shorten it.")
            % {"count": len(text), "most": LONGEST_TEXT}
        )
    return text


@require_POST
@told
def tender_approve(request: SignedInRequest, pk: int) -> HttpResponse:
    access_tender(request.user, pk, to_review=True)
    steps.approve(tender_id=pk, user=request.user, bid_id=_number(request.POST.get("bid")))
    messages.success(request, _("The tender is awarded."))
    return back(pk)


@require_POST
@told
def tender_send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    access_tender(request.user, pk, to_review=True)
    steps.send_back(
        tender_id=pk,
        user=request.user,
        bid_id=_number(request.POST.get("bid")),
        comment=words(request, "comment"),
    )
    messages.success(request, _("The selection is sent back."))
    return back(pk)


@require_POST
@told
def tender_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    access_tender(request.user, pk, to_run=True)
    steps.cancel(tender_id=pk, user=request.user, reason=words(request, "reason"))
    messages.success(request, _("The tender is cancelled."))
    return back(pk)


def _ranked(request: SignedInRequest, pk: int) -> Tender:
    """A tender with a ranking: before there is one, there is no report of it."""
    tender = access_tender(request.user, pk)
    if not tender.is_ranked:
        raise Http404
    return tender


@require_safe
def tender_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """The evaluation on one page, to print."""
    tender = _ranked(request, pk)
    known = interests.interests_of(tender)
    context = {
        "tender": tender,
        "estimate": pages.money(tender, tender.estimated_value) if tender.estimated_value else "",
        "steps": [step for step in pages.steps_of(tender) if step.at],
        "ranking": pages.shown_ranking(tender),
        "bids": pages.bid_lines(tender),
        "matrix": pages.matrix_of(tender),
        "interests": known if policies.may_see_interests(request.user, tender) else [],
        "interested": interests.how_many(known) if known else "",
    }
    return render(request, "supply_chain/tender_report.html", context)


@require_safe
def tender_report_xlsx(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = _ranked(request, pk)
    content = report.workbook(tender, with_interests=policies.may_see_interests(request.user, tender))
    response = HttpResponse(content, content_type=report.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="tender-{tender.pk}.xlsx"'
    return response
