"""What can be done in the background: apps declare their kinds of jobs in ``background.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django_stubs_ext import StrPromise

from apps.accounts.models import User
from apps.core.registry import Registry
from apps.jobs.progress import Progress


class JobError(Exception):
    """A job cannot be done; the text is a sentence for the person who asked, and says what to do."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """The file that a job made. ``content`` is its bytes, or an open file where they are many; the job closes it."""

    name: str
    content_type: str
    content: bytes | IO[bytes]


def _to_everybody(_user: User, _arguments: dict[str, Any]) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """One kind of job.

    ``run`` works in one transaction, which commits together with the end of the job: a run that was killed, overtaken
    or cancelled leaves nothing behind in the database. What it does elsewhere it must be able to do twice. It may raise
    JobError, or PermissionDenied. ``is_open_to`` is asked when somebody starts a job, when it runs, and when its file
    is fetched.
    """

    code: str
    title: StrPromise
    run: Callable[[Progress], Result | None]
    is_open_to: Callable[[User, dict[str, Any]], bool] = _to_everybody
    # The address of the page that shows what came of a job with these arguments, once it is done.
    page: Callable[[dict[str, Any]], str] | None = None


kinds: Registry[JobKind] = Registry("kind of job")
