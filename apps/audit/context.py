"""Who acts, told to the database so that the triggers can write it down.

The name has to be set inside the transaction that writes: set before, it is lost when Django opens the
transaction; set for the session, it leaks to the next request on a kept connection. So an execute wrapper sets
it just before the first writing statement, and again where a rolled-back savepoint has undone it. Where its block
ends inside a transaction the name is taken back, so that what follows is not logged under it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from apps.accounts.models import User

_READS = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET|SHOW|FETCH|DECLARE|CLOSE)\b", re.IGNORECASE)
_SETTINGS = (
    "set_config('esgportal.actor', %(told_actor)s, true), set_config('esgportal.actor_name', %(told_name)s, true), "
    "set_config('esgportal.source', %(told_source)s, true)"
)
_COUNT_OF_SETTINGS = 3
_TELL = f"SELECT {_SETTINGS}"
_NOBODY = {"told_actor": "", "told_name": "", "told_source": ""}


class _Teller:
    """An execute wrapper for one actor on one connection."""

    def __init__(self, who: Callable[[], User | None], source: str) -> None:
        self.who = who
        self.source = source
        self.told_at: tuple[str, ...] | None = None

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        wrapper = context["connection"]
        if not self.has_told(wrapper) and wrapper.in_atomic_block and not _READS.match(str(sql)):
            execute(_TELL, self.words(), False, context)
            self.told_at = tuple(wrapper.savepoint_ids)
        return execute(sql, params, many, context)

    def has_told(self, wrapper: Any) -> bool:
        """Whether the transaction knows, for all that is still to come in it."""
        raw = wrapper.connection
        if raw is None or raw.info.transaction_status == TransactionStatus.IDLE:
            self.told_at = None
        return self.told_at is not None and tuple(wrapper.savepoint_ids)[: len(self.told_at)] == self.told_at

    def words(self) -> dict[str, str]:
        user = self.who()
        return {
            "told_actor": str(user.pk) if user else "",
            "told_name": str(user) if user else "",
            "told_source": self.source,
        }

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
            cursor.execute(_TELL, _NOBODY)
        for other in connection.execute_wrappers:
            if isinstance(other, _Teller):
                other.told_at = None


def select_and_tell(cursor: Any, columns: str, rest: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
    """The first row of ``SELECT columns rest``, a statement that locks what is going to be written.

    It tells the database who acts on its way, which saves the statement that would have to be sent for it.
    """
    tellers = [wrapper for wrapper in connection.execute_wrappers if isinstance(wrapper, _Teller)]
    if len(tellers) != 1 or not connection.in_atomic_block or tellers[0].has_told(connection):
        cursor.execute(f"SELECT {columns} {rest}", values)  # noqa: S608 - the caller's own statement
        row: Sequence[Any] | None = cursor.fetchone()
        return row
    (teller,) = tellers
    cursor.execute(f"SELECT {columns}, {_SETTINGS} {rest}", {**values, **teller.words()})  # noqa: S608
    row = cursor.fetchone()
    if row is None:
        return None
    teller.told_at = tuple(connection.savepoint_ids)
    return row[:-_COUNT_OF_SETTINGS]


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
