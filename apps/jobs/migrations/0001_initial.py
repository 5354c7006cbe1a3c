import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.jobs.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("arguments", models.JSONField(default=dict, verbose_name="arguments")),
                (
                    "fingerprint",
                    models.CharField(editable=False, max_length=64, verbose_name="digest of the arguments"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("zh-hans", "Simplified Chinese"),
                            ("zh-hant", "Traditional Chinese"),
                            ("en", "English"),
                        ],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0, verbose_name="parts done")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="parts")),
                ("step", models.CharField(blank=True, max_length=200, verbose_name="step")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="asked for")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started")),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="last sign of life")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("cancel_asked_at", models.DateTimeField(null=True, verbose_name="cancelled")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="why it failed")),
                ("task_id", models.UUIDField(editable=False, null=True, verbose_name="task")),
                ("enqueued_at", models.DateTimeField(editable=False, null=True, verbose_name="queued")),
                (
                    "result",
                    models.FileField(
                        blank=True, max_length=120, upload_to=apps.jobs.models.result_path, verbose_name="file"
                    ),
                ),
                ("result_name", models.CharField(blank=True, max_length=200, verbose_name="file name")),
                ("result_type", models.CharField(blank=True, max_length=100, verbose_name="type")),
                ("result_size", models.PositiveBigIntegerField(null=True, verbose_name="size in bytes")),
                ("result_sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "ordering": ("-pk",),
                "indexes": [models.Index(fields=["state", "heartbeat_at"], name="job_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=("requested_by", "kind", "fingerprint"),
                        name="job_once_at_a_time",
                        violation_error_message="This is being done already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed", "cancelled"])),
                        name="job_known_state",
                        violation_error_message="A job is waiting, running, done, failed or cancelled.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("attempts__gt", 0),
                                ("heartbeat_at__isnull", False),
                                ("started_at__isnull", False),
                                ("state", "running"),
                            ),
                            models.Q(models.Q(("state", "running"), _negated=True), ("heartbeat_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="job_running_shows_life",
                        violation_error_message="A job that runs has begun and shows signs of life, and no other does.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("state__in", ("waiting", "running"))),
                            models.Q(
                                models.Q(("state__in", ("waiting", "running")), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="job_finished_at_a_time",
                        violation_error_message="A job that has ended says when, and no other does.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("attempts__gt", 0), ("started_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="job_done_was_begun",
                        violation_error_message="What is done was begun.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), models.Q(("error", ""), _negated=True)),
                            models.Q(models.Q(("state", "failed"), _negated=True), ("error", "")),
                            _connector="OR",
                        ),
                        name="job_failed_says_why",
                        violation_error_message="A job that failed says why, and no other does.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done__lte", models.F("total"))),
                        name="job_progress_within",
                        violation_error_message="No more parts can be done than there are.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("result_size__isnull", False),
                                ("state", "done"),
                                models.Q(("result_name", ""), _negated=True),
                                models.Q(("result_sha256", ""), _negated=True),
                            ),
                            models.Q(
                                ("result", ""),
                                ("result_name", ""),
                                ("result_sha256", ""),
                                ("result_size__isnull", True),
                                ("result_type", ""),
                            ),
                            _connector="OR",
                        ),
                        name="job_result_whole",
                        violation_error_message="A file has its name, size and digest, and comes from a job that is done.",
                    ),
                ],
            },
        ),
    ]
