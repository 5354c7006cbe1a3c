from django.db import migrations

from apps.indicators.sum_triggers import KeepSums


class Migration(migrations.Migration):
    """Sums of what is approved already, kept from here on."""

    dependencies = [("environment", "0008_yearly_sums"), ("indicators", "0002_sums_derived")]

    operations = [
        KeepSums(
            "environment",
            ("environment_productionsum", "environment_productionoutput", "product_id"),
            ("environment_resourcesum", "environment_resourceuse", "resource_item_id"),
            ("environment_wastesum", "environment_wasterecord", "waste_type_id", "treatment_id"),
            ("environment_packagingsum", "environment_packaginguse", "material_id"),
        )
    ]
