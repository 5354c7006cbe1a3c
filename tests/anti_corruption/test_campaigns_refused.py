"""What the database refuses of rounds and duties, past all our code."""

import datetime as dt

from django.db import connection, transaction

from apps.anti_corruption.models import Duty
from apps.audit.context import acting_as
from tests.anti_corruption.records import Integrity, draft, issued, round_of, sign
from tests.by_hand import refused

DUTY = "anti_corruption_duty"
CAMPAIGN = "anti_corruption_campaign"


def test_a_round_stays_as_it_was_opened(integrity: Integrity) -> None:
    campaign = round_of(integrity, integrity.world.clerk)
    for change in ("title = 'x'", "due_on = due_on + 9", "site_id = NULL", "occasion = 'new_holder'"):
        assert "stays as it was opened" in refused(f"UPDATE {CAMPAIGN} SET {change} WHERE id = %s", campaign.pk)
    assert "closed, not deleted" in refused(f"DELETE FROM {CAMPAIGN} WHERE id = %s", campaign.pk)
    close = f"UPDATE {CAMPAIGN} SET closed_at = now(), closed_by_id = %s WHERE id = %s"
    by_officer = "closed by an officer of its site, in their own name"
    assert by_officer in refused(close, integrity.officer.pk, campaign.pk)
    with acting_as(integrity.baishan_officer, "test"):
        assert by_officer in refused(close, integrity.baishan_officer.pk, campaign.pk)
    with acting_as(integrity.officer, "test"), connection.cursor() as cursor:
        cursor.execute(close, [integrity.officer.pk, campaign.pk])
    with acting_as(integrity.second_officer, "test"):
        assert "closed once" in refused(close, integrity.second_officer.pk, campaign.pk)
    assert "closed once" in refused(
        f"UPDATE {CAMPAIGN} SET closed_at = NULL, closed_by_id = NULL WHERE id = %s", campaign.pk
    )


def test_a_round_is_about_issued_texts_of_the_right_kind(integrity: Integrity) -> None:
    statement, code = issued(integrity.statement, integrity.officer), issued(integrity.code, integrity.officer)
    unissued = draft(integrity.statement, integrity.officer, "2", dt.date(2021, 1, 1))
    sql = (
        f"INSERT INTO {CAMPAIGN} (title, occasion, statement_id, conduct_id, opened_on, due_on)"
        " VALUES ('x', 'yearly', %s, %s, '2020-01-01', '2020-02-01')"
    )
    for texts in ((unissued.pk, code.pk), (code.pk, code.pk), (statement.pk, statement.pk)):
        assert "an issued statement and an issued code" in refused(sql, *texts)


def test_one_round_of_a_kind_opens_by_itself(integrity: Integrity) -> None:
    statement, code = issued(integrity.statement, integrity.officer), issued(integrity.code, integrity.officer)
    sql = (
        f"INSERT INTO {CAMPAIGN} (title, occasion, statement_id, conduct_id, opened_on, due_on)"
        " VALUES ('x', 'new_holder', %s, %s, '2020-01-01', '2020-02-01')"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [statement.pk, code.pk])
    assert "campaign_one_by_itself" in refused(sql, statement.pk, code.pk)


def test_a_duty_keeps_whose_it_is(integrity: Integrity) -> None:
    world = integrity.world
    duty = round_of(integrity, world.clerk).duties.get()
    for change in (
        f"user_id = {world.other_clerk.pk}",
        f"site_id = {world.baishan.pk}",
        f"post_id = {integrity.heading.pk}",
        "rank = 'director'",
        "due_on = due_on + 90",
    ):
        assert "keeps whose it is" in refused(f"UPDATE {DUTY} SET {change} WHERE id = %s", duty.pk)
    assert "excused, not deleted" in refused(f"DELETE FROM {DUTY} WHERE id = %s", duty.pk)


def test_nobody_signs_or_declines_for_others(integrity: Integrity) -> None:
    duty = round_of(integrity, integrity.world.clerk).duties.get()
    signs = f"UPDATE {DUTY} SET state = 'signed', signed_on = current_date WHERE id = %s"
    declines = f"UPDATE {DUTY} SET state = 'declined' WHERE id = %s"
    for sql in (signs, declines):
        assert "by its person alone" in refused(sql, duty.pk)
        with acting_as(integrity.officer, "test"):
            assert "by its person alone" in refused(sql, duty.pk)
    with acting_as(duty.user, "test"):
        assert "with a declaration" in refused(signs, duty.pk)
        assert "with a reason" in refused(declines, duty.pk)


def test_what_is_signed_stays_signed(integrity: Integrity) -> None:
    duty = round_of(integrity, integrity.world.clerk).duties.get()
    sign(duty)
    for state in ("open", "declined", "replaced"):
        sql = f"UPDATE {DUTY} SET state = %s, signed_on = NULL WHERE id = %s"
        assert "cannot go from signed" in refused(sql, state, duty.pk)
    with acting_as(integrity.officer, "test"):
        assert "cannot go from signed" in refused(
            f"UPDATE {DUTY} SET state = 'excused', signed_on = NULL, excused_by_id = %s, excused_because = 'x'"
            " WHERE id = %s",
            integrity.officer.pk,
            duty.pk,
        )


def test_excusing_is_done_in_ones_own_name_with_a_reason(integrity: Integrity) -> None:
    campaign = round_of(integrity, integrity.world.clerk, integrity.officer)
    other, own = (Duty.objects.get(campaign=campaign, user=user) for user in (integrity.world.clerk, integrity.officer))
    sql = f"UPDATE {DUTY} SET state = 'excused', excused_by_id = %s, excused_because = %s WHERE id = %s"
    officer = integrity.officer.pk
    assert "in their own name" in refused(sql, officer, "On leave", other.pk)
    with acting_as(integrity.second_officer, "test"):
        assert "in their own name" in refused(sql, officer, "On leave", other.pk)
    with acting_as(integrity.officer, "test"):
        assert "duty_excused_with_reason" in refused(sql, officer, "", other.pk)
        assert "duty_not_excused_by_oneself" in refused(sql, officer, "Me", own.pk)


def test_a_duty_begins_open_in_an_open_round(integrity: Integrity) -> None:
    world = integrity.world
    campaign = round_of(integrity, world.clerk)
    sql = (
        f"INSERT INTO {DUTY} (campaign_id, user_id, site_id, post_id, rank, opened_on, due_on, state, excused_because)"
        " VALUES (%s, %s, %s, %s, 'key_post', '2020-01-01', '2020-02-01', %s, '')"
    )
    row = (campaign.pk, world.reviewer.pk, world.hami.pk, integrity.buying.pk)
    assert "starts open" in refused(sql, *row, "replaced")
    assert "duty_once" in refused(sql, campaign.pk, world.clerk.pk, *row[2:], "open")
    with acting_as(integrity.officer, "test"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {CAMPAIGN} SET closed_at = now(), closed_by_id = %s WHERE id = %s",
            [integrity.officer.pk, campaign.pk],
        )
    assert "in an open round" in refused(sql, *row, "open")


def test_reminders_stay(integrity: Integrity) -> None:
    duty = round_of(integrity, integrity.world.clerk).duties.get()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO anti_corruption_reminder (duty_id, sent_at) VALUES (%s, now())", [duty.pk])
    assert refused("UPDATE anti_corruption_reminder SET sent_at = now() - interval '1 day'")
    assert refused("DELETE FROM anti_corruption_reminder")
