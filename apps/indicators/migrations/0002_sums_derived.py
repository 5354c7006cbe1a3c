from django.db import migrations

from apps.indicators.sum_triggers import DERIVED_FUNCTION


class Migration(migrations.Migration):
    """Yearly sums are written by the database alone."""

    dependencies = [("indicators", "0001_figures_in_the_admin"), ("submissions", "0005_unlock_triggers")]

    operations = [migrations.RunSQL(DERIVED_FUNCTION, "DROP FUNCTION indicators_sums_derived();")]
