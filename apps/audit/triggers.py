"""How tables are attached to the change log.

One function writes the log for every table; statement-level triggers with transition tables hand it all rows
of a statement at once, so a bulk import costs one insert, not one a row. A migration attaches a table with
``Audited("environment_resourceuse")``. Triggers see what signals miss: ``update()``, ``bulk_create()``, COPY, SQL.

A function that looks into another table names its own search path: a session could put a table of its own before it.
"""

from typing import Any, Final

from django.db.migrations.operations import RunSQL

# What ends a statement that must not be: Django raises IntegrityError with the sentence in it.
REFUSED: Final = "integrity_constraint_violation"

LOG_FUNCTION: Final = r"""
CREATE FUNCTION audit_log_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    actor bigint := nullif(current_setting('esgportal.actor', true), '')::bigint;
    actor_name text := coalesce(current_setting('esgportal.actor_name', true), '');
    source text := coalesce(current_setting('esgportal.source', true), '');
    hidden text[] := coalesce(TG_ARGV, '{}');
BEGIN
    -- Each branch names only the transition tables its trigger has. OFFSET 0 keeps the JSON of a row from being made
    -- anew wherever it is named: that is most of what the trail costs.
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_change (at, "table", row_id, operation, before, after,
                                  submission_id, actor_id, actor_name, source, database_user)
        SELECT clock_timestamp(), TG_TABLE_NAME, (a->>'id')::bigint, 'I', NULL, a,
               (a->>'submission_id')::bigint, actor, actor_name, source, session_user
        FROM (SELECT to_jsonb(n) - hidden AS a FROM new_rows n OFFSET 0) rows;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO audit_change (at, "table", row_id, operation, before, after,
                                  submission_id, actor_id, actor_name, source, database_user)
        SELECT clock_timestamp(), TG_TABLE_NAME, (coalesce(a, b)->>'id')::bigint,
               CASE WHEN b IS NULL THEN 'I' WHEN a IS NULL THEN 'D' ELSE 'U' END, b, a,
               (coalesce(a, b)->>'submission_id')::bigint, actor, actor_name, source, session_user
        FROM (SELECT to_jsonb(o) - hidden AS b, to_jsonb(n) - hidden AS a
              FROM old_rows o FULL JOIN new_rows n ON n.id = o.id OFFSET 0) rows
        WHERE a IS DISTINCT FROM b;
    ELSE
        INSERT INTO audit_change (at, "table", row_id, operation, before, after,
                                  submission_id, actor_id, actor_name, source, database_user)
        SELECT clock_timestamp(), TG_TABLE_NAME, (b->>'id')::bigint, 'D', b, NULL,
               (b->>'submission_id')::bigint, actor, actor_name, source, session_user
        FROM (SELECT to_jsonb(o) - hidden AS b FROM old_rows o OFFSET 0) rows;
    END IF;
    RETURN NULL;
END $$;
"""

APPEND_ONLY_FUNCTION: Final = f"""
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = '{REFUSED}';
END $$;
"""

NO_TRUNCATE_FUNCTION: Final = f"""
CREATE FUNCTION audit_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% cannot be emptied: truncating leaves no trail', TG_TABLE_NAME
        USING ERRCODE = '{REFUSED}';
END $$;
"""

KEPT_FUNCTION: Final = f"""
CREATE FUNCTION audit_keep_columns() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    used boolean := TG_NARGS = 1;
BEGIN
    -- Arguments: the columns in words; then, if they are free until then, the table and column that name a used row.
    IF NOT used THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1)', TG_ARGV[1], TG_ARGV[2]) INTO used USING OLD.id;
    END IF;
    IF used THEN
        RAISE EXCEPTION 'row % of % keeps its %', OLD.id, TG_TABLE_NAME, TG_ARGV[0]
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
"""

_TRANSITION_TABLES: Final = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def statement_triggers(table: str, name: str, function: str, *arguments: str) -> str:
    """SQL for one trigger per operation that hands all touched rows to ``function``."""
    listed = ", ".join(f"'{argument}'" for argument in arguments)
    return "\n".join(
        f"CREATE TRIGGER {name}_{operation.lower()} AFTER {operation} ON {table} "
        f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {function}({listed});"
        for operation, tables in _TRANSITION_TABLES.items()
    )


def _drop(table: str, *names: str) -> str:
    return "\n".join(f"DROP TRIGGER {name} ON {table};" for name in names)


class Audited(RunSQL):
    """Writes every change of ``table`` to the log, without the ``hidden`` columns, and forbids TRUNCATE."""

    def __init__(self, table: str, hidden: tuple[str, ...] = ()) -> None:
        super().__init__(
            statement_triggers(table, "audit", "audit_log_changes", *hidden)
            + f"\nCREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_no_truncate();",
            _drop(table, "audit_insert", "audit_update", "audit_delete", "no_truncate"),
        )
        self._constructor_args: tuple[Any, Any] = ((table, hidden), {})

    def describe(self) -> str:
        return "Attach a table to the audit trail"


class AppendOnly(RunSQL):
    """Lets rows of ``table`` be added, never changed or deleted."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();"
            f"\nCREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_no_truncate();",
            _drop(table, "append_only", "no_truncate"),
        )
        self._constructor_args: tuple[Any, Any] = ((table,), {})

    def describe(self) -> str:
        return "Make a table append-only"


class Kept(RunSQL):
    """Keeps ``columns`` of ``table`` as they were made; with ``once_in``, as soon as a row there names the row.

    ``once_in`` is a table and its column: ``("submissions_submission", "site_id")``.
    """

    def __init__(self, table: str, *columns: str, once_in: tuple[str, str] | None = None) -> None:
        name = f"kept_{columns[0]}"
        arguments = ", ".join(f"'{argument}'" for argument in (", ".join(columns), *(once_in or ())))
        before, after = (", ".join(f"{side}.{column}" for column in columns) for side in ("OLD", "NEW"))
        super().__init__(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (({before}) IS DISTINCT FROM ({after})) EXECUTE FUNCTION audit_keep_columns({arguments});",
            _drop(table, name),
        )
        self._constructor_args: tuple[Any, Any] = ((table, *columns), {"once_in": once_in})

    def describe(self) -> str:
        return "Keep columns as they were made"
