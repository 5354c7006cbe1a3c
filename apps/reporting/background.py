"""What takes long about the report and so is done in the background: editions, documents, evidence packs.

A job works in one transaction: a run that was killed leaves nothing and starts anew. Publishing and approving end by
asking for the files of the edition, which are a job of their own, so that nothing published waits for them.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.jobs.kinds import JobError, JobKind, kinds
from apps.jobs.models import Job
from apps.jobs.progress import Progress
from apps.jobs.services import start
from apps.organisation.models import ReportingYear
from apps.reporting import background_documents, publishing, restating
from apps.reporting.edition_files import make_files
from apps.reporting.evidence_pack.job import KIND as EVIDENCE_PACK
from apps.reporting.models import Edition, Restatement
from apps.reporting.policies import may_publish, may_read_report

PUBLISH = "publish"
PREPARE = "prepare_restatement"
RESTATE = "restate"
FILES = "edition_files"


def start_publishing(year: ReportingYear, *, user: User, remark: str) -> Job:
    """Publishes the year in the background."""
    title = _("Publish %(year)s") % {"year": year.code}
    return start(PUBLISH, user=user, arguments={"year": year.code, "remark": remark}, title=title)


def start_preparing(restatement: Restatement, *, user: User) -> Job:
    """Lists the figures of a restatement in the background: those of all sites are compared."""
    title = _("List the figures of the restatement of %(year)s") % {"year": restatement.year.code}
    arguments = {"restatement": restatement.pk, "year": restatement.year.code}
    return start(PREPARE, user=user, arguments=arguments, title=title)


def start_approving(restatement: Restatement, *, user: User, comment: str) -> Job:
    """Approves a restatement in the background, which publishes the next edition."""
    title = _("Approve the restatement of %(year)s") % {"year": restatement.year.code}
    return start(RESTATE, user=user, arguments={"restatement": restatement.pk, "comment": comment}, title=title)


def start_files(edition: Edition, *, user: User) -> Job:
    """Makes the files of an edition that are not there yet."""
    title = _("Files of edition %(number)d of %(year)s") % {"number": edition.number, "year": edition.year.code}
    return start(FILES, user=user, arguments={"edition": edition.pk}, title=title)


def _publish(progress: Progress) -> None:
    year = ReportingYear.objects.get(code=progress.arguments["year"])
    try:
        edition = publishing.publish(
            year=year, user=progress.user, remark=progress.arguments["remark"], progress=progress
        )
    except publishing.Refused as refused:
        raise JobError(str(refused)) from refused
    start_files(edition, user=progress.user)


def _prepare(progress: Progress) -> None:
    try:
        restating.prepare(restatement_id=progress.arguments["restatement"], user=progress.user, progress=progress)
    except publishing.Refused as refused:
        raise JobError(str(refused)) from refused


def _case(arguments: dict[str, Any]) -> str:
    return reverse("reporting:restatement", args=[arguments["year"], arguments["restatement"]])


def _restate(progress: Progress) -> None:
    try:
        edition = restating.approve(
            restatement_id=progress.arguments["restatement"],
            user=progress.user,
            comment=progress.arguments["comment"],
            progress=progress,
        )
    except publishing.Refused as refused:
        raise JobError(str(refused)) from refused
    start_files(edition, user=progress.user)


def _files(progress: Progress) -> None:
    make_files(Edition.objects.get(pk=progress.arguments["edition"]), progress)


def _by_publishers(user: User, _arguments: dict[str, Any]) -> bool:
    return may_publish(user)


def _by_readers(user: User, _arguments: dict[str, Any]) -> bool:
    return may_read_report(user)


kinds.register(JobKind(code=PUBLISH, title=gettext_lazy("Publish a year"), run=_publish, is_open_to=_by_publishers))
kinds.register(
    JobKind(
        code=PREPARE,
        title=gettext_lazy("List the figures of a restatement"),
        run=_prepare,
        is_open_to=_by_publishers,
        page=_case,
    )
)
kinds.register(
    JobKind(code=RESTATE, title=gettext_lazy("Approve a restatement"), run=_restate, is_open_to=_by_publishers)
)
kinds.register(JobKind(code=FILES, title=gettext_lazy("Files of an edition"), run=_files, is_open_to=_by_readers))
kinds.register(background_documents.DOCUMENT)
kinds.register(EVIDENCE_PACK)
