from django.db import migrations

from apps.audit.triggers import Kept

# The unit of a line and of what is reported under it is one, or the figure would add kWh to tonnes.
ONE_UNIT = """
ALTER TABLE environment_resource ADD CONSTRAINT resource_id_and_unit UNIQUE (id, unit_code);
ALTER TABLE environment_resource ADD CONSTRAINT resource_in_the_unit_of_its_line
    FOREIGN KEY (reported_under_id, unit_code) REFERENCES environment_resource (id, unit_code) DEFERRABLE;
"""
ANY_UNIT = """
ALTER TABLE environment_resource DROP CONSTRAINT resource_in_the_unit_of_its_line;
ALTER TABLE environment_resource DROP CONSTRAINT resource_id_and_unit;
"""


class Migration(migrations.Migration):
    """Catalogues keep their codes, and their units once something is recorded in them."""

    dependencies = [("environment", "0002_triggers"), ("submissions", "0003_catalogue_keeps")]

    operations = [
        Kept("environment_product", "code"),
        Kept("environment_product", "unit_code", once_in=("environment_productionoutput", "product_id")),
        Kept("environment_resource", "code"),
        Kept("environment_resource", "unit_code", once_in=("environment_resourceuse", "resource_item_id")),
        Kept("environment_wastetype", "code"),
        Kept("environment_wastetype", "unit_code", once_in=("environment_wasterecord", "waste_type_id")),
        Kept("environment_packagingmaterial", "code"),
        Kept("environment_packagingmaterial", "unit_code", once_in=("environment_packaginguse", "material_id")),
        Kept("environment_target", "code"),
        Kept("environment_target", "unit_code", once_in=("environment_targetprogress", "target_id")),
        Kept("environment_treatment", "code"),
        Kept("environment_pollutant", "code"),
        Kept("environment_stack", "code", "site_id"),
        migrations.RunSQL(ONE_UNIT, ANY_UNIT),
    ]
