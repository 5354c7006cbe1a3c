"""The index on the period also tells the first and the last form of a period."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0004_lists"),
        ("submissions", "0007_lock_asks_once"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["period", "id"], name="submission_by_period"),
        ),
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
    ]
