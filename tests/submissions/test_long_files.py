"""Long files: checked and imported in the background, in parts that are bounded, all of it or nothing."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.environment.models import Resource, ResourceUse
from apps.jobs import services
from apps.jobs.models import Job, JobState
from apps.submissions.exchange import importer
from apps.submissions.exchange.importer import import_table
from apps.submissions.exchange.reader import read_table
from apps.submissions.models import Submission
from tests.factories import World
from tests.jobs.running import run_waiting
from tests.submissions.exchange_files import applied, csv_bytes, outcome, row, rows, table, upload, xlsx_bytes

SignIn = Callable[[User], Client]


def test_a_long_file_is_checked_and_imported_by_the_worker(
    world: World, sign_in: SignIn, long: None, django_capture_on_commit_callbacks: Any
) -> None:
    client, data = sign_in(world.clerk), xlsx_bytes(table(*rows()))
    job_page = upload(client, data, "records.xlsx")
    assert job_page.startswith("/jobs/") and not ResourceUse.objects.exists()
    run_waiting()
    checked = outcome(client, job_page)
    assert "Import 36 rows" in checked.content.decode() and not ResourceUse.objects.exists()

    job_page = applied(client, checked)
    assert not ResourceUse.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        run_waiting()
    shown = outcome(client, job_page).content.decode()
    assert "36 rows: 36 new" in shown and "Import 36 rows" not in shown
    trail = Change.objects.filter(table="environment_resourceuse")
    assert ResourceUse.objects.count() == trail.count() == 36
    assert set(trail.values_list("actor_id", "source")) == {(world.clerk.pk, "job")}
    assert world.submission(world.hami, 3).revision == 1
    assert default_storage.listdir(f"imports/{world.clerk.pk}")[1] == [], "the file is not kept any longer"

    written = Change.objects.count()
    again = client.get(upload(client, data, "records.xlsx"))
    assert "Everything in this file is recorded already" in again.content.decode()
    assert Change.objects.count() == written
    assert world.submission(world.hami, 3).revision == 1


def _imported(client: Client, data: bytes, capture: Any) -> None:
    job_page = upload(client, data, "records.xlsx")
    run_waiting()
    job_page = applied(client, outcome(client, job_page))
    with capture(execute=True):
        run_waiting()


def _by_sql(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE environment_resourceuse SET note = 'by hand' WHERE submission_id = %s", [_march(world)])


def _emptied(world: World) -> None:
    ResourceUse.objects.filter(submission=_march(world)).delete()


def _touched(world: World) -> None:
    Submission.objects.filter(pk=_march(world)).update(revision=F("revision") + 1)


def _renamed(world: World) -> None:
    Resource.objects.filter(pk=world.coal.pk).update(name_en="Hard coal")


def _moved_away(world: World) -> None:
    world.clerk.memberships.update(site=world.baishan)


def _march(world: World) -> int:
    return world.submission(world.hami, 3).pk


@pytest.mark.parametrize("move", [_by_sql, _emptied, _touched, _renamed, _moved_away])
def test_the_same_file_is_known_again_until_anything_moves(
    world: World, sign_in: SignIn, long: None, django_capture_on_commit_callbacks: Any, move: Callable[[World], None]
) -> None:
    client, data = sign_in(world.clerk), xlsx_bytes(table(*rows()))
    _imported(client, data, django_capture_on_commit_callbacks)
    jobs = Job.objects.count()
    told = client.get(upload(client, data, "records.xlsx")).content.decode()
    assert "Everything in this file is recorded already" in told and Job.objects.count() == jobs, (
        "it is known without being read"
    )
    other = xlsx_bytes(table(*rows()[:35]))
    assert upload(client, other, "records.xlsx").startswith("/jobs/"), "another file is read"
    move(world)
    assert upload(client, data, "records.xlsx").startswith("/jobs/"), "it is read anew"


def test_what_one_person_imported_is_not_known_of_another(
    world: World, sign_in: SignIn, long: None, django_capture_on_commit_callbacks: Any
) -> None:
    data = xlsx_bytes(table(*rows()))
    _imported(sign_in(world.clerk), data, django_capture_on_commit_callbacks)
    assert upload(sign_in(world.other_clerk), data, "records.xlsx").startswith("/jobs/")


def test_what_became_wrong_since_the_check_keeps_all_rows_out(
    world: World, sign_in: SignIn, long: None, approve: Callable[..., Any]
) -> None:
    client = sign_in(world.clerk)
    job_page = upload(client, csv_bytes(table(*rows())))
    run_waiting()
    job_page = applied(client, outcome(client, job_page))
    approve(world.submission(world.hami, 7), world.clerk, world.reviewer)
    before = ResourceUse.objects.count()
    run_waiting()
    job = Job.objects.get(pk=job_page.strip("/").split("/")[1])
    assert job.state == JobState.FAILED and "Nothing was written" in job.error
    assert ResourceUse.objects.count() == before


def test_what_is_wrong_with_a_long_file_fits_a_page_and_is_a_list(world: World, sign_in: SignIn, long: None) -> None:
    client = sign_in(world.clerk)
    wrong = [row(item=f"unobtainium {number}", quantity="many") for number in range(700)]
    job_page = upload(client, csv_bytes(table(*rows(), *wrong)))
    run_waiting()
    checked = outcome(client, job_page)
    shown = checked.content.decode()
    assert "There are 1400 problems" in shown and "1300 more are in the list" in shown
    assert shown.index("What is wrong most often") < shown.index("row 38, ")
    assert len(checked.content) < 100_000
    listed = client.get(checked.context["problems_url"], follow=True)
    lines = list(csv.reader(io.StringIO(b"".join(listed.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [(line[0], line[1]) for line in lines[1:5]] == [
        ("38", "item (D)"),
        ("38", "quantity (E)"),
        ("39", "item (D)"),
        ("39", "quantity (E)"),
    ]
    assert len(lines) == 1401 and "“unobtainium 699”" in lines[-2][2]


def test_files_and_checks_of_others_are_not_there(world: World, sign_in: SignIn, long: None) -> None:
    job_page = upload(sign_in(world.clerk), csv_bytes(table(*rows())))
    run_waiting()
    check_page = outcome(sign_in(world.clerk), job_page).wsgi_request.path
    other = sign_in(world.other_clerk)
    assert other.get(job_page).status_code == 404
    assert other.get(check_page).url == "/records/import/"  # type: ignore[attr-defined]
    assert other.post(f"{check_page}apply/").url == "/records/import/"  # type: ignore[attr-defined]
    assert Job.objects.count() == 1


def test_a_long_file_that_is_none_fails_in_words(world: World, sign_in: SignIn, long: None) -> None:
    client = sign_in(world.clerk)
    job_page = upload(client, csv_bytes(table(*rows())) + b'HAMI,2020-04,"resource')
    run_waiting()
    assert "a quotation mark is left open" in client.get(job_page).content.decode()


def test_an_import_that_was_cancelled_before_its_end_leaves_nothing(world: World, sign_in: SignIn, long: None) -> None:
    client = sign_in(world.clerk)
    job_page = upload(client, csv_bytes(table(*rows())))
    run_waiting()
    job_page = applied(client, outcome(client, job_page))
    services.cancel(job_id=int(job_page.strip("/").split("/")[1]), user=world.clerk)
    run_waiting()
    assert not ResourceUse.objects.exists() and "cancelled" in client.get(job_page).content.decode()


def test_an_import_broken_off_in_the_middle_leaves_nothing_and_can_be_done_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In parts of six rows; what a part wrote is taken back with the others."""
    monkeypatch.setattr(importer, "_CHUNK_ROWS", 6)
    read = read_table("records.csv", csv_bytes(table(*rows())))
    told: list[int] = []

    def tell(done: int, total: int) -> None:
        told.append(done)
        assert total == 36
        if len(told) == 4:
            assert ResourceUse.objects.count() == 18, "three parts are written by now"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), acting_as(world.clerk, "test"):
        import_table(read, user=world.clerk, dry_run=False, tell=tell)
    assert told == [0, 6, 12, 18]
    assert not ResourceUse.objects.exists() and not Change.objects.filter(table="environment_resourceuse").exists()
    assert world.submission(world.hami, 1).revision == 0
    with acting_as(world.clerk, "test"):
        assert import_table(read, user=world.clerk, dry_run=False).new == 36


