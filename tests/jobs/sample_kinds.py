"""Kinds of jobs for the tests. A worker of its own process knows them too (worker.py)."""

import time
from io import BytesIO
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Value
from django.db.models.functions import Concat

from apps.accounts.models import User
from apps.jobs.kinds import JobError, JobKind, Result, kinds
from apps.jobs.progress import Progress
from apps.organisation.models import Site

_WAIT = 0.05


def _may(user: User, _arguments: dict[str, Any]) -> bool:
    return not user.username.startswith("stranger")


def _count(progress: Progress) -> Result:
    """Counts to ``to``, a step each, and writes how far it came beside the name of Hami."""
    to = progress.arguments["to"]
    for number in range(to):
        progress.step(number, to, f"at {number}")
        time.sleep(progress.arguments.get("pause", 0))
    Site.objects.filter(code="HAMI").update(province=Concat(F("province"), Value("+")))
    return Result(name="count.txt", content_type="text/plain", content=b"0123456789"[:to])


def _hang(progress: Progress) -> Result:
    """Never ends in its first attempts: until Hami stands at a position above 100."""
    progress.step(1, 3, "holding on")
    while Site.objects.get(code="HAMI").position < 100:
        time.sleep(_WAIT)
    progress.step(2, 3, "let go")
    return Result(name="held.txt", content_type="text/plain", content=BytesIO(b"held"))


def _refuse(_progress: Progress) -> None:
    raise JobError("The year has no figures yet. Enter some first.")


def _break(_progress: Progress) -> None:
    raise ZeroDivisionError("secret of the machine")


def _forbid(_progress: Progress) -> None:
    raise PermissionDenied


for _code, _run in {"count": _count, "hang": _hang, "refuse": _refuse, "break": _break, "forbid": _forbid}.items():
    kinds.register(JobKind(code=f"test_{_code}", title=_code, run=_run, is_open_to=_may))  # type: ignore[arg-type]
