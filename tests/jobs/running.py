"""How tests have their jobs done: in this process, by the worker that runs in production."""

from typing import Any

from django.db import transaction
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


def run_waiting() -> None:
    """Works on everything in the queue, until it is empty.

    ``Worker.run`` itself would close the connection between tasks, and with it the transaction of the test.
    """
    worker = Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    while (task := _claimed(worker.worker_id)) is not None:
        worker.run_task(task)
        task.refresh_from_db()
        assert task.status == "SUCCESSFUL", task.traceback


@transaction.atomic
def _claimed(worker_id: str) -> Any:
    task = DBTaskResult.objects.ready().get_locked()
    if task is not None:
        task.claim(worker_id)
    return task
