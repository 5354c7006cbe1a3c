"""A job: long work that somebody asked for, how far it is, and the file it made."""

import uuid
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", pgettext_lazy("state of a job", "waiting")
    RUNNING = "running", pgettext_lazy("state of a job", "running")
    DONE = "done", pgettext_lazy("state of a job", "done")
    FAILED = "failed", pgettext_lazy("state of a job", "failed")
    CANCELLED = "cancelled", pgettext_lazy("state of a job", "cancelled")


PENDING: Final = (JobState.WAITING, JobState.RUNNING)


def result_path(_job: "Job", _name: str) -> str:
    """A name nobody can guess."""
    return f"jobs/{uuid.uuid4().hex}"


class Job(models.Model):
    """Work in the background. Written by services.py and runs.py alone.

    ``arguments`` are what its kind was started with, ``fingerprint`` their SHA-256. ``attempts`` counts the runs that
    took it, and is the claim of the latest: whoever writes for a run names its number. ``heartbeat_at`` is the last
    sign of life of a run. ``error`` is a sentence for the person; the traceback is in the log. ``result`` is empty
    where the kind makes no file, and again once the file was removed; its name and digest stay.
    """

    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    arguments: models.JSONField[Any] = models.JSONField(_("arguments"), default=dict)
    fingerprint = models.CharField(_("digest of the arguments"), max_length=64, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField(_("parts done"), default=0)
    total = models.PositiveIntegerField(_("parts"), default=0)
    step = models.CharField(_("step"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    cancel_asked_at = models.DateTimeField(_("cancelled"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("why it failed"), max_length=500, blank=True)
    # The row of the queue that carries it now, and since when.
    task_id = models.UUIDField(_("task"), null=True, editable=False)
    enqueued_at = models.DateTimeField(_("queued"), null=True, editable=False)
    result = models.FileField(_("file"), upload_to=result_path, max_length=120, blank=True)
    result_name = models.CharField(_("file name"), max_length=200, blank=True)
    result_type = models.CharField(_("type"), max_length=100, blank=True)
    result_size = models.PositiveBigIntegerField(_("size in bytes"), null=True)
    result_sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-pk",)
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_by_state")]
        constraints = [
            models.UniqueConstraint(
                name="job_once_at_a_time",
                fields=["requested_by", "kind", "fingerprint"],
                condition=Q(state__in=PENDING),
                violation_error_message=_("This is being done already."),
            ),
            models.CheckConstraint(
                name="job_known_state",
                condition=Q(state__in=JobState.values),
                violation_error_message=_("A job is waiting, running, done, failed or cancelled."),
            ),
            models.CheckConstraint(
                name="job_running_shows_life",
                condition=Q(
                    state=JobState.RUNNING, heartbeat_at__isnull=False, started_at__isnull=False, attempts__gt=0
                )
                | (~Q(state=JobState.RUNNING) & Q(heartbeat_at__isnull=True)),
                violation_error_message=_("A job that runs has begun and shows signs of life, and no other does."),
            ),
            models.CheckConstraint(
                name="job_finished_at_a_time",
                condition=Q(state__in=PENDING, finished_at__isnull=True)
                | (~Q(state__in=PENDING) & Q(finished_at__isnull=False)),
                violation_error_message=_("A job that has ended says when, and no other does."),
            ),
            models.CheckConstraint(
                name="job_done_was_begun",
                condition=~Q(state=JobState.DONE) | Q(started_at__isnull=False, attempts__gt=0),
                violation_error_message=_("What is done was begun."),
            ),
            models.CheckConstraint(
                name="job_failed_says_why",
                condition=Q(state=JobState.FAILED) & ~Q(error="") | ~Q(state=JobState.FAILED) & Q(error=""),
                violation_error_message=_("A job that failed says why, and no other does."),
            ),
            models.CheckConstraint(
                name="job_progress_within",
                condition=Q(done__lte=F("total")),
                violation_error_message=_("No more parts can be done than there are."),
            ),
            models.CheckConstraint(
                name="job_result_whole",
                condition=(
                    Q(state=JobState.DONE, result_size__isnull=False) & ~Q(result_name="") & ~Q(result_sha256="")
                )
                | Q(result="", result_name="", result_type="", result_size__isnull=True, result_sha256=""),
                violation_error_message=_("A file has its name, size and digest, and comes from a job that is done."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def was_removed(self) -> bool:
        """Whether it made a file that is kept no more."""
        return bool(self.result_name) and not self.result
