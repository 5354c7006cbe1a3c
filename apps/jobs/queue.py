"""The queue of jobs: how they get into it, and how the lost ones are found.

django-tasks-db carries it: a row for each task, which a worker claims. A worker that is killed leaves its row claimed
for ever, and nobody tries again. So a run gives signs of life; ``sweep`` puts a job whose run fell silent back into the
queue, and anybody may sweep at any time: each step compares what it saw and sets, so that two sweeps do it once.
"""

import datetime as dt
import logging
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from apps.jobs.models import Job, JobState

logger = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 3
# Cleaned up in passing, this many at a time.
_REMOVED_AT_ONCE: Final = 50


def enqueue(job: Job) -> None:
    """Puts a waiting job into the queue, in the transaction of the caller."""
    from apps.jobs.tasks import run_job  # the task needs the runs, and those need this module

    task = run_job.enqueue(job.pk, job.attempts)
    job.task_id, job.enqueued_at = task.id, timezone.now()
    job.save(update_fields=["task_id", "enqueued_at"])


def sweep() -> int:
    """Puts lost jobs back into the queue, ends those that were lost too often, removes old files.

    Returns how many jobs it put back. Never within the transaction of a run: others would wait for its locks.
    """
    silent_since = _silent_since()
    count = 0
    for job in Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=silent_since):
        count += _end_or_put_back(job, silent_since)
    # A worker may also die after it took the task and before it took the job.
    in_queue = DBTaskResult.objects.ready().filter(pk=OuterRef("task_id"))
    for job in Job.objects.filter(~Exists(in_queue), state=JobState.WAITING, enqueued_at__lt=silent_since):
        count += put_back(job, Q(state=JobState.WAITING, task_id=job.task_id))
    _remove_old()
    return count


def is_silent(job: Job) -> bool:
    """Whether a pending job has given no sign of life for so long that a sweep may find it lost."""
    sign = job.heartbeat_at if job.state == JobState.RUNNING else job.enqueued_at
    return job.is_pending and sign is not None and sign < _silent_since()


def _silent_since() -> dt.datetime:
    return timezone.now() - dt.timedelta(seconds=settings.JOB_LOST_SECONDS)


def _end_or_put_back(job: Job, silent_since: dt.datetime) -> int:
    as_seen = as_running(job) & Q(heartbeat_at__lt=silent_since)
    if job.cancel_asked_at is not None:
        end: dict[str, str] = {"state": JobState.CANCELLED}
    elif job.attempts >= MAX_ATTEMPTS:
        end = {"state": JobState.FAILED, "error": _lost_too_often(job.language)}
    else:
        return put_back(job, as_seen)
    if Job.objects.filter(as_seen, pk=job.pk).update(**end, finished_at=Now(), heartbeat_at=None):
        logger.error("job %s was given up: attempt %s fell silent", job.pk, job.attempts)
        _close_task(job)
    return 0


def as_running(job: Job) -> Q:
    """The job in the hands of the run that has it in ``job``."""
    return Q(state=JobState.RUNNING, attempts=job.attempts)


@transaction.atomic
def put_back(job: Job, as_seen: Q) -> int:
    """Into the queue again, if the job still is as it was seen."""
    back = Job.objects.filter(as_seen, pk=job.pk).update(
        state=JobState.WAITING, started_at=None, heartbeat_at=None, done=0, total=0, step=""
    )
    if back:
        logger.warning("job %s goes back into the queue: attempt %s fell silent", job.pk, job.attempts)
        _close_task(job)
        enqueue(job)
    return back


def _close_task(job: Job) -> None:
    """The row of a worker that is gone would look busy for ever."""
    DBTaskResult.objects.running().filter(pk__in=[job.task_id]).update(
        status="FAILED", finished_at=Now(), exception_class_path="", traceback="The worker fell silent."
    )


def _lost_too_often(language: str) -> str:
    with translation.override(language):
        return _("It was broken off %(times)d times. Tell the administrator; the log of the worker says more.") % {
            "times": MAX_ATTEMPTS
        }


def _remove_old() -> None:
    """Files that were kept long enough, and rows of the queue that say nothing any more."""
    before = timezone.now() - dt.timedelta(days=settings.JOB_RESULT_DAYS)
    for job in Job.objects.filter(finished_at__lt=before).exclude(result="")[:_REMOVED_AT_ONCE]:
        name, storage = str(job.result.name), job.result.storage
        if Job.objects.filter(pk=job.pk, result=name).update(result=""):
            transaction.on_commit(partial(storage.delete, name))
    old = DBTaskResult.objects.finished().filter(finished_at__lt=before, task_path="apps.jobs.tasks.run_job")
    DBTaskResult.objects.filter(pk__in=old.values("pk")[:_REMOVED_AT_ONCE]).delete()


def no_worker_seems_to_run(job: Job) -> bool:
    """Whether a job has waited long and no other one is being worked on, so that nobody may be there to take it."""
    if job.state != JobState.WAITING:
        return False
    now = timezone.now()
    waited = now - (job.enqueued_at or job.created_at)
    if waited < dt.timedelta(seconds=settings.JOB_WORKER_NOTICE_SECONDS):
        return False
    alive = now - dt.timedelta(seconds=settings.JOB_LOST_SECONDS)
    return not Job.objects.filter(state=JobState.RUNNING, heartbeat_at__gte=alive).exists()


def ahead_of(job: Job) -> int:
    """How many jobs come before a waiting one."""
    earlier = Q(state=JobState.RUNNING) | Q(state=JobState.WAITING, pk__lt=job.pk)
    return Job.objects.filter(earlier).exclude(pk=job.pk).count()
