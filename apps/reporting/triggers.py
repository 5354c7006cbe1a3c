"""What the database itself refuses about the report.

* ``reporting_statement``: words change only while a statement is open, it moves along its arrows, is approved by
  somebody who did not write at it, and stays as it is in a published year unless its correction is a restatement.
* ``reporting_statement_trace``: at the end of a transaction that moved a statement there is an event that says who.
* ``reporting_targetreview``: the review of a target stays as printed in a published year, as statements do.
* ``reporting_edition``: an edition carries the digest of its bytes, names the one before, and is never changed.
* ``reporting_year``: a year is published once, with an edition; nobody takes that back.
* ``reporting_restatement``: a restatement moves along its arrows, of a form of its year, and ends with a locked form
  and, approved, with the newest edition; its figures are listed while it is open.
* ``reporting_unlock``: a form of a published year is opened for a restatement alone.
"""

from typing import Final

from apps.audit.triggers import REFUSED

_HEAD: Final = "RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$"

STATEMENTS: Final = f"""
CREATE FUNCTION reporting_statement() {_HEAD}
DECLARE
    opened integer;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'statement % is kept', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF EXISTS (SELECT FROM organisation_reportingyear y WHERE y.id = NEW.year_id AND y.published_at IS NOT NULL)
        AND NOT EXISTS (
            SELECT FROM reporting_restatement r
            WHERE r.year_id = NEW.year_id AND r.kind = 'words' AND r.state = 'open'
        )
    THEN
        RAISE EXCEPTION 'the statements of a published year stay as they are' USING ERRCODE = '{REFUSED}';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a statement starts as a draft' USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.year_id, OLD.code) IS DISTINCT FROM (NEW.year_id, NEW.code) THEN
        RAISE EXCEPTION 'statement % keeps its year and provision', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.revision < OLD.revision THEN
        RAISE EXCEPTION 'the revision of statement % only grows', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'submitted'), ('returned', 'submitted'), ('submitted', 'returned'),
        ('submitted', 'approved'), ('approved', 'returned')
    ) THEN
        RAISE EXCEPTION 'statement % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = '{REFUSED}';
    END IF;
    IF (OLD.kind, OLD.text_en, OLD.text_zh_hans, OLD.text_zh_hant)
            IS DISTINCT FROM (NEW.kind, NEW.text_en, NEW.text_zh_hans, NEW.text_zh_hant)
        AND (NEW.state NOT IN ('draft', 'returned') OR OLD.state <> NEW.state) THEN
        RAISE EXCEPTION 'statement % is % and its words are locked', OLD.id, OLD.state USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.state = 'approved' AND OLD.state <> 'approved' THEN
        SELECT coalesce(max(e.id), 0) INTO opened FROM reporting_statementevent e
        WHERE e.statement_id = NEW.id AND e.verb = 'approved';
        IF EXISTS (
            SELECT FROM reporting_statementevent e
            WHERE e.statement_id = NEW.id AND e.id > opened AND e.verb IN ('saved', 'submitted')
              AND e.actor_id = NEW.approved_by_id
        ) THEN
            RAISE EXCEPTION 'statement % is approved by somebody who did not write it', NEW.id
                USING ERRCODE = '{REFUSED}';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON reporting_statement
    FOR EACH ROW EXECUTE FUNCTION reporting_statement();
CREATE FUNCTION reporting_statement_trace() {_HEAD}
BEGIN
    IF NOT EXISTS (
        SELECT FROM reporting_statementevent e WHERE e.statement_id = NEW.id AND e.revision = NEW.revision
          AND e.verb = CASE NEW.state
              WHEN 'submitted' THEN 'submitted' WHEN 'approved' THEN 'approved' ELSE e.verb END
          AND e.actor_id = CASE NEW.state
              WHEN 'submitted' THEN NEW.submitted_by_id WHEN 'approved' THEN NEW.approved_by_id ELSE e.actor_id END
    ) THEN
        RAISE EXCEPTION 'statement % changed without an event', NEW.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER trace AFTER UPDATE ON reporting_statement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (
        (OLD.state, OLD.kind, OLD.text_en, OLD.text_zh_hans, OLD.text_zh_hant)
            IS DISTINCT FROM (NEW.state, NEW.kind, NEW.text_en, NEW.text_zh_hans, NEW.text_zh_hant)
    ) EXECUTE FUNCTION reporting_statement_trace();
CREATE FUNCTION reporting_targetreview() {_HEAD}
BEGIN
    IF EXISTS (
        SELECT FROM organisation_reportingyear y
        WHERE y.published_at IS NOT NULL AND y.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.year_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.year_id END
        ) AND NOT EXISTS (
            SELECT FROM reporting_restatement r WHERE r.year_id = y.id AND r.kind = 'words' AND r.state = 'open'
        )
    ) THEN
        RAISE EXCEPTION 'the reviews of targets of a published year stay as they are' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON reporting_targetreview
    FOR EACH ROW EXECUTE FUNCTION reporting_targetreview();
"""
NO_STATEMENTS: Final = """
DROP TRIGGER guard ON reporting_targetreview;
DROP FUNCTION reporting_targetreview();
DROP TRIGGER trace ON reporting_statement;
DROP FUNCTION reporting_statement_trace();
DROP TRIGGER guard ON reporting_statement;
DROP FUNCTION reporting_statement();
"""

