"""What the database itself refuses about the environment, beside the locks that every record has.

* ``environment_graded``: no site answers a line of energy that has grades, such as coal. The grade moves the energy and
  the carbon of a tonne by a tenth, so a site answers the grade that it burns.
"""

from typing import Final

from apps.audit.triggers import REFUSED

GRADED: Final = f"""
CREATE FUNCTION environment_graded() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM environment_resource line JOIN environment_resource grade ON grade.reported_under_id = line.id
        WHERE line.id = NEW.resource_item_id AND line.kind = 'energy'
    ) THEN
        RAISE EXCEPTION 'resource % has grades; a site answers the grade that it uses', NEW.resource_item_id
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER graded BEFORE INSERT OR UPDATE OF resource_item_id ON environment_siteresource
    FOR EACH ROW EXECUTE FUNCTION environment_graded();
"""
NO_GRADED: Final = """
DROP TRIGGER graded ON environment_siteresource;
DROP FUNCTION environment_graded();
"""
