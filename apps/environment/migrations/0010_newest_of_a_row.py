"""The newest records of one catalogue row."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("environment", "0009_keep_sums"),
        ("submissions", "0007_in_a_period"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="packaginguse",
            name="material",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="environment.packagingmaterial",
                verbose_name="material",
            ),
        ),
        migrations.AlterField(
            model_name="productionoutput",
            name="product",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="environment.product",
                verbose_name="product",
            ),
        ),
        migrations.AlterField(
            model_name="resourceuse",
            name="resource_item",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="environment.resource",
                verbose_name="resource",
            ),
        ),
        migrations.AlterField(
            model_name="wasterecord",
            name="treatment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="environment.treatment",
                verbose_name="treatment",
            ),
        ),
        migrations.AlterField(
            model_name="wasterecord",
            name="waste_type",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="environment.wastetype",
                verbose_name="waste type",
            ),
        ),
        migrations.AddIndex(
            model_name="packaginguse",
            index=models.Index(fields=["material", "id"], name="packaginguse_by_material"),
        ),
        migrations.AddIndex(
            model_name="productionoutput",
            index=models.Index(fields=["product", "id"], name="productionoutput_by_product"),
        ),
        migrations.AddIndex(
            model_name="resourceuse",
            index=models.Index(fields=["resource_item", "id"], name="resourceuse_by_resource"),
        ),
        migrations.AddIndex(
            model_name="wasterecord",
            index=models.Index(fields=["waste_type", "id"], name="wasterecord_by_type"),
        ),
        migrations.AddIndex(
            model_name="wasterecord",
            index=models.Index(fields=["treatment", "id"], name="wasterecord_by_treatment"),
        ),
    ]
