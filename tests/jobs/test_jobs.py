"""Jobs by the doors people use: asked for, watched, cancelled, fetched."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import Change
from apps.jobs import queue, services
from apps.jobs.models import Job, JobState
from tests.factories import World
from tests.jobs import sample_kinds  # noqa: F401 - makes the kinds known
from tests.jobs.running import run_waiting

SignIn = Callable[[User], Client]


def asked(user: User, kind: str = "test_count", **arguments: int) -> Job:
    return services.start(kind, user=user, arguments=arguments, title="Counting")


def test_a_job_is_asked_for_once_done_and_fetched(world: World, sign_in: SignIn) -> None:
    job = asked(world.clerk, to=3)
    assert asked(world.clerk, to=3).pk == job.pk
    assert asked(world.clerk, to=4).pk != job.pk
    assert asked(world.reviewer, to=3).pk != job.pk
    client = sign_in(world.clerk)
    page = client.get(reverse("jobs:job", args=[job.pk]))
    assert "It begins in a moment." in page.content.decode()

    run_waiting()

    status = client.get(reverse("jobs:status", args=[job.pk])).json()
    assert status["is_finished"] and status["state"] == "done"
    assert "Download" in client.get(reverse("jobs:job", args=[job.pk])).content.decode()
    file = client.get(reverse("jobs:download", args=[job.pk]))
    assert b"".join(file.streaming_content) == b"012"  # type: ignore[attr-defined]
    assert file["Content-Disposition"] == 'attachment; filename="count.txt"'
    # What the job wrote is logged under who asked for it.
    change = Change.objects.filter(table="organisation_site", operation="U").latest("pk")
    assert (change.actor_id, change.source) in {(world.clerk.pk, "job"), (world.reviewer.pk, "job")}
    assert asked(world.clerk, to=3).pk != job.pk
    assert "Counting" in client.get(reverse("jobs:list")).content.decode()


def test_nobody_else_sees_a_job(world: World, sign_in: SignIn) -> None:
    job = asked(world.clerk, to=3)
    run_waiting()
    other = sign_in(world.lead)
    for name in ("job", "status", "download"):
        assert other.get(reverse(f"jobs:{name}", args=[job.pk])).status_code == 404
    for name in ("cancel", "again"):
        assert other.post(reverse(f"jobs:{name}", args=[job.pk])).status_code == 404
    assert "Counting" not in other.get(reverse("jobs:list")).content.decode()


def test_the_permission_is_asked_when_it_is_started_run_and_fetched(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.clerk).get(reverse("jobs:list")).status_code == 200
    with pytest.raises(PermissionDenied):
        asked(world.stranger, to=1)
    assert not Job.objects.exists()

    fetched, waiting = asked(world.clerk, to=1), asked(world.clerk, "test_forbid")
    run_waiting()
    waiting.refresh_from_db()
    assert waiting.state == JobState.FAILED and "You may not do this any more" in waiting.error
    late = asked(world.clerk, to=2)
    User.objects.filter(pk=world.clerk.pk).update(username="stranger-now")
    run_waiting()
    late.refresh_from_db()
    assert late.state == JobState.FAILED and not late.result
    client = sign_in(User.objects.get(pk=world.clerk.pk))
    assert client.get(reverse("jobs:download", args=[fetched.pk])).status_code == 403
    assert "your roles have changed" in client.get(reverse("jobs:job", args=[fetched.pk])).content.decode()
    assert client.post(reverse("jobs:again", args=[late.pk])).status_code == 403


def test_a_failure_is_a_sentence_and_can_be_tried_again(
    world: World, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    refused, broken = asked(world.clerk, "test_refuse"), asked(world.clerk, "test_break")
    run_waiting()
    client = sign_in(world.clerk)
    assert "Enter some first." in client.get(reverse("jobs:job", args=[refused.pk])).content.decode()
    page = client.get(reverse("jobs:job", args=[broken.pk])).content.decode()
    assert f"job {broken.pk}" in page and "secret" not in page
    assert "secret of the machine" in caplog.text
    answer = client.post(reverse("jobs:again", args=[broken.pk]))
    anew = Job.objects.get(state=JobState.WAITING)
    assert answer["Location"] == reverse("jobs:job", args=[anew.pk]) and anew.pk != broken.pk


def test_a_waiting_job_is_cancelled_at_once(world: World, sign_in: SignIn) -> None:
    job = asked(world.clerk, to=3)
    sign_in(world.clerk).post(reverse("jobs:cancel", args=[job.pk]))
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempts, bool(job.result)) == (JobState.CANCELLED, 0, False)


def test_without_a_worker_the_page_says_so(world: World, sign_in: SignIn) -> None:
    job = asked(world.clerk, to=3)
    client, page = sign_in(world.clerk), reverse("jobs:job", args=[job.pk])
    assert "No worker seems to run" not in client.get(page).content.decode()
    Job.objects.update(enqueued_at=timezone.now() - dt.timedelta(seconds=31))
    assert "No worker seems to run" in client.get(page).content.decode()
    busy = asked(world.reviewer, to=3)
    now = timezone.now()
    Job.objects.filter(pk=busy.pk).update(state="running", attempts=1, started_at=now, heartbeat_at=now)
    assert "No worker seems to run" not in client.get(page).content.decode()


@pytest.mark.parametrize("page", ["job", "status"])
def test_a_job_lost_three_times_fails(world: World, sign_in: SignIn, page: str) -> None:
    job = asked(world.clerk, to=3)
    for attempt in (1, 2, 3):
        long_ago = timezone.now() - dt.timedelta(minutes=5)
        taken = Job.objects.filter(pk=job.pk, state="waiting", attempts=attempt - 1)
        assert taken.update(state="running", attempts=attempt, started_at=long_ago, heartbeat_at=long_ago)
        sign_in(world.clerk).get(reverse(f"jobs:{page}", args=[job.pk]))  # who looks, sweeps
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "broken off 3 times" in job.error
    run_waiting()
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_a_file_is_kept_for_some_days(world: World, sign_in: SignIn) -> None:
    job = asked(world.clerk, to=3)
    run_waiting()
    job.refresh_from_db()
    name, storage = str(job.result.name), job.result.storage
    assert storage.exists(name)
    long_ago = timezone.now() - dt.timedelta(days=8)
    Job.objects.filter(pk=job.pk).update(created_at=long_ago, started_at=long_ago, finished_at=long_ago)
    queue.sweep()
    page = sign_in(world.clerk).get(reverse("jobs:download", args=[job.pk]), follow=True).content.decode()
    assert "kept for some days" in page and "Do it again" in page
    job.refresh_from_db()
    assert job.result_sha256 and not job.result


@pytest.mark.parametrize(
    "change",
    [
        "state = 'running'",
        "state = 'done', finished_at = now()",
        "state = 'failed', finished_at = now()",
        "state = 'cancelled'",
        "state = 'odd'",
        "done = 2, total = 1",
        "result_name = 'made.pdf'",
        "heartbeat_at = now()",
        "arguments = '{}'",
        "requested_by_id = requested_by_id + 1",
    ],
)
def test_the_database_refuses_what_cannot_be(world: World, change: str) -> None:
    asked(world.clerk, to=3)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE jobs_job SET {change}")
