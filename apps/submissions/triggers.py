"""What the database itself refuses about submissions and their records.

* ``submissions_guard``: a submission moves only along the arrows of the workflow, each time with a new revision, keeps
  its identity, and is never approved by somebody who handed it in or whose work stands in the audit trail of its rows.
* ``submissions_trace``: at the end of a transaction that moved a submission there is an event that says who and why,
  and for an approval a seal.
* ``submissions_lock_records``: the rows of a submission change only while it is open. It reads the submission
  FOR SHARE, so that an edit and a handing-in at the same time wait for each other.
* ``submissions_unlock``: an opening of a form of a published year is closed once, and stays.
* ``settled_once``: a comment stays as it was said; a question is settled once.

What stays as it was made elsewhere (codes, periods, used units) is attached with ``audit.triggers.Kept``.
"""

from typing import Any, Final

from django.db.migrations.operations import RunSQL

from apps.audit.triggers import REFUSED, Audited, statement_triggers

GUARD_FUNCTION: Final = f"""
CREATE FUNCTION submissions_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' OR OLD.revision > 0 THEN
            RAISE EXCEPTION 'submission % was worked on and cannot be deleted', OLD.id
                USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.submitted_by_id IS NOT NULL OR NEW.submitted_at IS NOT NULL THEN
            RAISE EXCEPTION 'a submission starts as a draft' USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.site_id, OLD.period_id, OLD.section) IS DISTINCT FROM (NEW.site_id, NEW.period_id, NEW.section) THEN
        RAISE EXCEPTION 'submission % keeps its site, period and section', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.revision < OLD.revision THEN
        RAISE EXCEPTION 'the revision of submission % only grows', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'submitted'), ('returned', 'submitted'), ('submitted', 'returned'),
        ('submitted', 'approved'), ('approved', 'returned')
    ) THEN
        RAISE EXCEPTION 'submission % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF OLD.state = NEW.state AND OLD.state IN ('submitted', 'approved') AND OLD IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION 'submission % is % and locked', OLD.id, OLD.state USING ERRCODE = '{REFUSED}';
    END IF;
    IF OLD.state = 'approved' AND NEW.state <> 'approved' AND EXISTS (
        SELECT 1 FROM organisation_period p JOIN organisation_reportingyear y ON y.id = p.year_id
        WHERE p.id = OLD.period_id AND y.published_at IS NOT NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM submissions_unlock u WHERE u.submission_id = OLD.id AND u.closed_at IS NULL
    ) THEN
        RAISE EXCEPTION 'submission % belongs to a published year', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF (OLD.submitted_by_id, OLD.submitted_at) IS DISTINCT FROM (NEW.submitted_by_id, NEW.submitted_at)
        AND (NEW.state <> 'submitted' OR OLD.state = 'submitted') THEN
        RAISE EXCEPTION 'submission % keeps who handed it in and when', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.state = 'approved' AND OLD.state <> 'approved' AND (
        EXISTS (
            SELECT 1 FROM audit_change c
            WHERE c.submission_id = NEW.id AND c."table" <> 'submissions_comment'
                AND (c.actor_id = NEW.approved_by_id OR NEW.approved_by_id::text IN (
                    c.after->>'entered_by_id', c.after->>'stated_by_id',
                    c.after->>'uploaded_by_id', c.after->>'written_by_id'
                ))
        ) OR EXISTS (
            SELECT 1 FROM submissions_submissionevent e
            WHERE e.submission_id = NEW.id AND e.verb = 'submitted' AND e.actor_id = NEW.approved_by_id
        )
    ) THEN
        RAISE EXCEPTION 'person % prepared submission % and cannot approve it', NEW.approved_by_id, NEW.id
            USING ERRCODE = '{REFUSED}';
    END IF;
    -- Or an event and a seal of an earlier move would do for this one.
    IF OLD.state <> NEW.state AND NEW.revision = OLD.revision THEN
        RAISE EXCEPTION 'submission % moves to % with a new revision only', OLD.id, NEW.state
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON submissions_submission
    FOR EACH ROW EXECUTE FUNCTION submissions_guard();
"""

