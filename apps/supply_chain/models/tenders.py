"""Tenders for raw material: what is asked for, how bids are judged, who judges, and what comes of it (HKEX B5).

A tender goes one way: weights are fixed before anybody bids, bids are opened before anybody scores, scores are in
before anybody sees a ranking. ``tenders/services.py`` moves it; ``tender_triggers.py`` refuses every other way.
"""

from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow
from apps.organisation.models import Site
from apps.submissions.models import KeptFile
from apps.supply_chain.models.suppliers import Supplier, SupplyCategory


class TenderAttribute(CatalogueRow):
    """What bids are judged by: product brand, quality, payment terms, delivery, reputation, after-sales service."""

    class Meta(CatalogueRow.Meta):
        verbose_name = _("attribute of bids")
        verbose_name_plural = _("attributes of bids")


class TenderState(models.TextChoices):
    """How far a tender is."""

    PREPARING = "preparing", _("Being prepared")
    INVITING = "inviting", _("Open for bids")
    OPENED = "opened", _("Bids opened")
    SCORING = "scoring", _("Being scored")
    RANKED = "ranked", _("Ranked")
    SELECTED = "selected", _("Waiting for approval")
    AWARDED = "awarded", _("Awarded")
    CANCELLED = "cancelled", _("Cancelled")


# The way every tender goes, unless it is cancelled.
WAY: Final = (
    TenderState.PREPARING,
    TenderState.INVITING,
    TenderState.OPENED,
    TenderState.SCORING,
    TenderState.RANKED,
    TenderState.SELECTED,
    TenderState.AWARDED,
)
LAST_STATES: Final = (TenderState.AWARDED, TenderState.CANCELLED)


def _stamped(name: str, first: TenderState, *fields: str) -> models.CheckConstraint:
    """``fields`` are filled from ``first`` on and empty before; a cancelled tender keeps what it had."""
    place = WAY.index(first)
    filled = Q(**{f"{field}__isnull": False for field in fields})
    empty = Q(**{f"{field}__isnull": True for field in fields})
    return models.CheckConstraint(
        name=f"tender_{name}_is_stamped",
        condition=Q(state__in=WAY[place:]) & filled
        | Q(state__in=WAY[:place]) & empty
        | Q(state=TenderState.CANCELLED) & (filled | empty),
        violation_error_message=_("Every step of a tender has a time and a person, and only the steps it has taken."),
    )


def _person(name: Any, *, filled: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=not filled, related_name="+", verbose_name=name
    )


