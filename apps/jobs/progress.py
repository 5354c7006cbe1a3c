"""How far a job is: told by the run, seen by everybody else while the run's own transaction is still open."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.db import connection, connections
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.jobs.models import Job, JobState

# Steps that say nothing new are written this often at most, in nanoseconds.
_SELDOM: Final = 300_000_000


class Stopped(Exception):
    """The run has to end without a result. Let it pass."""


class Cancelled(Stopped):
    """Somebody cancelled the job."""


class Overtaken(Stopped):
    """The job was taken for lost and given to another run."""


class Progress:
    """What a run gets: its arguments, the person it works for and their language, and whom to tell how far it is."""

    def __init__(
        self, *, arguments: dict[str, Any], user: User, language: str, write: Callable[[int, int, str], None]
    ) -> None:
        self.arguments = arguments
        self.user = user
        self.language = language
        self._write = write
        self._said: tuple[int, str] | None = None
        self._said_at = 0

    def step(self, done: int, total: int, text: str = "") -> None:
        """Says that ``done`` of ``total`` parts are done (0 of 0: nobody knows), and what comes now.

        Written at once and outside the transaction of the run. Raises Cancelled or Overtaken, which end the run.
        """
        is_news = self._said != (total, text) or done >= total
        if not is_news and time.monotonic_ns() - self._said_at < _SELDOM:
            return
        self._write(min(done, total), total, text)
        self._said, self._said_at = (total, text), time.monotonic_ns()


def tell(job_id: int, attempt: int, **told: Any) -> None:
    """Writes a sign of life of one attempt. Raises Cancelled or Overtaken where it has to stop."""
    mine = Job.objects.filter(pk=job_id, state=JobState.RUNNING, attempts=attempt)
    if not mine.update(heartbeat_at=Now(), **told):
        raise Overtaken
    if told and mine.filter(cancel_asked_at__isnull=False).exists():
        raise Cancelled


@contextmanager
def pulse(job_id: int, attempt: int) -> Iterator[Callable[[int, int, str], None]]:
    """Gives what writes progress, and meanwhile a sign of life every few seconds, on a connection of its own.

    Inside a transaction that was open before, nobody else sees the job anyway; progress is then written there.
    """
    if connection.in_atomic_block:
        yield lambda done, total, text: tell(job_id, attempt, done=done, total=total, step=text)
        return
    ended = threading.Event()
    with ThreadPoolExecutor(1, thread_name_prefix="job-progress") as writer:

        def write(done: int, total: int, text: str) -> None:
            writer.submit(_on_own_connection, job_id, attempt, done=done, total=total, step=text).result()

        def beat() -> None:
            while not ended.wait(settings.JOB_BEAT_SECONDS):
                # What goes wrong here shows at the next step, or in that the beats stay away.
                writer.submit(_on_own_connection, job_id, attempt).exception()

        beats = threading.Thread(target=beat, name="job-beats", daemon=True)
        beats.start()
        try:
            yield write
        finally:
            ended.set()
            beats.join()
            writer.submit(connections.close_all).result()


def _on_own_connection(job_id: int, attempt: int, **told: Any) -> None:
    try:
        tell(job_id, attempt, **told)
    except Stopped:
        raise
    except Exception:
        connection.close()  # so that the next one opens another
        raise
