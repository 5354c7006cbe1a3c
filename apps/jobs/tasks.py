"""The one task of the queue: the row of a job says the rest."""

from django_tasks import task

from apps.jobs.runs import run


@task()
def run_job(job_id: int, attempts: int) -> None:
    """Runs a job that was tried ``attempts`` times when it was put into the queue."""
    run(job_id, attempts)
