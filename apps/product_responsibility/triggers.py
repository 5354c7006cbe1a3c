"""What the database itself refuses about product responsibility, beside the locks that every record has.

* ``product_responsibility_closing``: a closing is of a complaint of the same site and of an earlier month that was not
  closed there, on a day of its own month. It locks the complaint, so that nobody closes it in both.
* ``product_responsibility_complaint``: a complaint that a later month closes keeps its day and number and stays open.
* Files stay with their certificate, and a product with recalls keeps its unit.
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
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON product_responsibility_certificatefile
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER kept_unit_of_recalls BEFORE UPDATE ON product_responsibility_soldproduct FOR EACH ROW
    WHEN (OLD.unit_code IS DISTINCT FROM NEW.unit_code)
    EXECUTE FUNCTION audit_keep_columns('unit_code', 'product_responsibility_recall', 'product_id');
"""
NO_FUNCTIONS: Final = """
DROP TRIGGER closing ON product_responsibility_complaintclosing;
DROP FUNCTION product_responsibility_closing();
DROP TRIGGER closed_later ON product_responsibility_complaint;
DROP FUNCTION product_responsibility_complaint();
DROP TRIGGER append_only ON product_responsibility_certificatefile;
DROP TRIGGER kept_unit_of_recalls ON product_responsibility_soldproduct;
"""
