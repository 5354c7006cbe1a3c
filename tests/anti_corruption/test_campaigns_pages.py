"""The pages of the rounds: who sees which people, counts by hand, reminders, excuses, the way out into a workbook."""

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.campaigns import services
from apps.anti_corruption.campaigns.forms import proposed_day
from apps.anti_corruption.models import Campaign, Duty, Opening, Refusal, Reminder
from apps.anti_corruption.signing import services as signing
from apps.audit.context import acting_as
from tests.anti_corruption.records import Integrity, answered, duty_in, issued, round_of, sign
from tests.by_hand import words
from tests.factories import UserFactory

SignIn = Callable[[User], Client]


def page(campaign: Campaign, name: str = "campaign") -> str:
    return reverse(f"integrity:{name}", args=[campaign.pk])


def declined(duty: Duty, reason: str = "The text is wrong.") -> Refusal:
    with acting_as(duty.user, "test"):
        return signing.decline(user=duty.user, duty_id=duty.pk, reason=reason)


class Round:
    """A round of the group, due yesterday: seven at Hami of whom three signed, and one of two at Baishan."""

    def __init__(self, integrity: Integrity) -> None:
        world = integrity.world
        people = [UserFactory(username=f"hami-{number}", full_name=f"Hami {number}") for number in range(1, 7)]
        site_round = round_of(integrity, due_in=-1, opened=20)
        values = Campaign._default_manager.filter(pk=site_round.pk).values().get()
        with acting_as(integrity.officer, "test"):
            self.campaign = Campaign._default_manager.create(**{**values, "id": None, "site_id": None, "title": "All"})
        for user in people:
            duty_in(self.campaign, user, world.hami, integrity.buying)
        self.head = UserFactory(username="hami-head", full_name="Hami Head")
        duty_in(self.campaign, self.head, world.hami, integrity.heading)
        self.there = [UserFactory(username=f"baishan-{number}") for number in (1, 2)]
        for user in self.there:
            duty_in(self.campaign, user, world.baishan, integrity.buying)
        for user in (*people[:2], self.head, self.there[0]):
            sign(self.duty(user))
        self.refusal = declined(self.duty(people[2]))
        with acting_as(integrity.officer, "test"):
            duty = self.duty(people[3])
            duty.state, duty.excused_by, duty.excused_because = "excused", integrity.officer, "On leave"
            duty.save()

    def duty(self, user: User) -> Duty:
        return Duty.objects.get(campaign=self.campaign, user=user)


@pytest.fixture
def asked(integrity: Integrity) -> Round:
    return Round(integrity)


def fetched(client: Client, url: str) -> int:
    """Opens a page or reads a file to its end."""
    response: Any = client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)
    return int(response.status_code)


def counts(response: Any) -> list[list[str]]:
    """The table of counts as it is read."""
    table = response.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    lines = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL) for line in lines]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in line] for line in cells]


def test_counts_by_site_and_rank(integrity: Integrity, asked: Round, sign_in: SignIn) -> None:
    response = sign_in(integrity.officer).get(page(asked.campaign))
    # To sign, signed, open, of these overdue, declined, excused, share.
    assert counts(response) == [
        ["Hami · Middle management", "1", "1", "0", "0", "0", "0", "100.0 %"],
        ["Hami · Other important positions", "5", "2", "2", "2", "1", "1", "40.0 %"],
        ["Baishan · Other important positions", "2", "1", "1", "1", "0", "0", "50.0 %"],
        ["Total", "8", "4", "3", "3", "1", "1", "50.0 %"],
    ]
    listed = words(sign_in(integrity.reader).get(reverse("integrity:campaigns")))
    assert "All Yearly round Every site … Open" in listed and "8 4 3 50.0 %" in listed


def test_an_officer_of_a_site_sees_their_people_alone(integrity: Integrity, asked: Round, sign_in: SignIn) -> None:
    client = sign_in(integrity.hami_officer)
    response = client.get(page(asked.campaign))
    assert counts(response)[-1][:3] == ["Total", "6", "3"] and "baishan-1" not in words(response)
    assert "8 4" not in words(client.get(reverse("integrity:campaigns")))
    assert "baishan-1" in words(sign_in(integrity.baishan_officer).get(page(asked.campaign)))
    hami_only = round_of(integrity, integrity.world.clerk)
    assert sign_in(integrity.baishan_officer).get(page(hami_only)).status_code == 404