class Tender(models.Model):
    """One tender of one site. ``decided_on``, the day of the decision, says which year it counts in."""

    number = models.CharField(
        _("tender number"),
        max_length=40,
        unique=True,
        # Numbers are unique in the group: whose tender has it is not for everybody to know.
        error_messages={"unique": _("This number is in use. Choose another one.")},
    )
    title = models.CharField(_("title"), max_length=200)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    material = models.ForeignKey(
        SupplyCategory, on_delete=models.PROTECT, related_name="+", verbose_name=_("what is bought")
    )
    quantity = models.CharField(
        _("quantity wanted"), max_length=80, blank=True, help_text=_("With its unit: 3,000 t a month.")
    )
    estimated_value = models.DecimalField(_("estimated value"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, default="CNY", help_text=_("Of the estimate and of every price: CNY, HKD, USD.")
    )
    bids_due_on = models.DateField(
        _("bids due on"), help_text=_("The last day on which bids are taken. They are opened after it.")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=TenderState.choices, default=TenderState.PREPARING, editable=False
    )
    created_by = _person(_("created by"), filled=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    weights_fixed_by = _person(_("weights fixed by"))
    weights_fixed_at = models.DateTimeField(_("weights fixed"), null=True)
    opened_by = _person(_("bids opened by"))
    opened_at = models.DateTimeField(_("bids opened"), null=True)
    scoring_by = _person(_("scoring begun by"))
    scoring_at = models.DateTimeField(_("scoring begun"), null=True)
    ranked_at = models.DateTimeField(_("ranked"), null=True)
    winner: Any = models.ForeignKey(
        "Bid", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("selected bid")
    )
    decision_reason = models.CharField(_("reason for the selection"), max_length=1000, blank=True)
    decided_by = _person(_("selected by"))
    decided_at = models.DateTimeField(_("selected"), null=True)
    decided_on = models.DateField(_("decided on"), null=True)
    approved_by = _person(_("approved by"))
    approved_at = models.DateTimeField(_("approved"), null=True)
    sent_back_by = _person(_("sent back by"))
    sent_back_at = models.DateTimeField(_("sent back"), null=True)
    sent_back_because = models.CharField(_("why it was sent back"), max_length=1000, blank=True)
    cancelled_by = _person(_("cancelled by"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    cancelled_because = models.CharField(_("why it was cancelled"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("tender")
        verbose_name_plural = _("tenders")
        ordering = ("-pk",)
        indexes = [models.Index(fields=["site", "state"], name="tender_by_site")]
        constraints = [
            models.CheckConstraint(
                name="tender_known_state",
                condition=Q(state__in=TenderState.values),
                violation_error_message=_("A tender is in one of the known states."),
            ),
            models.CheckConstraint(
                name="tender_has_a_name",
                condition=~Q(number="") & ~Q(title=""),
                violation_error_message=_("A tender has a number and a title."),
            ),
            models.CheckConstraint(
                name="tender_currency_code",
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
                violation_error_message=_("Write the currency as three capitals, such as CNY."),
            ),
            models.CheckConstraint(
                name="tender_estimate_above_zero",
                condition=Q(estimated_value__isnull=True) | Q(estimated_value__gt=0),
                violation_error_message=_("The estimated value is above zero; leave it empty where there is none."),
            ),
            _stamped("inviting", TenderState.INVITING, "weights_fixed_by", "weights_fixed_at"),
            _stamped("opened", TenderState.OPENED, "opened_by", "opened_at"),
            _stamped("scoring", TenderState.SCORING, "scoring_by", "scoring_at"),
            _stamped("ranked", TenderState.RANKED, "ranked_at"),
            _stamped("selected", TenderState.SELECTED, "winner", "decided_by", "decided_at", "decided_on"),
            models.CheckConstraint(
                name="tender_approved_by_another",
                condition=Q(state=TenderState.AWARDED, approved_by__isnull=False, approved_at__isnull=False)
                & ~Q(approved_by=F("created_by"))
                & ~Q(approved_by=F("decided_by"))
                | ~Q(state=TenderState.AWARDED) & Q(approved_by__isnull=True, approved_at__isnull=True),
                violation_error_message=_("A tender is approved by somebody who neither created it nor selected."),
            ),
            models.CheckConstraint(
                name="tender_cancelled_with_reason",
                condition=Q(state=TenderState.CANCELLED, cancelled_by__isnull=False, cancelled_at__isnull=False)
                & ~Q(cancelled_because="")
                | ~Q(state=TenderState.CANCELLED)
                & Q(cancelled_by__isnull=True, cancelled_at__isnull=True, cancelled_because=""),
                violation_error_message=_("A tender is cancelled by a person, with a reason."),
            ),
            models.CheckConstraint(
                name="tender_sent_back_with_reason",
                condition=Q(sent_back_by__isnull=True, sent_back_at__isnull=True, sent_back_because="")
                | Q(sent_back_by__isnull=False, sent_back_at__isnull=False) & ~Q(sent_back_because=""),
                violation_error_message=_("A selection is sent back by a person, with a comment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_ranked(self) -> bool:
        """Whether the ranking was ever made: from then on scores may be seen."""
        return self.ranked_at is not None

    @property
    def is_over(self) -> bool:
        return self.state in LAST_STATES

    @property
    def live_bids(self) -> "list[Bid]":
        """The bids that count: those that were not withdrawn."""
        return [bid for bid in self.bids.all() if not bid.is_withdrawn]

    @property
    def withdrawn_bids(self) -> "list[Bid]":
        return [bid for bid in self.bids.all() if bid.is_withdrawn]

    @property
    def is_decided_before_ranking(self) -> bool:
        """Whether the day of the decision lies before the day of the ranking, so that a reason says why."""
        return (
            self.decided_on is not None
            and self.ranked_at is not None
            and self.decided_on < timezone.localtime(self.ranked_at).date()
        )


class TenderWeight(models.Model):
    """How much an attribute counts in a tender, in percent."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="weights", verbose_name=_("tender"))
    attribute = models.ForeignKey(
        TenderAttribute, on_delete=models.PROTECT, related_name="+", verbose_name=_("attribute")
    )
    weight = models.PositiveSmallIntegerField(_("weight in %"))

    class Meta:
        verbose_name = _("weight of a tender")
        verbose_name_plural = _("weights of tenders")
        ordering = ("attribute__position", "attribute__code")
        constraints = [
            models.UniqueConstraint(
                name="tenderweight_once",
                fields=["tender", "attribute"],
                violation_error_message=_("This attribute has a weight already."),
            ),
            models.CheckConstraint(
                name="tenderweight_percent",
                condition=Q(weight__gte=1, weight__lte=100),
                violation_error_message=_("A weight is a whole number from 1 to 100; leave it empty for none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weight} %"


class KnockOut(models.Model):
    """What every bid must meet to be scored at all."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="knock_outs", verbose_name=_("tender"))
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("requirement"), max_length=300)

    class Meta:
        verbose_name = _("requirement of a tender")
        verbose_name_plural = _("requirements of tenders")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                name="knockout_position_once",
                fields=["tender", "position"],
                violation_error_message=_("Another requirement stands there."),
            ),
            models.CheckConstraint(
                name="knockout_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Say what a bid must meet."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class TenderScorer(models.Model):
    """Somebody who scores the bids of a tender. Scoring begins with a statement of interests (``stated_at``).

    A lead reviewer may excuse a scorer who cannot go on: the scorer's points then count for nothing and stay closed.
    """

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="scorers", verbose_name=_("tender"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("scorer")
    )
    stated_at = models.DateTimeField(_("interests stated"), null=True)
    handed_in_at = models.DateTimeField(_("scores handed in"), null=True)
    excused_by = _person(_("excused by"))
    excused_at = models.DateTimeField(_("excused"), null=True)
    excused_because = models.CharField(_("why the scorer was excused"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("scorer of a tender")
        verbose_name_plural = _("scorers of tenders")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="tenderscorer_once",
                fields=["tender", "user"],
                violation_error_message=_("This person scores this tender already."),
            ),
            models.CheckConstraint(
                name="tenderscorer_states_first",
                condition=Q(handed_in_at__isnull=True) | Q(stated_at__isnull=False),
                violation_error_message=_("Say first whether you have an interest in a bidder."),
            ),
            models.CheckConstraint(
                name="tenderscorer_excused_with_reason",
                condition=Q(excused_by__isnull=True, excused_at__isnull=True, excused_because="")
                | Q(excused_by__isnull=False, excused_at__isnull=False) & ~Q(excused_because=""),
                violation_error_message=_("A scorer is excused by a person, with a reason."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_excused(self) -> bool:
        return self.excused_at is not None


class Bid(models.Model):
    """One offer. Until bids are opened it is a sealed envelope: a bidder and a day of receipt.

    Nobody takes a bid out: it is withdrawn, with a reason, and stays in sight without counting.
    """

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="bids", verbose_name=_("tender"))
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="bids", verbose_name=_("bidder"))
    received_on = models.DateField(_("bid received on"))
    entered_by = _person(_("entered by"), filled=True)
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    price = models.DecimalField(_("price"), max_digits=16, decimal_places=2, null=True, blank=True)
    payment = models.CharField(_("payment terms"), max_length=500, blank=True)
    delivery = models.CharField(_("delivery"), max_length=500, blank=True)
    read_by = _person(_("read out by"))
    eliminated = models.BooleanField(_("eliminated"), default=False)
    # The reasons of all failed requirements, one after the other: as long as they are together.
    eliminated_because = models.TextField(_("why it was eliminated"), blank=True)
    withdrawn_by = _person(_("withdrawn by"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_because = models.CharField(_("why it was withdrawn"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("bid")
        verbose_name_plural = _("bids")
        ordering = ("supplier__code", "pk")
        constraints = [
            models.UniqueConstraint(
                name="bid_once",
                fields=["tender", "supplier"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message=_("This supplier has a bid here already."),
            ),
            models.CheckConstraint(
                name="bid_price_above_zero",
                condition=Q(price__isnull=True) | Q(price__gt=0),
                violation_error_message=_("A price is above zero."),
            ),
            models.CheckConstraint(
                name="bid_eliminated_with_reason",
                condition=Q(eliminated=False, eliminated_because="") | Q(eliminated=True) & ~Q(eliminated_because=""),
                violation_error_message=_("A bid is eliminated with a reason."),
            ),
            models.CheckConstraint(
                name="bid_withdrawn_with_reason",
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawn_because="")
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_because=""),
                violation_error_message=_("A bid is withdrawn by a person, with a reason."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.supplier)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class BidFile(KeptFile):
    """A document of a bid."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="files", verbose_name=_("bid"))

    class Meta:
        verbose_name = _("document of a bid")
        verbose_name_plural = _("documents of bids")
        ordering = ("pk",)


class KnockOutResult(models.Model):
    """Whether a bid meets a requirement."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="results", verbose_name=_("bid"))
    criterion = models.ForeignKey(
        KnockOut, on_delete=models.PROTECT, related_name="results", verbose_name=_("requirement")
    )
    passed = models.BooleanField(_("met"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("requirement met by a bid")
        verbose_name_plural = _("requirements met by bids")
        ordering = ("bid", "criterion__position")
        constraints = [
            models.UniqueConstraint(
                name="knockoutresult_once",
                fields=["bid", "criterion"],
                violation_error_message=_("This requirement is answered already."),
            ),
            models.CheckConstraint(
                name="knockoutresult_failed_with_reason",
                condition=Q(passed=True) | ~Q(reason=""),
                violation_error_message=_("Say why the requirement is not met."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.criterion)


class StatedInterest(models.Model):
    """A scorer's own word on an interest in a bidder. A statement without any says that there is none."""

    scorer = models.ForeignKey(
        TenderScorer, on_delete=models.PROTECT, related_name="interests", verbose_name=_("scorer")
    )
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="interests", verbose_name=_("bid"))
    words = models.CharField(_("interest"), max_length=500)

    class Meta:
        verbose_name = _("interest of a scorer")
        verbose_name_plural = _("interests of scorers")
        ordering = ("scorer", "bid")
        constraints = [
            models.UniqueConstraint(
                name="statedinterest_once",
                fields=["scorer", "bid"],
                violation_error_message=_("Your interest in this bidder is stated already."),
            ),
            models.CheckConstraint(
                name="statedinterest_says_something",
                condition=~Q(words=""),
                violation_error_message=_("Say which interest it is."),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Score(models.Model):
    """The points of one scorer for one attribute of one bid; without points it is not decided yet.

    Nobody but the scorer sees it until the tender is ranked: it has no admin, and the trail is veiled.
    """

    scorer = models.ForeignKey(TenderScorer, on_delete=models.PROTECT, related_name="scores", verbose_name=_("scorer"))
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="scores", verbose_name=_("bid"))
    attribute = models.ForeignKey(
        TenderAttribute, on_delete=models.PROTECT, related_name="+", verbose_name=_("attribute")
    )
    points = models.DecimalField(_("points"), max_digits=3, decimal_places=1, null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ("scorer", "bid", "attribute__position", "attribute__code")
        constraints = [
            models.UniqueConstraint(
                name="score_once",
                fields=["scorer", "bid", "attribute"],
                violation_error_message=_("This is scored already."),
            ),
            models.CheckConstraint(
                name="score_points_in_range",
                condition=Q(points__isnull=True) | Q(points__gte=Decimal(0), points__lte=Decimal(10)),
                violation_error_message=_("Points go from 0 to 10."),
            ),
        ]

    def __str__(self) -> str:
        return "–" if self.points is None else str(self.points)