EDITIONS: Final = f"""
CREATE FUNCTION reporting_edition() {_HEAD}
DECLARE
    before_it record;
BEGIN
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the digest is not that of the content' USING ERRCODE = '{REFUSED}';
    END IF;
    SELECT e.number, e.sha256 INTO before_it FROM reporting_edition e
    WHERE e.year_id = NEW.year_id ORDER BY e.number DESC LIMIT 1;
    IF NEW.number <> coalesce(before_it.number, 0) + 1
        OR NEW.content::jsonb->>'previous_sha256' IS DISTINCT FROM coalesce(before_it.sha256, '')
        OR (NEW.content::jsonb->>'number')::integer IS DISTINCT FROM NEW.number::integer
    THEN
        RAISE EXCEPTION 'an edition follows the one before it and names its digest' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER digest BEFORE INSERT ON reporting_edition FOR EACH ROW EXECUTE FUNCTION reporting_edition();
CREATE FUNCTION reporting_edition_reason() {_HEAD}
BEGIN
    IF NOT EXISTS (
        SELECT FROM organisation_reportingyear y WHERE y.id = NEW.year_id AND y.published_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'edition % is of a year that is not published', NEW.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM reporting_restatement r
        WHERE r.edition_id = NEW.id AND r.year_id = NEW.year_id AND r.state = 'approved'
    ) THEN
        RAISE EXCEPTION 'edition % follows from no approved restatement', NEW.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reason AFTER INSERT ON reporting_edition DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION reporting_edition_reason();
CREATE FUNCTION reporting_editionfile() {_HEAD}
BEGIN
    IF NEW.sha256 <> encode(sha256(NEW.content), 'hex') THEN
        RAISE EXCEPTION 'the digest is not that of the file' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER digest BEFORE INSERT ON reporting_editionfile FOR EACH ROW EXECUTE FUNCTION reporting_editionfile();
CREATE FUNCTION reporting_year() {_HEAD}
BEGIN
    IF TG_WHEN = 'BEFORE' THEN
        RAISE EXCEPTION 'year % is published and stays so, with its days', OLD.code USING ERRCODE = '{REFUSED}';
    END IF;
    IF NOT EXISTS (SELECT FROM reporting_edition e WHERE e.year_id = NEW.id) THEN
        RAISE EXCEPTION 'year % is published with an edition', NEW.code USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stays_published BEFORE UPDATE ON organisation_reportingyear FOR EACH ROW WHEN (
    OLD.published_at IS NOT NULL AND (OLD.published_at, OLD.starts_on, OLD.ends_on)
        IS DISTINCT FROM (NEW.published_at, NEW.starts_on, NEW.ends_on)
) EXECUTE FUNCTION reporting_year();
CREATE CONSTRAINT TRIGGER published AFTER INSERT OR UPDATE ON organisation_reportingyear
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION reporting_year();
"""
NO_EDITIONS: Final = """
DROP TRIGGER published ON organisation_reportingyear;
DROP TRIGGER stays_published ON organisation_reportingyear;
DROP FUNCTION reporting_year();
DROP TRIGGER digest ON reporting_editionfile;
DROP FUNCTION reporting_editionfile();
DROP TRIGGER reason ON reporting_edition;
DROP FUNCTION reporting_edition_reason();
DROP TRIGGER digest ON reporting_edition;
DROP FUNCTION reporting_edition();
"""

