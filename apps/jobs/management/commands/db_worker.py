"""The worker: the one of django-tasks-db, and beside its work it looks for jobs whose run was lost.

It stands in the place of that package's command, so that no worker runs without looking.
"""

import argparse
import gc
import logging
import os
import threading
from typing import Any, Final

from django.conf import settings
from django.db import connections
from django_tasks_db.management.commands import db_worker

from apps.jobs import queue

logger = logging.getLogger(__name__)

# New objects of the kinds that can hold each other, before the collector looks at the newest of them.
_OBJECTS_BETWEEN_LOOKS: Final = 10_000


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


def _forget_the_lasting() -> None:
    """Lets the collector of garbage pass over what lives as long as the process, and look less often.

    It went through all modules, models and translations several times in each long file: a tenth of a second each time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)


class Command(db_worker.Command):
    """``manage.py db_worker``."""

    help = "Works on the jobs people start in the portal, and puts lost ones back into the queue"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Looks for work ten times a second: somebody waits for a file that is read in one."""
        super().add_arguments(parser)
        parser.set_defaults(interval="0.1")
        parser.add_argument(
            "--nice",
            type=int,
            default=10,
            help="how far it steps back behind the pages on the same machine, 0 (not at all) to 19; 10 without it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Works until it is told to stop. The look-out ends with it."""
        os.nice(max(0, options.pop("nice")))
        _forget_the_lasting()
        ended = threading.Event()
        threading.Thread(target=_sweep_until, args=[ended], name="job-sweep", daemon=True).start()
        try:
            super().handle(**options)
        finally:
            ended.set()
