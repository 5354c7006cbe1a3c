"""The annual form: what it copies from the registers, what stays typed, and that it tells counts alone."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption import policies, yearly
from apps.anti_corruption.conflicts import services as conflicts
from apps.anti_corruption.models import Campaign, Declaration, Duty, IntegrityCount, IntegrityTraining, SignedYear
from apps.audit.context import acting_as
from apps.organisation.models import Period, Site
from apps.submissions.choices import State
from apps.submissions.models import Submission
from tests.anti_corruption.records import Integrity, answered, correct, round_of, sign
from tests.anti_corruption.yearly_records import (
    approve,
    hand_in,
    put_case,
    put_channel,
    put_duty,
    put_gift,
    put_training,
    settle,
    take_over,
    whole_year,
)
from tests.by_hand import refused, words
from tests.factories import UserFactory, World

SignIn = Callable[[User], Client]
TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


def form_between(site: Site, first: dt.date, last: dt.date) -> Submission:
    """A form for any span of days, not stored: enough to ask the registers."""
    return Submission(site=site, period=Period(starts_on=first, ends_on=last))


def counts(site: Site, first: dt.date, last: dt.date) -> dict[str, int]:
    return {line.measure: line.count for line in yearly.counts_of(form_between(site, first, last)) if line.count}


def signed(site: Site, first: dt.date, last: dt.date) -> dict[str, tuple[int, int]]:
    lines = yearly.signed_of(form_between(site, first, last))
    return {line.rank: (line.due, line.signed) for line in lines if line.due}


def asked(
    integrity: Integrity, campaign: Campaign, *days: dt.date, site: Site | None = None, **fields: Any
) -> list[Any]:
    post = {"post": integrity.buying}
    place = site or integrity.world.hami
    return [put_duty(campaign, UserFactory(), place, day, **post, **fields) for day in days]


# Statements -----------------------------------------------------------------------------------------------------------


def test_who_was_due_on_a_day_of_the_year(integrity: Integrity) -> None:
    hami, campaign = integrity.world.hami, round_of(integrity)
    first, last = dt.date(2020, 1, 1), dt.date(2020, 12, 31)
    asked(integrity, campaign, first - DAY, first, last, last + DAY)
    asked(integrity, campaign, last, rank="director")
    asked(integrity, campaign, last, site=integrity.world.baishan)
    assert signed(hami, first, last) == {"key_post": (2, 0), "director": (1, 0)}
    assert [line.rank for line in yearly.signed_of(form_between(hami, first, last))] == [
        "director",
        "senior",
        "middle",
        "key_post",
    ], "a line for each rank, also where nobody was asked"


def test_signed_by_the_last_day_of_the_year(integrity: Integrity) -> None:
    hami, campaign = integrity.world.hami, round_of(integrity)
    for duty in asked(integrity, campaign, TODAY() - DAY, TODAY() - DAY, TODAY() - DAY)[:2]:
        sign(duty)
    first = TODAY() - 300 * DAY
    assert signed(hami, first, TODAY()) == {"key_post": (3, 2)}
    assert signed(hami, first, TODAY() - DAY) == {"key_post": (3, 0)}, "they signed after that year"


def test_the_excused_and_the_replaced_owe_nothing(integrity: Integrity) -> None:
    campaign = round_of(integrity)
    excused, replaced, declined = asked(integrity, campaign, TODAY(), TODAY(), TODAY())
    with acting_as(integrity.officer, "test"):
        excused.state, excused.excused_by, excused.excused_because = "excused", integrity.officer, "on leave"
        excused.save()
        replaced.state = "replaced"
        replaced.save()
    assert signed(integrity.world.hami, TODAY(), TODAY()) == {"key_post": (1, 0)}
    assert declined.state == "open"


def test_people_are_counted_once_however_often_they_are_asked(integrity: Integrity) -> None:
    world, day = integrity.world, dt.date(2020, 6, 1)
    for campaign in (round_of(integrity), round_of(integrity)):
        put_duty(campaign, world.clerk, world.hami, day, "director", post=integrity.buying)
    other = put_duty(campaign, world.other_clerk, world.hami, day, "director", post=integrity.buying)
    line = yearly.signed_of(form_between(world.hami, day, day))[0]
    assert (line.rank, line.due, line.people) == ("director", 3, 2)
    with acting_as(integrity.officer, "test"):
        other.state, other.excused_by, other.excused_because = "excused", integrity.officer, "on leave"
        other.save()
    assert yearly.signed_of(form_between(world.hami, day, day))[0].people == 1


# Counts ---------------------------------------------------------------------------------------------------------------


def test_cases_of_the_year_by_outcome(integrity: Integrity) -> None:
    hami, officer = integrity.world.hami, integrity.officer
    first, last = dt.date(2020, 1, 1), dt.date(2020, 12, 31)
    for day in (first - DAY, first, last, last + DAY):
        put_case(officer, hami, day)
    put_case(officer, integrity.world.baishan, first)
    wrong = put_case(officer, hami, last, "settled")
    put_case(officer, hami, last, "dismissed", reference=wrong.reference, replaces=wrong)
    assert counts(hami, first, last) == {"cases_convicted": 2, "cases_dismissed": 1}


def test_gifts_of_the_year_and_what_became_of_them(integrity: Integrity) -> None:
    hami, officer, user = integrity.world.hami, integrity.officer, integrity.world.clerk
    first, last = dt.date(2020, 1, 1), dt.date(2020, 12, 31)
    early, one, two, three, late = (
        put_gift(user, hami, day) for day in (first - DAY, first, last, last, last + DAY)
    )  # fmt: skip
    for gift in (early, one, two, late):
        settle(gift, officer)
    settle(two, officer, "returned")
    corrected = put_gift(user, hami, last, "90", replaces=three)
    put_gift(user, integrity.world.baishan, last)
    assert counts(hami, first, last) == {"gifts_registered": 3, "gifts_handed_in": 1, "gifts_returned": 1}
    settle(corrected, officer)
    assert counts(hami, first, last)["gifts_handed_in"] == 2


def test_conflicts_declared_and_decided(integrity: Integrity) -> None:
    hami, baishan = integrity.world.hami, integrity.world.baishan
    here, there = UserFactory(), UserFactory()
    round_of(integrity, here)
    round_of(integrity, there, site=baishan)
    told = sign(policies.duties_of(here).get(), answered(gifts="A pen", loans="Of Wu", wrongdoing="The chief"))
    sign(policies.duties_of(there).get(), answered(gifts="Tea"))
    for _time in range(2):
        with acting_as(integrity.officer, "test"):
            conflicts.decide(
                user=integrity.officer,
                conflict_id=told.conflicts.get(kind="gifts").pk,
                ruling="accepted",
                words="Small",
            )
    first = TODAY() - 300 * DAY
    assert counts(hami, first, TODAY()) == {"conflicts_declared": 2, "conflicts_decided": 1}
    assert counts(hami, first, TODAY() - DAY) == {}
    assert counts(baishan, first, TODAY()) == {"conflicts_declared": 1}
    correct(told, answered(loans="Of Wu, paid back"))
    assert counts(hami, first, TODAY()) == {"conflicts_declared": 1, "conflicts_decided": 1}, "what was decided stays"


def test_a_conflict_is_decided_once_and_not_by_whom_it_concerns(integrity: Integrity) -> None:
    hami, signer = integrity.world.hami, integrity.world.clerk
    round_of(integrity, signer)
    told = sign(policies.duties_of(signer).get(), answered(gifts="A pen", loans="Of Wu"))

    def decide(declaration: Declaration, kind: str, user: User) -> None:
        conflict = declaration.conflicts.get(kind=kind)
        with acting_as(user, "test"):
            conflicts.decide(user=user, conflict_id=conflict.pk, ruling="accepted", words="Small")

    decide(told, "gifts", integrity.officer)
    decide(told, "loans", integrity.hami_officer)
    again = correct(told, answered(gifts="A pen and ink", loans="Of Wu"))
    decide(again, "gifts", integrity.officer)
    assert counts(hami, TODAY(), TODAY()) == {"conflicts_declared": 2, "conflicts_decided": 2}
    with acting_as(integrity.officer, "test"):
        conflicts.add_concerned(
            user=integrity.officer,
            conflict_id=again.conflicts.get(kind="loans").pk,
            concerned=integrity.hami_officer,
        )
    assert counts(hami, TODAY(), TODAY())["conflicts_decided"] == 1


def test_the_questions_stay_as_many(integrity: Integrity) -> None:
    hami, campaign = integrity.world.hami, round_of(integrity)
    form, asked_times = form_between(hami, TODAY() - 300 * DAY, TODAY()), []
    for days in ((TODAY(),), (TODAY(),) * 6):
        for duty in asked(integrity, campaign, *days):
            sign(duty, answered(gifts="A pen"))
            settle(put_gift(duty.user, hami, TODAY()), integrity.officer)
            put_case(integrity.officer, hami, TODAY())
        with CaptureQueriesContext(connection) as queries:
            yearly.signed_of(form)
            yearly.counts_of(form)
        asked_times.append(len(queries))
    assert asked_times == [5, 5]


# The form -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(integrity_world: World) -> Integrity:
    """Two of Hami due in 2020 and not signed, a case, and a gift; all with a word that must not come out."""
    integrity = Integrity(integrity_world)
    campaign = round_of(integrity)
    asked(integrity, campaign, dt.date(2020, 5, 1), dt.date(2020, 6, 1))
    put_case(integrity.officer, integrity_world.hami, dt.date(2020, 3, 3))
    put_gift(integrity_world.clerk, integrity_world.hami, dt.date(2020, 4, 4))
    return integrity


def entry(form: Submission) -> str:
    return reverse("submissions:edit", args=[form.pk])


def typed(form: Submission, **paper: Sequence[str]) -> dict[str, str]:
    """What the browser sends of the two registers that people fill in on the page's first table, by rank."""
    form.refresh_from_db()
    lines = list(SignedYear.objects.filter(submission=form).order_by("pk"))
    sent = {"revision": str(form.revision)}
    for register, count in (("declarations_signed", len(lines)), ("report_channel", 0), ("integrity_training", 0)):
        sent |= {f"{register}-TOTAL_FORMS": str(count), f"{register}-INITIAL_FORMS": str(count)}
    for place, line in enumerate(lines):
        values = paper.get(line.rank, ("", "", ""))
        names = ("paper_due", "paper_signed", "note")
        sent |= {f"declarations_signed-{place}-id": str(line.pk)}
        sent |= {
            f"declarations_signed-{place}-{name}": value for name, value in zip(names, values, strict=True)
        }  # fmt: skip
    return sent


