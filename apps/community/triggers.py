"""What the database itself refuses about the community, beside the locks that every record has.

``community_contribution`` (trigger): a contribution was given on a day of its period; amounts in another currency use
a rate of that currency, of that day or the 31 before, and what is kept in RMB is amount × rate, rounded half up to
0.01. It reads the rate FOR SHARE, so that a correction of the rate at the same time waits and is then refused. Rates
are never deleted.
"""

from typing import Final

from apps.audit.triggers import REFUSED

FUNCTIONS: Final = f"""
CREATE FUNCTION community_contribution() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    rate record;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM submissions_submission s JOIN organisation_period p ON p.id = s.period_id
        WHERE s.id = NEW.submission_id AND NEW.given_on BETWEEN p.starts_on AND p.ends_on
    ) THEN
        RAISE EXCEPTION 'a contribution stands in the period of its day, and % lies outside', NEW.given_on
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.rate_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT r.currency, r.day, r.rmb_per_unit INTO rate FROM community_exchangerate r WHERE r.id = NEW.rate_id FOR SHARE;
    IF rate.currency IS DISTINCT FROM NEW.currency THEN
        RAISE EXCEPTION 'an amount in % is not converted with a rate of %', NEW.currency, rate.currency
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF rate.day NOT BETWEEN NEW.given_on - 31 AND NEW.given_on THEN
        RAISE EXCEPTION 'the rate of % is not for a contribution of %', rate.day, NEW.given_on
            USING ERRCODE = '{REFUSED}';
    END IF;
    -- Numeric products are exact, and round() takes halves away from zero.
    IF NEW.money_rmb IS DISTINCT FROM round(NEW.money * rate.rmb_per_unit, 2)
        OR NEW.goods_rmb IS DISTINCT FROM round(NEW.goods_at_cost * rate.rmb_per_unit, 2) THEN
        RAISE EXCEPTION 'what is kept in RMB is not the amount times the rate of %', rate.rmb_per_unit
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER converted BEFORE INSERT OR UPDATE ON community_contribution
    FOR EACH ROW EXECUTE FUNCTION community_contribution();
CREATE TRIGGER append_only BEFORE DELETE ON community_exchangerate
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
NO_FUNCTIONS: Final = """
DROP TRIGGER converted ON community_contribution;
DROP FUNCTION community_contribution();
DROP TRIGGER append_only ON community_exchangerate;
"""
