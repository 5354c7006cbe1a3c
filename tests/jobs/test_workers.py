"""Workers in processes of their own: killed in the middle, two at once, told to stop."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from apps.accounts.models import User
from apps.jobs import queue, services
from apps.jobs.models import Job
from apps.organisation.models import Site
from tests.factories import World
from tests.jobs import sample_kinds  # noqa: F401 - makes the kinds known

pytestmark = pytest.mark.django_db(transaction=True)


def _database_url() -> str:
    now = connection.settings_dict
    host, port = quote(str(now["HOST"]), safe=""), now["PORT"] or 5432
    password = f":{quote(now['PASSWORD'])}" if now["PASSWORD"] else ""
    return f"postgresql://{now['USER']}{password}@{host}:{port}/{now['NAME']}"


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with the settings of production: a pool of connections, files on the disk."""
    environment = {
        **os.environ,
        "DATABASE_URL": _database_url(),
        "DJANGO_SETTINGS_MODULE": "esgportal.settings",
        "ESGPORTAL_DEBUG": "true",
        "ESGPORTAL_DEMO": "true",
        "ESGPORTAL_MEDIA_ROOT": str(folder),
        "ESGPORTAL_JOB_LOST_SECONDS": "15",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.worker"], cwd=settings.BASE_DIR, env=environment, start_new_session=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(job: Job, is_so: Callable[[Job], bool], seconds: int = 60) -> Job:
    for _ in range(seconds * 10):
        job.refresh_from_db()
        if is_so(job):
            return job
        time.sleep(0.1)
    raise AssertionError(f"{job.state}, attempt {job.attempts}, {job.done} of {job.total}, {job.error}")


def let_go() -> None:
    Site.objects.filter(code="HAMI").update(position=200)


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    return World()


@pytest.fixture
def on_disk(tmp_path: Path, settings: object) -> Path:
    """Files of jobs lie where the workers put them."""
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return tmp_path


def test_a_killed_worker_loses_no_job(committed_world: World, sign_in: Callable[[User], Client], on_disk: Path) -> None:
    """Killed in the middle; the next worker finds the job by itself, and it is done once."""
    job = services.start("test_hang", user=committed_world.clerk, arguments={}, title="Holding")
    client = sign_in(committed_world.clerk)
    with worker(on_disk) as first:
        until(job, lambda job: job.step == "holding on")  # written while its transaction is open
        seen = client.get(reverse("jobs:status", args=[job.pk])).json()
        assert (seen["state"], seen["done"], seen["total"]) == ("running", 1, 3)
        first.send_signal(signal.SIGKILL)
        first.wait()
    with worker(on_disk):
        until(job, lambda job: job.attempts == 2 and job.step == "holding on")
        let_go()
        until(job, lambda job: job.state == "done")
    assert (job.attempts, job.result_size) == (2, 4)
    file = client.get(reverse("jobs:download", args=[job.pk]))
    assert b"".join(file.streaming_content) == b"held"  # type: ignore[attr-defined]


def test_a_run_that_was_overtaken_stops_and_leaves_nothing(committed_world: World, on_disk: Path) -> None:
    """Two workers, and a job that is taken for lost while its first run is only slow."""
    job = services.start("test_hang", user=committed_world.clerk, arguments={}, title="Holding")
    with worker(on_disk) as first, worker(on_disk):
        until(job, lambda job: job.step == "holding on")
        # As a sweep would see it, had the beats stayed away.
        queue.put_back(job, queue.as_running(job))
        until(job, lambda job: job.attempts == 2 and job.step == "holding on")
        let_go()
        until(job, lambda job: job.state == "done")
        time.sleep(1)
        assert first.poll() is None
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert [path.name for path in (on_disk / "jobs").iterdir()] == [Path(str(job.result.name)).name]


def test_two_workers_do_each_job_once(committed_world: World, on_disk: Path) -> None:
    jobs = [
        services.start("test_count", user=committed_world.clerk, arguments={"to": n}, title=str(n)) for n in range(1, 7)
    ]
    with worker(on_disk), worker(on_disk):
        for job in jobs:
            until(job, lambda job: job.state == "done")
    assert {job.attempts for job in jobs} == {1}
    assert Site.objects.get(code="HAMI").province == "Xinjiang" + "+" * 6


def test_a_running_job_is_cancelled_at_its_next_step(
    committed_world: World, sign_in: Callable[[User], Client], on_disk: Path
) -> None:
    arguments = {"to": 1000, "pause": 0.1}
    job = services.start("test_count", user=committed_world.clerk, arguments=arguments, title="Long")
    client = sign_in(committed_world.clerk)
    with worker(on_disk):
        until(job, lambda job: job.done > 2)
        client.post(reverse("jobs:cancel", args=[job.pk]))
        until(job, lambda job: job.state == "cancelled", 10)
    assert Site.objects.get(code="HAMI").province == "Xinjiang"


def test_a_worker_told_twice_to_stop_gives_its_job_back(committed_world: World, on_disk: Path) -> None:
    job = services.start("test_hang", user=committed_world.clerk, arguments={}, title="Holding")
    with worker(on_disk) as first:
        until(job, lambda job: job.step == "holding on")
        first.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert first.poll() is None  # it lets the job end
        first.send_signal(signal.SIGTERM)
        first.wait(10)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("waiting", 1)


def test_two_sweeps_at_once_put_a_lost_job_back_once(committed_world: World) -> None:
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    for number in range(5):
        job = services.start("test_count", user=committed_world.clerk, arguments={"to": number}, title="Lost")
        Job.objects.filter(pk=job.pk).update(state="running", attempts=1, started_at=long_ago, heartbeat_at=long_ago)
    DBTaskResult.objects.update(status="RUNNING")

    def sweep(_number: int) -> int:
        try:
            return queue.sweep()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(sweep, range(4))) == 5
    assert DBTaskResult.objects.ready().count() == 5
    assert set(Job.objects.values_list("state", "attempts")) == {("waiting", 1)}
