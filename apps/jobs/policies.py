"""Who may see a job: the person who asked for it, and nobody else."""

from django.db.models import QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.jobs.kinds import kinds
from apps.jobs.models import Job


def may_see(user: User, job: Job) -> bool:
    """Sees, cancels and repeats it."""
    return job.requested_by_id == user.pk


def jobs_for(user: User) -> QuerySet[Job]:
    """The twin of ``may_see``: the one door to jobs on behalf of somebody."""
    return Job.objects.filter(requested_by=user)


def access_job(user: User, pk: int) -> Job:
    """A job of one's own, or 404."""
    job = jobs_for(user).filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


def is_still_open(user: User, job: Job) -> bool:
    """Whether ``user`` may do today what the job does; a kind that is no more is open to nobody."""
    return user.is_active and job.kind in kinds and kinds[job.kind].is_open_to(user, job.arguments)


def may_download(user: User, job: Job) -> bool:
    """The file of a job, for who asked for it, while they may still do what made it."""
    return may_see(user, job) and is_still_open(user, job)
