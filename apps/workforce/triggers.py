"""What the database itself refuses about records of the workforce, beside the locks that every record has.

* ``workforce_follow_up``: a follow-up is of an injury of the same site and of an earlier month, and of a case that was
  not fatal before. It locks the injury, so that two months cannot both say that somebody died.
* ``workforce_injury``: an injury that later months follow keeps its day and number and is not made fatal.
* ``workforce_convention``: the conventions of a published year stay.
* ``workforce_whole``: persons and cases are whole numbers where their catalogue row says so.
"""

from typing import Any, Final

from django.db.migrations.operations import RunSQL

from apps.audit.triggers import REFUSED

FUNCTIONS: Final = f"""
CREATE FUNCTION workforce_follow_up() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    this_month date;
BEGIN
    PERFORM 1 FROM workforce_injury i WHERE i.id = NEW.case_id FOR UPDATE;
    SELECT p.starts_on INTO this_month FROM workforce_injury i
        JOIN submissions_submission its ON its.id = i.submission_id
        JOIN submissions_submission own ON own.id = NEW.submission_id
        JOIN organisation_period p ON p.id = own.period_id
    WHERE i.id = NEW.case_id AND its.site_id = own.site_id AND i.happened_on < p.starts_on AND i.severity <> 'fatal';
    IF this_month IS NULL THEN
        RAISE EXCEPTION 'a follow-up is of an earlier, not fatal injury of the same site; case % is none', NEW.case_id
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF EXISTS (
        SELECT 1 FROM workforce_injuryfollowup f
            JOIN submissions_submission s ON s.id = f.submission_id
            JOIN organisation_period p ON p.id = s.period_id
        WHERE f.case_id = NEW.case_id AND f.id IS DISTINCT FROM NEW.id
            AND CASE WHEN p.starts_on < this_month THEN f.severity ELSE NEW.severity END = 'fatal'
    ) THEN
        RAISE EXCEPTION 'nothing follows the death in case %', NEW.case_id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_up BEFORE INSERT OR UPDATE ON workforce_injuryfollowup
    FOR EACH ROW EXECUTE FUNCTION workforce_follow_up();
CREATE FUNCTION workforce_injury() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM workforce_injuryfollowup f WHERE f.case_id = OLD.id) THEN
        RAISE EXCEPTION 'case % is followed by later months: its day and number stay, and it was not fatal', OLD.id
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER followed BEFORE UPDATE ON workforce_injury FOR EACH ROW WHEN (
    (OLD.happened_on, OLD.case_number) IS DISTINCT FROM (NEW.happened_on, NEW.case_number) OR NEW.severity = 'fatal'
) EXECUTE FUNCTION workforce_injury();
CREATE FUNCTION workforce_convention() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM organisation_reportingyear y
        WHERE y.published_at IS NOT NULL AND y.id IN (OLD.year_id, CASE TG_OP WHEN 'UPDATE' THEN NEW.year_id END)
    ) THEN
        RAISE EXCEPTION 'the conventions of a published year stay' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN CASE TG_OP WHEN 'UPDATE' THEN NEW ELSE OLD END;
END $$;
CREATE TRIGGER published BEFORE UPDATE OR DELETE ON workforce_yearconvention
    FOR EACH ROW EXECUTE FUNCTION workforce_convention();
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
DROP TRIGGER followed ON workforce_injury;
DROP FUNCTION workforce_injury();
DROP TRIGGER published ON workforce_yearconvention;
DROP FUNCTION workforce_convention();
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
