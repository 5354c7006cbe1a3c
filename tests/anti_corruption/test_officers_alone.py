"""Past our code: what takes an officer is refused to everybody else, in anybody's name and at any other time."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.models import (
    CaseOutcome,
    CaseSubject,
    ConcernedPerson,
    ConcludedCase,
    Conflict,
    Decision,
    Duty,
    DutyState,
    Gift,
    GiftHandling,
    Handling,
    IntegritySettings,
    Ruling,
)
from apps.audit.context import acting_as
from tests.anti_corruption.records import Integrity, answered, draft, round_of, sign
from tests.factories import World

Write = Callable[[User], Any]


def refused(user: User, write: Write, words: str) -> None:
    with pytest.raises(IntegrityError, match=words), acting_as(user, "test"), transaction.atomic():
        write(user)


def everybody_but_the_officers(integrity: Integrity) -> list[User]:
    """Officers of another site, the auditor of declarations, and those of the portal's other roles."""
    world = integrity.world
    return [integrity.baishan_officer, integrity.reader, world.administrator, world.lead, world.clerk]


@pytest.fixture
def conflict(integrity: Integrity, world: World) -> Conflict:
    duty = round_of(integrity, world.second_reviewer).duties.get()
    return sign(duty, answered(loans="1,000 to a driver")).conflicts.get()


def test_decisions(integrity: Integrity, conflict: Conflict) -> None:
    def decide(user: User, at: dt.datetime | None = None) -> Decision:
        return Decision._default_manager.create(
            conflict=conflict,
            ruling=Ruling.ACCEPTED,
            words="Fine",
            decided_by=user,
            decided_at=at or timezone.now(),
        )

    for user in everybody_but_the_officers(integrity):
        refused(user, decide, "an officer of the site decides")
    long_ago = timezone.now() - dt.timedelta(days=400)
    refused(integrity.hami_officer, lambda user: decide(user, long_ago), "carries its time")
    with acting_as(integrity.hami_officer, "test"):
        decide(integrity.hami_officer)


def test_names(integrity: Integrity, conflict: Conflict, world: World) -> None:
    def name(user: User, added_by: User | None) -> ConcernedPerson:
        return ConcernedPerson._default_manager.create(conflict=conflict, user=world.lead, added_by=added_by)

    for user in everybody_but_the_officers(integrity):
        refused(user, lambda user: name(user, user), "by an officer of the site")
        refused(user, lambda user: name(user, None), "when it is signed")
    with acting_as(integrity.hami_officer, "test"):
        name(integrity.hami_officer, integrity.hami_officer)


def test_duties_are_excused_and_replaced_by_officers(integrity: Integrity, world: World) -> None:
    duty = round_of(integrity, world.reviewer).duties.get()

    def excuse(user: User) -> None:
        Duty.objects.filter(pk=duty.pk).update(state=DutyState.EXCUSED, excused_by=user, excused_because="On leave")

    def replace(user: User) -> None:
        Duty.objects.filter(pk=duty.pk).update(state=DutyState.REPLACED)

    for user in everybody_but_the_officers(integrity):
        refused(user, excuse, "excused by an officer of its site")
    refused(world.clerk, replace, "replaced by an officer")
    with acting_as(integrity.hami_officer, "test"):
        excuse(integrity.hami_officer)


def test_versions_are_issued_and_rounds_closed_by_officers(integrity: Integrity, world: World) -> None:
    campaign = round_of(integrity, world.clerk)
    version = draft(integrity.code, integrity.officer, "2", timezone.localdate())

    def issue(user: User, by: User | None = None, day: dt.date | None = None) -> None:
        version.issued_by, version.issued_at, version.sha256 = by or user, timezone.now(), "a" * 64
        version.effective_on = day or timezone.localdate()
        version.save()

    for user in (*everybody_but_the_officers(integrity), integrity.hami_officer):
        refused(user, issue, "issued by an integrity officer of the group")
    refused(world.clerk, lambda user: issue(user, integrity.officer), "in their own name")
    far = timezone.localdate() + dt.timedelta(days=500)
    refused(integrity.officer, lambda user: issue(user, day=far), "more than a year from now")

    def close(user: User) -> None:
        campaign.closed_by, campaign.closed_at = user, timezone.now()
        campaign.save()

    for user in everybody_but_the_officers(integrity):
        refused(user, close, "closed by an officer of its site")


def test_gifts_are_settled_by_officers_and_stay_then(integrity: Integrity, world: World) -> None:
    def register(user: User, replaces: Gift | None = None, site: Any = None) -> Gift:
        return Gift.objects.create(
            receiver=user,
            site=site or world.hami,
            received_on=timezone.localdate(),
            giver="A supplier",
            occasion="Visit",
            item="Watch",
            value_cny=5000,
            threshold_cny=50,
            days_allowed=3,
            registered_at=timezone.now(),
            registered_on=timezone.localdate(),
            replaces=replaces,
        )

    IntegritySettings.current()
    with acting_as(world.clerk, "test"):
        gift = register(world.clerk)

    def settle(user: User) -> GiftHandling:
        return GiftHandling._default_manager.create(
            gift=gift,
            handling=Handling.HANDED_IN,
            handled_on=timezone.localdate(),
            receipt="1",
            confirmed_by=user,
            confirmed_at=timezone.now(),
        )

    for user in everybody_but_the_officers(integrity):
        refused(user, settle, "confirmed by an officer")
    refused(world.clerk, lambda user: register(user, gift, world.baishan), "at the same site")
    with acting_as(integrity.hami_officer, "test"):
        settle(integrity.hami_officer)
    refused(world.clerk, lambda user: register(user, gift), "is settled")


def test_cases(integrity: Integrity, world: World) -> None:
    def enter(user: User, **more: Any) -> ConcludedCase:
        return ConcludedCase.objects.create(
            site=world.hami,
            reference="1",
            subject=CaseSubject.COMPANY,
            matter="Rebates",
            authority="Court",
            concluded_on=dt.date(2020, 3, 1),
            outcome=CaseOutcome.SETTLED,
            entered_by=user,
            entered_at=timezone.now(),
            entered_on=timezone.localdate(),
            **more,
        )

    for user in everybody_but_the_officers(integrity):
        refused(user, enter, "entered by an officer of its site")
    refused(integrity.officer, lambda user: enter(user, pk=999, replaces_id=999), "replaces another entry")


def test_a_person_keeps_the_number_by_which_signatures_name_them(world: World) -> None:
    with pytest.raises(IntegrityError, match="keeps its id"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET id = -1 WHERE id = %s", [world.clerk.pk])
