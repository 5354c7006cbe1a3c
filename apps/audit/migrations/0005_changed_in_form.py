"""Changed rows by their submission: for people who see the submissions of some sites alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_changed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                condition=models.Q(("operation", "U")), fields=["submission_id", "id"], name="change_changed_in_form"
            ),
        ),
    ]
