"""The catalogues that figures are declared over: read anew only where the database says that they are not as before.

What they hold is asked at each request, as one digest of the very rows; so a process that kept what it once read can
never be wrong about it. Reading some twenty small tables and declaring hundreds of figures over them took longer than
adding up a year.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from apps.core.names import CatalogueRow
from apps.core.prepared import prepared

Rows = Callable[[], Iterable[CatalogueRow]]
Read = Mapping[Rows, Sequence[CatalogueRow]]


def read(catalogues: Iterable[Rows]) -> dict[Rows, tuple[CatalogueRow, ...]]:
    """Each with one query."""
    return {rows: tuple(rows()) for rows in dict.fromkeys(catalogues)}


def database_of(catalogues: Iterable[Rows]) -> str:
    """Where they are read from at this moment: the replica has connections and rows of its own."""
    return next((found.db for rows in catalogues if isinstance(found := rows(), QuerySet)), DEFAULT_DB_ALIAS)


def digest(catalogues: tuple[Rows, ...], alias: str) -> str:
    """Of every column of every row of ``catalogues`` and of what is read with them, in one query."""
    statement, values = _statement(catalogues, alias)
    with prepared(alias) as cursor:
        cursor.execute(statement, values)
        found: tuple[str] = cursor.fetchone()
    return found[0]


@cache
def _statement(catalogues: tuple[Rows, ...], alias: str) -> tuple[str, tuple[Any, ...]]:
    """The queries by which they are read, each within what makes a digest of it."""
    parts: list[str] = []
    values: list[Any] = []
    for rows in catalogues:
        found = rows()
        if not isinstance(found, QuerySet):
            raise TypeError(f"{rows} is no query, and nothing can be said of its rows without reading them")
        statement, its_values = found.using(alias).query.get_compiler(alias).as_sql()
        # Django's own statements, and nothing that anybody typed.
        parts.append(f"coalesce((SELECT string_agg(row_of::text, ',') FROM ({statement}) row_of), '')")  # noqa: S608
        # Sent apart, so that a choice has to be the plain text that it stands for.
        values.extend(str(value) if isinstance(value, str) else value for value in its_values)
    written = "SELECT encode(sha256(convert_to(concat_ws(';', {}), 'UTF8')), 'hex')"
    return written.format(", ".join(parts)), tuple(values)
