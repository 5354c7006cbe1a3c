"""A tender for dolomite at Hami at any stage of its way, brought there through the services.

Three scorers, four bidders, two attributes of 60 and 40 %, two requirements; Delta fails the first of them.

=======  =================  =================  ==========================================
bidder   quality (60 %)     payment (40 %)     total of 100
=======  =================  =================  ==========================================
Alpha    8, 7.5, 9          6, 7, 5            24.5/3 × 6 + 18/3 × 4 = 49 + 24 = 73
Beta     9, 8, 8            9, 10, 8           25/3 × 6 + 27/3 × 4 = 50 + 36 = 86
Gamma    10, 9, 9.5         3, 2, 2            28.5/3 × 6 + 7/3 × 4 = 57 + 9.33 = 66.33
=======  =================  =================  ==========================================
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.organisation.choices import Role
from apps.supply_chain.models import Bid, Tender
from apps.supply_chain.policies import SECTION
from apps.supply_chain.tenders import bidding, preparing, scoring, steps
from apps.supply_chain.tenders.bidding import Answer
from apps.supply_chain.tenders.scoring import Points
from tests.factories import (
    AssignmentFactory,
    MembershipFactory,
    SupplierFactory,
    SupplyCategoryFactory,
    TenderAttributeFactory,
    UserFactory,
    World,
)

PRICES = {"ALPHA": "1200000", "BETA": "1250000", "GAMMA": "990000", "DELTA": "900000"}
POINTS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "ALPHA": {"quality": ("8", "7.5", "9"), "payment": ("6", "7", "5")},
    "BETA": {"quality": ("9", "8", "8"), "payment": ("9", "10", "8")},
    "GAMMA": {"quality": ("10", "9", "9.5"), "payment": ("3", "2", "2")},
}


class Market:
    """The people around a tender of Hami, the catalogues, four suppliers, and the tender itself."""

    def __init__(self, world: World, number: str = "HM-2020-01", due_on: dt.date | None = None) -> None:
        self.world = world
        self.hands: dict[str, User] = {}
        AssignmentFactory(site=world.hami, section=SECTION)
        self.dolomite = SupplyCategoryFactory(code="dolomite")
        self.quality = TenderAttributeFactory(code="quality", position=1)
        self.payment = TenderAttributeFactory(code="payment", position=2)
        self.suppliers = {
            code: SupplierFactory(
                code=code,
                name_zh=f"供应商{code}",
                name_en=code.title(),
                supplies=[self.dolomite],
                sites=[world.hami],
            )
            for code in PRICES
        }
        # An engineer and two clerks: who scores need not work in the section.
        self.scorers: list[User] = list(User.objects.filter(username__startswith="scorer-").order_by("username"))
        if not self.scorers:
            self.scorers = [UserFactory(username=f"scorer-{n}") for n in (1, 2, 3)]
            for scorer in self.scorers:
                MembershipFactory(user=scorer, role=Role.PREPARER, site=world.hami, section="environment")
        with acting_as(world.clerk, "test"):
            self.tender = preparing.create(
                Tender(
                    number=number,
                    title="Dolomite 2021",
                    site=world.hami,
                    material=self.dolomite,
                    bids_due_on=due_on or timezone.localdate() - dt.timedelta(days=1),
                ),
                user=world.clerk,
            )

    @property
    def pk(self) -> int:
        return self.tender.pk

    @property
    def attributes(self) -> dict[str, Any]:
        return {"quality": self.quality, "payment": self.payment}

    def bid(self, code: str) -> Bid:
        return Bid.objects.get(tender=self.tender, supplier__code=code, withdrawn_at=None)

    def hand(self, step: str) -> User:
        """Who takes a step: the clerk, unless a test puts somebody else into ``hands``."""
        return self.hands.get(step, self.world.clerk)

    def _as(self, user: User) -> dict[str, Any]:
        return {"tender_id": self.pk, "user": user}

    def prepare(self) -> None:
        clerk = self.world.clerk
        with acting_as(clerk, "test"):
            preparing.set_weights(**self._as(clerk), weights={self.quality.pk: 60, self.payment.pk: 40})
            preparing.set_requirements(**self._as(clerk), texts=["Valid mining licence", "MgO at least 20 %"])
            for scorer in self.scorers:
                preparing.add_scorer(**self._as(clerk), scorer=scorer)

    def invite(self) -> None:
        self.prepare()
        with acting_as(self.hand("invite"), "test"):
            steps.invite(**self._as(self.hand("invite")))

    def enter_bids(self) -> None:
        self.invite()
        with acting_as(self.hand("enter"), "test"):
            for supplier in self.suppliers.values():
                day = self.tender.bids_due_on
                bidding.enter_bid(**self._as(self.hand("enter")), supplier=supplier, received_on=day)

    def open(self) -> None:
        self.enter_bids()
        with acting_as(self.hand("open"), "test"):
            steps.open_bids(**self._as(self.hand("open")))

    def read(self) -> None:
        self.open()
        for code in PRICES:
            self.read_one(code, licensed=code != "DELTA")

    def read_one(self, code: str, *, licensed: bool = True) -> None:
        first, second = self.tender.knock_outs.order_by("position")
        with acting_as(self.hand("read"), "test"):
            bidding.read_bid(
                **self._as(self.hand("read")),
                bid_id=self.bid(code).pk,
                price=Decimal(PRICES[code]),
                payment="60 days",
                delivery="weekly",
                answers=[
                    Answer(criterion_id=first.pk, passed=licensed, reason="" if licensed else "the licence ran out"),
                    Answer(criterion_id=second.pk, passed=True),
                ],
            )

    def start_scoring(self) -> None:
        self.read()
        with acting_as(self.hand("start"), "test"):
            steps.start_scoring(**self._as(self.hand("start")))

    def points_of(self, number: int, given: Mapping[str, Mapping[str, Sequence[str]]] = POINTS) -> dict[Any, Points]:
        return {
            (self.bid(code).pk, self.attributes[name].pk): Points(value=Decimal(points[number]))
            for code, row in given.items()
            for name, points in row.items()
        }

    def excuse(self, number: int, user: User | None = None) -> None:
        """The lead reviewer lets a scorer go."""
        lead = user or self.world.lead
        scorer = self.tender.scorers.get(user=self.scorers[number])
        with acting_as(lead, "test"):
            scoring.excuse(**self._as(lead), scorer_id=scorer.pk, reason="has left the company")
        self.tender.refresh_from_db()

    def score(
        self, number: int, given: Mapping[str, Mapping[str, Sequence[str]]] = POINTS, *, hand_in: bool = True
    ) -> None:
        """One scorer states to have no interest, scores, and hands in."""
        scorer = self.scorers[number]
        with acting_as(scorer, "test"):
            scoring.state_interests(**self._as(scorer), words={})
            scoring.save_scores(**self._as(scorer), points=self.points_of(number, given))
            if hand_in:
                scoring.hand_in(**self._as(scorer))

    def rank(self, given: Mapping[str, Mapping[str, Sequence[str]]] = POINTS) -> None:
        self.start_scoring()
        for number in range(len(self.scorers)):
            self.score(number, given)
        self.tender.refresh_from_db()

    def select(self, code: str = "BETA", reason: str = "", decided_on: dt.date | None = None) -> None:
        self.rank()
        if decided_on and not reason:
            reason = "entered later"
        with acting_as(self.hand("select"), "test"):
            steps.select(
                **self._as(self.hand("select")), bid_id=self.bid(code).pk, reason=reason, decided_on=decided_on
            )
        self.tender.refresh_from_db()

    def award(self, decided_on: dt.date | None = None) -> None:
        self.select(decided_on=decided_on)
        with acting_as(self.world.reviewer, "test"):
            steps.approve(**self._as(self.world.reviewer), bid_id=self.tender.winner_id)
        self.tender.refresh_from_db()


def put_tender(world: World) -> dict[str, int]:
    """A tender of Hami that is being scored, one scorer having handed in; keys by the names in its addresses."""
    market = Market(world, number="HM-PERMISSIONS")
    market.read()
    clerk, alpha = world.clerk, market.bid("ALPHA")
    with acting_as(clerk, "test"):
        upload = SimpleUploadedFile("offer.txt", b"an offer")
        kept = bidding.add_file(tender_id=market.pk, user=clerk, bid_id=alpha.pk, upload=upload)
        steps.start_scoring(tender_id=market.pk, user=clerk)
    market.score(0)
    return {
        "pk": market.pk,
        "bid_pk": alpha.pk,
        "scorer_pk": market.tender.scorers.order_by("pk")[0].pk,
        "file_pk": kept.pk,
    }
