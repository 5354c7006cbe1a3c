import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.audit.triggers import AppendOnly
from apps.reporting import template_triggers


class Migration(migrations.Migration):
    """Word templates of the company, which stay as they were uploaded."""

    dependencies = [
        ("reporting", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "All languages"),
                            ("en", "English"),
                            ("zh-hans", "简体中文"),
                            ("zh-hant", "繁體中文"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("content", models.BinaryField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "Word template",
                "verbose_name_plural": "Word templates",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["", "en", "zh-hans", "zh-hant"])),
                        name="reporttemplate_language",
                        violation_error_message="There is no report in this language.",
                    )
                ],
            },
        ),
        migrations.RunSQL(template_triggers.TEMPLATES, template_triggers.NO_TEMPLATES),
        AppendOnly("reporting_reporttemplate"),
    ]
