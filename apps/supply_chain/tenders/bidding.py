"""Bids: taken in sealed, then read out with their documents and measured against the requirements."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.submissions import evidence
from apps.supply_chain.models import Bid, BidFile, KnockOutResult, Supplier, Tender, TenderState
from apps.supply_chain.tenders.steps import TenderError, locked_to_run

_LONGEST_REASON = 2000


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Whether a bid meets one requirement; ``passed`` is None where nobody has looked yet."""

    criterion_id: int
    passed: bool | None
    reason: str = ""


@transaction.atomic
def enter_bid(*, tender_id: int, user: User, supplier: Supplier, received_on: dt.date) -> Bid:
    """Notes a sealed bid: who sent it and when it came."""
    tender = locked_to_run(tender_id, user, TenderState.INVITING)
    if received_on > tender.bids_due_on:
        day = date_format(tender.bids_due_on)
        raise TenderError(_("Bids were due on %(day)s; one received later is not taken.") % {"day": day})
    if tender.bids.filter(supplier=supplier).exists():
        raise TenderError(_("%(bidder)s has a bid here already.") % {"bidder": supplier.name})
    return Bid.objects.create(tender=tender, supplier=supplier, received_on=received_on, entered_by=user)


@transaction.atomic
def remove_bid(*, tender_id: int, user: User, bid_id: int) -> None:
    """Takes a sealed bid out again: entered by mistake, or withdrawn by its bidder. The trail keeps it."""
    tender = locked_to_run(tender_id, user, TenderState.INVITING)
    tender.bids.filter(pk=bid_id).delete()


def _bid(tender: Tender, bid_id: int) -> Bid:
    bid: Bid = tender.bids.get(pk=bid_id)
    return bid


@transaction.atomic
def read_bid(
    *,
    tender_id: int,
    user: User,
    bid_id: int,
    price: Decimal | None,
    payment: str,
    delivery: str,
    answers: Sequence[Answer],
) -> Bid:
    """Keeps what an opened bid says. A bid that fails a requirement is eliminated, for the reasons given there."""
    tender = locked_to_run(tender_id, user, TenderState.OPENED)
    bid = _bid(tender, bid_id)
    for answer in answers:
        if answer.passed is None:
            bid.results.filter(criterion=answer.criterion_id).delete()
        else:
            KnockOutResult.objects.update_or_create(
                bid=bid,
                criterion_id=answer.criterion_id,
                defaults={"passed": answer.passed, "reason": "" if answer.passed else answer.reason},
            )
    failed = list(bid.results.filter(passed=False).select_related("criterion"))
    bid.price, bid.payment, bid.delivery, bid.read_by = price, payment, delivery, user
    bid.eliminated = bool(failed)
    because = "; ".join(f"{result.criterion.text}: {result.reason}" for result in failed)
    bid.eliminated_because = because[:_LONGEST_REASON]
    bid.save(update_fields=["price", "payment", "delivery", "read_by", "eliminated", "eliminated_because"])
    return bid


@transaction.atomic
def add_file(*, tender_id: int, user: User, bid_id: int, upload: evidence.UploadedFile) -> BidFile:
    """Keeps a document of an opened bid. Raises EvidenceError."""
    tender = locked_to_run(tender_id, user, TenderState.OPENED)
    return evidence.keep(BidFile(bid=_bid(tender, bid_id)), user=user, upload=upload)


@transaction.atomic
def remove_file(*, tender_id: int, user: User, kept: BidFile) -> None:
    """Takes a document away while bids are opened; its bytes go when that is certain."""
    tender = locked_to_run(tender_id, user, TenderState.OPENED)
    if kept.bid.tender_id != tender.pk:
        raise PermissionDenied
    storage, name = kept.file.storage, str(kept.file.name)
    kept.delete()
    transaction.on_commit(lambda: storage.delete(name))
