"""What the pages of jobs say."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.jobs import policies, queue
from apps.jobs.kinds import kinds
from apps.jobs.models import Job, JobState

# The colours and signs of the states, as components/state.html draws them.
_LOOKS: Final = {
    JobState.WAITING: ("draft", "○"),
    JobState.RUNNING: ("submitted", "◔"),
    JobState.DONE: ("approved", "✓"),
    JobState.FAILED: ("late", "!"),
    JobState.CANCELLED: ("not_due", "–"),
}


@dataclass(frozen=True, kw_only=True)
class JobPage:
    """A job as its page shows it. ``words`` say in one sentence how far it is."""

    job: Job
    words: str
    is_without_worker: bool
    may_download: bool
    colour: str
    sign: str

    @property
    def percent(self) -> int:
        """How far it is, for the bar."""
        return self.job.done * 100 // self.job.total if self.job.total else 0

    @property
    def outcome(self) -> str:
        """The page that shows what came of it, where its kind has one."""
        if self.job.state != JobState.DONE or self.job.kind not in kinds:
            return ""
        page = kinds[self.job.kind].page
        return page(self.job.arguments) if page is not None else ""

    @property
    def may_cancel(self) -> bool:
        return self.job.is_pending and self.job.cancel_asked_at is None

    @property
    def may_repeat(self) -> bool:
        """Failed, cancelled, or its file was removed."""
        return self.job.state in (JobState.FAILED, JobState.CANCELLED) or self.job.was_removed

    @property
    def status(self) -> dict[str, Any]:
        """For the script that keeps the page up to date."""
        return {
            "state": self.job.state,
            "is_finished": not self.job.is_pending,
            "without_worker": self.is_without_worker,
            "done": self.job.done,
            "total": self.job.total,
            "words": self.words,
        }


def page_of(job: Job, user: User) -> JobPage:
    """The page of a job as ``user`` sees it."""
    colour, sign = _LOOKS[JobState(job.state)]
    is_without_worker = queue.no_worker_seems_to_run(job)
    return JobPage(
        job=job,
        words=_("It waits for a worker.") if is_without_worker else _words(job),
        is_without_worker=is_without_worker,
        may_download=bool(job.result) and policies.may_download(user, job),
        colour=colour,
        sign=sign,
    )


def line_of(job: Job) -> dict[str, Any]:
    """A job in the list."""
    colour, sign = _LOOKS[JobState(job.state)]
    return {"job": job, "colour": colour, "sign": sign}


def _words(job: Job) -> str:
    if job.is_pending and job.cancel_asked_at is not None:
        return _("It stops at its next step.")
    if job.state == JobState.WAITING:
        ahead = queue.ahead_of(job)
        if not ahead:
            return _("It begins in a moment.")
        return ngettext("%(jobs)d other job comes first.", "%(jobs)d other jobs come first.", ahead) % {"jobs": ahead}
    if job.state == JobState.RUNNING:
        words = _("%(done)d of %(total)d") % {"done": job.done, "total": job.total} if job.total else _("It has begun.")
        return f"{words} · {job.step}" if job.step else words
    if job.state == JobState.DONE:
        return _("It is done. It took %(time)s.") % {"time": _duration(job)}
    if job.state == JobState.CANCELLED:
        return _("It was cancelled, and made no file.")
    return job.error


def _duration(job: Job) -> str:
    since = job.started_at or job.created_at
    seconds = max(int(((job.finished_at or timezone.now()) - since) / dt.timedelta(seconds=1)), 1)
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = round(seconds / 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
