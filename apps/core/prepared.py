"""Statements that the database prepares once for each connection, for what nearly every page asks.

A statement over many tables takes the database longer to plan than to run. Values are sent apart from these, so that
the plan can be kept; Django writes values into the statement. Where the settings switch preparing off, for a pooler
that bears none, they run all the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model


class _PreparingCursor(psycopg.Cursor[Any]):
    """A cursor that has each of its statements prepared the first time it is run."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "_PreparingCursor":
        return super().execute(query, params, prepare=True)


@contextmanager
def prepared(using: str = DEFAULT_DB_ALIAS) -> Iterator[Any]:
    """A cursor like ``connection.cursor()``; whatever watches that one's statements sees these too.

    Give it statements that are written once for a process, with casts where a value's type does not follow.
    """
    asked = connections[using]
    with asked.cursor() as cursor:
        if asked.queries_logged:
            # Whoever reads the log wants the statement with its values in it.
            yield cursor
            return
        # What Django has checked and wrapped stays; only the cursor inside is another.
        cursor.cursor = _PreparingCursor(asked.connection)
        yield cursor


def of_keys(statement: str, values: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The statement and its values, with a key where ``= ANY(%(name)s::bigint[])`` has a list of one.

    How long a list will be the database does not know when it makes a plan to keep, so it makes one for the list at
    hand each time, which takes longer than to look for a single key.
    """
    single = tuple(name for name, value in values.items() if isinstance(value, list) and len(value) == 1)
    if not single:
        return statement, values
    return _of_single_keys(statement, single), {**values, **{name: values[name][0] for name in single}}


@lru_cache(maxsize=1024)
def _of_single_keys(statement: str, names: tuple[str, ...]) -> str:
    for name in names:
        statement = statement.replace(f"= ANY(%({name})s::bigint[])", f"= %({name})s::bigint")
    return statement


class Columns:
    """The columns of several models in one statement, and the way back from its rows."""

    def __init__(self, *tables: tuple[str, type[Model]]) -> None:
        """``tables`` with the names that they have in the statement."""
        self.sql = ", ".join(
            f"{alias}.{field.column}" for alias, model in tables for field in model._meta.concrete_fields
        )
        self._slices: list[tuple[type[Model], list[str], int, int]] = []
        start = 0
        for _alias, model in tables:
            names = [field.attname for field in model._meta.concrete_fields]
            self._slices.append((model, names, start, start + len(names)))
            start += len(names)

    def models(self, row: Sequence[Any]) -> list[Any]:
        """A row's models; None for one that an outer join did not find, which has no key."""
        return [
            None if row[first] is None else model.from_db(connection.alias, names, row[first:last])
            for model, names, first, last in self._slices
        ]
