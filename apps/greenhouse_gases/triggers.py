"""What the database itself refuses about factors and years, beside that factors and pins are append-only.

* ``greenhouse_gases_version``: a version of a factor is the next one of its key.
* ``greenhouse_gases_pins``: the factors of an edition are written in one transaction, and none is added later.
* ``greenhouse_gases_published``: what a published year is reckoned with stays.
"""

from typing import Final

from apps.audit.triggers import REFUSED

FUNCTIONS: Final = f"""
CREATE FUNCTION greenhouse_gases_version() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    newest integer;
BEGIN
    SELECT coalesce(max(f.version), 0) INTO newest FROM greenhouse_gases_factor f
    WHERE (f.subject, f.parameter, f.region, f.series, f.gwp_set)
        = (NEW.subject, NEW.parameter, NEW.region, NEW.series, NEW.gwp_set);
    IF NEW.version <> newest + 1 THEN
        RAISE EXCEPTION 'the next version of %.% is %, not %', NEW.subject, NEW.parameter, newest + 1, NEW.version
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version BEFORE INSERT ON greenhouse_gases_factor
    FOR EACH ROW EXECUTE FUNCTION greenhouse_gases_version();
CREATE FUNCTION greenhouse_gases_pins() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- The time of the transaction: all pins of an edition have the same.
    NEW.pinned_at := transaction_timestamp();
    IF EXISTS (
        SELECT 1 FROM greenhouse_gases_factorpin p WHERE p.year_id = NEW.year_id
            AND (p.number > NEW.number OR p.number = NEW.number AND p.pinned_at <> NEW.pinned_at)
    ) THEN
        RAISE EXCEPTION 'the factors of edition % of year % are written already', NEW.number, NEW.year_id
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pins BEFORE INSERT ON greenhouse_gases_factorpin
    FOR EACH ROW EXECUTE FUNCTION greenhouse_gases_pins();
CREATE FUNCTION greenhouse_gases_published() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM organisation_reportingyear y
        WHERE y.published_at IS NOT NULL AND y.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.year_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.year_id END
        )
    ) THEN
        RAISE EXCEPTION 'what a published year is reckoned with stays' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published BEFORE INSERT OR UPDATE OR DELETE ON greenhouse_gases_yearbasis
    FOR EACH ROW EXECUTE FUNCTION greenhouse_gases_published();
CREATE TRIGGER published BEFORE INSERT OR UPDATE OR DELETE ON greenhouse_gases_contractualinstrument
    FOR EACH ROW EXECUTE FUNCTION greenhouse_gases_published();
"""
NO_FUNCTIONS: Final = """
DROP TRIGGER published ON greenhouse_gases_contractualinstrument;
DROP TRIGGER published ON greenhouse_gases_yearbasis;
DROP FUNCTION greenhouse_gases_published();
DROP TRIGGER pins ON greenhouse_gases_factorpin;
DROP FUNCTION greenhouse_gases_pins();
DROP TRIGGER version ON greenhouse_gases_factor;
DROP FUNCTION greenhouse_gases_version();
"""
