"""Making an evidence pack in the background."""

import re
import tempfile
from contextlib import ExitStack
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.jobs import services
from apps.jobs.kinds import JobKind, Result
from apps.jobs.models import Job
from apps.jobs.progress import Progress
from apps.organisation.models import ReportingYear
from apps.reporting.evidence_pack import policies
from apps.reporting.evidence_pack.pack import write_pack

_KIND: Final = "evidence_pack"
# Smaller packs stay in memory, larger ones go to the disk.
_IN_MEMORY: Final = 1024 * 1024


def start(asked: policies.Asked, user: User) -> Job:
    """Asks for the pack of a figure. Raises PermissionDenied where it is not open to them."""
    return services.start(
        _KIND,
        user=user,
        arguments={"year": asked.year.code, "kpi": asked.kpi.code},
        title=_("Evidence pack: %(figure)s, %(year)s") % {"figure": asked.kpi.title, "year": asked.year.code},
    )


def _run(progress: Progress) -> Result:
    code = progress.arguments["kpi"]
    year = ReportingYear.objects.get(code=progress.arguments["year"])
    with ExitStack() as unless_done:
        target = unless_done.enter_context(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))
        write_pack(target, kpi=code, year=year, user=progress.user, step=progress.step)
        unless_done.pop_all()  # the job reads it, and closes it
    safe = re.sub(r"[^a-z0-9_-]", "-", code.lower())
    return Result(name=f"evidence-{year.code}-{safe}.zip", content_type="application/zip", content=target)


KIND: Final = JobKind(code=_KIND, title=gettext_lazy("Evidence pack"), run=_run, is_open_to=policies.is_open_to)
