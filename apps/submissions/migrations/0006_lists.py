"""Events by what happened, and approvals, newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0005_unlock_triggers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="submissionevent",
            index=models.Index(fields=["verb", "id"], name="event_by_verb"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("state", "approved")), fields=["approved_at", "id"], name="submission_approved"
            ),
        ),
    ]
