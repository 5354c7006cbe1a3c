"""A statement from the first word to approval, by the pages people use, in English and in Chinese."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.reporting.models import Statement, StatementEvent
from apps.submissions.models import Submission
from tests.by_hand import refused, words
from tests.factories import World
from tests.published import mark_published
from tests.reporting.words import approved, load_guides, page_of, post, saved, texts, typed

SignIn = Callable[[User], Client]

ENERGY = texts(
    "We used {ENV-RES-ELECTRICITY}, of which Hami {ENV-RES-ELECTRICITY@HAMI|number}.",
    "本年用电{ENV-RES-ELECTRICITY}，其中哈密{ENV-RES-ELECTRICITY@HAMI|number}。",
    "本年用電{ENV-RES-ELECTRICITY}，其中哈密{ENV-RES-ELECTRICITY@HAMI|number}。",
)


@pytest.fixture
def written(world: World, approve: Callable[..., Submission]) -> World:
    """The guides are there, and January at Hami is approved with 2,805,000 kWh."""
    load_guides()
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    return world


def test_the_whole_way_of_a_statement(written: World, sign_in: SignIn) -> None:
    User.objects.filter(pk=written.lead.pk).update(language="zh-hans")
    writer, lead = sign_in(written.reviewer), sign_in(User.objects.get(pk=written.lead.pk))
    page = page_of("2020", "A2.GD")

    draft = post(writer, page, **typed({**ENERGY, "zh-hant": ""}, 0, hand_in="1"))
    assert "Saved, but not handed in" in words(draft) and "Nothing is written yet" in words(draft)
    handed_in = post(writer, page, **typed(ENERGY, 1, hand_in="1"))
    assert "We used 2,805,000 kWh, of which Hami 2,805,000." in words(handed_in)
    own = post(writer, page_of("2020", "A2.GD", "_approve"), revision=3)
    assert own.status_code == 409 and "somebody else has to approve it" in words(own)

    read = lead.get(page)
    assert "本年用电2,805,000 kWh，其中哈密2,805,000。" in words(read)
    assert "有效使用资源" in words(read)
    back = page_of("2020", "A2.GD", "_send_back")
    assert post(lead, back, revision=3, comment=" ").status_code == 422
    post(lead, back, revision=3, comment="请写明政策。")
    assert "Correct it and hand it in again" in words(writer.get(reverse("submissions:my_work")))
    assert "请写明政策。" in words(writer.get(page))
    post(writer, page, **typed({**ENERGY, "en": f"Policy. {ENERGY['en']}"}, 4, hand_in="1"))
    stale = post(lead, page_of("2020", "A2.GD", "_approve"), revision=3)
    assert stale.status_code == 409
    post(lead, page_of("2020", "A2.GD", "_approve"), revision=6)

    statement = Statement.objects.get(year=written.year, code="A2.GD")
    assert (statement.state, statement.approved_by, statement.revision) == ("approved", written.lead, 7)
    told = StatementEvent.objects.filter(statement=statement)
    assert list(told.values_list("verb", "actor__username", "revision")) == [
        ("saved", "reviewer", 1),
        ("saved", "reviewer", 2),
        ("submitted", "reviewer", 3),
        ("sent_back", "lead-reviewer", 4),
        ("saved", "reviewer", 5),
        ("submitted", "reviewer", 6),
        ("approved", "lead-reviewer", 7),
    ]
    first, last = told.order_by("pk").values_list("pk", flat=True)[1], told.latest("pk").pk
    compared = writer.get(page, {"a": last, "b": first}).content.decode()
    assert "[put in </span>Policy. <span" in compared
    index = writer.get(reverse("reporting:year", args=["2020"]), {"show": "reported"}).content.decode()
    assert 'id="p-A2.GD"' in index and 'id="p-A3.GD"' not in index


def test_only_a_lead_reviewer_reopens_and_not_in_a_published_year(written: World, sign_in: SignIn) -> None:
    approved(written.year, "A2.GD", written.reviewer, written.second_reviewer, ENERGY)
    step = page_of("2020", "A2.GD", "_reopen")
    assert post(sign_in(written.reviewer), step, revision=3, comment="Wrong.").status_code == 403
    lead = sign_in(written.lead)
    post(lead, step, revision=3, comment="The board changed the policy.")
    statement = Statement.objects.get(year=written.year, code="A2.GD")
    assert statement.state == "returned"
    assert "The board changed the policy." in words(lead.get(page_of("2020", "A2.GD")))

    mark_published(written.year, written.lead)
    late = post(lead, page_of("2020", "A2.GD"), **typed(ENERGY, 4))
    assert late.status_code == 409 and "2020 is published" in words(late)
    assert "as they are" in refused("UPDATE reporting_statement SET text_en = 'x', revision = 9")


def test_a_stale_save_shows_both_texts_and_loses_nothing(written: World, sign_in: SignIn) -> None:
    saved(written.year, "A2.GD", written.reviewer, texts("Common words."))
    saved(written.year, "A2.GD", written.second_reviewer, texts("Common words of a colleague."))
    client = sign_in(written.reviewer)
    mine = texts("Common words of mine.", "我的文字。")
    answer = post(client, page_of("2020", "A2.GD"), **typed(mine, 1))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Common words of" in shown and "a colleague" in shown and "Common words of mine.</textarea>" in shown
    assert "我的文字。</textarea>" in shown
    assert Statement.objects.get(code="A2.GD").text_en == "Common words of a colleague."
    post(client, page_of("2020", "A2.GD"), **typed(mine, 2))
    assert Statement.objects.get(code="A2.GD").text_en == "Common words of mine."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{ENV-RES-ELEKTRICITY}", "there is no figure ENV-RES-ELEKTRICITY"),
        ("{ENV-RES-ELECTRICITY@HAMMY}", "there is no site HAMMY"),
        ("{ENV-RES-ELECTRICITY@BAISHAN}", "{ENV-RES-ELECTRICITY@BAISHAN} has no value in 2020: nothing approved yet."),
        ("{ENV-RES-ELECTRICITY|last}", "there is no value for the year before 2020"),
        ("{ENV-RES-ELECTRICITY|change}", "2020 and the year before cannot be compared"),
        ("{electricity}", "between braces stands the code of a figure"),
        ("no figure", "The text in another language has {ENV-RES-ELECTRICITY}"),
    ],
)
def test_figures_in_the_words_are_checked(written: World, sign_in: SignIn, text: str, sentence: str) -> None:
    said = {**texts("{ENV-RES-ELECTRICITY}", "{ENV-RES-ELECTRICITY}", "{ENV-RES-ELECTRICITY}"), "zh-hans": text}
    answer = words(post(sign_in(written.reviewer), page_of("2020", "A2.GD"), **typed(said, 0, hand_in="1")))
    assert sentence in answer
    expected = "submitted" if text == "no figure" else "draft"
    assert Statement.objects.get(code="A2.GD").state == expected


def test_the_database_refuses_what_the_pages_never_do(written: World) -> None:
    statement = approved(written.year, "A2.GD", written.reviewer, written.lead, ENERGY)
    assert "words are locked" in refused("UPDATE reporting_statement SET text_en = 'x' WHERE id = %s", statement.pk)
    assert "is kept" in refused("DELETE FROM reporting_statement WHERE id = %s", statement.pk)
    assert "without an event" in refused(
        "UPDATE reporting_statement SET state = 'returned', revision = revision + 1 WHERE id = %s", statement.pk
    )
    handed_in = saved(written.year, "A3.GD", written.reviewer, texts("Nature."))
    told = (written.second_reviewer.pk, handed_in.pk)
    refused_words = refused(
        "UPDATE reporting_statement SET state = 'submitted', submitted_by_id = %s, submitted_at = now() WHERE id = %s;"
        f"UPDATE reporting_statement SET state = 'approved', approved_by_id = {written.reviewer.pk:d},"
        f" approved_at = now() WHERE id = {handed_in.pk:d}",
        *told,
    )
    assert "somebody who did not write it" in refused_words
