"""Rounds of signing: who is not asked twice, who is let off, and what becomes of whom when a round is closed."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from apps.anti_corruption.campaigns import services
from apps.anti_corruption.models import Campaign, Duty, DutyState, Occasion
from apps.anti_corruption.signing.services import SigningError
from apps.audit.context import acting_as
from tests.anti_corruption.records import Integrity, issued, round_of, sign
from tests.anti_corruption.rounds import both_issued, closed, itself, opened, rows


def test_nobody_is_asked_twice_by_rounds_of_the_same_texts(integrity: Integrity) -> None:
    world = integrity.world
    round_of(integrity, world.clerk, due_in=-1, opened=20)
    for user, site in ((world.clerk, world.hami), (world.other_clerk, world.baishan)):
        integrity.holder(user, site)
    opened(integrity, site=world.hami, days=0)
    due = timezone.localdate().isoformat()
    for site in (world.hami, None):
        with pytest.raises(services.RoundError, match=f"“Yearly” asks people there .* until {due}. Close it before"):
            opened(integrity, site=site)
    opened(integrity, site=world.baishan)
    closed(integrity)
    opened(integrity)
    with pytest.raises(services.RoundError, match="sign the same texts"):
        opened(integrity, integrity.baishan_officer, world.baishan)
    issued(integrity.code, integrity.officer, "2", dt.date(2021, 1, 1))
    assert len(rows(opened(integrity))) == 2, "other texts are another matter"


def test_nobody_is_asked_again_who_was_asked_in_a_yearly_round(integrity: Integrity) -> None:
    world = integrity.world
    both_issued(integrity)
    integrity.holder(world.clerk, world.hami)
    campaign = opened(integrity)
    assert itself() == 0
    with acting_as(integrity.officer, "test"):
        services.close(campaign_id=campaign.pk, user=integrity.officer)
    assert itself() == 0, "whoever did not sign in a closed round waits for the next one"


def test_who_was_let_off_is_asked_for_another_position(integrity: Integrity) -> None:
    world, officer, tomorrow = integrity.world, integrity.officer, timezone.localdate() + dt.timedelta(days=1)

    def excuse(duty: Duty) -> None:
        with acting_as(officer, "test"):
            services.excuse(duty_id=duty.pk, user=officer, reason="On leave")

    both_issued(integrity)
    for user in (world.clerk, world.other_clerk, world.reviewer):
        integrity.holder(user, world.hami)
    campaign = opened(integrity)
    excuse(campaign.duties.get(user=world.clerk))
    closed(integrity)
    for user in (world.clerk, world.other_clerk):
        integrity.holder(user, world.hami, integrity.heading, tomorrow)
    assert itself() == 0
    assert itself(tomorrow) == 2 and itself(tomorrow) == 0
    new = Campaign._default_manager.get(occasion=Occasion.NEW_HOLDER)
    assert {row[0] for row in rows(new)} == {"clerk-hami", "clerk-baishan"}
    # The same again, while that round is still open.
    excuse(new.duties.get(user=world.clerk))
    integrity.holder(world.clerk, world.baishan, integrity.buying, tomorrow + dt.timedelta(days=1))
    assert itself(tomorrow) == 0 and itself(tomorrow + dt.timedelta(days=1)) == 1


def test_nobody_excuses_themselves_or_who_has_signed(integrity: Integrity) -> None:
    world, officer = integrity.world, integrity.officer
    campaign = round_of(integrity, world.clerk, officer)
    signed = Duty.objects.get(campaign=campaign, user=world.clerk)
    sign(signed)
    own = Duty.objects.get(campaign=campaign, user=officer)
    with acting_as(officer, "test"):
        with pytest.raises(services.RoundError, match="Nobody excuses themselves."):
            services.excuse(duty_id=own.pk, user=officer, reason="Too busy")
        with pytest.raises(services.RoundError, match="has signed already"):
            services.excuse(duty_id=signed.pk, user=officer, reason="On leave")
        with pytest.raises(PermissionDenied):
            services.excuse(duty_id=own.pk, user=integrity.reader, reason="On leave")
    assert not Duty.objects.filter(state=DutyState.EXCUSED).exists()


def test_nobody_signs_in_a_closed_round(integrity: Integrity) -> None:
    campaign = round_of(integrity, integrity.world.clerk)
    with acting_as(integrity.officer, "test"):
        services.close(campaign_id=campaign.pk, user=integrity.officer)
        with pytest.raises(services.RoundError), transaction.atomic():
            services.close(campaign_id=campaign.pk, user=integrity.officer)
        with pytest.raises(services.RoundError), transaction.atomic():
            services.remind(campaign_id=campaign.pk, user=integrity.officer, overdue_only=False)
        with pytest.raises(services.RoundError), transaction.atomic():
            services.excuse(duty_id=campaign.duties.get().pk, user=integrity.officer, reason="On leave")
    with pytest.raises(SigningError):
        sign(campaign.duties.get())
    assert campaign.duties.get().state == DutyState.REPLACED, "whose day had not come is not unsigned"


def test_who_was_overdue_stays_unsigned_when_a_round_is_closed(integrity: Integrity) -> None:
    late = round_of(integrity, integrity.world.clerk, due_in=-1, opened=20)
    with acting_as(integrity.officer, "test"):
        services.close(campaign_id=late.pk, user=integrity.officer)
    assert late.duties.get().state == DutyState.OPEN
