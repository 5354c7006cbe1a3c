"""What the database refuses about Word templates: a digest that is not that of the bytes."""

from typing import Final

TEMPLATES: Final = """
CREATE TRIGGER digest BEFORE INSERT ON reporting_reporttemplate
    FOR EACH ROW EXECUTE FUNCTION reporting_editionfile();
"""
NO_TEMPLATES: Final = "DROP TRIGGER digest ON reporting_reporttemplate;"
