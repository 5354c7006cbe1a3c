from django.db import migrations

from apps.audit.triggers import AppendOnly, Audited, Kept
from apps.reporting import triggers


class Migration(migrations.Migration):
    """Locks of statements, editions and restatements, and the audit trail of the report."""

    dependencies = [
        ("reporting", "0001_initial"),
        ("submissions", "0005_unlock_triggers"),
    ]

    operations = [
        Audited("reporting_guide"),
        Kept("reporting_guide", "code"),
        Audited("reporting_provision"),
        Kept("reporting_provision", "guide_id", "code"),
        Audited("reporting_statement"),
        migrations.RunSQL(triggers.STATEMENTS, triggers.NO_STATEMENTS),
        AppendOnly("reporting_statementevent"),
        migrations.RunSQL(triggers.EDITIONS, triggers.NO_EDITIONS),
        AppendOnly("reporting_edition"),
        AppendOnly("reporting_editionfile"),
        Audited("reporting_restatement"),
        migrations.RunSQL(triggers.RESTATEMENTS, triggers.NO_RESTATEMENTS),
        AppendOnly("reporting_restatedfigure"),
        Audited("reporting_targetreview"),
    ]
