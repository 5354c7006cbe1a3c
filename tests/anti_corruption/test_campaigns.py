"""Rounds of signing: who is asked, by an officer and by the portal itself, and how a round goes on."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.campaigns import attention, services
from apps.anti_corruption.documents import services as documents
from apps.anti_corruption.models import Campaign, Duty, DutyState, IntegritySettings, Occasion, Reminder
from apps.audit.context import acting_as
from tests.anti_corruption.records import Integrity, draft, issued, round_of, sign
from tests.anti_corruption.rounds import both_issued, closed, itself, opened, rows
from tests.factories import UserFactory


def test_a_yearly_round_asks_each_holder_once_by_the_highest_rank(integrity: Integrity) -> None:
    world, today = integrity.world, timezone.localdate()
    both_issued(integrity)
    integrity.holder(world.clerk, world.hami)
    integrity.holder(world.clerk, world.baishan, integrity.heading)
    integrity.holder(world.other_clerk, world.baishan)
    integrity.holder(world.other_clerk, world.hami)
    integrity.holder(world.reviewer, world.hami, since=today + dt.timedelta(days=1))
    gone = integrity.holder(UserFactory(username="gone", is_active=False), world.hami)
    campaign = opened(integrity)
    assert gone.username not in {row[0] for row in rows(campaign)}
    assert rows(campaign) == [
        ("clerk-baishan", "HAMI", "purchasing", "key_post"),
        ("clerk-hami", "BAISHAN", "department_head", "middle"),
    ]
    duty = Duty.objects.get(campaign=campaign, user=world.clerk)
    assert (duty.state, duty.opened_on, duty.due_on) == ("open", today, today + dt.timedelta(days=30))
    closed(integrity)
    at_hami = opened(integrity, integrity.hami_officer, world.hami)
    assert rows(at_hami) == [
        ("clerk-baishan", "HAMI", "purchasing", "key_post"),
        ("clerk-hami", "HAMI", "purchasing", "key_post"),
    ]


def test_an_ended_position_is_not_asked(integrity: Integrity) -> None:
    world, today = integrity.world, timezone.localdate()
    both_issued(integrity)
    integrity.holder(world.clerk, world.hami)
    integrity.holder(world.other_clerk, world.hami)
    from_yesterday = "UPDATE anti_corruption_postholder SET valid_until = %s WHERE user_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(from_yesterday, [today - dt.timedelta(days=1), world.clerk.pk])
        cursor.execute(from_yesterday, [today, world.other_clerk.pk])
    assert [row[0] for row in rows(opened(integrity))] == ["clerk-baishan"]


def test_a_round_needs_texts_holders_and_a_day_to_come(integrity: Integrity) -> None:
    world = integrity.world
    integrity.holder(world.clerk, world.hami)
    issued(integrity.code, integrity.officer)
    with pytest.raises(services.RoundError, match="There is nothing to sign yet."):
        opened(integrity)
    issued(integrity.statement, integrity.officer)
    with pytest.raises(services.RoundError, match="This day is over."):
        opened(integrity, days=-1)
    with pytest.raises(services.RoundError, match="Nobody holds an important position there."):
        opened(integrity, site=world.baishan)
    assert not Campaign._default_manager.exists()


def test_who_opens_a_round_for_whom(integrity: Integrity) -> None:
    world = integrity.world
    both_issued(integrity)
    integrity.holder(world.clerk, world.hami)
    for user, site in (
        (integrity.hami_officer, None),
        (integrity.baishan_officer, world.hami),
        (integrity.reader, world.hami),
        (world.administrator, None),
        (world.lead, world.hami),
    ):
        with pytest.raises(PermissionDenied):
            opened(integrity, user, site)
    assert opened(integrity, integrity.hami_officer, world.hami).opened_by == integrity.hami_officer


def test_a_new_holder_is_asked_by_itself_and_once(integrity: Integrity) -> None:
    world, today = integrity.world, timezone.localdate()
    both_issued(integrity)
    IntegritySettings.current()
    IntegritySettings._default_manager.update(days_to_sign=12)
    integrity.holder(world.clerk, world.hami)
    assert itself() == 1
    duty = Duty.objects.get()
    assert duty.campaign.occasion == Occasion.NEW_HOLDER and duty.campaign.opened_by is None
    assert (duty.user, duty.due_on) == (world.clerk, today + dt.timedelta(days=12))
    assert itself() == 0
    integrity.holder(world.other_clerk, world.baishan)
    assert itself() == 1
    assert Campaign._default_manager.count() == 1 and Duty.objects.count() == 2
    sign(Duty.objects.get(user=world.clerk))
    integrity.holder(world.clerk, world.hami, integrity.heading)
    assert itself() == 0


def test_a_yearly_round_takes_in_who_was_asked_by_itself(integrity: Integrity) -> None:
    world = integrity.world
    both_issued(integrity)
    for user in (world.clerk, world.other_clerk, world.reviewer):
        integrity.holder(user, world.hami)
    itself(timezone.localdate() - dt.timedelta(days=60))
    integrity.holder(world.lead, world.hami)
    itself()
    sign(Duty.objects.get(user=world.other_clerk))
    campaign = opened(integrity)
    earlier = dict(Duty.objects.exclude(campaign=campaign).values_list("user__username", "state"))
    # An overdue duty stays overdue: a new round does not tidy the old one up.
    assert earlier == {"clerk-hami": "open", "clerk-baishan": "signed", "reviewer": "open", "lead-reviewer": "replaced"}
    assert len(rows(campaign)) == 4 and itself() == 0


@pytest.mark.parametrize("which", ["statement", "code"])
def test_a_new_version_asks_everybody_and_replaces_what_is_open(integrity: Integrity, which: str) -> None:
    world, today = integrity.world, timezone.localdate()
    both_issued(integrity)
    for user in (world.clerk, world.other_clerk, world.reviewer, world.lead):
        integrity.holder(user, world.hami)
    campaign = opened(integrity)
    sign(Duty.objects.get(campaign=campaign, user=world.clerk))
    excused = Duty.objects.get(campaign=campaign, user=world.lead)
    with acting_as(integrity.officer, "test"):
        services.excuse(duty_id=excused.pk, user=integrity.officer, reason="On leave")
    version = draft(getattr(integrity, which), integrity.officer, "2", today)
    with acting_as(integrity.officer, "test"):
        documents.issue(user=integrity.officer, version_id=version.pk)
    states = dict(Duty.objects.filter(campaign=campaign).values_list("user__username", "state"))
    assert states == {
        "clerk-hami": "signed", "clerk-baishan": "replaced", "reviewer": "replaced", "lead-reviewer": "excused",
    }  # fmt: skip
    new = Campaign._default_manager.get(occasion=Occasion.NEW_VERSION)
    assert version in (new.statement, new.conduct) and new.title.startswith(new.statement.number)
    assert {row[0] for row in rows(new)} == {"clerk-hami", "clerk-baishan", "reviewer", "lead-reviewer"}
    assert set(Duty.objects.filter(campaign=new).values_list("state", "due_on")) == {
        ("open", today + dt.timedelta(days=30))
    }
    assert itself() == 0


def test_who_was_late_stays_late_when_a_new_version_comes(integrity: Integrity) -> None:
    world, today = integrity.world, timezone.localdate()
    late = round_of(integrity, world.clerk, due_in=-1, opened=40)
    integrity.holder(world.clerk, world.hami)
    version = draft(integrity.statement, integrity.officer, "2", today)
    with acting_as(integrity.officer, "test"):
        documents.issue(user=integrity.officer, version_id=version.pk)
    assert late.duties.get().state == DutyState.OPEN
    assert Duty.objects.overdue(today).get().campaign_id == late.pk
    assert Duty.objects.get(campaign__statement=version).user_id == world.clerk.pk


def test_a_version_to_come_asks_on_its_day(integrity: Integrity) -> None:
    world, day = integrity.world, timezone.localdate() + dt.timedelta(days=5)
    both_issued(integrity)
    integrity.holder(world.clerk, world.hami)
    itself()
    version = draft(integrity.statement, integrity.officer, "2", day)
    with acting_as(integrity.officer, "test"):
        documents.issue(user=integrity.officer, version_id=version.pk)
    assert Duty.objects.count() == 1 and itself(day - dt.timedelta(days=1)) == 0
    assert itself(day) == 1
    assert list(Duty.objects.order_by("pk").values_list("state", "campaign__statement__number")) == [
        ("replaced", "1"),
        ("open", "2"),
    ]


def test_reminding_by_hand(integrity: Integrity) -> None:
    world = integrity.world
    open_ones = [world.clerk, world.other_clerk]
    late = round_of(integrity, *open_ones, world.reviewer, due_in=-1, opened=40)
    sign(Duty.objects.get(campaign=late, user=world.reviewer))
    soon = round_of(integrity, world.clerk)

    def remind(campaign: Campaign, *, overdue_only: bool, user: User = integrity.officer) -> int:
        with acting_as(user, "test"):
            return services.remind(campaign_id=campaign.pk, user=user, overdue_only=overdue_only)

    assert remind(soon, overdue_only=True) == 0
    assert remind(late, overdue_only=True) == 2
    assert remind(late, overdue_only=False) == 0, "nobody is reminded twice a day"
    assert remind(soon, overdue_only=False, user=integrity.hami_officer) == 1
    assert set(Reminder._default_manager.values_list("duty__user__username", "sent_by__username")) == {
        ("clerk-hami", "officer"), ("clerk-baishan", "officer"), ("clerk-hami", "officer-hami"),
    }  # fmt: skip
    with pytest.raises(Http404):
        remind(soon, overdue_only=False, user=integrity.baishan_officer)
    with pytest.raises(PermissionDenied):
        remind(soon, overdue_only=False, user=integrity.reader)


def test_an_officer_of_a_site_runs_their_part_of_a_round_of_the_group(integrity: Integrity) -> None:
    world = integrity.world
    both_issued(integrity)
    integrity.holder(world.clerk, world.hami)
    integrity.holder(world.other_clerk, world.baishan)
    campaign, officer = opened(integrity), integrity.hami_officer
    here, there = (Duty.objects.get(campaign=campaign, user=user) for user in (world.clerk, world.other_clerk))
    with acting_as(officer, "test"):
        assert services.remind(campaign_id=campaign.pk, user=officer, overdue_only=False) == 1
        with pytest.raises(PermissionDenied):
            services.close(campaign_id=campaign.pk, user=officer)
        with pytest.raises(Http404):
            services.excuse(duty_id=there.pk, user=officer, reason="On leave")
        services.excuse(duty_id=here.pk, user=officer, reason="On leave")
    here.refresh_from_db()
    assert (here.state, here.excused_by, here.excused_because) == ("excused", officer, "On leave")


def test_the_daily_command_asks_and_reminds_once(integrity: Integrity) -> None:
    world, today = integrity.world, timezone.localdate()
    both_issued(integrity)
    integrity.holder(world.clerk, world.hami)

    def daily(**options: Any) -> str:
        out = StringIO()
        call_command("integrity_daily", stdout=out, **options)
        return out.getvalue().strip()

    assert daily() == "1 asked to sign, 0 reminded"
    assert daily() == "0 asked to sign, 0 reminded"
    # Asked for thirty days, reminded seven before the end.
    assert daily(day=today + dt.timedelta(days=22)) == "0 asked to sign, 0 reminded"
    assert daily(day=today + dt.timedelta(days=23)) == "0 asked to sign, 1 reminded"
    assert daily(day=today + dt.timedelta(days=24)) == "0 asked to sign, 0 reminded"
    assert Reminder._default_manager.get().sent_by is None


def test_officers_find_late_people_and_rounds_to_close_in_their_work(integrity: Integrity) -> None:
    world = integrity.world
    late = round_of(integrity, world.clerk, due_in=-3, opened=30)
    before = timezone.localdate() - dt.timedelta(days=5)
    later = {"opened_on": late.opened_on, "due_on": before, "rank": "key_post", "post": integrity.buying}
    Duty.objects.create(campaign=late, user=world.other_clerk, site=world.hami, **later)
    done = round_of(integrity, world.reviewer, due_in=-2, opened=30)
    round_of(integrity, world.lead)
    sign(Duty.objects.get(campaign=done))
    found = {task.url: task.detail for task in attention.tasks(integrity.hami_officer)}
    assert found == {
        f"/integrity/rounds/{late.pk}/?state=overdue": "2 people are overdue.",
        f"/integrity/rounds/{done.pk}/": "Everybody has answered, and the day is over. Close the round.",
    }
    assert attention.tasks(integrity.hami_officer)[0].due_on == before, "since when the first is late"
    for user in (integrity.baishan_officer, integrity.reader, world.administrator):
        assert list(attention.tasks(user)) == []


def test_it_costs_the_same_for_five_and_for_fifty(integrity: Integrity) -> None:
    world = integrity.world
    both_issued(integrity)

    def cost(act: Any) -> int:
        with CaptureQueriesContext(connection) as asked:
            act()
        return len(asked)

    def people(count: int) -> None:
        for _number in range(count):
            integrity.holder(UserFactory(), world.hami)

    def yearly() -> Campaign:
        return opened(integrity)

    def remind() -> None:
        newest = Campaign._default_manager.filter(opened_by=integrity.officer).latest("pk")
        with acting_as(integrity.officer, "test"):
            services.remind(campaign_id=newest.pk, user=integrity.officer, overdue_only=False)

    def by_itself() -> None:
        with acting_as(None, "test"):
            services.remind_by_itself(day=timezone.localdate() + dt.timedelta(days=25))

    people(5)
    itself()
    yearly()
    closed(integrity)
    few = [cost(act) for act in (yearly, remind, by_itself)]
    people(5)
    few.append(cost(itself))
    people(45)
    closed(integrity)
    many = [cost(act) for act in (yearly, remind, by_itself)]
    people(50)
    many.append(cost(itself))
    assert few == many and max(many) < 30, many
