from django.db import migrations

from apps.audit.triggers import Audited
from apps.submissions.triggers import GUARD_FUNCTION, UNLOCKS

# The function alone: its trigger is there already.
_GUARD = GUARD_FUNCTION.split("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    """Forms of a published year are opened for a restatement, and for nothing else."""

    dependencies = [("submissions", "0004_unlock")]

    operations = [
        migrations.RunSQL(_GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(
            UNLOCKS, "DROP TRIGGER closed_once ON submissions_unlock; DROP FUNCTION submissions_unlock()"
        ),
        Audited("submissions_unlock"),
    ]
