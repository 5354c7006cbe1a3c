"""The tenders of the demonstration: one that was awarded, and one that waits for the scores of one person."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.demo import files
from apps.demo.data import rows
from apps.demo.people import SUPPLY, preparer_of
from apps.demo.story import SOURCE
from apps.organisation.models import Site
from apps.supply_chain.models import Bid, Supplier, SupplyCategory, Tender, TenderAttribute
from apps.supply_chain.tenders import bidding, preparing, scoring, steps
from apps.supply_chain.tenders.bidding import Answer
from apps.supply_chain.tenders.scoring import Points


def hold_tenders(people: Mapping[str, User]) -> None:
    """Every tender of the file, as far as its file tells; the reviewer approves what was decided."""
    for values in rows("tenders.csv"):
        buyer = people[preparer_of(values["site"], SUPPLY[0]).username]
        with acting_as(buyer, SOURCE):
            tender = _invite(values, buyer, people)
            _take_bids(tender, buyer)
        for username in values["scorers"].split(";"):
            _score(tender, people[username])
        if values["winner"]:
            _decide(tender, values, buyer, people["reviewer"])


def _invite(values: dict[str, str], buyer: User, people: Mapping[str, User]) -> Tender:
    tender = preparing.create(
        Tender(
            number=values["number"],
            title=values["title"],
            site=Site.objects.get(code=values["site"]),
            material=SupplyCategory.objects.get(code=values["material"]),
            quantity=values["quantity"],
            estimated_value=Decimal(values["estimated_value"]),
            bids_due_on=dt.date.fromisoformat(values["bids_due_on"]),
        ),
        user=buyer,
    )
    weights = dict(part.split("=") for part in values["weights"].split(";"))
    attributes = {attribute.code: attribute.pk for attribute in TenderAttribute.objects.all()}
    preparing.set_weights(
        tender_id=tender.pk,
        user=buyer,
        weights={attributes[code]: int(weight) for code, weight in weights.items()},
    )
    preparing.set_requirements(tender_id=tender.pk, user=buyer, texts=values["requirements"].split(";"))
    for username in values["scorers"].split(";"):
        preparing.add_scorer(tender_id=tender.pk, user=buyer, scorer=people[username])
    return steps.invite(tender_id=tender.pk, user=buyer)


def _take_bids(tender: Tender, buyer: User) -> None:
    told = [values for values in rows("bids.csv") if values["tender"] == tender.number]
    bids: dict[str, Bid] = {}
    for values in told:
        bids[values["supplier"]] = bidding.enter_bid(
            tender_id=tender.pk,
            user=buyer,
            supplier=Supplier.objects.get(code=values["supplier"]),
            received_on=dt.date.fromisoformat(values["received_on"]),
        )
    steps.open_bids(tender_id=tender.pk, user=buyer)
    for values in told:
        bid = bids[values["supplier"]]
        bidding.read_bid(
            tender_id=tender.pk,
            user=buyer,
            bid_id=bid.pk,
            price=Decimal(values["price"]),
            payment=values["payment"],
            delivery=values["delivery"],
            answers=[
                Answer(
                    criterion_id=criterion.pk,
                    passed=criterion.text != values["failed"],
                    reason=values["why"] if criterion.text == values["failed"] else "",
                )
                for criterion in tender.knock_outs.order_by("position")
            ],
        )
        text = f"{tender.number}|{values['supplier']}: {values['price']}"
        upload = SimpleUploadedFile(f"{tender.number}-{values['supplier']}.pdf", files.page(text))
        bidding.add_file(tender_id=tender.pk, user=buyer, bid_id=bid.pk, upload=upload)
    steps.start_scoring(tender_id=tender.pk, user=buyer)


def _score(tender: Tender, scorer: User) -> None:
    """Somebody without a line in the file has yet to score."""
    told = [
        values
        for values in rows("scores.csv")
        if (values["tender"], values["scorer"]) == (tender.number, scorer.username)
    ]
    if not told:
        return
    attributes = {attribute.code: attribute.pk for attribute in TenderAttribute.objects.all()}
    bids = {bid.supplier.code: bid.pk for bid in tender.bids.select_related("supplier")}
    with acting_as(scorer, SOURCE):
        scoring.state_interests(tender_id=tender.pk, user=scorer, words={})
        points = {
            (bids[values["supplier"]], pk): Points(value=Decimal(values[code]))
            for values in told
            for code, pk in attributes.items()
            if values[code]
        }
        scoring.save_scores(tender_id=tender.pk, user=scorer, points=points)
        scoring.hand_in(tender_id=tender.pk, user=scorer)


def _decide(tender: Tender, values: dict[str, str], buyer: User, reviewer: User) -> None:
    winner = tender.bids.get(supplier__code=values["winner"])
    with acting_as(buyer, SOURCE):
        steps.select(
            tender_id=tender.pk,
            user=buyer,
            bid_id=winner.pk,
            reason=values["reason"],
            decided_on=dt.date.fromisoformat(values["decided_on"]),
        )
    with acting_as(reviewer, SOURCE):
        steps.approve(tender_id=tender.pk, user=reviewer, bid_id=winner.pk)
