"""Workers that are killed (SIGKILL) in the middle of a check, of an import and of an export."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import Change
from apps.environment.models import PackagingUse, ResourceUse
from apps.jobs import services
from apps.jobs.models import Job, JobState
from apps.submissions.exchange.reader import read_table
from tests.factories import World
from tests.operations.processes import database_url, production, worker
from tests.submissions.exchange_files import applied, csv_bytes, outcome, row, rows, table, upload

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 60
PACKAGING = [row(period=f"2020-{month:02}", record_kind="packaging", item="wrap", unit="kg") for month in range(1, 13)]
FILE = csv_bytes(table(*rows(), *PACKAGING))


@pytest.fixture
def on_disk(tmp_path: Path, settings: Any) -> dict[str, str]:
    """The environment of workers, and their files where the pages of this test look for them."""
    environment = production(tmp_path, database_url(), ESGPORTAL_JOB_LOST_SECONDS="15")
    settings.IMPORT_IN_REQUEST_ROWS = 5
    settings.MEDIA_ROOT = environment["ESGPORTAL_MEDIA_ROOT"]
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    return environment


def job_of(page: str) -> Job:
    return Job.objects.get(pk=page.strip("/").split("/")[1])


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(SECONDS * 10):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError(
        [waiting(), *((job.kind, job.state, job.attempts, job.step, job.error) for job in Job.objects.all())]
    )


def ended(job: Job) -> bool:
    job.refresh_from_db()
    return not job.is_pending


@contextmanager
def held(table: str, mode: str) -> Iterator[None]:
    """Whoever needs ``table`` waits."""
    with psycopg.connect(database_url(), options="-c lock_timeout=20s") as holding:
        holding.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield
        holding.rollback()


def waiting() -> list[str]:
    """How the statements begin with which workers wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT left(query, 40) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock' ORDER BY 1"
        )
        return [query for (query,) in cursor.fetchall()]


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def written() -> tuple[int, int, int]:
    trail = Change.objects.filter(table__in=["environment_resourceuse", "environment_packaginguse"])
    return ResourceUse.objects.count(), PackagingUse.objects.count(), trail.count()


def test_killed_in_the_middle_nothing_is_half_done_and_all_is_done_again(
    committed_world: World,
    sign_in: Callable[[User], Client],
    fill_in: Callable[..., Any],
    on_disk: dict[str, str],
    tmp_path: Path,
) -> None:
    world = committed_world
    fill_in(world.submission(world.baishan, 1), world.other_clerk)
    before = written()
    importing, exporting = sign_in(world.clerk), sign_in(world.lead)
    checked = upload(importing, FILE)
    with worker(on_disk):
        until(lambda: ended(job_of(checked)))

    with ExitStack() as locks, ExitStack() as workers:
        # The import waits before its last rows; those of the other table are written by then.
        locks.enter_context(held("environment_packaginguse", "SHARE"))
        job_import = job_of(applied(importing, outcome(importing, checked)))
        first = workers.enter_context(worker(on_disk))
        until(lambda: [query[:31] for query in waiting()] == ['COPY "environment_packaginguse"'])
        # A check waits behind its first rows, and an export within its file.
        locks.enter_context(held("submissions_explanation", "ACCESS EXCLUSIVE"))
        other = sign_in(world.other_clerk)
        job_check = job_of(upload(other, FILE.replace(b"HAMI", b"BAISHAN")))
        second = workers.enter_context(worker(on_disk))
        until(lambda: len(waiting()) == 2)
        locks.enter_context(held("environment_pollutant", "ACCESS EXCLUSIVE"))
        chosen = {"format": "xlsx", "year": "2020"}
        job_export = job_of(exporting.post("/records/export/", chosen).url)  # type: ignore[attr-defined]
        third = workers.enter_context(worker(on_disk))
        until(lambda: len(waiting()) == 3)
        for process in (first, second, third):
            kill(process)
        services.cancel(job_id=job_check.pk, user=world.other_clerk)
    until(lambda: not waiting())
    assert written() == before and world.submission(world.hami, 3).revision == 0
    for job in (job_import, job_check, job_export):
        job.refresh_from_db()
        assert (job.state, job.attempts, str(job.result)) == (JobState.RUNNING, 1, "")
    assert not list(tmp_path.glob("media/jobs/*"))

    with worker(on_disk):
        for job in (job_import, job_check, job_export):
            until(lambda job=job: ended(job))  # type: ignore[misc]
    assert (job_import.state, job_import.attempts) == (JobState.DONE, 2), job_import.error
    assert (job_export.state, job_export.attempts) == (JobState.DONE, 2), job_export.error
    assert job_check.state == JobState.CANCELLED
    assert [now - then for now, then in zip(written(), before, strict=True)] == [36, 12, 48]
    assert world.submission(world.hami, 3).revision == 1
    assert not list(tmp_path.glob(f"media/imports/{world.clerk.pk}/*")), "the imported file and its rows are gone"
    made = list(tmp_path.glob("media/jobs/*"))
    assert len(made) == 1
    export = read_table("records.xlsx", made[0].read_bytes())
    # Six were there; the import may have come before the export or after it, and counts as a whole.
    assert len(export.records) in (6, 6 + 48)
