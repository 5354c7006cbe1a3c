"""Who may do what with a statement, the responsible person, and words carried forward."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.reporting.models import Statement
from apps.submissions.models import Submission
from tests.by_hand import words
from tests.factories import World
from tests.published import mark_published
from tests.reporting.words import approved, load_guides, page_of, post, saved, texts, typed, year_of

SignIn = Callable[[User], Client]


def test_whoever_is_responsible_writes_that_statement_and_nothing_else(
    world: World, sign_in: SignIn, approve: Callable[..., Submission]
) -> None:
    load_guides()
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    reviewer, clerk = sign_in(world.reviewer), sign_in(world.other_clerk)
    assert clerk.get(page_of("2020", "A2.2")).status_code == 404
    named = post(reviewer, page_of("2020", "A2.2", "_responsible"), responsible=world.other_clerk.pk)
    assert "Clerk Baishan" in words(named)
    mine = clerk.get(reverse("submissions:my_work"))
    assert page_of("2020", "A2.2") in mine.content.decode()

    # The figures of the group are not theirs: no code in the words reads one that belongs elsewhere.
    said = texts("Used {ENV-RES-ELECTRICITY}.", "用电{ENV-RES-ELECTRICITY}。", "用電{ENV-RES-ELECTRICITY}。")
    page = words(post(clerk, page_of("2020", "A2.2"), **typed(said, 0)))
    assert (
        "Only who reads the whole report sees the value of {ENV-RES-ELECTRICITY} here." in page
        and "2,805,000" not in page
    )
    post(clerk, page_of("2020", "A2.2"), **typed(texts("Water.", "水。", "水。"), 1, hand_in="1"))
    statement = Statement.objects.get(code="A2.2")
    assert (statement.state, statement.submitted_by) == ("submitted", world.other_clerk)

    assert post(clerk, page_of("2020", "A2.2", "_approve"), revision=3).status_code == 403
    assert post(clerk, page_of("2020", "A2.2", "_responsible"), responsible="").status_code == 403
    for other in ("A2.1", "A2.2x", "A2.2\x00"):
        assert clerk.get(page_of("2020", other)).status_code == 404
    assert clerk.get(reverse("reporting:year", args=["2020"])).status_code == 404
    waiting = words(reviewer.get(reverse("submissions:my_work")))
    assert "Statements of the report to review" in waiting and "A2.2" in waiting
    # Naming somebody is no writing: the reviewer who did so approves.
    post(reviewer, page_of("2020", "A2.2", "_approve"), revision=3)
    statement.refresh_from_db()
    assert (statement.state, statement.approved_by) == ("approved", world.reviewer)


def test_who_reads_the_report_and_writes_none_of_it(world: World, sign_in: SignIn) -> None:
    load_guides()
    saved(world.year, "A2.GD", world.reviewer, texts("Policy."))
    for user in (world.auditor, world.administrator):
        client = sign_in(user)
        page = client.get(page_of("2020", "A2.GD"))
        assert "Policy." in words(page) and "<textarea" not in page.content.decode()
        assert post(client, page_of("2020", "A2.GD"), **typed(texts("x"), 1)).status_code == 403
        assert post(client, page_of("2020", "A2.GD", "_send_back"), revision=1, comment="x").status_code == 403
        assert post(client, reverse("reporting:carry_forward", args=["2020"])).status_code == 403
        assert post(client, page_of("2020", "A2.GD", "_responsible"), responsible=user.pk).status_code == 403
    assert Statement.objects.get().text_en == "Policy."
    assert sign_in(world.auditor).get(page_of("2020", "MDR-RB")).status_code == 404  # of a later edition


def test_words_are_carried_forward_with_their_differences_shown(world: World, sign_in: SignIn) -> None:
    load_guides()
    last = year_of("2019")
    for code in ("A1.GD", "A2.GD", "A3.GD"):
        approved(last, code, world.reviewer, world.lead, texts(f"Our policy on {code} is old.", "我们的政策是旧的。"))
    saved(last, "B1.GD", world.reviewer, texts("Never approved."))
    saved(world.year, "A3.GD", world.reviewer, texts("Written already."))
    mark_published(last, world.lead)
    client = sign_in(world.second_reviewer)
    assert "Carry the words of 2019 forward" in words(client.get(page_of("2020", "A1.GD")))
    answer = post(client, page_of("2020", "A1.GD", "_carry_forward"))
    assert "1 statement is carried forward as a draft." in words(answer)
    rest = post(client, reverse("reporting:carry_forward", args=["2020"]))
    assert "1 statement is carried forward as a draft." in words(rest)
    again = post(client, reverse("reporting:carry_forward", args=["2020"]))
    assert "There was nothing to carry forward" in words(again)

    drafts = {statement.code: statement for statement in Statement.objects.filter(year=world.year)}
    assert sorted(drafts) == ["A1.GD", "A2.GD", "A3.GD"] and drafts["A3.GD"].carried_from is None
    carried = drafts["A1.GD"]
    assert carried.carried_from == Statement.objects.get(year=last, code="A1.GD")
    assert (carried.state, carried.text_zh_hans) == ("draft", "我们的政策是旧的。")

    changed = texts("Our policy on A1.GD is new.", "我们的政策是新的。")
    page = post(client, page_of("2020", "A1.GD"), **typed(changed, 1)).content.decode()
    assert "[taken out </span>old<span" in page and "[put in </span>new<span" in page
    assert "[taken out </span>旧<span" in page and "[put in </span>新<span" in page
    # Who carried the words forward wrote them, so somebody else approves.
    post(client, page_of("2020", "A1.GD"), **typed(changed, 2, hand_in="1"))
    assert "Your decision" in words(client.get(page_of("2020", "A1.GD")))
    assert post(client, page_of("2020", "A1.GD", "_approve"), revision=3).status_code == 409
