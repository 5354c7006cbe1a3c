"""The forms of a period by section, with their states."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0004_lists"),
        ("submissions", "0006_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="submission",
            name="period",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.period",
                verbose_name="period",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["period", "section", "id"], include=["state"], name="submission_in_period"),
        ),
    ]
