"""The steps of a tender: the only code that writes its state.

Each locks the tender, asks the policy, looks at what is missing, and writes state and stamps in one transaction. Lock
order everywhere: the tender first, then its rows.
"""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.supply_chain.models import Tender, TenderState
from apps.supply_chain.tenders import policies
from apps.supply_chain.tenders.ranking import ranking_of

# Percent points over all attributes.
WHOLE = 100
LEAST_ATTRIBUTES = 2
LEAST_SCORERS = 2


class TenderError(ValueError):
    """The step cannot be taken now; the text says why and what to do."""


def expect(tender: Tender, *states: TenderState) -> None:
    """Raises TenderError unless the tender is in one of ``states``."""
    if tender.state not in states:
        raise TenderError(
            _("The tender is now “%(state)s”; this is no longer possible.") % {"state": tender.get_state_display()}
        )


def locked(tender_id: int, *states: TenderState) -> Tender:
    """The tender, kept still until the transaction ends. Raises TenderError unless it is in one of ``states``."""
    tender = Tender.objects.select_related("site").select_for_update(of=("self",)).get(pk=tender_id)
    expect(tender, *states)
    return tender


def locked_to_run(tender_id: int, user: User, *states: TenderState) -> Tender:
    tender = locked(tender_id, *states)
    if not policies.may_run(user, tender):
        raise PermissionDenied
    return tender


def _move(tender: Tender, state: TenderState, **stamps: object) -> Tender:
    tender.state = state
    for name, value in stamps.items():
        setattr(tender, name, value)
    tender.save(update_fields=["state", *stamps])
    return tender


@transaction.atomic
def invite(*, tender_id: int, user: User) -> Tender:
    """Fixes weights, requirements and scorers, and takes bids from now on."""
    tender = locked_to_run(tender_id, user, TenderState.PREPARING)
    weights = list(tender.weights.all())
    added_up = sum(weight.weight for weight in weights)
    if added_up != WHOLE:
        raise TenderError(_("The weights add up to %(sum)d; they have to add up to 100.") % {"sum": added_up})
    if len(weights) < LEAST_ATTRIBUTES:
        raise TenderError(_("Give at least two attributes a weight."))
    if tender.scorers.count() < LEAST_SCORERS:
        raise TenderError(_("Name at least two scorers."))
    return _move(tender, TenderState.INVITING, weights_fixed_by=user, weights_fixed_at=timezone.now())


@transaction.atomic
def open_bids(*, tender_id: int, user: User) -> Tender:
    """Ends the taking of bids, once their last day has passed."""
    tender = locked_to_run(tender_id, user, TenderState.INVITING)
    if timezone.localdate() <= tender.bids_due_on:
        day = date_format(tender.bids_due_on)
        raise TenderError(_("Bids are taken until the end of %(day)s. Open them after it.") % {"day": day})
    if not tender.live_bids:
        raise TenderError(_("There is no bid to open. Enter the bids received, or cancel the tender."))
    return _move(tender, TenderState.OPENED, opened_by=user, opened_at=timezone.now())


@transaction.atomic
def start_scoring(*, tender_id: int, user: User) -> Tender:
    """Closes the bids and hands them to the scorers."""
    tender = locked_to_run(tender_id, user, TenderState.OPENED)
    wanted = set(tender.knock_outs.values_list("pk", flat=True))
    bids = list(tender.bids.filter(withdrawn_at=None).select_related("supplier").prefetch_related("results"))
    for bid in bids:
        answered = {result.criterion_id for result in bid.results.all()}
        if not bid.eliminated and (bid.price is None or wanted - answered):
            raise TenderError(
                _("The bid of %(bidder)s lacks its price or an answer to a requirement.")
                % {"bidder": bid.supplier.name}
            )
    if all(bid.eliminated for bid in bids):
        raise TenderError(_("Every bid is eliminated. Cancel the tender and invite again."))
    return _move(tender, TenderState.SCORING, scoring_by=user, scoring_at=timezone.now())


