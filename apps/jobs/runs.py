"""One run of a job, from taking it to its end."""

import hashlib
import logging
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.core.files import StoreUnreachable
from apps.jobs import policies, queue
from apps.jobs.kinds import JobError, Result, kinds
from apps.jobs.models import Job, JobState, result_path
from apps.jobs.progress import Cancelled, Overtaken, Progress, pulse

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _End:
    """How a run ended without being done."""

    state: JobState
    error: str = ""


def run(job_id: int, attempts: int) -> None:
    """Takes the job and runs it, unless somebody else took it, or it was cancelled.

    An exception of the run ends the job with a sentence. What ends the process leaves it to the sweep.
    """
    attempt = attempts + 1
    taken = Job.objects.filter(pk=job_id, state=JobState.WAITING, attempts=attempts).update(
        state=JobState.RUNNING, attempts=attempt, started_at=Now(), heartbeat_at=Now()
    )
    if not taken:
        return
    job = Job.objects.get(pk=job_id)
    user = User.objects.get(pk=job.requested_by_id)
    with translation.override(job.language):
        try:
            end = _end_of(job, user, attempt)
        except (SystemExit, KeyboardInterrupt):
            # The worker was told twice to stop. Another one need not wait for the silence.
            queue.put_back(job, queue.as_running(job))
            raise
        if end is not None:
            _still_mine(job, attempt).update(
                state=end.state, error=end.error[:500], finished_at=Now(), heartbeat_at=None
            )


def _end_of(job: Job, user: User, attempt: int) -> _End | None:
    """Does the work. None when it is done, or no business of this run any more."""
    try:
        if not policies.is_still_open(user, job):
            raise PermissionDenied
        _work(job, user, attempt)
    except Cancelled:
        return _End(state=JobState.CANCELLED)
    except Overtaken:
        logger.warning("attempt %s of job %s was overtaken and stops", attempt, job.pk)
        return None
    except JobError as error:
        return _End(state=JobState.FAILED, error=str(error))
    except PermissionDenied:
        logger.warning("job %s is not open any more to person %s", job.pk, user.pk)
        return _End(
            state=JobState.FAILED,
            error=_("You may not do this any more. Ask the administrator if you should."),
        )
    except StoreUnreachable:
        logger.exception("job %s of kind %s could not reach the store of files", job.pk, job.kind)
        return _End(
            state=JobState.FAILED,
            error=_("The store of files does not answer. Nothing was made or changed; try again in a few minutes."),
        )
    except Exception:
        logger.exception("job %s of kind %s failed", job.pk, job.kind)
        return _End(
            state=JobState.FAILED,
            error=_(
                "Something went wrong in the portal. Try again; if it fails again, tell the administrator of job %s."
            )
            % job.pk,
        )
    return None


def _work(job: Job, user: User, attempt: int) -> None:
    """The work and the end of the job in one transaction, so that a run that lost the job leaves nothing."""
    mine = _still_mine(job, attempt)
    stored: list[str] = []
    try:
        with pulse(job.pk, attempt) as write, acting_as(user, "job"):
            progress = Progress(arguments=job.arguments, user=user, language=job.language, write=write)
            result = kinds[job.kind].run(progress)
            kept = {} if result is None else _keep(job, result, stored)
            done = {"state": JobState.DONE, "step": "", "finished_at": Now(), "heartbeat_at": None, **kept}
            if not mine.filter(cancel_asked_at__isnull=True).update(**done):
                raise Cancelled if mine.exists() else Overtaken
    except BaseException:
        for name in stored:
            job.result.storage.delete(name)
        raise


def _still_mine(job: Job, attempt: int) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=attempt)


def _keep(job: Job, result: Result, stored: list[str]) -> dict[str, Any]:
    """Stores the file of a job, and gives what its row says of it."""
    content = File(BytesIO(result.content) if isinstance(result.content, bytes) else result.content)
    digest, size = hashlib.sha256(), 0
    with content:
        for chunk in content.chunks():
            digest.update(chunk)
            size += len(chunk)
        content.seek(0)
        name = job.result.storage.save(result_path(job, result.name), content)
        stored.append(name)
    return {
        "result": name,
        "result_name": result.name[:200],
        "result_type": result.content_type,
        "result_size": size,
        "result_sha256": digest.hexdigest(),
    }
