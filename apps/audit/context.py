"""Who acts, told to the database so that the triggers can write it down.

The name has to be set inside the transaction that writes: set before, it is lost when Django opens the
transaction; set for the session, it leaks to the next request on a kept connection. So an execute wrapper sets
it just before the first writing statement, and again where a rolled-back savepoint has undone it. Where its block
ends inside a transaction the name is taken back, so that what follows is not logged under it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from apps.accounts.models import User

_READS = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET|SHOW|FETCH|DECLARE|CLOSE)\b", re.IGNORECASE)
_TELL = (
    "SELECT set_config('esgportal.actor', %s, true),"
    " set_config('esgportal.actor_name', %s, true), set_config('esgportal.source', %s, true)"
)


class _Teller:
    """An execute wrapper for one actor on one connection."""

    def __init__(self, who: Callable[[], User | None], source: str) -> None:
        self.who = who
        self.source = source
        self.told_at: tuple[str, ...] | None = None

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        wrapper = context["connection"]
        raw = wrapper.connection
        if raw is None or raw.info.transaction_status == TransactionStatus.IDLE:
            self.told_at = None
        savepoints = tuple(wrapper.savepoint_ids)
        told = self.told_at is not None and savepoints[: len(self.told_at)] == self.told_at
        if wrapper.in_atomic_block and not told and not _READS.match(str(sql)):
            user = self.who()
            execute(
                _TELL,
                [str(user.pk) if user else "", str(user) if user else "", self.source],
                False,
                context,
            )
            self.told_at = savepoints
        return execute(sql, params, many, context)

    def take_back(self) -> None:
        """What the transaction writes from here on is somebody else's."""
        raw = connection.connection
        if (
            self.told_at is None
            or connection.needs_rollback
            or raw is None
            or raw.info.transaction_status != TransactionStatus.INTRANS
        ):
            return
        with connection.cursor() as cursor:
            cursor.execute(_TELL, ["", "", ""])
        for other in connection.execute_wrappers:
            if isinstance(other, _Teller):
                other.told_at = None


@contextmanager
def telling(who: Callable[[], User | None], source: str) -> Iterator[None]:
    """Writes inside the block are logged under ``who()`` and ``source``."""
    teller = _Teller(who, source)
    try:
        with connection.execute_wrapper(teller):
            yield
    finally:
        teller.take_back()


@contextmanager
def acting_as(user: User | None, source: str) -> Iterator[None]:
    """A transaction whose writes are logged under ``user``: for commands and background work."""
    with telling(lambda: user, source), transaction.atomic():
        yield
