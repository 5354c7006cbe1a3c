"""An edition of many sites: written some sites at a time, cut into parts, and read no further than a page shows."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.indicators.parts import FEW_SITES
from apps.jobs.models import Job
from apps.organisation.models import Site
from apps.reporting import publishing, restating
from apps.reporting.content.builder import Imprint, build
from apps.reporting.content.canonical import canonical, digest, parsed, parsed_part
from apps.reporting.content.shape import GROUP
from apps.reporting.models import Edition, EditionPart
from apps.reporting.proofs import broken_editions, broken_parts
from tests.factories import SiteFactory
from tests.jobs.running import run_waiting
from tests.reporting.published_world import ELECTRICITY, Act, PublishedWorld

MORE = FEW_SITES + 10


class Said:
    def __init__(self) -> None:
        self.steps: list[tuple[int, int, str]] = []

    def step(self, done: int, total: int, text: str = "") -> None:
        self.steps.append((done, total, text))


@pytest.fixture
def world(db: None, approve: Act) -> PublishedWorld:
    return PublishedWorld(approve)


def add_sites() -> None:
    for number in range(MORE):
        SiteFactory(code=f"MORE-{number:02}", position=1000 + number)


def past_the_triggers(table: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_edition_of_many_sites_says_what_one_in_memory_says(world: PublishedWorld) -> None:
    add_sites()
    world.state(text="{ENV-RES-ELECTRICITY}, of which {ENV-RES-ELECTRICITY@HAMI|number} at one site.")
    edition = world.publish()
    imprint = Imprint(number=1, published_at=publishing.stamp(edition.published_at), remark=edition.remark)
    content = build(world.year, imprint=imprint)
    text = Edition.objects.values_list("content", flat=True).get()
    assert text == canonical(content)
    assert (digest(text), text.encode()) == (edition.sha256, canonical(parsed(text)).encode())
    assert "of which 2,805,000 at one site" in content["provisions"][0]["statement"]["en"]
    assert len(content["sites"]) == MORE + 2 and any(content["calculations"].values())

    parts = dict(EditionPart.objects.values_list("place", "content"))
    rest = parsed(parts.pop(EditionPart.REST))
    assert set(parts) == {GROUP, *(site.code for site in Site.objects.all())}
    for code, figure in content["figures"].items():
        assert {place: parsed_part(part)[code] for place, part in parts.items()} == figure["places"]
        assert rest["figures"][code] == {name: value for name, value in figure.items() if name != "places"}
    assert {**rest, "figures": {}} == {**content, "figures": {}, "calculations": {}}
    assert not list(broken_editions()) and not list(broken_parts())


def test_progress_moves_with_the_sites(world: PublishedWorld) -> None:
    add_sites()
    world.state()
    said = Said()
    with acting_as(world.lead, "test"):
        publishing.publish(year=world.year, user=world.lead, remark="The rest is late.", progress=said)
    done = [step for step in said.steps if step[1]]
    assert sorted({step[0] for step in done}) == list(range(1, MORE + 5)) and {step[1] for step in done} == {MORE + 4}
    assert [step[0] for step in done] == sorted(step[0] for step in done)
    out, told = StringIO(), StringIO()
    call_command("check_figures", "2020", stdout=out, stderr=told)
    assert "are as published" in out.getvalue()
    assert told.getvalue().splitlines()[1:] == [f"sites compared: {n} of {MORE + 2}" for n in (25, MORE + 2)]


def test_the_figures_of_a_restatement_of_many_sites_are_listed_in_the_background(
    world: PublishedWorld, sign_in: Callable[[User], Client]
) -> None:
    add_sites()
    world.state()
    world.publish()
    case = world.open()
    page, lead = f"/report/2020/restatements/{case.pk}/", sign_in(world.lead)
    lead.post(f"{page}list/")
    run_waiting()
    job = Job.objects.get(kind="prepare_restatement")
    assert job.state == "failed" and "Nothing differs" in job.error
    world.correct()
    # Withdrawing looks at the one site that was opened.
    with pytest.raises(publishing.Refused, match="Undo the correction"):
        restating.withdraw(restatement_id=case.pk, user=world.lead, reason="A slip.")
    assert sign_in(world.reviewer).post(f"{page}list/").status_code == 403
    answer = lead.post(f"{page}list/")
    assert answer.status_code == 302
    run_waiting()
    assert f'href="{page}"' in lead.get(answer["Location"]).content.decode()
    case.refresh_from_db()
    assert case.state == "prepared" and case.prepared_by == world.lead
    assert {each.site.code if each.site else "" for each in case.figures.all()} == {"", "HAMI"}
    # What cannot be done is said at once, and nobody waits for it.
    answer = lead.post(f"{page}list/")
    assert answer.status_code == 422 and "somebody was quicker" in answer.content.decode()
    assert Job.objects.filter(kind="prepare_restatement").count() == 2


def test_a_page_of_an_edition_reads_the_place_it_shows(
    world: PublishedWorld, sign_in: Callable[[User], Client]
) -> None:
    world.state()
    world.publish()
    auditor = sign_in(world.auditor)

    def asked(path: str) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = auditor.get(path)
        assert page.status_code == 200, path
        return [query["sql"] for query in captured.captured_queries]

    for path in (
        "/report/",
        "/report/2020/publish/",
        "/report/2020/restatements/",
        "/report/2020/editions/1/",
        "/report/2020/editions/1/?site=HAMI",
        "/figures/2020/",
        "/figures/2020/?site=BAISHAN",
    ):
        assert not [sql for sql in asked(path) if '"reporting_edition"."content"' in sql], path
    assert "2,805,000" in auditor.get("/report/2020/editions/1/?site=HAMI").content.decode()
    # Of a large group the page reads its own place alone, however many there are.
    add_sites()
    auditor.get("/report/2020/editions/1/?site=HAMI")
    places = [sql for sql in asked("/report/2020/editions/1/?site=HAMI") if "reporting_editionpart" in sql]
    assert len(places) == 1 and "IN ('HAMI')" in places[0]


def test_nobody_writes_a_part(world: PublishedWorld) -> None:
    world.state()
    world.publish()
    for statement in (
        "INSERT INTO reporting_editionpart (edition_id, place, content) SELECT id, 'X', '{}' FROM reporting_edition",
        "UPDATE reporting_editionpart SET content = '{}'",
        "DELETE FROM reporting_editionpart",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_part_or_a_text_that_was_changed_is_named(world: PublishedWorld) -> None:
    world.state()
    edition = world.publish()
    past_the_triggers(
        "reporting_editionpart",
        "UPDATE reporting_editionpart SET content = replace(content, '2805000', '2805001') WHERE place = 'HAMI'",
    )
    past_the_triggers("reporting_editionpart", "DELETE FROM reporting_editionpart WHERE place = 'BAISHAN'")
    assert list(broken_parts()) == [
        f"edition 2020 · 1: its part {place} is not what it says" for place in ("BAISHAN", "HAMI")
    ]
    with pytest.raises(CommandError):
        call_command("check_figures", "2020", stdout=StringIO())
    # Spaces, and a name that stands there twice, with a digest that fits.
    for was, now in (('"format":1', '"format": 1'), ('"format":1', '"format":1,"format":1')):
        text = parsed_text(edition).replace(was, now)
        with transaction.atomic():
            past_the_triggers(
                "reporting_edition",
                f"UPDATE reporting_edition SET content = $t${text}$t$, sha256 = '{digest(text)}'",
            )
            assert [words for words in broken_editions() if "canonical" in words]
            transaction.set_rollback(True)
    assert ELECTRICITY in parsed_text(edition)


def parsed_text(edition: Edition) -> str:
    return Edition.objects.values_list("content", flat=True).get(pk=edition.pk)
