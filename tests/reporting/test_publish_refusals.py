"""What the database refuses about editions and restatements, whoever asks."""

import hashlib
import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.reporting.edition_files import make_files
from apps.reporting.models import Edition, Restatement
from tests.reporting.published_world import Act, PublishedWorld

EDITION = (
    "INSERT INTO reporting_edition (year_id, number, content, sha256, published_by_id, published_at, remark) "
    "VALUES (%s, %s, %s, %s, %s, now(), '')"
)


@pytest.fixture
def world(db: None, approve: Act) -> PublishedWorld:
    world = PublishedWorld(approve)
    world.state()
    return world


def refused(sql: str, parameters: Any = ()) -> str:
    """What the database says; deferred triggers are asked at once."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(caught.value)


def edition_of(world: PublishedWorld, number: int, previous: str, sha256: str = "") -> tuple[Any, ...]:
    text = json.dumps({"number": number, "previous_sha256": previous})
    return world.year.pk, number, text, sha256 or hashlib.sha256(text.encode()).hexdigest(), world.lead.pk


def test_editions(world: PublishedWorld) -> None:
    assert "not published" in refused(EDITION, edition_of(world, 1, ""))
    assert "with an edition" in refused("UPDATE organisation_reportingyear SET published_at = now()")
    edition = world.publish()
    make_files(edition)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert "digest" in refused(EDITION, edition_of(world, 2, edition.sha256, "0" * 64))
    assert "names its digest" in refused(EDITION, edition_of(world, 2, "0" * 64))
    assert "names its digest" in refused(EDITION, edition_of(world, 3, edition.sha256))
    assert "no approved restatement" in refused(EDITION, edition_of(world, 2, edition.sha256))
    for table in ("reporting_edition", "reporting_editionfile"):
        for sql in (f"UPDATE {table} SET sha256 = sha256", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(Exception, match="append|changed|only|kept|trail"), transaction.atomic():
                connection.cursor().execute(sql)
    assert "digest" in refused(
        "INSERT INTO reporting_editionfile (edition_id, format, language, name, content_type, content, sha256, made_at)"
        " SELECT id, 'odt', '', 'a', 'b', '\\x00', sha256, now() FROM reporting_edition"
    )
    assert "stays so" in refused("UPDATE organisation_reportingyear SET published_at = NULL")
    assert "stays so" in refused("UPDATE organisation_reportingyear SET published_at = now()")
    assert "stay as they are" in refused("UPDATE reporting_statement SET text_en = 'Other'")
    assert "published year" in refused(
        "UPDATE submissions_submission SET state = 'returned', revision = revision + 1 WHERE id = %s", [world.form.pk]
    )


def test_restatements(world: PublishedWorld) -> None:
    insert = (
        "INSERT INTO reporting_restatement (year_id, kind, submission_id, cause_en, cause_zh_hans, cause_zh_hant,"
        " state, opened_by_id, opened_at, decision) SELECT %s, %s, %s, 'a', 'b', 'c', %s, %s, now(), ''"
    )
    form = world.form.pk
    assert "published year" in refused(insert, [world.year.pk, "data", form, "open", world.lead.pk])
    unlock = (
        "INSERT INTO submissions_unlock (submission_id, reason, opened_by_id, opened_at)"
        " VALUES (%s, 'because', %s, now())"
    )
    assert "for a restatement" in refused(unlock, [form, world.lead.pk])
    world.publish()
    assert "published year" in refused(insert, [world.year.pk, "data", form, "approved", world.lead.pk])
    assert "restatement_data_of_a_form" in refused(insert, [world.year.pk, "words", form, "open", world.lead.pk])
    assert "for a restatement" in refused(unlock, [form, world.lead.pk])
    case = world.open()
    assert "one_at_a_time" in refused(insert, [world.year.pk, "words", None, "open", world.lead.pk])
    assert "closed once" in refused("UPDATE submissions_unlock SET reason = 'other'")
    change = "UPDATE reporting_restatement SET "
    assert "keeps what it is about" in refused(change + "kind = 'words', submission_id = NULL")
    assert "cannot go from open to approved" in refused(change + "state = 'approved'")
    assert "prepared_by_somebody" in refused(change + "state = 'prepared'")
    assert "still open" in refused(change + "state = 'withdrawn'")
    world.correct()
    world.prepare(case)
    assert "keeps its cause" in refused(change + "cause_en = 'Other'")
    figure = (
        "INSERT INTO reporting_restatedfigure (restatement_id, round, code, old_value, new_value)"
        " VALUES (%s, 9, 'X', '1', '2')"
    )
    assert "while it is open" in refused(figure, [case.pk])
    approve = change + "state = 'approved', decided_by_id = %s, decided_at = now(), edition_id = %s"
    first = Edition.objects.get()
    # The edition that was corrected is not one that the restatement made.
    assert "newest edition" in refused(approve, [world.second_lead.pk, first.pk])
    assert "two_people" in refused(approve, [world.second_lead.pk, None])
    second = world.agree(case)
    assert "settled" in refused(approve, [world.lead.pk, second.pk])
    assert "is settled" in refused(change + "state = 'open'")
    assert "is kept" in refused("DELETE FROM reporting_restatement")
    assert "closed once" in refused("UPDATE submissions_unlock SET closed_at = NULL")
    case.refresh_from_db()
    assert case.state == "approved" and Restatement.objects.count() == 1


def test_the_preparer_does_not_approve(world: PublishedWorld) -> None:
    """Past the services: an edition is there, and the same person signs twice."""
    edition = world.publish()
    case = world.open()
    world.correct()
    world.prepare(case)
    insert, (year, number, text, sha256, _person) = EDITION, edition_of(world, 2, edition.sha256)
    for person in (world.lead, world.second_lead):
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute(insert, [year, number, text, sha256, person.pk])
            sql = (
                "UPDATE reporting_restatement SET state = 'approved', decided_by_id = %s, decided_at = now(),"
                " edition_id = (SELECT id FROM reporting_edition WHERE number = 2)"
            )
            why = "two_people" if person == world.lead else "its form is still open"
            assert why in refused(sql, [person.pk])
            transaction.set_rollback(True)
