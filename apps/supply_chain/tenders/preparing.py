"""What is settled before anybody bids: the facts, the weights, the requirements, the scorers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.supply_chain.models import KnockOut, Tender, TenderScorer, TenderState, TenderWeight
from apps.supply_chain.tenders import policies
from apps.supply_chain.tenders.steps import TenderError, locked_to_run


class NumberInUse(TenderError):
    """Another tender, of whatever site, has the number."""


def _store(tender: Tender, **how: Any) -> None:
    """Saves; of two people who choose one number at once the second is told."""
    try:
        with transaction.atomic():
            tender.save(**how)
    except IntegrityError as error:
        if not Tender.objects.filter(number=tender.number).exclude(pk=tender.pk).exists():
            raise
        raise NumberInUse(_("This number is in use. Choose another one.")) from error


@transaction.atomic
def create(tender: Tender, *, user: User) -> Tender:
    """Stores ``tender``, made by a form, at a site where ``user`` prepares. Raises NumberInUse."""
    if not policies.may_run(user, tender):
        raise PermissionDenied
    tender.created_by = user
    _store(tender, force_insert=True)
    return tender


@transaction.atomic
def change(tender: Tender, *, user: User, fields: Sequence[str]) -> Tender:
    """Stores what a form changed of a tender in preparation. Raises NumberInUse."""
    locked_to_run(tender.pk, user, TenderState.PREPARING)
    _store(tender, update_fields=list(fields))
    return tender


@transaction.atomic
def set_weights(*, tender_id: int, user: User, weights: Mapping[int, int]) -> int:
    """Puts percent points by attribute in place of those there were, and returns their sum."""
    tender = locked_to_run(tender_id, user, TenderState.PREPARING)
    kept = {weight.attribute_id: weight for weight in tender.weights.all()}
    for attribute_id, weight in kept.items():
        if attribute_id not in weights:
            weight.delete()
        elif weight.weight != weights[attribute_id]:
            weight.weight = weights[attribute_id]
            weight.save(update_fields=["weight"])
    TenderWeight.objects.bulk_create(
        TenderWeight(tender=tender, attribute_id=attribute_id, weight=weight)
        for attribute_id, weight in weights.items()
        if attribute_id not in kept
    )
    return sum(weights.values())


@transaction.atomic
def set_requirements(*, tender_id: int, user: User, texts: Sequence[str]) -> None:
    """Puts these requirements, in this order, in place of those there were."""
    tender = locked_to_run(tender_id, user, TenderState.PREPARING)
    if [knock_out.text for knock_out in tender.knock_outs.all()] == list(texts):
        return
    tender.knock_outs.all().delete()
    KnockOut.objects.bulk_create(
        KnockOut(tender=tender, position=position, text=text) for position, text in enumerate(texts, start=1)
    )


@transaction.atomic
def add_scorer(*, tender_id: int, user: User, scorer: User) -> TenderScorer:
    tender = locked_to_run(tender_id, user, TenderState.PREPARING)
    if tender.scorers.filter(user=scorer).exists():
        raise TenderError(_("%(person)s is a scorer of this tender already.") % {"person": scorer})
    return TenderScorer.objects.create(tender=tender, user=scorer)


@transaction.atomic
def remove_scorer(*, tender_id: int, user: User, scorer_id: int) -> None:
    tender = locked_to_run(tender_id, user, TenderState.PREPARING)
    tender.scorers.filter(pk=scorer_id).delete()
