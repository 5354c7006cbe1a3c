"""Rounds as the pages show them: how many signed of whom, and where each person stands."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.campaigns.asking import ORDER
from apps.anti_corruption.models import Campaign, Duty, DutyState, Rank, Refusal, Reminder
from apps.core.formats import NO_VALUE, number


@dataclass(kw_only=True)
class Counts:
    """How many people stand where. Who is excused or asked by another round instead does not have to sign.

    Nobody is overdue in a closed round: who is open there did not sign.
    """

    signed: int = 0
    open: int = 0
    overdue: int = 0
    declined: int = 0
    excused: int = 0
    replaced: int = 0

    @property
    def to_sign(self) -> int:
        return self.signed + self.open + self.declined

    @property
    def share(self) -> str:
        """Signed of those to sign, in percent."""
        return f"{number(Decimal(self.signed) * 100 / self.to_sign, 1)} %" if self.to_sign else NO_VALUE

    def add(self, state: str, people: int, overdue: int) -> None:
        setattr(self, state, getattr(self, state) + people)
        if state == DutyState.OPEN:
            self.overdue += overdue


@dataclass(frozen=True, kw_only=True)
class CountLine:
    """The counts of one rank at one site."""

    site: str
    rank: str
    counts: Counts


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A round in numbers, as far as somebody oversees it."""

    lines: Sequence[CountLine]
    total: Counts


def _counted(duties: QuerySet[Duty], day: dt.date, *groups: str) -> Iterable[Any]:
    late = Count("pk", filter=Q(due_on__lt=day, campaign__closed_at__isnull=True))
    return duties.order_by().values_list(*groups, "state").annotate(people=Count("pk"), late=late)


def overview(user: User, campaign: Campaign, day: dt.date) -> Overview:
    """By site and rank. One grouped question, and one for the sites."""
    found: dict[tuple[int, str], Counts] = defaultdict(Counts)
    total = Counts()
    for site_id, rank, state, people, late in _counted(
        policies.duties_overseen(user).filter(campaign=campaign), day, "site_id", "rank"
    ):
        found[site_id, rank].add(state, people, late)
        total.add(state, people, late)
    lines = [
        CountLine(site=site.name, rank=str(Rank(rank).label), counts=found[site.pk, rank])
        for site in policies.sites_overseen(user)
        for rank in ORDER
        if (site.pk, rank) in found
    ]
    return Overview(lines=lines, total=total)


def counts_of(user: User, campaigns: Sequence[Campaign], day: dt.date) -> dict[int, Counts]:
    """The totals of several rounds, with one question."""
    found: dict[int, Counts] = defaultdict(Counts)
    duties = policies.duties_overseen(user).filter(campaign__in=campaigns)
    for campaign_id, state, people, late in _counted(duties, day, "campaign_id"):
        found[campaign_id].add(state, people, late)
    return found


_MARKS: Final = {
    DutyState.OPEN: ("draft", "…"),
    DutyState.SIGNED: ("approved", "✓"),
    DutyState.DECLINED: ("returned", "✕"),
    DutyState.EXCUSED: ("not_due", "·"),
    DutyState.REPLACED: ("not_due", "→"),
}

# Where nobody signs any more.
CLOSED_WORDS: Final[Mapping[str, StrPromise]] = {
    DutyState.OPEN: gettext_lazy("Not signed"),
    DutyState.REPLACED: gettext_lazy("No longer asked"),
}


def state_word(duty: Duty, day: dt.date) -> str:
    """Where somebody stands, in a word."""
    if not duty.campaign.is_open and duty.state in CLOSED_WORDS:
        return str(CLOSED_WORDS[duty.state])
    if duty.state == DutyState.OPEN and duty.due_on < day:
        return _("Overdue")
    return duty.get_state_display()


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """Somebody in a round. ``declaration`` and ``refusal`` are ids that the reader may open."""

    duty: Duty
    code: str
    sign: str
    label: str
    reminded_at: dt.datetime | None
    declaration: int | None
    refusal: int | None
    may_excuse: bool


def with_words(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    """Each with the id of its last refusal and the time of its last reminder."""
    refusals = Refusal._default_manager.filter(duty=OuterRef("pk")).order_by("-refused_at", "-pk")
    reminders = Reminder._default_manager.filter(duty=OuterRef("pk")).order_by("-sent_at")
    return duties.annotate(
        refusal_id=Subquery(refusals.values("pk")[:1]), reminded_at=Subquery(reminders.values("sent_at")[:1])
    )


def people(user: User, campaign: Campaign, duties: Sequence[Any], day: dt.date) -> list[PersonLine]:
    """The lines of one page of a round. One question for all of them."""
    standing = policies.declarations_for(user).filter(duty__in=[duty.pk for duty in duties], replaced_by__isnull=True)
    declarations = dict(standing.order_by().values_list("duty_id", "pk"))
    lines = []
    for duty in duties:
        code, sign = _MARKS[DutyState(duty.state)]
        label = state_word(duty, day)
        if duty.state == DutyState.OPEN and (duty.due_on < day or not campaign.is_open):
            code, sign = "late", "!"
        waits = duty.state in (DutyState.OPEN, DutyState.DECLINED) and campaign.is_open
        lines.append(
            PersonLine(
                duty=duty,
                code=code,
                sign=sign,
                label=label,
                reminded_at=duty.reminded_at,
                declaration=declarations.get(duty.pk),
                refusal=duty.refusal_id,
                may_excuse=waits and duty.user_id != user.pk and policies.is_officer(user, duty.site_id),
            )
        )
    return lines
