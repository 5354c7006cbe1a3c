from django.db import migrations

from apps.audit.triggers import Kept


class Migration(migrations.Migration):
    """What a job was asked to do, and by whom, stays."""

    dependencies = [("jobs", "0001_initial"), ("audit", "0001_initial")]

    operations = [Kept("jobs_job", "kind", "arguments", "fingerprint", "requested_by_id", "language", "title")]
