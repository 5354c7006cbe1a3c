"""``check_figures`` and ``verify_audit``: a published year comes out the same, or what differs is named."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.audit.proofs import proofs
from apps.reporting.edition_files import make_files
from tests.reporting.published_world import ELECTRICITY, Act, PublishedWorld


@pytest.fixture
def world(db: None, approve: Act) -> PublishedWorld:
    world = PublishedWorld(approve)
    world.state()
    return world


def check(*arguments: str) -> tuple[int, str]:
    """Exit code and what was said."""
    said = StringIO()
    try:
        call_command("check_figures", *arguments, stdout=said)
    except CommandError as error:
        return error.returncode, said.getvalue() + str(error)
    return 0, said.getvalue()


def test_figures_are_as_published_until_something_moves(world: PublishedWorld) -> None:
    assert check("2020")[0] == 2 and check("1999")[0] == 2
    edition = world.publish()
    code, said = check("2020")
    assert code == 0 and edition.sha256 in said
    case = world.open()
    world.correct()
    code, said = check("2020")
    assert code == 1
    assert f"{ELECTRICITY} group: published 5610000, now 4207500, -25.0 %" in said
    assert f"{ELECTRICITY} HAMI: published 2805000, now 1402500, -50.0 %" in said
    world.prepare(case)
    world.agree(case)
    assert check("2020")[0] == 0
    assert check("2020", "--edition", "1")[0] == 1 and check("2020", "--edition", "3")[0] == 2


def test_bytes_that_were_changed_past_the_triggers_are_named(world: PublishedWorld) -> None:
    edition = world.publish()
    make_files(edition)
    assert [words for proof in proofs for words in proof.differences()] == []
    tables = ("reporting_edition", "reporting_editionfile")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE reporting_edition SET content = replace(content, '5610000', '5610001')")
        cursor.execute("UPDATE reporting_editionfile SET content = content || '\\x00' WHERE format = 'csv'")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    code, said = check("2020")
    assert code == 1 and "its content does not have the digest" in said and "esg-figures-2020.csv" in said
    found = [words for proof in proofs if proof.code in ("editions", "edition_files") for words in proof.differences()]
    assert len(found) == 2
