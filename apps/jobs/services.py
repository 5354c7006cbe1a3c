"""Starting jobs, cancelling them, and doing them again."""

import hashlib
import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import get_language

from apps.accounts.models import User
from apps.jobs import policies, queue
from apps.jobs.kinds import kinds
from apps.jobs.models import PENDING, Job, JobState


def start(kind: str, *, user: User, arguments: dict[str, Any], title: str) -> Job:
    """Asks for a job. While the same one of the same person waits or runs, that one is given back.

    Raises PermissionDenied where the kind is not open to them with these arguments.
    """
    if not kinds[kind].is_open_to(user, arguments):
        raise PermissionDenied
    written = json.dumps(arguments, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    fingerprint = hashlib.sha256(written.encode()).hexdigest()
    same = Job.objects.filter(requested_by=user, kind=kind, fingerprint=fingerprint, state__in=PENDING)
    # The one in the way may end between being in the way and being looked for.
    for _attempt in range(3):
        found = same.first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    kind=kind,
                    title=title[:200],
                    arguments=arguments,
                    fingerprint=fingerprint,
                    language=get_language() or user.language,
                    requested_by=user,
                )
                queue.enqueue(job)
                return job
        except IntegrityError:
            continue
    raise IntegrityError(f"the same job of kind {kind} came and went three times")


@transaction.atomic
def cancel(*, job_id: int, user: User) -> Job:
    """Cancels a job: at once while it waits, at its next step while it runs. What has ended stays as it is."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if not policies.may_see(user, job):
        raise PermissionDenied
    if job.state == JobState.WAITING:
        Job.objects.filter(pk=job.pk).update(state=JobState.CANCELLED, cancel_asked_at=Now(), finished_at=Now())
    elif job.state == JobState.RUNNING and job.cancel_asked_at is None:
        Job.objects.filter(pk=job.pk).update(cancel_asked_at=Now())
    job.refresh_from_db()
    return job


def again(*, job: Job, user: User) -> Job:
    """Asks anew for what a job was to do. Raises PermissionDenied as ``start`` does."""
    if not policies.may_see(user, job):
        raise PermissionDenied
    return start(job.kind, user=user, arguments=job.arguments, title=job.title)
