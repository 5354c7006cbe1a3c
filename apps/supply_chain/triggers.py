"""What the database itself refuses about suppliers and their assessments.

* ``supply_chain_assessment``: an assessment begins unconfirmed; it is confirmed as it stands, a labour audit with a
  file on child labour and one on forced labour, a conditional one with a corrective action; then it is withdrawn, once.
* ``supply_chain_of_assessment``: its files and corrective actions stand with it, but for the re-check, made once.
"""

from typing import Final

from apps.audit.triggers import REFUSED

ASSESSMENTS: Final = f"""
CREATE FUNCTION supply_chain_assessment() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    states text[] := ARRAY['confirmed_at', 'confirmed_by_id', 'withdrawn_at', 'withdrawn_by_id', 'withdrawn_because'];
    same boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_at IS NOT NULL THEN
            RAISE EXCEPTION 'an assessment begins unconfirmed' USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.confirmed_at IS NOT NULL THEN
            RAISE EXCEPTION 'assessment % is confirmed and stays', OLD.id USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN OLD;
    END IF;
    same := to_jsonb(OLD) - states = to_jsonb(NEW) - states;
    IF OLD.confirmed_at IS NOT NULL THEN
        IF NOT same OR OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
            OR (OLD.confirmed_at, OLD.confirmed_by_id) IS DISTINCT FROM (NEW.confirmed_at, NEW.confirmed_by_id) THEN
            RAISE EXCEPTION 'assessment % is confirmed: it can only be withdrawn, once', OLD.id
                USING ERRCODE = '{REFUSED}';
        END IF;
    ELSIF NEW.confirmed_at IS NOT NULL THEN
        IF NOT same THEN
            RAISE EXCEPTION 'assessment % is confirmed as it stands', OLD.id USING ERRCODE = '{REFUSED}';
        END IF;
        IF EXISTS (
            SELECT FROM audit_change c WHERE c.actor_id = NEW.confirmed_by_id AND (
                c."table" = 'supply_chain_assessment' AND c.row_id = NEW.id
                OR c."table" = 'supply_chain_assessmentfile' AND c.row_id IN (
                    SELECT f.id FROM supply_chain_assessmentfile f WHERE f.assessment_id = NEW.id)
                OR c."table" = 'supply_chain_correctiveaction' AND c.row_id IN (
                    SELECT a.id FROM supply_chain_correctiveaction a WHERE a.assessment_id = NEW.id)
            )
        ) THEN
            RAISE EXCEPTION 'assessment % is confirmed by somebody who had no hand in it', NEW.id
                USING ERRCODE = '{REFUSED}';
        END IF;
        IF NEW.kind = 'labour' AND 2 > (
            SELECT count(DISTINCT f.about) FROM supply_chain_assessmentfile f
            WHERE f.assessment_id = NEW.id AND f.about IN ('child_labour', 'forced_labour')
        ) THEN
            RAISE EXCEPTION 'labour audit % lacks its evidence on child labour or on forced labour', NEW.id
                USING ERRCODE = '{REFUSED}';
        END IF;
        IF NEW.result = 'conditional'
            AND NOT EXISTS (SELECT FROM supply_chain_correctiveaction a WHERE a.assessment_id = NEW.id) THEN
            RAISE EXCEPTION 'assessment % was passed on a condition and has no corrective action', NEW.id
                USING ERRCODE = '{REFUSED}';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON supply_chain_assessment
    FOR EACH ROW EXECUTE FUNCTION supply_chain_assessment();
CREATE FUNCTION supply_chain_of_assessment() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    recheck text[] := ARRAY['checked_on', 'checked_by_id', 'put_right', 'outcome'];
    owners bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.assessment_id]
        WHEN 'DELETE' THEN ARRAY[OLD.assessment_id] ELSE ARRAY[OLD.assessment_id, NEW.assessment_id] END;
    confirmed boolean;
BEGIN
    SELECT bool_or(locked.confirmed_at IS NOT NULL) INTO confirmed FROM (
        SELECT a.confirmed_at FROM supply_chain_assessment a WHERE a.id = ANY(owners) ORDER BY a.id FOR SHARE
    ) locked;
    IF NOT confirmed THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'supply_chain_correctiveaction' THEN
        IF to_jsonb(OLD) - recheck = to_jsonb(NEW) - recheck AND to_jsonb(OLD) ->> 'checked_on' IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a row of % belongs to a confirmed assessment and stays as it is', TG_TABLE_NAME
        USING ERRCODE = '{REFUSED}';
END $$;
CREATE TRIGGER with_assessment BEFORE INSERT OR UPDATE OR DELETE ON supply_chain_assessmentfile
    FOR EACH ROW EXECUTE FUNCTION supply_chain_of_assessment();
CREATE TRIGGER with_assessment BEFORE INSERT OR UPDATE OR DELETE ON supply_chain_correctiveaction
    FOR EACH ROW EXECUTE FUNCTION supply_chain_of_assessment();
"""
NO_ASSESSMENTS: Final = """
DROP TRIGGER guard ON supply_chain_assessment;
DROP FUNCTION supply_chain_assessment();
DROP TRIGGER with_assessment ON supply_chain_assessmentfile;
DROP TRIGGER with_assessment ON supply_chain_correctiveaction;
DROP FUNCTION supply_chain_of_assessment();
"""
