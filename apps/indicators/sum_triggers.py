"""How the database keeps the yearly sums of approved records.

A statement-level trigger on the submissions adds the records of those that became approved and takes off those of the
ones that were reopened, in the same transaction. Records of an approved submission do not change
(``submissions_lock_records``) and a submission keeps its site and period (``submissions_guard``), so nothing else moves
a sum. Whoever writes a sum directly is refused.

Approvals take one advisory lock before they write sums, since a transaction with several of them could otherwise wait
for another in a circle; the chain of seals lets them through one by one anyway.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db.migrations.operations import RunSQL

from apps.audit.triggers import REFUSED

# One lock for all sums, an arbitrary number of its own.
_LOCK: Final = 7_300_019
_COUNTED: Final = "site_id, year_id"


@dataclass(frozen=True, kw_only=True)
class KeptSum:
    """The ``table`` of the sums of ``records``, by the ``columns`` that name catalogue rows."""

    table: str
    records: str
    columns: tuple[str, ...]

    @property
    def key(self) -> str:
        return ", ".join((_COUNTED, *self.columns))

    def added_up(self, submissions: str) -> str:
        """The sums over ``submissions``, a relation with ``id``, ``site_id`` and ``year_id``."""
        rows = ", ".join(("s.site_id", "s.year_id", *(f"r.{column}" for column in self.columns)))
        return (
            f"SELECT {rows}, sum(r.quantity) AS quantity, count(*) AS row_count, count(r.quantity) AS value_count, "
            "count(*) FILTER (WHERE r.state = 'not_applicable') AS not_applicable_count "
            f"FROM {submissions} s JOIN {self.records} r ON r.submission_id = s.id GROUP BY {rows}"
        )

    @property
    def from_records(self) -> str:
        """The sums as all approved records have them now."""
        approved = (
            "(SELECT a.id, a.site_id, p.year_id FROM submissions_submission a "
            "JOIN organisation_period p ON p.id = a.period_id WHERE a.state = 'approved')"
        )
        return self.added_up(approved)

    @property
    def fill(self) -> str:
        """Writes all of them into the empty table."""
        return (
            f"INSERT INTO {self.table} ({self.key}, quantity, row_count, value_count, not_applicable_count) "
            f"{self.from_records};"
        )

    @property
    def same_row(self) -> str:
        """Whether ``kept`` and ``now`` speak of the same."""
        return " AND ".join(f"kept.{column} = now.{column}" for column in ("site_id", "year_id", *self.columns))

    def add(self, submissions: str) -> str:
        return f"""
        INSERT INTO {self.table} AS kept ({self.key}, quantity, row_count, value_count, not_applicable_count)
        {self.added_up(submissions)} ORDER BY {", ".join(str(place + 1) for place in range(2 + len(self.columns)))}
        ON CONFLICT ({self.key}) DO UPDATE SET
            quantity = CASE WHEN kept.quantity IS NULL THEN excluded.quantity
                ELSE kept.quantity + coalesce(excluded.quantity, 0) END,
            row_count = kept.row_count + excluded.row_count,
            value_count = kept.value_count + excluded.value_count,
            not_applicable_count = kept.not_applicable_count + excluded.not_applicable_count;"""

    def take_off(self, submissions: str) -> str:
        return f"""
        WITH now AS ({self.added_up(submissions)}), changed AS (
            UPDATE {self.table} kept SET
                quantity = CASE WHEN kept.value_count > now.value_count
                    THEN kept.quantity - coalesce(now.quantity, 0) END,
                row_count = kept.row_count - now.row_count,
                value_count = kept.value_count - now.value_count,
                not_applicable_count = kept.not_applicable_count - now.not_applicable_count
            FROM now WHERE {self.same_row}
            RETURNING kept.id
        )
        SELECT (SELECT count(*) FROM now) - (SELECT count(*) FROM changed) INTO missing;
        IF missing > 0 THEN
            RAISE EXCEPTION '% sum(s) in {self.table} are gone; manage.py verify_sums names and rebuilds them', missing
                USING ERRCODE = '{REFUSED}';
        END IF;
        DELETE FROM {self.table} kept USING (SELECT DISTINCT site_id, year_id FROM ({submissions}) s) touched
        WHERE kept.row_count = 0 AND kept.site_id = touched.site_id AND kept.year_id = touched.year_id;"""

    @property
    def differences(self) -> str:
        """Site, year, line, what is kept and what the records say, of every row that is not as they are."""
        line = " || '/' || ".join(f"coalesce(kept.{column}, now.{column})::text" for column in self.columns)
        said = " || ', ' || ".join(
            f"coalesce({{side}}.{column}::text, 'nothing') || ' {words}'"
            for column, words in (
                ("quantity", "in all"),
                ("row_count", "records"),
                ("value_count", "values"),
                ("not_applicable_count", "not applicable"),
            )
        )
        columns = ("quantity", "row_count", "value_count", "not_applicable_count")
        kept, now = (", ".join(f"{side}.{column}" for column in columns) for side in ("kept", "now"))
        return (
            f"SELECT site.code, year.code, '{self.columns[0]} ' || {line}, {said.format(side='kept')}, "
            f"{said.format(side='now')} FROM {self.table} kept FULL JOIN ({self.from_records}) now ON {self.same_row} "
            "JOIN organisation_site site ON site.id = coalesce(kept.site_id, now.site_id) "
            "JOIN organisation_reportingyear year ON year.id = coalesce(kept.year_id, now.year_id) "
            f"WHERE ({kept}) IS DISTINCT FROM ({now}) ORDER BY 1, 2, 3"
        )

    @property
    def rebuild(self) -> str:
        """The lock that ALTER TABLE takes keeps approvals out until the transaction ends."""
        return (
            f"ALTER TABLE {self.table} DISABLE TRIGGER derived; DELETE FROM {self.table}; {self.fill} "
            f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {self.table} ENABLE TRIGGER derived; "
            "SET CONSTRAINTS ALL DEFERRED;"
        )

    @property
    def guard(self) -> str:
        """Direct writers are refused: only the trigger on the submissions writes, one level deeper."""
        return "\n".join(
            (
                f"CREATE TRIGGER derived BEFORE INSERT OR UPDATE OR DELETE ON {self.table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION indicators_sums_derived();",
                f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {self.table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_no_truncate();",
            )
        )


DERIVED_FUNCTION: Final = f"""
CREATE FUNCTION indicators_sums_derived() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% follows from approved records and is written by the database alone', TG_TABLE_NAME
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
"""


def _moved(side: str, other: str) -> str:
    """Submissions of ``side`` that are approved there and not on the other one."""
    return (
        f"(SELECT a.id, a.site_id, p.year_id FROM {side} a JOIN {other} b ON b.id = a.id "
        "JOIN organisation_period p ON p.id = a.period_id WHERE a.state = 'approved' AND b.state <> 'approved')"
    )


class KeepSums(RunSQL):
    """Fills the sums of a ``section`` from what is approved already, and keeps them from then on.

    ``sums`` are ``(table, table of the records, column of a catalogue row, …)``.
    """

    def __init__(self, section: str, *sums: tuple[str, ...]) -> None:
        kept = [KeptSum(table=table, records=records, columns=tuple(columns)) for table, records, *columns in sums]
        came, went = _moved("new_rows", "old_rows"), _moved("old_rows", "new_rows")
        function = f"indicators_sums_of_{section}"
        super().__init__(
            "\n".join(
                (
                    *(each.fill for each in kept),
                    *(each.guard for each in kept),
                    f"""
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    comes boolean;
    goes boolean;
    missing bigint;
BEGIN
    SELECT coalesce(bool_or(n.state = 'approved'), false), coalesce(bool_or(o.state = 'approved'), false)
    INTO comes, goes
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE n.section = '{section}' AND (n.state = 'approved') <> (o.state = 'approved');
    IF comes OR goes THEN
        PERFORM pg_advisory_xact_lock({_LOCK});
    END IF;
    IF comes THEN
        {"".join(each.add(came) for each in kept)}
    END IF;
    IF goes THEN
        {"".join(each.take_off(went) for each in kept)}
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_sums_of_{section} AFTER UPDATE ON submissions_submission
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();""",
                )
            ),
            "\n".join(
                (
                    f"DROP TRIGGER keep_sums_of_{section} ON submissions_submission;",
                    f"DROP FUNCTION {function}();",
                    *(
                        f"DROP TRIGGER derived ON {each.table}; DROP TRIGGER no_truncate ON {each.table}; "
                        f"DELETE FROM {each.table};"
                        for each in kept
                    ),
                )
            ),
        )
        self._constructor_args: tuple[Any, Any] = ((section, *sums), {})

    def describe(self) -> str:
        return "Keep yearly sums of approved records"
