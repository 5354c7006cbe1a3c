from django.db import migrations

from apps.audit.triggers import Audited, Kept
from apps.environment import triggers
from apps.submissions.triggers import RecordTable


class Migration(migrations.Migration):
    """Scope 3 is locked and audited like other records; sites answer grades, not the lines above them."""

    dependencies = [
        ("environment", "0005_scope_three"),
        ("submissions", "0005_unlock_triggers"),
    ]

    operations = [
        RecordTable("environment_scopethreeemission"),
        Audited("environment_scopethreecategory"),
        Audited("environment_sitescopethree"),
        Kept("environment_scopethreecategory", "code"),
        Kept("environment_scopethreecategory", "unit_code", once_in=("environment_scopethreeemission", "category_id")),
        migrations.RunSQL(triggers.GRADED, triggers.NO_GRADED),
    ]
