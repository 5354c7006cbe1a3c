import django.db.models.deletion
from django.db import migrations, models

from apps.audit.triggers import AppendOnly
from apps.reporting import part_triggers


class Migration(migrations.Migration):
    """The parts of editions that their pages read; those of editions that are published already are cut here."""

    dependencies = [("reporting", "0003_report_template")]

    operations = [
        migrations.CreateModel(
            name="EditionPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="place")),
                ("content", models.TextField(verbose_name="content")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="reporting.edition",
                        verbose_name="published edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a published edition",
                "verbose_name_plural": "parts of published editions",
                "ordering": ("edition", "place"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "place"),
                        name="editionpart_once",
                        violation_error_message="This part of the edition is there already.",
                    )
                ],
            },
        ),
        migrations.RunSQL(part_triggers.PARTS, part_triggers.NO_PARTS),
        AppendOnly("reporting_editionpart"),
    ]