def test_the_people_are_narrowed(integrity: Integrity, asked: Round, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)

    def names(**choice: str) -> set[str]:
        return set(re.findall(r"(?:hami|baishan)-\w+", words(client.get(page(asked.campaign), choice))))

    assert names(state="declined") == {"hami-3"}
    assert names(state="overdue") == {"hami-5", "hami-6", "baishan-2"}
    assert names(state="overdue", site=str(integrity.world.hami.pk)) == {"hami-5", "hami-6"}
    assert names(rank="middle") == {"hami-head"} == names(q="hAMI hea")
    assert names(state="nonsense", site="x") == names()
    assert len(names()) == 9


def test_declarations_and_refusals_are_linked_for_who_may_open_them(
    integrity: Integrity, asked: Round, sign_in: SignIn
) -> None:
    client = sign_in(integrity.hami_officer)
    content = client.get(page(asked.campaign)).content.decode()
    signed = asked.duty(asked.head).declarations.get()
    assert reverse("integrity:declaration", args=[signed.pk]) in content
    refusal = reverse("integrity:refusal", args=[asked.refusal.pk])
    assert refusal in content and "The text is wrong." not in content
    assert not Opening._default_manager.exists()
    assert "The text is wrong." in words(client.get(refusal))
    assert Opening._default_manager.get().reader == integrity.hami_officer
    # The person who declined reads their own words; that is no reading by others.
    assert "The text is wrong." in words(sign_in(asked.refusal.duty.user).get(refusal))
    assert Opening._default_manager.count() == 1
    for user in (integrity.baishan_officer, integrity.world.administrator, integrity.world.lead, asked.head):
        assert sign_in(user).get(refusal).status_code == 404, user
    # One that names the reader is theirs to open as well, without that answer.
    named = duty_in(asked.campaign, UserFactory(full_name="Somebody"), integrity.world.hami, integrity.buying)
    about = sign(named, answered(family_in_group=f"{integrity.hami_officer.full_name} is my sister."))
    with acting_as(named.user, "test"):
        about.conflicts.get().concerned.create(user=integrity.hami_officer)
    link = reverse("integrity:declaration", args=[about.pk])
    assert link in client.get(page(asked.campaign)).content.decode()
    assert link in sign_in(integrity.officer).get(page(asked.campaign)).content.decode()


def test_reminding_says_how_many(integrity: Integrity, asked: Round, sign_in: SignIn) -> None:
    client, url = sign_in(integrity.officer), page(asked.campaign, "campaign_remind")
    assert "3 people are reminded." in words(client.post(url, {"whom": "overdue"}, follow=True))
    assert "Nobody is left to remind" in words(client.post(url, {"whom": "open"}, follow=True))
    assert Reminder._default_manager.count() == 3
    assert client.get(url).status_code == 405


