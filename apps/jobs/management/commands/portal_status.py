"""``manage.py portal_status``: what a monitor watches, one number a line; exits 1 when somebody has to look.

Lengths of time are in seconds. Numbers alone say nothing of anybody's data, so that the output may go anywhere.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from apps.core import replica

_JOBS = """
SELECT count(*) FILTER (WHERE state = 'waiting'),
       coalesce(extract(epoch FROM now() - min(enqueued_at) FILTER (WHERE state = 'waiting'))::int, 0),
       count(*) FILTER (WHERE state = 'running'),
       coalesce(extract(epoch FROM now() - min(heartbeat_at) FILTER (WHERE state = 'running'))::int, 0),
       count(*) FILTER (WHERE state = 'failed' AND finished_at > now() - interval '1 day')
FROM jobs_job
"""
_SESSIONS = """
SELECT count(*), current_setting('max_connections')::int,
       coalesce(extract(epoch FROM max(now() - xact_start) FILTER (WHERE state = 'idle in transaction'))::int, 0)
FROM pg_stat_activity WHERE backend_type = 'client backend'
"""


class Command(BaseCommand):
    help = "Print the numbers a monitor watches: jobs, signs of life, connections, the replica. Exit 1 on trouble."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most-waiting", type=int, default=300, help="seconds a job may wait for a worker")
        parser.add_argument("--most-behind", type=int, default=64, help="MB of its log the replica may be behind")

    def handle(self, *args: Any, most_waiting: int, most_behind: int, **options: Any) -> None:
        self.most_waiting, self.most_behind = most_waiting, most_behind
        troubles = [trouble for part in (self._jobs, self._connections, self._replica) for trouble in part()]
        if troubles:
            raise CommandError(" ".join(troubles), returncode=1)

    def _say(self, name: str, number: int) -> None:
        self.stdout.write(f"{name} {number}")

    def _jobs(self) -> Iterator[str]:
        with connection.cursor() as cursor:
            cursor.execute(_JOBS)
            waiting, oldest, running, silent, failed = cursor.fetchone()
        self._say("jobs_waiting", waiting)
        self._say("jobs_oldest_waiting_seconds", oldest)
        self._say("jobs_running", running)
        self._say("jobs_longest_silence_seconds", silent)
        self._say("jobs_failed_in_a_day", failed)
        if oldest > self.most_waiting:
            yield f"A job has waited {oldest} s: is a worker running?"
        if silent > 2 * settings.JOB_LOST_SECONDS:
            yield f"A run has been silent for {silent} s, and nobody took its job back: is a worker running?"

    def _connections(self) -> Iterator[str]:
        with connection.cursor() as cursor:
            cursor.execute(_SESSIONS)
            used, most, idle = cursor.fetchone()
        self._say("connections", used)
        self._say("connections_most", most)
        self._say("longest_idle_transaction_seconds", idle)
        if used > most * 9 // 10:
            yield f"{used} of {most} connections are in use: add up the pools of all processes."

    def _replica(self) -> Iterator[str]:
        if replica.REPLICA not in settings.DATABASES:
            return
        try:
            behind = replica.behind()
        except Error:
            self._say("replica_reachable", 0)
            yield "The replica cannot be reached; reports are read from the primary."
            return
        self._say("replica_reachable", 1)
        self._say("replica_behind_bytes", behind)
        if behind > self.most_behind * 1024 * 1024:
            yield f"The replica is {behind // 1024**2} MB behind."
