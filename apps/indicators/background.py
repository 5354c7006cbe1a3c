"""The file of all figures of a large group, written in the background."""

import tempfile
from contextlib import ExitStack
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.indicators.basis import Basis
from apps.indicators.choice import Choice, choose
from apps.indicators.exports import files
from apps.indicators.reports import build_report
from apps.jobs.kinds import JobKind, Result, kinds
from apps.jobs.models import Job
from apps.jobs.progress import Progress
from apps.jobs.services import start

FIGURES: Final = "figures"


def start_export(choice: Choice, file_format: str, *, user: User) -> Job:
    """Writes the figures that ``choice`` names, of the sections that ``user`` may read today."""
    year = choice.known_year
    arguments = {
        "year": year.code,
        "site": choice.place.code if choice.place else "",
        "basis": choice.basis.value,
        "sections": sorted(choice.sections),
        "format": file_format,
    }
    return start(FIGURES, user=user, arguments=arguments, title=_("Annual figures %(year)s") % {"year": year.code})


def _choice(user: User, arguments: dict[str, Any]) -> Choice | None:
    """What the arguments name, where it is as open to ``user`` as when they asked for it."""
    try:
        choice = choose(user, {"site": arguments["site"], "basis": arguments["basis"]}, arguments["year"])
    except Http404:
        return None
    is_the_same = (choice.place.code if choice.place else "") == arguments["site"]
    return choice if is_the_same and choice.sections >= set(arguments["sections"]) else None


def _is_open(user: User, arguments: dict[str, Any]) -> bool:
    return _choice(user, arguments) is not None


def _run(progress: Progress) -> Result:
    words = _("Figures are written.")
    progress.step(0, 0, words)
    chosen = progress.arguments
    choice = _choice(progress.user, chosen)
    if choice is None:
        raise PermissionDenied
    report = build_report(
        year=choice.known_year,
        sites=choice.sites,
        group=choice.place is None,
        basis=Basis(chosen["basis"]),
        sections=frozenset(chosen["sections"]),
        columns=None,
    )
    total = report.row_count
    with ExitStack() as unless_done:
        file = unless_done.enter_context(tempfile.TemporaryFile())
        files.write(report, chosen["format"], file, lambda done: progress.step(min(done, total), total, words))
        file.seek(0)
        unless_done.pop_all()  # the job reads it, and closes it
    return Result(
        name=files.file_name(report, chosen["format"]), content_type=files.FORMATS[chosen["format"]], content=file
    )


kinds.register(JobKind(code=FIGURES, title=gettext_lazy("File of annual figures"), run=_run, is_open_to=_is_open))