RESTATEMENTS: Final = f"""
CREATE FUNCTION reporting_restatement() {_HEAD}
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'restatement % is kept', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' OR NOT EXISTS (
            SELECT FROM organisation_reportingyear y WHERE y.id = NEW.year_id AND y.published_at IS NOT NULL
        ) THEN
            RAISE EXCEPTION 'a restatement is opened in a published year' USING ERRCODE = '{REFUSED}';
        END IF;
        IF NEW.submission_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM submissions_submission s JOIN organisation_period p ON p.id = s.period_id
            WHERE s.id = NEW.submission_id AND p.year_id = NEW.year_id
        ) THEN
            RAISE EXCEPTION 'a restatement names a form of its year' USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('approved', 'withdrawn') THEN
        RAISE EXCEPTION 'restatement % is settled', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF (OLD.year_id, OLD.kind, OLD.submission_id, OLD.opened_by_id, OLD.opened_at)
        IS DISTINCT FROM (NEW.year_id, NEW.kind, NEW.submission_id, NEW.opened_by_id, NEW.opened_at)
    THEN
        RAISE EXCEPTION 'restatement % keeps what it is about', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF OLD.state <> 'open' AND (OLD.cause_en, OLD.cause_zh_hans, OLD.cause_zh_hant)
        IS DISTINCT FROM (NEW.cause_en, NEW.cause_zh_hans, NEW.cause_zh_hant)
    THEN
        RAISE EXCEPTION 'restatement % keeps its cause once it is prepared', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    -- Or the two people could be made of one in the statement that approves.
    IF OLD.state = 'prepared' AND (OLD.prepared_by_id, OLD.prepared_at)
        IS DISTINCT FROM (NEW.prepared_by_id, NEW.prepared_at)
    THEN
        RAISE EXCEPTION 'restatement % keeps who prepared it', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('open', 'prepared'), ('prepared', 'open'), ('open', 'withdrawn'), ('prepared', 'withdrawn'),
        ('prepared', 'approved')
    ) THEN
        RAISE EXCEPTION 'restatement % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.state IN ('prepared', 'approved', 'withdrawn') AND EXISTS (
        SELECT FROM submissions_submission s WHERE s.id = NEW.submission_id AND s.state <> 'approved'
    ) THEN
        RAISE EXCEPTION 'the form of restatement % is not approved', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.state = 'approved' AND NEW.edition_id IS DISTINCT FROM (
        SELECT e.id FROM reporting_edition e
        WHERE e.year_id = NEW.year_id AND e.number > 1 ORDER BY e.number DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'restatement % makes the newest edition of its year', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON reporting_restatement
    FOR EACH ROW EXECUTE FUNCTION reporting_restatement();
CREATE FUNCTION reporting_restatement_end() {_HEAD}
BEGIN
    IF EXISTS (
        SELECT FROM submissions_unlock u WHERE u.submission_id = NEW.submission_id AND u.closed_at IS NULL
    ) THEN
        RAISE EXCEPTION 'restatement % is settled and its form is still open', NEW.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER locked_again AFTER UPDATE ON reporting_restatement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'withdrawn')) EXECUTE FUNCTION reporting_restatement_end();
CREATE FUNCTION reporting_restatedfigure() {_HEAD}
BEGIN
    IF NOT EXISTS (SELECT FROM reporting_restatement r WHERE r.id = NEW.restatement_id AND r.state = 'open') THEN
        RAISE EXCEPTION 'the figures of a restatement are listed while it is open' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER listed BEFORE INSERT ON reporting_restatedfigure
    FOR EACH ROW EXECUTE FUNCTION reporting_restatedfigure();
CREATE FUNCTION reporting_unlock() {_HEAD}
BEGIN
    IF NOT EXISTS (
        SELECT FROM reporting_restatement r WHERE r.submission_id = NEW.submission_id AND r.state = 'open'
    ) THEN
        RAISE EXCEPTION 'a form of a published year is opened for a restatement' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER restated BEFORE INSERT ON submissions_unlock FOR EACH ROW EXECUTE FUNCTION reporting_unlock();
"""
NO_RESTATEMENTS: Final = """
DROP TRIGGER restated ON submissions_unlock;
DROP FUNCTION reporting_unlock();
DROP TRIGGER listed ON reporting_restatedfigure;
DROP FUNCTION reporting_restatedfigure();
DROP TRIGGER locked_again ON reporting_restatement;
DROP FUNCTION reporting_restatement_end();
DROP TRIGGER guard ON reporting_restatement;
DROP FUNCTION reporting_restatement();
"""