def test_the_form_copies_counts_and_keeps_what_is_typed(told: Integrity, sign_in: SignIn) -> None:
    form, client = whole_year(told.world.hami), sign_in(told.world.clerk)
    assert "differ from what the portal knows" in words(client.get(entry(form)))
    client.post(entry(form), {**typed(form), "take_over": "1"})
    lines = SignedYear.objects.filter(submission=form)
    assert dict(lines.values_list("rank", "due")) == {"director": 0, "senior": 0, "middle": 0, "key_post": 2}
    found = dict(IntegrityCount.objects.filter(submission=form, count__gt=0).values_list("measure", "count"))
    assert found == {"cases_convicted": 1, "gifts_registered": 1}
    assert IntegrityCount.objects.filter(submission=form).count() == 9
    client.post(entry(form), typed(form, middle=("4", "3", "Binder 7, personnel office")))
    campaign = Campaign._default_manager.get()
    asked(told, campaign, dt.date(2020, 7, 1), rank="middle")
    assert take_over(form, told.world.clerk) == 1
    line = lines.get(rank="middle")
    assert (line.due, line.paper_due, line.paper_signed, line.note) == (1, 4, 3, "Binder 7, personnel office")


def test_paper_is_told_as_a_pair(told: Integrity, sign_in: SignIn) -> None:
    form, client = whole_year(told.world.hami), sign_in(told.world.clerk)
    take_over(form, told.world.clerk)
    assert client.post(entry(form), typed(form, middle=("4", "", ""))).status_code == 422
    assert client.post(entry(form), typed(form, middle=("3", "4", ""))).status_code == 422
    line = SignedYear.objects.get(submission=form, rank="middle")
    said = refused("UPDATE anti_corruption_signedyear SET paper_due = 3 WHERE id = %s", line.pk)
    assert "paper_is_told" in said


