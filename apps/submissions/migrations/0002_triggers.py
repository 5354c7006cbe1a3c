from django.db import migrations

from apps.audit.triggers import AppendOnly, Audited
from apps.submissions.triggers import GUARD_FUNCTION, LOCK_FUNCTION, SETTLED_ONCE, TRACE_FUNCTION, RecordTable


class Migration(migrations.Migration):
    """Locks of submissions and what hangs on them; the audit trail of the tables below this app.

    People and the organisation are attached here, because their apps lie beneath or beside the audit app.
    """

    dependencies = [
        ("submissions", "0001_initial"),
        ("audit", "0002_functions"),
        ("organisation", "0001_initial"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            GUARD_FUNCTION, "DROP TRIGGER guard ON submissions_submission; DROP FUNCTION submissions_guard()"
        ),
        migrations.RunSQL(
            TRACE_FUNCTION, "DROP TRIGGER trace ON submissions_submission; DROP FUNCTION submissions_trace()"
        ),
        migrations.RunSQL(LOCK_FUNCTION, "DROP FUNCTION submissions_lock_records()"),
        Audited("submissions_submission"),
        Audited("submissions_comment"),
        migrations.RunSQL(
            SETTLED_ONCE,
            "DROP TRIGGER settled_once ON submissions_comment; DROP TRIGGER append_only ON submissions_comment",
        ),
        RecordTable("submissions_evidence"),
        RecordTable("submissions_explanation"),
        RecordTable("submissions_nothingtoreport"),
        AppendOnly("submissions_submissionevent"),
        AppendOnly("submissions_seal"),
        Audited("organisation_group"),
        Audited("organisation_site"),
        Audited("organisation_assignment"),
        Audited("organisation_reportingyear"),
        Audited("organisation_period"),
        Audited("organisation_membership"),
        Audited("accounts_user", hidden=("password", "last_login")),
    ]