def rank_if_all_are_in(tender: Tender) -> Tender:
    """Ranks the locked tender in the transaction in which the last score comes in, or the last other scorer goes."""
    if tender.scorers.filter(handed_in_at=None, excused_at=None).exists():
        return tender
    return _move(tender, TenderState.RANKED, ranked_at=timezone.now())


@transaction.atomic
def select(*, tender_id: int, user: User, bid_id: int, reason: str, decided_on: dt.date | None = None) -> Tender:
    """Chooses a bid. One that is not first in the ranking needs a reason; of several first, any does without.

    A day of decision before the day of the ranking needs one too: the ranking was not there to decide by.

    ``decided_on`` is the day of the decision, by which years count: today, or earlier where it is entered later.
    """
    tender = locked_to_run(tender_id, user, TenderState.RANKED)
    ranking = ranking_of(tender)
    chosen = next((standing.bid for standing in ranking.standings if standing.bid.pk == bid_id), None)
    if chosen is None:
        raise TenderError(_("Choose one of the remaining bids."))
    if not ranking.is_first(chosen.pk) and not reason.strip():
        raise TenderError(_("This bid is not first in the ranking. Write why it is selected all the same."))
    today = timezone.localdate()
    decided_on = decided_on or today
    if not tender.bids_due_on < decided_on <= today:
        raise TenderError(_("The day of the decision lies after the day on which bids were due, and not after today."))
    # ranked_at is there: the ranking was made.
    if decided_on < timezone.localtime(tender.ranked_at).date() and not reason.strip():
        raise TenderError(
            _("The day of the decision lies before the day of the ranking. Write why the decision is entered later.")
        )
    return _move(
        tender,
        TenderState.SELECTED,
        winner=chosen,
        decision_reason=reason.strip(),
        decided_by=user,
        decided_at=timezone.now(),
        decided_on=decided_on,
    )


def _locked_to_review(tender_id: int, user: User, bid_id: int) -> Tender:
    """``bid_id`` is the selection the reviewer looked at."""
    tender = locked(tender_id, TenderState.SELECTED)
    if not policies.may_review(user, tender):
        raise PermissionDenied
    if tender.winner_id != bid_id:
        raise TenderError(_("Another bid was selected since you opened this page. Look at it again, then decide."))
    return tender


@transaction.atomic
def approve(*, tender_id: int, user: User, bid_id: int) -> Tender:
    """Awards the tender. Four eyes: a reviewer who took no part in it."""
    tender = _locked_to_review(tender_id, user, bid_id)
    if policies.took_part(user, tender):
        raise TenderError(_("You took part in this tender, so somebody else approves it."))
    return _move(tender, TenderState.AWARDED, approved_by=user, approved_at=timezone.now())


@transaction.atomic
def send_back(*, tender_id: int, user: User, bid_id: int, comment: str) -> Tender:
    """Asks for another selection, or a better reason; the ranking stays."""
    tender = _locked_to_review(tender_id, user, bid_id)
    if not comment.strip():
        raise TenderError(_("Say why it goes back, so that the site knows what to do."))
    return _move(
        tender,
        TenderState.RANKED,
        winner=None,
        decision_reason="",
        decided_by=None,
        decided_at=None,
        decided_on=None,
        sent_back_by=user,
        sent_back_at=timezone.now(),
        sent_back_because=comment.strip(),
    )


@transaction.atomic
def cancel(*, tender_id: int, user: User, reason: str) -> Tender:
    """Ends the tender without an award. Scores that were not ranked stay closed for ever."""
    tender = locked_to_run(
        tender_id,
        user,
        TenderState.PREPARING,
        TenderState.INVITING,
        TenderState.OPENED,
        TenderState.SCORING,
        TenderState.RANKED,
        TenderState.SELECTED,
    )
    if not reason.strip():
        raise TenderError(_("Write why the tender is cancelled."))
    return _move(
        tender,
        TenderState.CANCELLED,
        cancelled_by=user,
        cancelled_at=timezone.now(),
        cancelled_because=reason.strip(),
    )