def test_paper_and_people_keep_within_reason(told: Integrity, sign_in: SignIn) -> None:
    form, client = whole_year(told.world.hami), sign_in(told.world.clerk)
    take_over(form, told.world.clerk)
    response = client.post(entry(form), typed(form, middle=("100001", "1", "Binder 7")))
    assert response.status_code == 422 and "at most 100,000 statements can be due" in words(response)
    client.post(entry(form), typed(form, middle=("100000", "1", "Binder 7")))
    line = SignedYear.objects.get(submission=form, rank="middle")
    assert line.paper_due == 100_000
    table = "anti_corruption_signedyear"
    assert "paper_in_bounds" in refused(f"UPDATE {table} SET paper_due = 100001 WHERE id = %s", line.pk)
    for people in ("due = 2, people = 0", "due = 2, people = 3", "due = 0, people = 1"):
        assert "people_owe_statements" in refused(f"UPDATE {table} SET {people} WHERE id = %s", line.pk)


def test_a_training_lies_within_the_year(told: Integrity, sign_in: SignIn) -> None:
    form, client = whole_year(told.world.hami), sign_in(told.world.clerk)
    take_over(form, told.world.clerk)
    one = {
        "integrity_training-TOTAL_FORMS": "1",
        "integrity_training-0-topic": "Gifts",
        "integrity_training-0-audience": "staff",
        "integrity_training-0-participants": "30",
        "integrity_training-0-hours_each": "１.5",
        "integrity_training-0-trainer": "",
    }
    sent = {**typed(form), **one, "integrity_training-0-held_on": "2021-01-01"}
    response = client.post(entry(form), sent)
    assert response.status_code == 422 and "lies outside this year" in words(response)
    client.post(entry(form), {**typed(form), **one, "integrity_training-0-held_on": "2020-12-31"})
    kept = IntegrityTraining.objects.get(submission=form)
    assert (kept.participants, str(kept.hours_each)) == (30, "1.50")


