from django.db import migrations

from apps.audit.triggers import (
    APPEND_ONLY_FUNCTION,
    KEPT_FUNCTION,
    LOG_FUNCTION,
    NO_TRUNCATE_FUNCTION,
    AppendOnly,
)


class Migration(migrations.Migration):
    """The functions behind the audit trail, and the trail itself made append-only."""

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(LOG_FUNCTION, "DROP FUNCTION audit_log_changes()"),
        migrations.RunSQL(APPEND_ONLY_FUNCTION, "DROP FUNCTION audit_append_only()"),
        migrations.RunSQL(NO_TRUNCATE_FUNCTION, "DROP FUNCTION audit_no_truncate()"),
        migrations.RunSQL(KEPT_FUNCTION, "DROP FUNCTION audit_keep_columns()"),
        AppendOnly("audit_change"),
    ]
