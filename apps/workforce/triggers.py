"""What the database itself refuses about records of the workforce, beside the locks that every record has.

* ``workforce_follow_up``: a follow-up is of an injury of the same site and of an earlier month that was not fatal.
* ``workforce_whole``: persons and cases are whole numbers where their catalogue row says so.
"""

from typing import Any, Final

from django.db.migrations.operations import RunSQL

from apps.audit.triggers import REFUSED

FUNCTIONS: Final = f"""
CREATE FUNCTION workforce_follow_up() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM workforce_injury i
            JOIN submissions_submission its ON its.id = i.submission_id
            JOIN submissions_submission own ON own.id = NEW.submission_id
            JOIN organisation_period p ON p.id = own.period_id
        WHERE i.id = NEW.case_id AND its.site_id = own.site_id AND i.happened_on < p.starts_on
            AND i.severity <> 'fatal'
    ) THEN
        RAISE EXCEPTION 'a follow-up is of an earlier, not fatal injury of the same site; case % is none', NEW.case_id
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_up BEFORE INSERT OR UPDATE ON workforce_injuryfollowup
    FOR EACH ROW EXECUTE FUNCTION workforce_follow_up();
CREATE FUNCTION workforce_whole() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    fraction numeric;
BEGIN
    -- Arguments: the catalogue and the column that names its row.
    EXECUTE format('SELECT n.quantity FROM new_rows n JOIN %I c ON c.id = n.%I '
        'WHERE c.whole_numbers AND n.quantity <> trunc(n.quantity) LIMIT 1', TG_ARGV[0], TG_ARGV[1]) INTO fraction;
    IF fraction IS NOT NULL THEN
        RAISE EXCEPTION '% is no whole number of %', fraction, TG_TABLE_NAME USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
"""
NO_FUNCTIONS: Final = """
DROP TRIGGER follow_up ON workforce_injuryfollowup;
DROP FUNCTION workforce_follow_up();
DROP FUNCTION workforce_whole();
"""


class WholeNumbers(RunSQL):
    """Refuses fractions in ``table`` where the row of ``catalogue`` that ``column`` names counts whole."""

    def __init__(self, table: str, catalogue: str, column: str) -> None:
        events = {"insert": "NEW TABLE AS new_rows", "update": "NEW TABLE AS new_rows"}
        super().__init__(
            "\n".join(
                f"CREATE TRIGGER whole_{event} AFTER {event.upper()} ON {table} REFERENCING {tables} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION workforce_whole('{catalogue}', '{column}');"
                for event, tables in events.items()
            ),
            "\n".join(f"DROP TRIGGER whole_{event} ON {table};" for event in events),
        )
        self._constructor_args: tuple[Any, Any] = ((table, catalogue, column), {})

    def describe(self) -> str:
        return "Refuse fractions of persons and cases"