# Deferred to the end of the transaction: the workflow writes the state first and the event after it.
TRACE_FUNCTION: Final = f"""
CREATE FUNCTION submissions_trace() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    wanted text := CASE NEW.state WHEN 'submitted' THEN 'submitted' WHEN 'approved' THEN 'approved'
        WHEN 'returned' THEN CASE OLD.state WHEN 'approved' THEN 'reopened' ELSE 'sent_back' END END;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM submissions_submissionevent e
        WHERE e.submission_id = NEW.id AND e.revision = NEW.revision AND e.verb = wanted
            AND e.actor_id = CASE NEW.state WHEN 'submitted' THEN NEW.submitted_by_id
                WHEN 'approved' THEN NEW.approved_by_id ELSE e.actor_id END
    ) THEN
        RAISE EXCEPTION 'submission % went to % without an event that says who and why', NEW.id, NEW.state
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.state = 'approved' AND NOT EXISTS (
        SELECT 1 FROM submissions_seal s WHERE s.submission_id = NEW.id AND s.revision = NEW.revision
    ) THEN
        RAISE EXCEPTION 'submission % was approved without a seal', NEW.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER trace AFTER UPDATE ON submissions_submission
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION submissions_trace();
"""

SETTLED_ONCE: Final = """
CREATE TRIGGER append_only BEFORE DELETE ON submissions_comment
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER settled_once BEFORE UPDATE ON submissions_comment FOR EACH ROW
    WHEN (
        (OLD.id, OLD.submission_id, OLD.row, OLD.text, OLD.is_question, OLD.author_id, OLD.at)
            IS DISTINCT FROM (NEW.id, NEW.submission_id, NEW.row, NEW.text, NEW.is_question, NEW.author_id, NEW.at)
        OR OLD.settled_at IS NOT NULL
    )
    EXECUTE FUNCTION audit_append_only();
"""

UNLOCKS: Final = f"""
CREATE FUNCTION submissions_unlock() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL OR
        (OLD.id, OLD.submission_id, OLD.reason, OLD.opened_by_id, OLD.opened_at)
            IS DISTINCT FROM (NEW.id, NEW.submission_id, NEW.reason, NEW.opened_by_id, NEW.opened_at)
    THEN
        RAISE EXCEPTION 'an opening is closed once and stays' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_once BEFORE UPDATE OR DELETE ON submissions_unlock
    FOR EACH ROW EXECUTE FUNCTION submissions_unlock();
"""

LOCK_FUNCTION: Final = f"""
CREATE FUNCTION submissions_lock_records() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    touched bigint[];
    moved boolean;
    locked record;
BEGIN
    -- Each branch names only the transition tables its trigger has.
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT n.submission_id) INTO touched FROM new_rows n;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT o.submission_id) INTO touched FROM old_rows o;
    ELSE
        SELECT array_agg(DISTINCT n.submission_id), bool_or(o.submission_id IS DISTINCT FROM n.submission_id)
        INTO touched, moved FROM old_rows o FULL JOIN new_rows n ON n.id = o.id;
        IF moved THEN
            RAISE EXCEPTION 'a row of % stays with its submission', TG_TABLE_NAME USING ERRCODE = '{REFUSED}';
        END IF;
    END IF;
    FOR locked IN
        SELECT s.id, s.state FROM submissions_submission s WHERE s.id = ANY(touched) ORDER BY s.id FOR SHARE
    LOOP
        IF locked.state NOT IN ('draft', 'returned') THEN
            RAISE EXCEPTION 'submission % is % and its rows in % are locked', locked.id, locked.state, TG_TABLE_NAME
                USING ERRCODE = '{REFUSED}';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""


class RecordTable(RunSQL):
    """Locks the rows of ``table`` with their submission and writes their changes to the audit trail."""

    def __init__(self, table: str) -> None:
        audited = Audited(table)
        super().__init__(
            f"{statement_triggers(table, 'lock', 'submissions_lock_records')}\n{audited.sql}",
            "\n".join(f"DROP TRIGGER lock_{op} ON {table};" for op in ("insert", "update", "delete"))
            + f"\n{audited.reverse_sql}",
        )
        self._constructor_args: tuple[Any, Any] = ((table,), {})

    def describe(self) -> str:
        return "Lock a record table with its submission and audit it"
