"""The pages of a scorer: interests, points, handing in. Each shows the scorer's own and nobody else's.

And the one thing a lead reviewer does here: to excuse a scorer, without seeing any point.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import SignedInRequest
from apps.supply_chain.models import Tender, TenderScorer, TenderState
from apps.supply_chain.tenders import interests, pages, policies, scoring
from apps.supply_chain.tenders.forms import ScoresForm, StatementForm
from apps.supply_chain.tenders.policies import access_tender
from apps.supply_chain.tenders.steps import TenderError
from apps.supply_chain.tenders.views import back, told, words


def _own(request: SignedInRequest, pk: int) -> tuple[Tender, TenderScorer]:
    """The tender and the place of its reader among the scorers, while it is theirs to score."""
    tender = access_tender(request.user, pk, to_score=True)
    scorer = policies.scorer_of(request.user, tender)
    assert scorer is not None  # noqa: S101 - access_tender refuses everybody else
    if tender.state != TenderState.SCORING:
        raise TenderError(_("This tender is not being scored."))
    if scorer.is_excused:
        raise TenderError(_("You were excused from scoring this tender."))
    if scorer.handed_in_at is not None:
        raise TenderError(_("You have handed in your scores; they stay as they are."))
    return tender, scorer


@require_http_methods(["GET", "HEAD", "POST"])
@told
def tender_statement(request: SignedInRequest, pk: int) -> HttpResponse:
    tender, scorer = _own(request, pk)
    bids = tender.live_bids
    form = StatementForm(bids, scorer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        scoring.state_interests(tender_id=pk, user=request.user, words=form.words())
        messages.success(request, _("Your statement is kept."))
        return redirect("supply_chain:tender_scores", pk)
    context = {"tender": tender, "form": form, "declared": _declared(tender, scorer)}
    return render(
        request, "supply_chain/tender_statement.html", context, status=422 if request.method == "POST" else 200
    )


def _declared(tender: Tender, scorer: TenderScorer) -> list[interests.KnownInterest]:
    """The scorer's own interests in the bidders: those of others are for the lead reviewers."""
    return [known for known in interests.interests_of(tender) if known.scorer.pk == scorer.pk]


@require_http_methods(["GET", "HEAD", "POST"])
@told
def tender_scores(request: SignedInRequest, pk: int) -> HttpResponse:
    """The grid of points: kept as a draft any time, handed in on a page of its own."""
    tender, scorer = _own(request, pk)
    if scorer.stated_at is None:
        return redirect("supply_chain:tender_statement", pk)
    form = ScoresForm(tender, scorer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        changed = scoring.save_scores(tender_id=pk, user=request.user, points=form.points())
        if "hand_in" in request.POST:
            return redirect("supply_chain:tender_hand_in", pk)
        said = ngettext("%(count)d score is saved.", "%(count)d scores are saved.", changed) % {"count": changed}
        messages.success(request, said if changed else _("Nothing has changed."))
        return redirect("supply_chain:tender_scores", pk)
    context = {
        "tender": tender,
        "form": form,
        "rows": [(bid, pages.money(tender, bid.price), cells) for bid, cells in form.rows()],
        "known": _declared(tender, scorer),
    }
    return render(request, "supply_chain/tender_scores.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@told
def tender_hand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Shows the scorer's points once more, then closes them for good."""
    tender, scorer = _own(request, pk)
    if request.method == "POST":
        moved = scoring.hand_in(tender_id=pk, user=request.user)
        if moved.is_ranked:
            messages.success(request, _("Your scores are handed in. They were the last: the tender is ranked."))
        else:
            messages.success(request, _("Your scores are handed in."))
        return back(pk)
    form = ScoresForm(tender, scorer)
    rows = form.rows()
    missing = sum(cell["points"].initial is None for _bid, cells in rows for cell in cells)
    context = {"tender": tender, "rows": rows, "missing": missing, "known": _declared(tender, scorer)}
    return render(request, "supply_chain/tender_hand_in.html", context)


@require_POST
@told
def scorer_excuse(request: SignedInRequest, pk: int, scorer_pk: int) -> HttpResponse:
    tender = access_tender(request.user, pk, to_excuse=True)
    scorer = next((scorer for scorer in tender.scorers.all() if scorer.pk == scorer_pk), None)
    if scorer is None:
        raise Http404
    moved = scoring.excuse(tender_id=pk, user=request.user, scorer_id=scorer_pk, reason=words(request, "reason"))
    messages.success(request, _("%(person)s no longer scores this tender.") % {"person": scorer.user})
    if moved.is_ranked:
        messages.success(request, _("All other scores are in: the tender is ranked."))
    return back(pk)
