"""What the database itself refuses about product responsibility, beside the locks that every record has.

* ``product_responsibility_closing``: a closing is of a complaint of the same site and of an earlier month that was not
  closed there, on a day of its own month. It locks the complaint, so that nobody closes it in both.
* ``product_responsibility_complaint``: a complaint that a later month closes keeps its day and number and stays open.
* ``product_responsibility_reference``: a complaint has its number alone at its site, in whatever month. It locks the
  number, so that two months cannot take it at once.
* Files stay with their certificate: they go only in the transaction that deletes it. A product with recalls keeps its
  unit.
"""

from typing import Final

from apps.audit.triggers import REFUSED

FUNCTIONS: Final = f"""
CREATE FUNCTION product_responsibility_closing() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    of_month record;
BEGIN
    PERFORM 1 FROM product_responsibility_complaint c WHERE c.id = NEW.complaint_id FOR UPDATE;
    SELECT p.starts_on, p.ends_on INTO of_month FROM product_responsibility_complaint c
        JOIN submissions_submission its ON its.id = c.submission_id
        JOIN submissions_submission own ON own.id = NEW.submission_id
        JOIN organisation_period p ON p.id = own.period_id
    WHERE c.id = NEW.complaint_id AND its.site_id = own.site_id AND c.received_on < p.starts_on AND c.closed_on IS NULL;
    IF of_month.starts_on IS NULL THEN
        RAISE EXCEPTION 'a closing is of an open complaint of the same site and an earlier month; % is none',
            NEW.complaint_id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.closed_on NOT BETWEEN of_month.starts_on AND of_month.ends_on THEN
        RAISE EXCEPTION 'complaint % is closed on a day of another month', NEW.complaint_id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closing BEFORE INSERT OR UPDATE ON product_responsibility_complaintclosing
    FOR EACH ROW EXECUTE FUNCTION product_responsibility_closing();
CREATE FUNCTION product_responsibility_complaint() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM product_responsibility_complaintclosing f WHERE f.complaint_id = OLD.id) THEN
        RAISE EXCEPTION 'complaint % is closed by a later month: its day and number stay', OLD.id
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_later BEFORE UPDATE ON product_responsibility_complaint FOR EACH ROW WHEN (
    (OLD.received_on, OLD.reference) IS DISTINCT FROM (NEW.received_on, NEW.reference) OR NEW.closed_on IS NOT NULL
) EXECUTE FUNCTION product_responsibility_complaint();
CREATE FUNCTION product_responsibility_reference() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    place bigint := (SELECT s.site_id FROM submissions_submission s WHERE s.id = NEW.submission_id);
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('complaint ' || place || ' ' || NEW.reference, 0));
    -- Twice in one month is refused by complaint_once.
    IF EXISTS (
        SELECT 1 FROM product_responsibility_complaint c JOIN submissions_submission s ON s.id = c.submission_id
        WHERE c.reference = NEW.reference AND s.site_id = place AND c.submission_id <> NEW.submission_id
    ) THEN
        RAISE EXCEPTION 'another month of the site has a complaint of the number %', NEW.reference
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reference_once BEFORE INSERT OR UPDATE OF reference, submission_id ON product_responsibility_complaint
    FOR EACH ROW EXECUTE FUNCTION product_responsibility_reference();
CREATE TRIGGER append_only BEFORE UPDATE ON product_responsibility_certificatefile
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE FUNCTION product_responsibility_file() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM product_responsibility_certificate c WHERE c.id = OLD.certificate_id) THEN
        RAISE EXCEPTION 'file % stays with its certificate', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER goes_with_it AFTER DELETE ON product_responsibility_certificatefile
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION product_responsibility_file();
CREATE TRIGGER kept_unit_of_recalls BEFORE UPDATE ON product_responsibility_soldproduct FOR EACH ROW
    WHEN (OLD.unit_code IS DISTINCT FROM NEW.unit_code)
    EXECUTE FUNCTION audit_keep_columns('unit_code', 'product_responsibility_recall', 'product_id');
"""
NO_FUNCTIONS: Final = """
DROP TRIGGER closing ON product_responsibility_complaintclosing;
DROP FUNCTION product_responsibility_closing();
DROP TRIGGER closed_later ON product_responsibility_complaint;
DROP FUNCTION product_responsibility_complaint();
DROP TRIGGER reference_once ON product_responsibility_complaint;
DROP FUNCTION product_responsibility_reference();
DROP TRIGGER append_only ON product_responsibility_certificatefile;
DROP TRIGGER goes_with_it ON product_responsibility_certificatefile;
DROP FUNCTION product_responsibility_file();
DROP TRIGGER kept_unit_of_recalls ON product_responsibility_soldproduct;
"""
