"""The forms of a period by state: lists pass over periods that have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("submissions", "0008_lock_asks_once")]

    operations = [
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["period", "state"], name="submission_state_in_period"),
        ),
    ]
