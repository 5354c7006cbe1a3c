from django.db import migrations

from apps.submissions.triggers import CatalogueTable


class Migration(migrations.Migration):
    """Catalogues keep their codes, and their units once something is recorded in them."""

    dependencies = [("environment", "0002_triggers"), ("submissions", "0003_catalogue_keeps")]

    operations = [
        CatalogueTable("environment_product", "environment_productionoutput", "product_id"),
        CatalogueTable("environment_resource", "environment_resourceuse", "resource_item_id"),
        CatalogueTable("environment_wastetype", "environment_wasterecord", "waste_type_id"),
        CatalogueTable("environment_packagingmaterial", "environment_packaginguse", "material_id"),
        CatalogueTable("environment_target", "environment_targetprogress", "target_id"),
        CatalogueTable("environment_treatment"),
        CatalogueTable("environment_pollutant"),
        CatalogueTable("environment_stack"),
    ]
