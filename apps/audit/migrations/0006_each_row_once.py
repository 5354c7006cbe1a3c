from django.db import migrations

from apps.audit.triggers import LOG_FUNCTION

_LOG = LOG_FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    """The trail makes the JSON of a row once, and not wherever it is named."""

    dependencies = [("audit", "0005_changed_in_form")]

    operations = [migrations.RunSQL(_LOG, migrations.RunSQL.noop)]