def test_a_wrong_row_in_the_last_part_takes_back_the_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "_CHUNK_ROWS", 6)
    wrong = [*rows(11), row(period="2020-12", quantity="many")]
    with acting_as(world.clerk, "test"):
        report = import_table(read_table("records.csv", csv_bytes(table(*wrong))), user=world.clerk, dry_run=False)
    assert len(report.problems) == 1 and not report.written
    assert not ResourceUse.objects.exists() and world.submission(world.hami, 1).revision == 0


@pytest.mark.parametrize("rows_of_a_part", [1, 5, 3000])
def test_later_months_are_compared_with_earlier_ones_of_the_file_wherever_it_is_cut(
    world: World, monkeypatch: pytest.MonkeyPatch, rows_of_a_part: int
) -> None:
    """A line that the site answers, and one that it does not, of which not every month says something."""
    monkeypatch.setattr(importer, "_CHUNK_ROWS", rows_of_a_part)
    lines = [row(period=f"2020-{month:02}", quantity="10000" if month == 6 else "100") for month in range(1, 7)]
    lines += [
        row(period=f"2020-{month:02}", record_kind="waste", item="waste_oil/sold", unit="t", quantity=quantity)
        for month, quantity in ((1, "70"), (3, "70"), (4, "70000"))
    ]
    read = read_table("records.csv", csv_bytes(table(*lines)))
    warnings = list(import_table(read, user=world.clerk, dry_run=True).warnings)
    assert [(warned.row, "what this site usually" in warned.message) for warned in warnings] == [
        (10, True),
        (7, True),
    ]
    assert "about 1,000 times" in warnings[0].message and "about 100 times" in warnings[1].message


