"""Bids: taken in sealed, then read out with their documents and measured against the requirements."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.submissions import evidence
from apps.supply_chain.models import Bid, BidFile, KnockOutResult, Supplier, Tender, TenderState
from apps.supply_chain.tenders.steps import TenderError, locked_to_run


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
    if tender.bids.filter(supplier=supplier, withdrawn_at=None).exists():
        raise TenderError(_("%(bidder)s has a bid here already.") % {"bidder": supplier.name})
    return Bid.objects.create(tender=tender, supplier=supplier, received_on=received_on, entered_by=user)


@transaction.atomic
def withdraw_bid(*, tender_id: int, user: User, bid_id: int, reason: str) -> Bid:
    """Lets a sealed bid count no more: entered by mistake, or withdrawn by its bidder. It stays in sight."""
    tender = locked_to_run(tender_id, user, TenderState.INVITING)
    bid = _bid(tender, bid_id)
    if not reason.strip():
        raise TenderError(_("Write why the bid is withdrawn."))
    bid.withdrawn_by, bid.withdrawn_at, bid.withdrawn_because = user, timezone.now(), reason.strip()
    bid.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    return bid


def _bid(tender: Tender, bid_id: int) -> Bid:
    """A bid that counts. Raises TenderError for one that does not, or is none of the tender's."""
    bid: Bid | None = tender.bids.select_related("supplier").filter(pk=bid_id, withdrawn_at=None).first()
    if bid is None:
        raise TenderError(_("This bid is withdrawn."))
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
    bid.eliminated_because = "; ".join(f"{result.criterion.text}: {result.reason}" for result in failed)
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
