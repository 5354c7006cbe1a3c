from django.db import migrations

from apps.indicators.sum_triggers import KeepSums


class Migration(migrations.Migration):
    """Sums of what is approved already, kept from here on."""

    dependencies = [("workforce", "0003_yearly_sums"), ("indicators", "0002_sums_derived")]

    operations = [KeepSums("safety_training", ("workforce_laboursum", "workforce_labourrecord", "item_id"))]
