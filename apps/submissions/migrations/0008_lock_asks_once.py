from django.db import migrations

from apps.submissions.triggers import LOCK_FUNCTION

_LOCK = LOCK_FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    """The lock of records asks once which forms are touched, and whether a row left its own."""

    dependencies = [("submissions", "0007_in_a_period")]

    operations = [migrations.RunSQL(_LOCK, migrations.RunSQL.noop)]
