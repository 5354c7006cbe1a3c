"""Compares tables with the last word of the audit trail: finds what was written with the triggers switched off."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, kw_only=True)
class Unlogged:
    """A row that is not as the trail last saw it."""

    table: str
    row_id: int
    what: str


_COMPARE = """
WITH last AS (
    SELECT DISTINCT ON (row_id) row_id, after FROM audit_change WHERE "table" = %(table)s ORDER BY row_id, id DESC
), now AS (
    SELECT t.id AS row_id, to_jsonb(t) AS j FROM {table} t
)
SELECT coalesce(now.row_id, last.row_id),
       CASE WHEN last.row_id IS NULL THEN 'was added without a trace'
            WHEN now.row_id IS NULL THEN 'was deleted without a trace'
            WHEN last.after IS NULL THEN 'is there, and the trail says it was deleted'
            ELSE 'differs from the trail in ' || (
                SELECT string_agg(key, ', ' ORDER BY key) FROM jsonb_each(last.after) e
                WHERE now.j ? key AND now.j -> key IS DISTINCT FROM value)
       END
FROM now FULL JOIN last ON last.row_id = now.row_id
WHERE last.row_id IS NULL
   OR (now.row_id IS NULL AND last.after IS NOT NULL)
   OR (now.row_id IS NOT NULL AND last.after IS NULL)
   -- Only columns the trail knows: one added later by a migration is no tampering.
   OR EXISTS (SELECT 1 FROM jsonb_each(last.after) e
              WHERE now.j ? key AND now.j -> key IS DISTINCT FROM value)
ORDER BY 1
"""


_EVER_AUDITED = """
SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit_update'
UNION
SELECT c.oid::regclass::text FROM pg_class c WHERE c.relname IN (SELECT DISTINCT "table" FROM audit_change)
    AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
ORDER BY 1
"""

_SWITCHED_OFF = """
SELECT format('%s on %s', tgname, tgrelid::regclass) FROM pg_trigger
WHERE NOT tgisinternal AND tgenabled NOT IN ('O', 'A')
UNION
SELECT format('%s on %s', wanted, c.relname)
FROM pg_class c CROSS JOIN unnest(ARRAY['audit_insert', 'audit_update', 'audit_delete', 'no_truncate']) wanted
WHERE c.relname IN (SELECT DISTINCT "table" FROM audit_change) AND c.relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = wanted)
ORDER BY 1
"""


def audited_tables() -> list[str]:
    """Tables that carry the audit trigger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit_update' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def switched_off() -> list[str]:
    """Triggers that do not fire, and tables of the trail that no longer write it."""
    with connection.cursor() as cursor:
        cursor.execute(_SWITCHED_OFF)
        return [name for (name,) in cursor.fetchall()]


def unlogged_changes() -> Iterator[Unlogged]:
    with connection.cursor() as cursor:
        cursor.execute(_EVER_AUDITED)
        tables = [name for (name,) in cursor.fetchall()]
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(_COMPARE.format(table=table), {"table": table})
            for row_id, what in cursor.fetchall():
                yield Unlogged(table=table, row_id=row_id, what=what)
