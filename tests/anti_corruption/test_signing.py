"""Reading, answering and signing through the pages, and everything that is refused on the way."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.models import (
    ConcernedPerson,
    Conflict,
    Declaration,
    DutyState,
    NamedPartner,
    QuestionKind,
    Refusal,
    TextRead,
)
from apps.anti_corruption.signing import services
from apps.anti_corruption.signing.attention import tasks
from apps.anti_corruption.signing.names import key_of
from apps.audit.context import acting_as
from apps.organisation.partners import Partner, PartnerDirectory, partner_directories
from tests.anti_corruption.records import Integrity, answered, issued, round_of
from tests.anti_corruption.signing import address, duty_of, filled, read_text, read_texts, signed
from tests.by_hand import words
from tests.factories import PASSWORD, UserFactory, World

SignIn = Callable[[User], Client]


@pytest.fixture
def integrity(world: World) -> Integrity:
    return Integrity(world)


@pytest.fixture
def partners() -> Any:
    """A directory that knows one business partner, by number and by name."""
    known = Partner(code="S-0001", name="北方煤业")

    def find(texts: Any) -> dict[str, Partner]:
        return {text: known for text in texts if text in ("S-0001", "北方煤业")}

    directory = PartnerDirectory(code="test", find=find)
    partner_directories.register(directory)
    yield known
    partner_directories._entries.pop("test")


def test_the_whole_way_in_chinese(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    User.objects.filter(pk=clerk.pk).update(language="zh-hans", full_name="王小明")
    clerk.refresh_from_db()
    campaign = round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    listed = client.get(address("declarations"))
    assert "简 assurance_statement" in words(listed) and address("duty", duty.pk) in listed.content.decode()
    text = client.get(address("duty_text", duty.pk, campaign.conduct_id))
    assert "诚实守信。" in words(text) and campaign.conduct.sha256 in words(text)
    read_texts(client, duty, "zh-hans")
    shown = client.get(address("duty_sign", duty.pk))
    assert shown.status_code == 200
    assert all(question.text_zh_hans in words(shown) for question in campaign.statement.questions.all())
    assert "checked" not in shown.content.decode()
    sent = filled(clerk, "zh-hans", gifts="中秋节收受月饼一盒") | {"name": "王 小明"}
    response = client.post(address("duty_sign", duty.pk), sent, REMOTE_ADDR="198.51.100.4")
    declaration = Declaration._default_manager.get()
    assert response["Location"] == address("receipt", declaration.pk)
    receipt = words(client.get(response["Location"]))
    for said in (
        "王 小明",
        "198.51.100.4",
        declaration.sha256,
        campaign.statement.sha256,
        campaign.conduct.sha256,
        "中秋节收受月饼一盒",
        "Asia/Shanghai, UTC+08:00",
        timezone.localtime(declaration.signed_at).strftime("%Y-%m-%d %H:%M:%S"),
    ):
        assert said in receipt
    duty.refresh_from_db()
    assert (duty.state, duty.signed_on) == (DutyState.SIGNED, timezone.localdate())
    assert (declaration.language, declaration.address) == ("zh-hans", "198.51.100.4")
    assert address("receipt", declaration.pk) in client.get(address("declarations")).content.decode()


def test_the_digest_is_recomputed_by_hand(integrity: Integrity) -> None:
    campaign = round_of(integrity, integrity.world.clerk)
    duty = duty_of(integrity.world.clerk)
    signed(duty, gifts="两瓶酒 “X”")
    row = Declaration._default_manager.get()
    none = [kind for kind in QuestionKind.values if kind != "gifts"]
    given = {"gifts": {"kind": "gifts", "none": False, "details": "两瓶酒 “X”", "partners": [], "people": []}}
    for kind in none:
        given[kind] = {"kind": kind, "none": True, "details": "", "partners": [], "people": []}
    content = {
        "duty": duty.pk,
        "signer": integrity.world.clerk.pk,
        "signed_at": row.signed_at.isoformat(),
        "name": "Clerk Hami",
        "language": "en",
        "address": "192.0.2.7",
        "statement": campaign.statement.sha256,
        "code": campaign.conduct.sha256,
        "answers": [given[kind] for kind in QuestionKind.values],
        "replaces": None,
        "replaced_because": "",
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert row.sha256 == hashlib.sha256(text.encode()).hexdigest()


# What comes first -----------------------------------------------------------------------------------------------------


def test_nothing_is_signed_before_both_texts_were_read_in_the_language_in_use(
    integrity: Integrity, sign_in: SignIn
) -> None:
    clerk = integrity.world.clerk
    campaign = round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    sign = address("duty_sign", duty.pk)

    def refused(said: str) -> None:
        for sent in (None, filled(clerk)):
            response = client.get(sign) if sent is None else client.post(sign, sent)
            assert response["Location"] == address("duty", duty.pk)
            assert said in words(client.get(response["Location"]))

    refused("Read both texts in this language before you sign.")
    read_text(client, duty, campaign.conduct_id)
    refused("Read “Assurance Statement” in this language before you sign.")
    read_text(client, duty, campaign.statement_id)
    assert client.get(sign).status_code == 200
    client.post("/language/", {"language": "zh-hant", "next": "/"})
    clerk.refresh_from_db()
    assert clerk.language == "zh-hant"
    for response in (client.get(sign), client.post(sign, filled(clerk, "zh-hant"))):
        assert response["Location"] == address("duty", duty.pk)
    assert not Declaration._default_manager.exists()


def test_a_text_is_read_in_the_language_in_which_it_was_shown(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    campaign = round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    page = address("duty_text", duty.pk, campaign.statement_id)
    assert client.post(page, {"language": "zh-hans"})["Location"] == page
    # Nobody has read what they never opened; and one text does not stand for the other.
    elsewhere = client.get(address("duty_text", duty.pk, campaign.conduct_id)).context["shown"]
    for shown in ({}, {"shown": ""}, {"shown": f"{duty.pk}:{campaign.statement_id}:en"}, {"shown": elsewhere}):
        response = client.post(page, {"language": "en", **shown})
        assert response["Location"] == page
        assert "Read the text on this page first" in words(client.get(page))
    assert not TextRead._default_manager.exists()
    for _again in range(2):
        assert read_text(client, duty, campaign.statement_id)["Location"] == address("duty", duty.pk)
    assert TextRead._default_manager.get().language == "en"
    other = issued(integrity.statement, integrity.officer, "2", timezone.localdate())
    for response in (
        client.get(address("duty_text", duty.pk, other.pk)),
        client.post(address("duty_text", duty.pk, other.pk), {"language": "en"}),
    ):
        assert response.status_code == 404


def test_a_form_shown_in_another_language_is_looked_at_again(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    read_texts(client, duty)
    response = client.post(address("duty_sign", duty.pk), filled(clerk, "zh-hans", gifts="Mooncakes"))
    assert response.status_code == 422
    assert "The language was changed meanwhile." in words(response) and "Mooncakes" in words(response)
    assert 'name="language" value="en"' in response.content.decode()


# What is wrong in the form --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"choice_loans": ""}, "choice_loans", "Answer this question: Have you lent money"),
        ({"choice_loans": "maybe"}, "choice_loans", "Select a valid choice"),
        ({"choice_loans": "tells"}, "details_loans", "Say what there is to declare."),
        ({"choice_loans": "tells", "details_loans": " \n "}, "details_loans", "Say what there is to declare."),
        ({"choice_loans": "tells", "details_loans": "—。"}, "details_loans", "Say what there is to declare."),
        ({"details_loans": "1,000 from S-0001"}, "details_loans", "You chose “Nothing to declare”."),
        ({"partners_loans": "S-0001"}, "partners_loans", "You chose “Nothing to declare”."),
        (
            {"choice_loans": "tells", "details_loans": "x", "partners_loans": "\n".join(map(str, range(21)))},
            "partners_loans",
            "Write at most 20 lines",
        ),
        ({"name": "Clerk Baishan"}, "name", "Type your full name: Clerk Hami."),
        ({"name": ""}, "name", "Type your full name."),
        ({"password": ""}, "password", "Type your password."),
        ({"password": "not it"}, "password", "This is not your password. Nothing is signed yet."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    integrity: Integrity, sign_in: SignIn, sent: dict[str, str], field: str, said: str
) -> None:
    clerk = integrity.world.clerk
    round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    read_texts(client, duty)
    typed = filled(clerk, gifts="A box of mooncakes") | sent
    response = client.post(address("duty_sign", duty.pk), typed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    page = response.content.decode()
    assert said in words(response) and "A box of mooncakes" in page
    assert all(value in page for name, value in sent.items() if name.startswith(("details_", "partners_")))
    assert PASSWORD not in page and "not it" not in page
    assert not Declaration._default_manager.exists()
    duty.refresh_from_db()
    assert duty.state == DutyState.OPEN


def test_every_unanswered_question_is_named_at_once(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    read_texts(client, duty)
    response = client.post(address("duty_sign", duty.pk), {"name": clerk.full_name, "password": PASSWORD})
    assert response.content.decode().count("Answer this question:") == 2 * len(QuestionKind.values)
    assert all(f"choice_{kind}" in response.context["form"].errors for kind in QuestionKind.values)


def test_guessing_passwords_is_stopped(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    read_texts(client, duty)
    page = address("duty_sign", duty.pk)
    unanswered = filled(clerk) | {"password": "guess", "choice_gifts": ""}
    assert {client.post(page, unanswered).status_code for _ in range(12)} == {422}
    guesses = [client.post(page, filled(clerk, loans="From my aunt") | {"password": f"guess {n}"}) for n in range(11)]
    assert [response.status_code for response in guesses] == [422] * 10 + [429]
    assert "Too many attempts." in words(guesses[-1]) and "From my aunt" in words(guesses[-1])
    assert client.post(page, filled(clerk)).status_code == 429
    assert not Declaration._default_manager.exists()


@pytest.mark.parametrize("typed", ["clerk hami", "ＣＬＥＲＫ　Ｈａｍｉ", " Clerk\u3000Hami ", "ClerkHami"])
def test_a_name_is_the_same_in_any_width_case_and_spacing(typed: str) -> None:
    assert key_of(typed) == key_of("Clerk Hami") != key_of("Clerk Baishan")


# When it is too late, and whose it is ---------------------------------------------------------------------------------


def test_it_is_signed_once(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    signed(duty)
    for send in (client.get, client.post):
        response = send(address("duty_sign", duty.pk), filled(clerk))
        assert "This is not to be signed now." in words(client.get(response["Location"]))
    with acting_as(clerk, "test"), pytest.raises(services.SigningError, match="not to be signed now"):
        services.sign(
            user=clerk, duty_id=duty.pk, language="en", name=clerk.full_name, address=None, answers=answered()
        )
    assert Declaration._default_manager.count() == 1


def test_a_closed_round_is_not_signed(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    campaign = round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    read_texts(client, duty)
    with acting_as(integrity.officer, "test"):
        campaign.closed_by, campaign.closed_at = integrity.officer, timezone.now()
        campaign.save()
    assert client.post(address("duty_sign", duty.pk), filled(clerk)).status_code == 302
    assert client.post(address("duty_decline", duty.pk), {"reason": "No."}).status_code == 302
    shown = words(client.get(address("duty", duty.pk)))
    assert "Closed without your signature" in shown and "The round is closed" in shown
    assert tasks(clerk) == []
    assert not Declaration._default_manager.exists() and not Refusal._default_manager.exists()


def test_nobody_does_it_for_another(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    campaign = round_of(integrity, world.clerk)
    round_of(integrity, world.other_clerk)
    duty = duty_of(world.clerk)
    pages = [
        address("duty", duty.pk),
        address("duty_text", duty.pk, campaign.conduct_id),
        address("duty_sign", duty.pk),
        address("duty_decline", duty.pk),
    ]
    people = [world.other_clerk, integrity.officer, integrity.hami_officer, integrity.reader, world.administrator]
    for person in people:
        client = sign_in(person)
        for page in pages:
            assert client.get(page).status_code == 404
            sent = filled(world.clerk) | {"reason": "No.", "language": "en"}
            assert client.post(page, sent).status_code in (404, 405)
    assert not TextRead._default_manager.exists() and not Refusal._default_manager.exists()
    assert not Declaration._default_manager.exists()


def test_declining_needs_a_reason_and_leaves_the_way_open(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    page = address("duty_decline", duty.pk)
    assert "The auditors of declarations read this too." in words(client.get(page))
    for blank in ("", "   ", "…"):
        response = client.post(page, {"reason": blank})
        assert response.status_code == 422 and "Say why you decline." in words(response)
    with acting_as(clerk, "test"), pytest.raises(services.SigningError, match="Say why you decline"):
        services.decline(user=clerk, duty_id=duty.pk, reason="?")
    assert client.post(page, {"reason": "I have not seen the code on paper."}).status_code == 302
    duty.refresh_from_db()
    assert duty.state == DutyState.DECLINED
    assert "I have not seen the code on paper." in words(client.get(address("duty", duty.pk)))
    assert client.post(page, {"reason": "Again."}).status_code == 302
    assert Refusal._default_manager.count() == 1
    read_texts(client, duty)
    assert client.post(address("duty_sign", duty.pk), filled(clerk)).status_code == 302
    duty.refresh_from_db()
    assert duty.state == DutyState.SIGNED


# What follows ---------------------------------------------------------------------------------------------------------


def test_answers_make_conflicts_with_the_people_and_partners_they_name(
    integrity: Integrity, sign_in: SignIn, partners: Partner
) -> None:
    world = integrity.world
    for name in ("李雷", "李雷"):
        UserFactory(full_name=name)
    UserFactory(full_name="韩梅梅", is_active=False)
    round_of(integrity, world.clerk)
    duty, client = duty_of(world.clerk), sign_in(world.clerk)
    read_texts(client, duty)
    sent = filled(world.clerk, family_at_partners="My brother sells coal.", wrongdoing="A bribe.", loans="1,000")
    sent["people_family_at_partners"] = "reviewer\n李雷\n韩梅梅\nClerk Hami\nNobody\nREVIEWER"
    sent["partners_family_at_partners"] = " S-0001 \n北方煤业\nUnknown Ltd"
    client.post(address("duty_sign", duty.pk), sent)
    assert {conflict.kind for conflict in Conflict.objects.all()} == {"family_at_partners", "loans"}
    # Where two are called so, either may be meant, and neither decides.
    people = ConcernedPerson._default_manager.select_related("user", "conflict")
    assert {person.user for person in people} == {world.reviewer, *User.objects.filter(full_name="李雷")}
    assert {(person.conflict.kind, person.added_by) for person in people} == {("family_at_partners", None)}
    assert len(people) == 3
    named = NamedPartner._default_manager.get()
    assert (named.code, named.name, named.added_by) == ("S-0001", "北方煤业", None)
    kept = next(row for row in Declaration._default_manager.get().answers if row["kind"] == "family_at_partners")
    assert kept["people"] == ["reviewer", "李雷", "韩梅梅", "Clerk Hami", "Nobody", "REVIEWER"]
    assert kept["partners"] == ["S-0001", "北方煤业", "Unknown Ltd"]
    declaration = Declaration._default_manager.get()
    for view in ("receipt", "declaration"):
        shown = words(client.get(address(view, declaration.pk)))
        assert "Known in the portal: S-0001 · 北方煤业 · reviewer · 李雷 · REVIEWER" in shown
        assert "Not known in the portal: Unknown Ltd · 韩梅梅 · Clerk Hami · Nobody" in shown
    assert "Known in the portal" not in words(sign_in(integrity.officer).get(address("declaration", declaration.pk)))


def test_open_duties_stand_among_the_tasks(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    round_of(integrity, clerk, due_in=-2, opened=40)
    duty = duty_of(clerk)
    (task,) = tasks(clerk)
    assert (task.title, task.detail, task.days_late) == ("Assurance Statement", "Read and sign.", 2)
    with acting_as(integrity.officer, "test"):
        duty.reminders.create(sent_by=integrity.officer, sent_at=timezone.now())
    assert tasks(clerk)[0].detail == "Read and sign. You were reminded."
    shown = words(sign_in(clerk).get(address("duty", duty.pk)))
    assert "2 days late" in shown and f"You were last reminded on {timezone.localdate():%Y-%m-%d}." in shown
    signed(duty)
    assert tasks(clerk) == []


def test_whoever_has_nothing_to_sign_has_no_such_page(integrity: Integrity, sign_in: SignIn) -> None:
    for person in (integrity.world.clerk, integrity.officer, integrity.world.stranger):
        assert sign_in(person).get(address("declarations")).status_code == 404
