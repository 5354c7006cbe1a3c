"""How the database cuts an edition into the parts that its pages read.

The cut keeps the text of each value as it stands in the content, so a part says what the edition says, to the byte.
``reporting_edition_cut`` is the only place that knows how: the trigger, the migration of editions that were published
before, and the proof all ask it.
"""

from typing import Final

from apps.audit.triggers import REFUSED

PARTS: Final = f"""
CREATE FUNCTION reporting_edition_cut(content json) RETURNS TABLE (place text, part text)
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    WITH figures AS MATERIALIZED (
        SELECT f.key, f.value, f.ordinality FROM json_each(content -> 'figures') WITH ORDINALITY f
    ), members AS MATERIALIZED (
        SELECT f.key AS code, f.ordinality, m.key, m.value, m.ordinality AS place
        FROM figures f, json_each(f.value) WITH ORDINALITY m
    ), told AS (
        SELECT m.code, m.ordinality, json_object_agg(m.key, m.value ORDER BY m.place) AS value
        FROM members m WHERE m.key <> 'places' GROUP BY m.code, m.ordinality
    )
    SELECT '*', json_object_agg(d.key, CASE d.key
        WHEN 'figures' THEN coalesce(
            (SELECT json_object_agg(t.code, t.value ORDER BY t.ordinality) FROM told t), '{{}}')
        WHEN 'calculations' THEN '{{}}'
        ELSE d.value END ORDER BY d.ordinality)::text
    FROM json_each(content) WITH ORDINALITY d
    UNION ALL
    SELECT p.key, json_object_agg(m.code, p.value ORDER BY m.ordinality)::text
    FROM members m, json_each(m.value) p WHERE m.key = 'places' GROUP BY p.key
$$;
CREATE FUNCTION reporting_edition_parts() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO reporting_editionpart (edition_id, place, content)
    SELECT NEW.id, c.place, c.part FROM reporting_edition_cut(NEW.content::json) c ORDER BY c.place;
    RETURN NULL;
END $$;
CREATE TRIGGER parts AFTER INSERT ON reporting_edition FOR EACH ROW EXECUTE FUNCTION reporting_edition_parts();
INSERT INTO reporting_editionpart (edition_id, place, content)
SELECT e.id, c.place, c.part FROM reporting_edition e, reporting_edition_cut(e.content::json) c ORDER BY e.id, c.place;
CREATE FUNCTION reporting_editionpart() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'the parts of an edition follow from it and are written by the database alone'
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER derived BEFORE INSERT ON reporting_editionpart
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_editionpart();
"""
NO_PARTS: Final = """
DROP TRIGGER derived ON reporting_editionpart;
DROP FUNCTION reporting_editionpart();
DROP TRIGGER parts ON reporting_edition;
DROP FUNCTION reporting_edition_parts();
DROP FUNCTION reporting_edition_cut(json);
"""
# Every part that is not what the edition says, or that is missing or too many.
BROKEN_PARTS: Final = """
SELECT y.code, e.number, coalesce(d.place, d.kept_at)
FROM reporting_edition e JOIN organisation_reportingyear y ON y.id = e.year_id,
LATERAL (
    SELECT * FROM reporting_edition_cut(e.content::json) c
    FULL JOIN (SELECT place AS kept_at, content AS kept FROM reporting_editionpart q WHERE q.edition_id = e.id) p
        ON p.kept_at = c.place
    WHERE c.part IS DISTINCT FROM p.kept
) d(place, part, kept_at, kept)
WHERE e.year_id = coalesce(%s, e.year_id) ORDER BY 1, 2, 3
"""