def test_handed_in_approved_and_locked(told: Integrity) -> None:
    form = whole_year(told.world.hami)
    take_over(form, told.world.clerk)
    put_channel(form)
    put_training(form, "staff", 20, "1")
    approve(form, told.world.clerk, told.world.reviewer)
    assert form.state == State.APPROVED
    line = IntegrityCount.objects.filter(submission=form)[0]
    assert refused("UPDATE anti_corruption_integritycount SET count = 9 WHERE id = %s", line.pk)


def test_the_form_tells_counts_and_nothing_else(told: Integrity, sign_in: SignIn) -> None:
    """Neither the clerk nor a reviewer meets a name, a case number or a gift on any page of the form."""
    form, world = whole_year(told.world.hami), told.world
    take_over(form, world.clerk)
    hand_in(form, world.clerk)
    people = [duty.user.full_name for duty in Duty.objects.select_related("user")]
    words_of_others = ["(2020) 1", "Took money", "Mr Wu", "Spring Festival"]
    pages = (
        (world.clerk, entry(form), people),
        (world.clerk, reverse("submissions:history", args=[form.pk]), people),
        (world.reviewer, reverse("admin:submissions_submission_change", args=[form.pk]), people),
        (world.lead, reverse("admin:index"), people),
        (world.auditor, reverse("indicators:figure", args=["2020", "AC-CASES"]), people),
        # Whoever reads the trail sees who was asked to sign, and nothing of what anybody told.
        (world.auditor, reverse("admin:audit_change_changelist"), []),
    )
    for user, address, names in pages:
        response = sign_in(user).get(address)
        assert response.status_code == 200, address
        assert not [secret for secret in (*words_of_others, *names) if secret in words(response)], address


def test_it_is_for_those_who_enter_review_or_audit_it(told: Integrity, sign_in: SignIn) -> None:
    form, world = whole_year(told.world.hami), told.world
    for user, status in ((world.clerk, 200), (world.auditor, 200), (world.other_clerk, 404), (told.officer, 404)):
        assert sign_in(user).get(entry(form)).status_code == status, user
    # The portal's keepers need no numbers of so few people.
    assert sign_in(world.administrator).get(entry(form)).status_code == 404
