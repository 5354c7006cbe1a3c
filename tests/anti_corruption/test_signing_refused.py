"""What the database refuses about duties, texts read, declarations and refusals, past all our code."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from apps.accounts.models import User
from apps.anti_corruption.answers import Answer, stored
from apps.anti_corruption.models import Conflict, Declaration, Duty, QuestionKind, TextRead
from apps.anti_corruption.signing import services
from apps.audit.context import acting_as
from apps.audit.models import Change
from tests.anti_corruption.records import Integrity, answered, issued, round_of
from tests.anti_corruption.signing import duty_of, signed
from tests.by_hand import refused
from tests.factories import World

COLUMNS = (
    "duty_id, signer_id, signed_at, signed_name, language, address, statement_id, statement_sha256, conduct_id,"
    " conduct_sha256, answers, replaces_id, replaced_because, sha256"
)


@contextmanager
def by(user: User | None) -> Iterator[None]:
    with acting_as(user, "test"):
        yield


@pytest.fixture
def integrity(world: World) -> Integrity:
    return Integrity(world)


@pytest.fixture
def duty(integrity: Integrity) -> Duty:
    """Of the clerk of Hami, in an open round."""
    round_of(integrity, integrity.world.clerk)
    return duty_of(integrity.world.clerk)


def read(duty: Duty, language: str = "en") -> None:
    with by(duty.user):
        for version in (duty.campaign.conduct_id, duty.campaign.statement_id):
            services.note_read(user=duty.user, duty_id=duty.pk, version_id=version, language=language)


def attempt(duty: Duty, who: User | None = None, /, **changed: Any) -> str:
    """Tries to write a declaration by hand, otherwise as it should be, and gives the words of the refusal."""
    row: dict[str, Any] = {
        "duty_id": duty.pk,
        "signer_id": duty.user_id,
        "signed_at": "now",
        "signed_name": "Clerk Hami",
        "language": "en",
        "address": None,
        "statement_id": duty.campaign.statement_id,
        "statement_sha256": duty.campaign.statement.sha256,
        "conduct_id": duty.campaign.conduct_id,
        "conduct_sha256": duty.campaign.conduct.sha256,
        "answers": json.dumps(stored(answered())),
        "replaces_id": None,
        "replaced_because": "",
        "sha256": "a" * 64,
    }
    row |= changed
    places = ", ".join(["%s"] * len(row))
    with by(who or duty.user):
        return refused(f"INSERT INTO anti_corruption_declaration ({COLUMNS}) VALUES ({places})", *row.values())


# Declarations ---------------------------------------------------------------------------------------------------------


def test_nobody_signs_for_another(integrity: Integrity, duty: Duty) -> None:
    read(duty)
    said = "a declaration is signed by the person who is asked"
    other = integrity.world.other_clerk
    assert said in attempt(duty, other)
    assert said in attempt(duty, other, signer_id=other.pk)
    assert said in attempt(duty, signer_id=other.pk)


def test_both_texts_are_read_first_in_the_language_that_is_signed(duty: Duty) -> None:
    said = "both texts are read before they are signed"
    assert said in attempt(duty)
    with by(duty.user):
        version = duty.campaign.statement_id
        services.note_read(user=duty.user, duty_id=duty.pk, version_id=version, language="en")
    assert said in attempt(duty)
    read(duty, "zh-hans")
    assert said in attempt(duty)
    read(duty)
    assert "leaves its duty open" in attempt(duty)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("gifts", {"none": False}),
        ("gifts", {"none": False, "details": "   "}),
        ("gifts", {"none": True, "details": "A watch"}),
        ("gifts", {"none": None}),
        ("gifts", {"none": "true"}),
        ("gifts", {"kind": "loans"}),
        ("gifts", None),
    ],
)
def test_every_question_is_answered_one_way_or_the_other(duty: Duty, kind: str, change: dict[str, Any] | None) -> None:
    read(duty)
    rows: list[dict[str, Any]] = stored(answered())
    if change is None:
        rows = [row for row in rows if row["kind"] != kind]
    else:
        next(row for row in rows if row["kind"] == kind).update(change)
    said = "every question is answered, with nothing to declare or with details"
    assert said in attempt(duty, answers=json.dumps(rows))
    assert said in attempt(duty, answers=json.dumps({"gifts": None}))


def test_what_is_signed_are_the_texts_of_the_round(integrity: Integrity, duty: Duty) -> None:
    read(duty)
    said = "what is signed are the texts of the round, as they were issued"
    other = issued(integrity.statement, integrity.officer, "2", duty.due_on)
    assert said in attempt(duty, statement_id=other.pk, statement_sha256=other.sha256)
    assert said in attempt(duty, statement_sha256="b" * 64)
    assert said in attempt(duty, conduct_sha256="b" * 64)


@pytest.mark.parametrize("moment", ["2020-01-01", "tomorrow"])
def test_a_signature_has_its_own_time(duty: Duty, moment: str) -> None:
    read(duty)
    assert "a declaration carries the time of its signing" in attempt(duty, signed_at=moment)


def test_a_signature_comes_whole_or_not_at_all(duty: Duty) -> None:
    """With its duty settled and a conflict for each answer with details."""
    read(duty)
    told = json.dumps(stored(answered(loans="1,000")))
    assert "leaves its duty open" in attempt(duty, answers=told)
    signed(duty)
    standing = Declaration._default_manager.get()
    said = attempt(duty, answers=told, replaces_id=standing.pk, replaced_because="Forgot it")
    assert "does not have its conflicts" in said


@pytest.mark.parametrize("reason", ["", "Forgot it"])
def test_what_is_signed_is_replaced_once_and_with_a_reason(integrity: Integrity, duty: Duty, reason: str) -> None:
    signed(duty)
    first = Declaration._default_manager.get()
    assert "is not to be signed now" in attempt(duty)
    round_of(integrity, duty.user)
    other = duty_of(duty.user)
    read(other)
    said = "a correction replaces a declaration of the same duty"
    assert said in attempt(other, replaces_id=first.pk, replaced_because="Forgot it")
    if not reason:
        assert "declaration_replaces_with_reason" in attempt(duty, replaces_id=first.pk)
        return
    with by(duty.user):
        services.correct(
            user=duty.user,
            declaration_id=first.pk,
            language="en",
            name=duty.user.full_name,
            address=None,
            answers=answered(),
            reason=reason,
        )
    assert "replaces_id" in attempt(duty, replaces_id=first.pk, replaced_because=reason)


def test_a_closed_round_takes_no_signature(integrity: Integrity, duty: Duty) -> None:
    read(duty)
    with by(integrity.officer):
        duty.campaign.closed_by, duty.campaign.closed_at = integrity.officer, duty.campaign.statement.issued_at
        duty.campaign.save()
    assert "is not to be signed now" in attempt(duty)


@pytest.mark.parametrize(
    "change",
    ["signed_name = 'Somebody'", "answers = '[]'", "sha256 = repeat('b', 64)", "signed_at = now()", "language = 'en'"],
)
def test_a_signed_row_never_changes(duty: Duty, change: str) -> None:
    signed(duty, loans="1,000")
    for who in (duty.user, None):
        with by(who):
            assert "are never changed or deleted" in refused(f"UPDATE anti_corruption_declaration SET {change}")
            assert "are never changed or deleted" in refused("DELETE FROM anti_corruption_declaration")
            assert "are never changed or deleted" in refused("DELETE FROM anti_corruption_conflict")
            assert "are never changed or deleted" in refused("DELETE FROM anti_corruption_textread")


# Around them ----------------------------------------------------------------------------------------------------------


def test_a_conflict_follows_from_an_answer_of_ones_own(integrity: Integrity, duty: Duty) -> None:
    declaration = signed(duty, loans="1,000")
    insert = "INSERT INTO anti_corruption_conflict (declaration_id, kind) VALUES (%s, %s)"
    said = "a conflict follows from an answer, when it is signed"
    with by(duty.user):
        assert said in refused(insert, declaration.pk, "gifts")
    with by(integrity.officer):
        assert said in refused(insert, declaration.pk, "loans")


@pytest.mark.parametrize(
    ("table", "columns", "values"),
    [("concernedperson", "user_id", "{user}"), ("namedpartner", "code, name", "'S-1', 'North Coal'")],
)
def test_names_are_added_in_ones_own_name(
    integrity: Integrity, duty: Duty, table: str, columns: str, values: str
) -> None:
    signed(duty, loans="1,000")
    conflict = Conflict.objects.get()
    insert = (
        f"INSERT INTO anti_corruption_{table} (conflict_id, added_by_id, {columns})"
        f" VALUES (%s, %s, {values.format(user=integrity.world.reviewer.pk)})"
    )
    said = "names are added when it is signed, or by an officer"
    with by(integrity.officer):
        assert said in refused(insert, conflict.pk, integrity.second_officer.pk)
        assert said in refused(insert, conflict.pk, None)
    with by(duty.user):
        assert said in refused(insert, conflict.pk, duty.user_id)


def test_a_text_is_read_by_the_person_of_the_duty(integrity: Integrity, duty: Duty) -> None:
    insert = (
        "INSERT INTO anti_corruption_textread (duty_id, version_id, language, read_at) VALUES (%s, %s, 'en', now())"
    )
    said = "a text is read by the person of the duty, for its round"
    other = issued(integrity.statement, integrity.officer, "2", duty.due_on)
    for who in (integrity.officer, integrity.world.other_clerk, None):
        with by(who):
            assert said in refused(insert, duty.pk, duty.campaign.statement_id)
    with by(duty.user):
        assert said in refused(insert, duty.pk, other.pk)
    assert not TextRead._default_manager.exists()


def test_a_duty_is_declined_by_its_person_while_it_is_open(integrity: Integrity, duty: Duty) -> None:
    insert = "INSERT INTO anti_corruption_refusal (duty_id, reason, refused_at) VALUES (%s, %s, now())"
    said = "an open duty is declined by its person"
    with by(integrity.officer):
        assert said in refused(insert, duty.pk, "For them")
    with by(duty.user):
        assert "refusal_says_why" in refused(insert, duty.pk, "")
    signed(duty)
    with by(duty.user):
        assert said in refused(insert, duty.pk, "Too late")


def test_a_duty_moves_by_its_person_with_something_behind_it(integrity: Integrity, duty: Duty) -> None:
    def move(who: User | None, values: str) -> str:
        with by(who):
            return refused(f"UPDATE anti_corruption_duty SET {values} WHERE id = %s", duty.pk)

    alone = "is signed or declined by its person alone, while its round is open"
    for who in (integrity.officer, integrity.world.administrator, None):
        assert alone in move(who, "state = 'signed', signed_on = current_date")
        assert alone in move(who, "state = 'declined'")
    assert "is signed with a declaration" in move(duty.user, "state = 'signed', signed_on = current_date")
    assert "is declined with a reason" in move(duty.user, "state = 'declined'")
    keeps = "keeps whose it is and until when"
    assert keeps in move(integrity.officer, "due_on = due_on + 30")
    assert keeps in move(integrity.officer, f"user_id = {integrity.world.other_clerk.pk}")
    excused = f"state = 'excused', excused_by_id = {integrity.officer.pk}, excused_because = 'Left'"
    assert "is excused by an officer of its site, in their own name" in move(integrity.second_officer, excused)
    with by(integrity.officer):
        assert "is excused, not deleted" in refused("DELETE FROM anti_corruption_duty WHERE id = %s", duty.pk)
    signed(duty)
    for state in ("open", "declined"):
        assert f"cannot go from signed to {state}" in move(duty.user, f"state = '{state}', signed_on = NULL")
    assert "cannot go from signed to excused" in move(integrity.officer, f"{excused}, signed_on = NULL")


def test_a_duty_starts_open(integrity: Integrity, duty: Duty) -> None:
    insert = (
        "INSERT INTO anti_corruption_duty (campaign_id, user_id, site_id, post_id, rank, opened_on, due_on, state,"
        " signed_on, excused_because) SELECT campaign_id, %s, site_id, post_id, rank, opened_on, due_on, 'signed',"
        " current_date, '' FROM anti_corruption_duty WHERE id = %s"
    )
    with by(integrity.world.other_clerk):
        assert "a duty starts open, in an open round" in refused(insert, integrity.world.other_clerk.pk, duty.pk)


def test_nothing_that_people_say_is_in_the_trail(integrity: Integrity, duty: Duty) -> None:
    with by(duty.user):
        services.decline(user=duty.user, duty_id=duty.pk, reason="A reason of mine")
    told = Answer(kind="loans", none=False, details="1,000 from my aunt", people=("Reviewer",), partners=("North",))
    signed(duty, loans=told, wrongdoing="A bribe was paid")
    assert set(QuestionKind.values) == {row["kind"] for row in Declaration._default_manager.get().answers}
    trail = [json.dumps([change.before, change.after], default=str) for change in Change.objects.all()]
    assert any('"signed"' in words for words in trail)
    for secret in ("A reason of mine", "my aunt", "A bribe"):
        assert not any(secret in words for words in trail)


def test_a_refusal_of_the_database_carries_no_answer_into_the_log(duty: Duty, caplog: pytest.LogCaptureFixture) -> None:
    read(duty)
    with by(duty.user), pytest.raises(services.SigningError) as caught:
        services.sign(
            user=duty.user,
            duty_id=duty.pk,
            language="en",
            name=duty.user.full_name,
            address=None,
            answers=[*answered(gifts="A golden watch")][:-1],
        )
    assert caught.value.__suppress_context__
    assert "golden" not in str(caught.value) and "golden" not in caplog.text
    assert not Declaration._default_manager.exists()