def test_excusing_with_a_reason(integrity: Integrity, asked: Round, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    duty = asked.duty(asked.there[1])
    url = reverse("integrity:duty_excuse", args=[duty.pk])
    assert url in client.get(page(asked.campaign)).content.decode()
    assert client.post(url, {"reason": "  "}).status_code == 422
    assert client.post(url, {"reason": "Retired"}).status_code == 302
    duty.refresh_from_db()
    assert (duty.state, duty.excused_by, duty.excused_because) == ("excused", integrity.officer, "Retired")
    again = client.post(url, {"reason": "Retired"})
    assert again.status_code == 422 and "has signed already, or need not sign" in words(again)
    own = duty_in(asked.campaign, integrity.officer, integrity.world.hami, integrity.buying)
    refused = client.post(reverse("integrity:duty_excuse", args=[own.pk]), {"reason": "Me"})
    assert refused.status_code == 422 and "Nobody excuses themselves." in words(refused)


def test_closing_asks_once_more(integrity: Integrity, asked: Round, sign_in: SignIn) -> None:
    client, url = sign_in(integrity.officer), page(asked.campaign, "campaign_close")
    own = {"site": integrity.world.hami, "rank": "key_post", "post": integrity.buying}
    today = timezone.localdate()
    soon = Duty.objects.create(
        campaign=asked.campaign, user=integrity.world.clerk, opened_on=today, due_on=today, **own
    )
    said = words(client.get(url))
    assert "3 people are overdue and count as not signed for good." in said
    assert "1 person who still has time to sign is no longer asked and does not count." in said
    asked.campaign.refresh_from_db()
    assert asked.campaign.is_open
    assert "The round is closed." in words(client.post(url, follow=True))
    asked.campaign.refresh_from_db()
    assert asked.campaign.closed_by == integrity.officer
    assert client.get(url).status_code == 404
    assert "This round is closed and stays as it is." in words(client.post(url, follow=True))
    shown = words(client.get(page(asked.campaign)))
    assert "Remind" not in shown and "Excuse …" not in shown and "Closed" in shown
    soon.refresh_from_db()
    assert soon.state == "replaced"
    # To sign, signed, not signed, declined, excused, no longer asked, share: nobody is overdue any more.
    assert counts(client.get(page(asked.campaign)))[-1] == ["Total", "8", "4", "3", "1", "1", "1", "50.0 %"]
    assert "Overdue" not in shown and "overdue" not in shown and "clerk-hami Purchasing" in shown
    narrowed = words(client.get(page(asked.campaign), {"state": "open"}))
    assert "hami-5" in narrowed and "! Not signed" in narrowed and "hami-1 " not in narrowed
    workbook: Any = client.get(page(asked.campaign, "campaign_export"), {"state": "open"})
    content = io.BytesIO(b"".join(workbook.streaming_content))
    found = python_calamine.CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    assert {row[5] for row in found[1:]} == {"Not signed"} and len(found) == 4
    assert "8 4 0 50.0 %" in words(client.get(reverse("integrity:campaigns")))


def test_a_round_that_opened_by_itself_is_named_in_the_language_of_the_reader(
    integrity: Integrity, sign_in: SignIn
) -> None:
    world = integrity.world
    for document in (integrity.code, integrity.statement):
        issued(document, integrity.officer)
    integrity.holder(world.clerk, world.hami)
    with acting_as(None, "test"):
        services.open_by_themselves()
    duty = Duty.objects.get()
    for user, name in ((integrity.officer, "campaign"), (world.clerk, "duty"), (world.clerk, "duty_decline")):
        about = duty.campaign_id if name == "campaign" else duty.pk
        for language, told in (("en", "1 · New holders of positions"), ("zh-hant", "1 · 新任職人")):
            User.objects.filter(pk=user.pk).update(language=language)
            shown = words(sign_in(User.objects.get(pk=user.pk)).get(reverse(f"integrity:{name}", args=[about])))
            assert told in shown, (name, language)


@pytest.mark.parametrize(
    ("today", "proposed"),
    [
        (dt.date(2020, 11, 1), dt.date(2020, 12, 1)),
        (dt.date(2020, 12, 2), dt.date(2020, 12, 31)),
        (dt.date(2020, 12, 17), dt.date(2020, 12, 31)),
        (dt.date(2020, 12, 18), dt.date(2021, 1, 17)),
    ],
)
def test_a_round_ends_within_the_year_where_people_have_two_weeks(today: dt.date, proposed: dt.date) -> None:
    assert proposed_day(today, 30) == proposed


def test_opening_a_round_on_its_page(integrity: Integrity, sign_in: SignIn) -> None:
    world, today = integrity.world, timezone.localdate()
    url = reverse("integrity:campaign_new")
    client = sign_in(integrity.officer)
    empty = words(client.get(url))
    assert "Issue a version of the code and one of the statement first." in empty and "Open the round" not in empty
    due = (today + dt.timedelta(days=20)).isoformat()
    assert client.post(url, {"title": "T", "due_on": due}).status_code == 422
    for document in (integrity.code, integrity.statement):
        issued(document, integrity.officer, "2020-A")
    integrity.holder(world.clerk, world.hami)
    integrity.holder(world.clerk, world.hami, integrity.heading)
    integrity.holder(world.other_clerk, world.baishan)
    shown = client.get(url)
    assert "Every site (2)" in words(shown) and "Hami (1)" in words(shown) and "Code Of Conduct 2020-A" in words(shown)
    proposed = shown.context["form"].initial["due_on"]
    assert f'value="{proposed.year} · yearly"' in shown.content.decode()
    assert "counts in the figures of the year in which this day lies" in words(shown)
    response = client.post(url, {"title": "Round of the year", "due_on": due, "site": ""}, follow=True)
    assert "The round is open. 2 people are asked to sign." in words(response)
    site_officer = sign_in(integrity.hami_officer)
    assert "Every site" not in words(site_officer.get(url)) and "Baishan" not in words(site_officer.get(url))
    for site in ("", str(world.baishan.pk)):
        assert site_officer.post(url, {"title": "T", "due_on": due, "site": site}).status_code == 422
    at_hami = {"title": "T", "due_on": due, "site": str(world.hami.pk)}
    again = site_officer.post(url, at_hami)
    assert again.status_code == 422 and "“Round of the year” asks people there" in words(again)
    client.post(page(Campaign._default_manager.get(), "campaign_close"))
    assert site_officer.post(url, at_hami).status_code == 302
    late = client.post(url, {"title": "T", "due_on": (today - dt.timedelta(days=1)).isoformat(), "site": ""})
    assert late.status_code == 422 and "This day is over. Choose a later one." in words(late)


def test_the_workbook_has_people_and_no_answers(integrity: Integrity, asked: Round, sign_in: SignIn) -> None:
    User.objects.filter(username="hami-3").update(full_name='=HYPERLINK("x")')

    def read(user: User, **choice: str) -> list[list[Any]]:
        response: Any = sign_in(user).get(page(asked.campaign, "campaign_export"), choice)
        content = io.BytesIO(b"".join(response.streaming_content))
        return python_calamine.CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()

    rows = read(integrity.reader)
    assert rows[0] == ["Name", "User name", "Site", "Important position", "Rank", "State", "Due on", "Signed on"]
    by_name = {row[1]: row for row in rows[1:]}
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert by_name["hami-3"] == [
        "'=HYPERLINK(\"x\")", "hami-3", "Hami", "Purchasing", "Other important positions", "Declined", yesterday, "",
    ]  # fmt: skip
    assert by_name["hami-head"][3:6] == ["Department Head", "Middle management", "Signed"]
    assert by_name["hami-head"][7] == timezone.localdate()
    assert by_name["hami-5"][5] == "Overdue" and len(rows) == 10
    assert {row[1] for row in read(integrity.hami_officer, state="overdue")[1:]} == {"hami-5", "hami-6"}


def test_who_may_open_the_pages(integrity: Integrity, asked: Round, sign_in: SignIn) -> None:
    world, duty = integrity.world, asked.duty(asked.there[1])
    read = [reverse("integrity:campaigns"), page(asked.campaign), page(asked.campaign, "campaign_export")]
    run = [
        page(asked.campaign, "campaign_remind"),
        page(asked.campaign, "campaign_close"),
        reverse("integrity:duty_excuse", args=[duty.pk]),
        reverse("integrity:campaign_new"),
    ]
    for user in (world.administrator, world.lead, world.auditor, world.reviewer, world.clerk, world.stranger):
        client = sign_in(user)
        assert {client.get(url).status_code for url in read} == {404}, user
        assert {client.post(url, {"reason": "x"}).status_code for url in run} == {404}, user
    auditor = sign_in(integrity.reader)
    for url in read:
        assert fetched(auditor, url) == 200
    assert {auditor.post(url, {"reason": "x"}).status_code for url in run} == {403}
    assert "Remind" not in words(auditor.get(page(asked.campaign)))
    site_officer = sign_in(integrity.hami_officer)
    assert site_officer.post(run[1]).status_code == 403 and site_officer.post(run[2]).status_code == 404


def test_the_pages_cost_the_same_for_five_and_for_fifty(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    campaign = round_of(integrity, *(UserFactory() for _number in range(5)))
    urls = [reverse("integrity:campaigns"), page(campaign), page(campaign, "campaign_export")]

    def cost() -> list[int]:
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                fetched(client, url)
            found.append(len(queries))
        return found

    for duty in campaign.duties.all()[:3]:
        sign(duty)
    few = cost()
    for _number in range(45):
        duty_in(campaign, UserFactory(), integrity.world.hami, integrity.buying)
    for duty in campaign.duties.filter(state="open")[:10]:
        sign(duty)
    assert cost() == few
