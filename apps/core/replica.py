"""Reading reports from a replica of the database: which rows may come from it, and when it is fresh enough.

Nothing here is on unless the settings name a database ``replica``. A page that is declared a report
(``settings.REPLICA_PAGES``) is read in one read-only transaction of the replica, so that it is of one moment. Whatever
decides who somebody is and what they may do is read from the primary all the same, and so is everything from the
moment a request begins to write or to lock.

A replica is asked where it stands before each report. It serves if it has all that the person has written, and if it
is either level with the primary or at most ``REPLICA_MAX_LAG_SECONDS`` behind it. Otherwise the primary answers.
"""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections, transaction
from django.db.models import Model

logger = logging.getLogger(__name__)

REPLICA: Final = "replica"
# A position in the write-ahead log, as a number that only grows.
_WRITTEN: Final = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"
_REPLAYED: Final = """
SELECT pg_is_in_recovery(),
       coalesce(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0'), 0),
       coalesce(clock_timestamp() - pg_last_xact_replay_timestamp() <= make_interval(secs => %s), false)
"""
_WRITES: Final = re.compile(
    r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|COPY|MERGE\s+INTO|LOCK\s+TABLE|CALL|WITH)\s+\"?(?P<name>\w+)",
    re.IGNORECASE,
)
_LOCKS: Final = re.compile(r"\bFOR\s+(?:NO\s+KEY\s+|KEY\s+)?(?:UPDATE|SHARE)\b", re.IGNORECASE)


@dataclass(kw_only=True)
class Reading:
    """A report that is being read. ``is_over`` once the request began to write."""

    is_over: bool = False


_reading: ContextVar[Reading | None] = ContextVar("reading_from_the_replica", default=None)


def stays_on_primary(model: type[Model]) -> bool:
    """Whether rows of ``model`` are never read from the replica: people, their roles, sessions, tokens, queues."""
    meta = model._meta
    kept: frozenset[str] = settings.REPLICA_NEVER
    return meta.app_label in kept or f"{meta.app_label}.{meta.model_name}" in kept


class ReplicaRouter:
    """Sends what a report reads to the replica, and everything else to the primary."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """Whatever an object came from: what hangs on it is read where the request reads now."""
        reading = _reading.get()
        if reading is None or reading.is_over or stays_on_primary(model):
            return DEFAULT_DB_ALIAS
        return REPLICA

    def db_for_write(self, _model: type[Model], **_hints: Any) -> str:
        """Also asked for a lock, and by Django for rows that are made and never saved."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        """All rows are of one database."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        """The replica gets its tables from the primary."""
        return db == DEFAULT_DB_ALIAS


@cache
def _tables_beside() -> frozenset[str]:
    """Tables that a report may write into and go on: sessions, counters, what a token was last used for."""
    return frozenset(
        {
            *(model._meta.db_table for model in apps.get_models() if stays_on_primary(model)),
            *(str(place["LOCATION"]) for place in settings.CACHES.values() if "LOCATION" in place),
        }
    )


def watch(reading: Reading) -> Callable[..., Any]:
    """An execute wrapper for the primary's connection that notices the first write or lock of a report.

    From then on the request reads what it may change, and its own changes.
    """

    def execute(ask: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        words = str(sql)
        table = _WRITES.match(words)
        if _LOCKS.search(words) or (table is not None and table["name"] not in _tables_beside()):
            reading.is_over = True
        return ask(sql, params, many, context)

    return execute


class _Outage:
    """What this process knows of a replica that is gone: it is left alone for ``REPLICA_RETRY_SECONDS``.

    Other processes find out for themselves.
    """

    def __init__(self) -> None:
        self.is_known = False
        self._until = time.monotonic()

    def is_on(self) -> bool:
        """Whether to leave the replica alone. When the time is over, one caller tries and the others still wait."""
        if not self.is_known:
            return False
        if time.monotonic() < self._until:
            return True
        self._until = time.monotonic() + settings.REPLICA_RETRY_SECONDS
        return False

    def begin(self, reason: object) -> None:
        self._until = time.monotonic() + settings.REPLICA_RETRY_SECONDS
        if not self.is_known:
            self.is_known = True
            logger.warning("the replica does not serve, reports are read from the primary: %s", str(reason).strip())

    def end(self) -> None:
        if self.is_known:
            self.is_known = False
            logger.warning("the replica serves again")


outage: Final = _Outage()


def written() -> int:
    """How far the primary has written. What is committed lies before it."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return int(cursor.fetchone()[0])


def behind() -> int:
    """By how many bytes of its log the replica is behind the primary. Raises ``django.db.Error`` where it is gone."""
    position = written()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(_REPLAYED, [0])
        _is_replica, replayed, _is_recent = cursor.fetchone()
    return max(position - int(replayed), 0)


def serves(seen: int) -> bool:
    """Whether the replica may answer somebody who has written up to ``seen``.

    Asked outside the transaction that reads: what had been replayed by now is in every later snapshot.
    """
    if outage.is_on():
        return False
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(_REPLAYED, [settings.REPLICA_MAX_LAG_SECONDS])
            is_replica, replayed, is_recent = cursor.fetchone()
    except Error as error:
        give_up(error)
        return False
    if not is_replica:
        # Promoted, or never one: two primaries do not know of each other.
        give_up("it is a primary itself")
        return False
    outage.end()
    if replayed < seen:
        return False
    return bool(is_recent) or replayed >= written()


def give_up(reason: object) -> None:
    """The replica is left alone for a while."""
    outage.begin(reason)
    connections[REPLICA].close()


@contextmanager
def reading_reports() -> Iterator[Reading]:
    """What is read inside comes from the replica, all of one moment. Ask ``serves`` before."""
    reading = Reading()
    with transaction.atomic(using=REPLICA), connection.execute_wrapper(watch(reading)):
        token = _reading.set(reading)
        try:
            yield reading
        finally:
            _reading.reset(token)