def test_statements_are_as_many_for_few_rows_as_for_many(world: World) -> None:
    def statements(lines: list[dict[str, Any]], *, dry_run: bool) -> int:
        read = read_table("records.csv", csv_bytes(table(*lines)))
        with CaptureQueriesContext(connection) as queries, acting_as(world.clerk, "test"):
            import_table(read, user=world.clerk, dry_run=dry_run)
        return len(queries)

    statements(rows(1), dry_run=True)  # the roles of the person are read once
    assert statements(rows(1), dry_run=True) == statements(rows(12), dry_run=True)
    few = statements(rows(1), dry_run=False)
    ResourceUse.objects.all().delete()
    assert few == statements(rows(12), dry_run=False)


def test_a_sheet_in_pieces_says_what_it_says_as_a_whole() -> None:
    """More rows than are read at a time, blank ones between them, and words that the cells share."""
    lines = [[f"line {number}", number / 8, "万kWh", number, "x" * 150] for number in range(9000)]
    for number in range(100, 200):
        lines[number] = []
    read = read_table("records.xlsx", xlsx_bytes(lines))
    assert len(read.rows) == 8900
    assert read.rows[99] == (100, ["line 99", "12.375", "万kWh", "99", "x" * 150])
    there = [*range(1, 101), *range(201, 9001)]
    as_written = all(
        (number, texts[1]) == (place, f"{(place - 1) / 8:.15g}")
        for place, (number, texts) in zip(there, read.rows, strict=True)
    )
    assert as_written


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
def test_what_is_read_is_what_was_written_however_many_words_there_are(write: Callable[..., bytes]) -> None:
    """A column of more words than are known again, some of which come again, and one that begins late."""
    lines = [["site", "note"], *(["HAMI", f"note {number}"] for number in range(10_100))]
    lines += [[], ["HAMI", "note 3"], ["HAMI", "", "late"], ["", "note 10099", "late"]]
    read = read_table(f"records.{'csv' if write is csv_bytes else 'xlsx'}", write(lines))
    there = [(number, [*line, "", ""][:3]) for number, line in enumerate(lines, start=1) if line]
    assert list(read.rows) == there
    assert list(read.records)[-1] == (10_105, ["", "note 10099", "late"]) == read.records[-1]


def test_cells_that_are_equal_to_a_program_are_told_apart() -> None:
    lines = [["a", "b"], [True, "1"], [1, 1], [1.5, 0], [0, False], ["x", -0.0]]
    told = [texts for _number, texts in read_table("records.xlsx", xlsx_bytes(lines)).records]
    assert told == [["TRUE", "1"], ["1", "1"], ["1.5", "0"], ["0", "FALSE"], ["x", "0"]]


# Going out --------------------------------------------------------------------------------------------------------


def test_many_records_are_written_by_the_worker(
    world: World, sign_in: SignIn, long: None, settings: Any, fill_in: Callable[..., Any]
) -> None:
    fill_in(world.submission(world.hami, 1), world.clerk)
    fill_in(world.submission(world.baishan, 1), world.other_clerk)
    client = sign_in(world.clerk)
    for kind in ("csv", "xlsx"):
        chosen = {"format": kind, "year": "2020"}
        page = client.get("/records/export/", chosen)
        assert "Their file is written in the background" in page.content.decode()
        job_page = client.post("/records/export/", chosen).url  # type: ignore[attr-defined]
        run_waiting()
        made = b"".join(client.get(f"{job_page}file/").streaming_content)  # type: ignore[attr-defined]
        assert sign_in(world.other_clerk).get(f"{job_page}file/").status_code == 404
        read = read_table(f"records.{kind}", made)
        assert {texts[0] for _number, texts in read.records} == {"HAMI"} and len(read.records) == 6
        settings.EXPORT_IN_REQUEST_ROWS = 6
        at_once = b"".join(client.get("/records/export/", chosen).streaming_content)  # type: ignore[attr-defined]
        assert list(read_table(f"records.{kind}", at_once).rows) == list(read.rows)
        settings.EXPORT_IN_REQUEST_ROWS = 5
