"""The worker: the one of django-tasks-db, and beside its work it looks for jobs whose run was lost.

It stands in the place of that package's command, so that no worker runs without looking.
"""

import argparse
import logging
import os
import threading
from typing import Any

from django.conf import settings
from django.db import connections
from django_tasks_db.management.commands import db_worker

from apps.jobs import queue

logger = logging.getLogger(__name__)


def _sweep_until(ended: threading.Event) -> None:
    """Sweeps every few seconds, on a connection of its own, whatever goes wrong in between."""
    while True:
        try:
            queue.sweep()
        except Exception:
            logger.exception("the sweep of lost jobs failed")
        finally:
            connections.close_all()
        if ended.wait(settings.JOB_BEAT_SECONDS):
            return


class Command(db_worker.Command):
    """``manage.py db_worker``."""

    help = "Works on the jobs people start in the portal, and puts lost ones back into the queue"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Looks for work five times a second: somebody waits for a file that is read in one."""
        super().add_arguments(parser)
        parser.set_defaults(interval="0.2")
        parser.add_argument(
            "--nice",
            type=int,
            default=10,
            help="how far it steps back behind the pages on the same machine, 0 (not at all) to 19; 10 without it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Works until it is told to stop. The look-out ends with it."""
        os.nice(max(0, options.pop("nice")))
        ended = threading.Event()
        threading.Thread(target=_sweep_until, args=[ended], name="job-sweep", daemon=True).start()
        try:
            super().handle(**options)
        finally:
            ended.set()
