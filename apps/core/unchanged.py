"""Results that a process keeps for as long as nothing at all was written to the database.

PostgreSQL numbers the transactions that write, and the snapshot of a statement says which of them it sees. Two
statements of one server with the same snapshot see the same rows, in whatever tables: so the database itself says, in
the very request, that nothing a result rests on has changed, also not its catalogues, its settings or the roles of who
asks. Nothing has to be told that something changed, and nothing can be forgotten. One write of anybody is enough for
everything to be worked out anew.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS

from apps.core.prepared import prepared

Result = TypeVar("Result")

# Nothing is said by a transaction that has written itself, since its own rows are in no snapshot, nor by a replica,
# whose snapshots do not name what is under way. A server that takes over counts on from the same numbers, but was
# started at another time.
_STATE: Final = """
SELECT CASE WHEN NOT pg_is_in_recovery() AND pg_current_xact_id_if_assigned() IS NULL THEN
    concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()), current_database(), pg_current_snapshot())
END
"""


def state_of(using: str = DEFAULT_DB_ALIAS) -> str | None:
    """What this moment of the database is called; None where it cannot be told from others."""
    with prepared(using) as cursor:
        cursor.execute(_STATE)
        found: tuple[str | None] = cursor.fetchone()
    return found[0]


class KeptWhileUnchanged(Generic[Result]):
    """The newest results by what was asked for. ``size`` is how many are kept."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, tuple[str, Result]] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Hashable, make: Callable[[], Result], *, using: str = DEFAULT_DB_ALIAS) -> Result:
        """What ``make`` gives, or what it gave in the same state of the database ``using``.

        ``asked`` has to hold whatever else the result rests on: who asks, the language, the day.
        """
        before = state_of(using)
        if before is not None:
            with self._lock:
                found = self._kept.get(asked)
            if found is not None and found[0] == before:
                return found[1]
        made = make()
        # Each statement sees what was committed by then: if that changed on the way, the result is of two states.
        if before is not None and state_of(using) == before:
            with self._lock:
                self._kept[asked] = before, made
                self._kept.move_to_end(asked)
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
        return made
