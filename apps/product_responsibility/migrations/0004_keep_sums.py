from django.db import migrations

from apps.indicators.sum_triggers import KeepSums


class Migration(migrations.Migration):
    """Sums of what is approved already, kept from here on."""

    dependencies = [("product_responsibility", "0003_yearly_sums"), ("indicators", "0002_sums_derived")]

    operations = [
        KeepSums("product", ("product_responsibility_salesum", "product_responsibility_productsale", "product_id"))
    ]
