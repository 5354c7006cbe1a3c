"""A publication whose worker is killed in the middle: nothing is half published, and another worker publishes once."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.core.cache import cache

from apps.jobs.models import Job
from apps.organisation.models import ReportingYear
from apps.reporting import background, edition_files
from apps.reporting.models import Edition, EditionFile, EditionPart
from tests.operations.processes import database_url, production, worker
from tests.reporting.published_world import Act, PublishedWorld

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 90


def until(job: Job, is_so: Callable[[Job], bool]) -> None:
    for _ in range(SECONDS * 10):
        job.refresh_from_db()
        if is_so(job):
            return
        time.sleep(0.1)
    raise AssertionError(f"{job.state}, attempt {job.attempts}, {job.done} of {job.total} {job.step}, {job.error}")


def test_a_killed_publication_leaves_nothing_and_is_done_once(
    transactional_db: None, approve: Act, tmp_path: Path
) -> None:
    cache.clear()
    world = PublishedWorld(approve)
    world.state()
    environment = production(tmp_path, database_url(), ESGPORTAL_JOB_LOST_SECONDS="15")
    job = background.start_publishing(world.year, user=world.lead, remark="The rest is late.")
    with psycopg.connect(database_url()) as other:
        # Whoever holds this lets others read editions and keeps them from adding one.
        other.execute("LOCK TABLE reporting_edition IN SHARE MODE")
        with worker(environment) as first:
            until(job, lambda job: job.step == "Sealing the edition")
            assert (job.done, job.total) == (3, 4)  # both sites are written
            kill(first)
        other.rollback()
    assert not Edition.objects.exists() and not EditionPart.objects.exists()
    assert ReportingYear.objects.get().published_at is None
    assert job.state == "running"

    with worker(environment):
        until(job, lambda job: job.state == "done")
        files = Job.objects.exclude(pk=job.pk).get()
        until(files, lambda job: job.state == "done")
    edition = Edition.objects.get()
    assert (job.attempts, edition.number) == (2, 1)
    assert ReportingYear.objects.get().published_at == edition.published_at
    assert EditionFile.objects.count() == len(list(edition_files.wanted_files()))


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
