"""Who may read what was declared, what they see of it, and that each reading is noted. Corrections beside it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.answers import Answer
from apps.anti_corruption.models import Conflict, Declaration, DutyState, Opening, Refusal
from apps.anti_corruption.readings import note, openings_of
from apps.anti_corruption.signing import services
from apps.anti_corruption.signing.attention import reports
from apps.audit.context import acting_as
from tests.anti_corruption.records import Integrity, answered, correct, round_of
from tests.anti_corruption.signing import address, duty_of, filled, read_texts, signed
from tests.by_hand import refused, words
from tests.factories import World

SignIn = Callable[[User], Client]


@pytest.fixture
def integrity(world: World) -> Integrity:
    return Integrity(world)


def declared(integrity: Integrity, /, **told: Answer | str) -> Declaration:
    """What the clerk of Hami signed."""
    round_of(integrity, integrity.world.clerk)
    return signed(duty_of(integrity.world.clerk), **told)


def test_only_signer_officers_and_auditors_of_declarations_read_it(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    declaration = declared(integrity, loans="1,000 from my aunt")
    page = address("declaration", declaration.pk)
    for person in (world.clerk, integrity.officer, integrity.hami_officer, integrity.reader):
        assert "1,000 from my aunt" in words(sign_in(person).get(page))
    for person in (
        world.reviewer,
        world.lead,
        world.auditor,
        world.administrator,
        world.other_clerk,
        world.stranger,
        integrity.baishan_officer,
    ):
        for view in ("declaration", "receipt", "receipt_pdf", "declaration_correct"):
            assert sign_in(person).get(address(view, declaration.pk)).status_code == 404
            sent = filled(world.clerk) | {"reason": "For them"}
            assert sign_in(person).post(address(view, declaration.pk), sent).status_code in (404, 405)
    assert Declaration._default_manager.count() == 1
    follow_up = address("conflict", Conflict.objects.get().pk)
    for person, follows in ((world.clerk, False), (integrity.officer, True), (integrity.reader, True)):
        assert (follow_up in sign_in(person).get(page).content.decode()) == follows
    assert {opening.reader for opening in Opening._default_manager.all()} == {
        integrity.officer,
        integrity.hami_officer,
        integrity.reader,
    }


def test_whom_an_answer_names_reads_all_but_that(integrity: Integrity, sign_in: SignIn) -> None:
    """A name would otherwise do to hide everything from an officer, a report of wrongdoing first of all."""
    people = (integrity.officer.full_name, integrity.reader.full_name)
    named = Answer(kind="family_in_group", none=False, details="My brother", people=people)
    declaration = declared(integrity, family_in_group=named, wrongdoing="Bribes at the weighbridge", loans="1,000")
    page = address("declaration", declaration.pk)
    left_out = "An answer that names you is left out."
    for person, is_officer in ((integrity.officer, True), (integrity.reader, False)):
        shown = words(sign_in(person).get(page))
        assert "My brother" not in shown and left_out in shown and "1,000" in shown
        assert ("weighbridge" in shown) == is_officer
        # With all the rest known, what is left out could be tried out.
        assert declaration.sha256 not in shown
        conflict = address("conflict", Conflict.objects.get(kind="family_in_group").pk)
        assert sign_in(person).get(conflict).status_code == 404
        assert conflict not in sign_in(person).get(page).content.decode()
    for person in (integrity.second_officer, integrity.world.clerk):
        shown = words(sign_in(person).get(page))
        assert "My brother" in shown and left_out not in shown and declaration.sha256 in shown


def test_auditors_read_what_stands_and_not_why_it_was_corrected(integrity: Integrity, sign_in: SignIn) -> None:
    first = declared(integrity, wrongdoing="Bribes", loans="1,000")
    second = correct(first, answered(loans="1,000"), reason="I was wrong about the weighbridge.")
    auditor, officer = sign_in(integrity.reader), sign_in(integrity.officer)
    assert auditor.get(address("declaration", first.pk)).status_code == 404
    old = address("conflict", first.conflicts.get().pk)
    assert auditor.get(old).status_code == 404 and officer.get(old).status_code == 200
    page = auditor.get(address("declaration", second.pk))
    shown = words(page)
    assert "1,000" in shown and "weighbridge" not in shown and "Correction because" not in shown
    assert address("declaration", first.pk) not in page.content.decode()
    for client in (officer, sign_in(integrity.world.clerk)):
        assert client.get(address("declaration", first.pk)).status_code == 200
        assert "weighbridge" in words(client.get(address("declaration", second.pk)))


def test_knowledge_of_wrongdoing_cannot_be_told_from_the_page_of_an_auditor(
    integrity: Integrity, sign_in: SignIn
) -> None:
    told = declared(integrity, wrongdoing="Bribes at the weighbridge")
    pages = []
    round_of(integrity, integrity.world.clerk)
    silent = signed(duty_of(integrity.world.clerk))
    for declaration in (told, silent):
        page = sign_in(integrity.reader).get(address("declaration", declaration.pk)).content.decode()
        assert "for the integrity officers alone" in page and "weighbridge" not in page
        # The digest is over the hidden answer as well: with all the rest known, "none" could be tried out.
        assert declaration.sha256 not in page
        moment = timezone.localtime(declaration.signed_at).strftime("%Y-%m-%d %H:%M:%S")
        pages.append(page.replace(moment, "").split("<main")[1])
    assert pages[0] == pages[1]
    for person in (integrity.officer, integrity.world.clerk):
        shown = words(sign_in(person).get(address("declaration", told.pk)))
        assert "Bribes at the weighbridge" in shown and told.sha256 in shown
        assert "for the integrity officers alone." not in shown
    assert not Conflict.objects.exists()


def test_each_reading_is_noted_once_and_the_signer_sees_it(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    declaration = declared(integrity)
    page = address("declaration", declaration.pk)
    mine = sign_in(clerk)
    assert "Nobody has opened it yet." in words(mine.get(page))
    officer = sign_in(integrity.officer)
    for expected in (1, 2):
        officer.get(page)
        assert Opening._default_manager.filter(reader=integrity.officer, declaration=declaration).count() == expected
    assert Opening._default_manager.count() == 2
    moment = timezone.localtime(Opening._default_manager.latest("pk").at).strftime("%Y-%m-%d %H:%M")
    for shown in (words(mine.get(page)), words(mine.get(address("declarations")))):
        assert str(integrity.officer) in shown and moment in shown
    assert "Who has read it" not in words(officer.get(page))
    round_of(integrity, integrity.officer)
    assert str(integrity.officer) not in words(officer.get(address("declarations"))).split("Who has read")[1]


def test_a_refusal_that_was_read_is_noted_too(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    round_of(integrity, clerk)
    duty = duty_of(clerk)
    with acting_as(clerk, "test"):
        services.decline(user=clerk, duty_id=duty.pk, reason="Not yet.")
        note(user=clerk, refusal=Refusal._default_manager.get())
    assert not Opening._default_manager.exists()
    with acting_as(integrity.officer, "test"):
        note(user=integrity.officer, refusal=Refusal._default_manager.get())
    assert openings_of(clerk).count() == 1
    shown = words(sign_in(clerk).get(address("declarations")))
    assert "Why you declined" in shown and "Declined" in shown


def test_readings_stay_and_are_noted_in_ones_own_name(integrity: Integrity) -> None:
    declaration = declared(integrity)
    insert = "INSERT INTO anti_corruption_opening (reader_id, at, declaration_id) VALUES (%s, now(), %s)"
    with acting_as(integrity.officer, "test"):
        assert "written in one's own name" in refused(insert, integrity.reader.pk, declaration.pk)
        note(user=integrity.officer, declaration=declaration)
        assert "are never changed or deleted" in refused("DELETE FROM anti_corruption_opening")


def test_officers_are_asked_to_read_what_is_known_of_wrongdoing(
    integrity: Integrity, sign_in: SignIn, django_assert_num_queries: Callable[..., Any]
) -> None:
    world = integrity.world
    officers = (integrity.hami_officer, integrity.officer)
    round_of(integrity, world.clerk, world.reviewer, integrity.hami_officer)
    first = signed(duty_of(world.clerk), wrongdoing="Bribes at the weighbridge")
    signed(duty_of(world.reviewer), loans="wrongdoing")
    own = signed(duty_of(integrity.hami_officer), wrongdoing="A kickback")
    (task,) = reports(integrity.hami_officer)
    assert task.title == f"Hami · {timezone.localdate():%Y-%m-%d}" and task.url == address("declaration", first.pk)
    assert "weighbridge" not in task.detail and world.clerk.full_name not in task.title + task.detail
    assert [each.url for each in reports(integrity.officer)] == [task.url, address("declaration", own.pk)]
    for person in (integrity.baishan_officer, integrity.reader, world.administrator, world.clerk):
        assert reports(person) == []
    client = sign_in(integrity.hami_officer)
    listed = words(client.get(reverse("submissions:my_work")))
    assert "Reports of wrongdoing to read" in listed and "weighbridge" not in listed
    client.get(task.url)
    assert reports(integrity.hami_officer) == [] and len(reports(integrity.officer)) == 2
    # A correction is read anew, and what it replaces no longer waits.
    second = correct(first, answered(wrongdoing="Bribes at both gates"))
    for officer in officers:
        assert address("declaration", second.pk) in [each.url for each in reports(officer)]
        assert address("declaration", first.pk) not in [each.url for each in reports(officer)]
    officer = User.objects.get(pk=integrity.officer.pk)
    reports(officer)
    with django_assert_num_queries(1):
        assert len(reports(officer)) == 2


# Corrections ----------------------------------------------------------------------------------------------------------


def test_a_correction_keeps_what_was_signed_before(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    first = declared(integrity, loans="1,000 from my aunt")
    duty = first.duty
    client = sign_in(clerk)
    page = address("declaration_correct", first.pk)
    shown = client.get(page).content.decode()
    assert "1,000 from my aunt" in shown and shown.count("checked") == len(first.answers)
    sent = filled(clerk, loans="1,000 from my aunt", gifts="A watch")
    assert "Why you replace" in words(client.post(page, sent))
    assert Declaration._default_manager.count() == 1
    response = client.post(page, sent | {"reason": "I forgot the watch."})
    second = Declaration._default_manager.get(replaces=first)
    assert response["Location"] == address("receipt", second.pk)
    day = duty.signed_on
    duty.refresh_from_db()
    assert (duty.state, duty.signed_on) == (DutyState.SIGNED, day)
    assert {conflict.kind for conflict in Conflict.objects.current()} == {"loans", "gifts"}
    assert Conflict.objects.count() == 3

    old = words(client.get(address("declaration", first.pk)))
    assert "Replaced" in old and "I forgot the watch." in old and "1,000 from my aunt" in old
    assert "A watch" not in old and "Correct the declaration" not in old
    new = words(client.get(address("declaration", second.pk)))
    assert "Stands" in new and "A watch" in new and first.sha256 in new
    for declaration in (first, second):
        assert client.get(address("receipt", declaration.pk)).status_code == 200
        assert address("receipt", declaration.pk) in client.get(address("declarations")).content.decode()
    assert "You replaced this declaration since." in words(client.get(address("receipt", first.pk)))


def test_only_the_declaration_that_stands_is_corrected(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    first = declared(integrity)
    client = sign_in(clerk)
    client.post(address("declaration_correct", first.pk), filled(clerk) | {"reason": "A slip."})
    for send in (client.get, client.post):
        response = send(address("declaration_correct", first.pk), filled(clerk) | {"reason": "Again."})
        assert response["Location"] == address("declaration", first.pk)
        assert "This declaration was replaced already." in words(client.get(response["Location"]))
    with acting_as(clerk, "test"), pytest.raises(services.SigningError, match="replaced already"):
        services.correct(
            user=clerk,
            declaration_id=first.pk,
            language="en",
            name=clerk.full_name,
            address=None,
            answers=answered(),
            reason="Again.",
        )
    assert Declaration._default_manager.count() == 2


def test_a_correction_is_signed_in_a_language_in_which_both_texts_were_read(
    integrity: Integrity, sign_in: SignIn
) -> None:
    clerk = integrity.world.clerk
    first = declared(integrity)
    client = sign_in(clerk)
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    page = address("declaration_correct", first.pk)
    assert client.get(page)["Location"] == address("duty", first.duty_id)
    read_texts(client, first.duty, "zh-hans")
    assert client.post(page, filled(clerk, "zh-hans") | {"reason": "更正"}).status_code == 302
    assert Declaration._default_manager.get(replaces=first).language == "zh-hans"


def test_a_round_that_is_closed_can_still_be_corrected(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    first = declared(integrity)
    campaign = first.duty.campaign
    with acting_as(integrity.officer, "test"):
        campaign.closed_by, campaign.closed_at = integrity.officer, timezone.now()
        campaign.save()
    sent = filled(clerk, gifts="A watch") | {"reason": "I forgot the watch."}
    assert sign_in(clerk).post(address("declaration_correct", first.pk), sent).status_code == 302
    assert Declaration._default_manager.count() == 2


def test_an_officer_whom_the_correction_names_learns_nothing_of_it(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    first = declared(integrity)
    sent = filled(clerk, family_in_group="My brother") | {"reason": "I forgot my brother in the audit office."}
    sent["people_family_in_group"] = integrity.officer.full_name
    sign_in(clerk).post(address("declaration_correct", first.pk), sent)
    second = Declaration._default_manager.get(replaces=first)
    client = sign_in(integrity.officer)
    assert "It was replaced by another one." in words(client.get(address("declaration", first.pk)))
    for declaration in (first, second):
        assert "brother" not in words(client.get(address("declaration", declaration.pk)))


def test_an_answer_has_letters_and_one_kind_of_line_break(integrity: Integrity, sign_in: SignIn) -> None:
    clerk = integrity.world.clerk
    round_of(integrity, clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    with pytest.raises(services.SigningError, match="Say what there is to declare"):
        signed(duty, loans="...")
    read_texts(client, duty)
    client.post(address("duty_sign", duty.pk), filled(clerk, loans="From my aunt\r\nand my uncle\rsince May"))
    first = Declaration._default_manager.get()
    sent = filled(clerk) | {"reason": "--"}
    page = address("declaration_correct", first.pk)
    assert "Say why the declaration is replaced." in words(client.post(page, sent))
    client.post(page, sent | {"reason": "Paid\r\nback"})
    told = next(answer for answer in first.answers if answer["kind"] == "loans")
    assert told["details"] == "From my aunt\nand my uncle\nsince May"
    assert Declaration._default_manager.get(replaces=first).replaced_because == "Paid\nback"


def test_pages_stay_few_questions_to_the_database(
    integrity: Integrity, sign_in: SignIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    clerk = integrity.world.clerk
    declaration = declared(integrity)
    with acting_as(integrity.officer, "test"):
        for _reading in range(60):
            note(user=integrity.officer, declaration=declaration)
    for due in range(5):
        round_of(integrity, clerk, due_in=due)
        signed(duty_of(clerk))
    client = sign_in(clerk)
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
        page = client.get(address("declarations"))
    assert "1–50 of 60" in words(page)
    assert client.get(f"{address('declarations')}?page=2").content.decode().count("Your declaration of") == 10
