"""Publishing: the document of a year is frozen as an edition, which nobody changes any more."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.organisation.models import ReportingYear
from apps.reporting import policies
from apps.reporting.checklist import checklist
from apps.reporting.content.builder import Imprint
from apps.reporting.content.figures import YearFigures, load_figures
from apps.reporting.content.writing import WRITTEN, write_document
from apps.reporting.factor_pins import pin_factors
from apps.reporting.models import Edition, Restatement, Statement
from apps.submissions.choices import OPEN_STATES, State
from apps.submissions.models import Submission

REMARK_LENGTH = 1000
# Looking at what is missing, and sealing; each site that is written is a step between them.
_BESIDE_SITES = 2


@dataclass
class Refused(Exception):
    """It cannot be done now. ``sentences`` say why and what to do."""

    sentences: Sequence[str] = field(default_factory=tuple)

    def __str__(self) -> str:
        return " ".join(self.sentences)


class Steps(Protocol):
    """Whom to tell how far a long piece of work is."""

    def step(self, done: int, total: int, text: str = "") -> None: ...


class Unwatched:
    """Nobody waits for it."""

    def step(self, done: int, total: int, text: str = "") -> None:
        """Says nothing."""


@transaction.atomic
def publish(*, year: ReportingYear, user: User, remark: str, progress: Steps | None = None) -> Edition:
    """Publishes a year for the first time. Raises Refused with what blocks; its files are made afterwards.

    A remark is wanted while forms of the year are not approved. The year, its forms that are handed in and its
    statements are locked until it is done, so that all figures are of one moment.
    """
    progress = progress or Unwatched()
    locked = locked_year(year.pk)
    if not policies.may_publish(user):
        raise PermissionDenied
    if locked.published_at is not None:
        raise Refused([_("This year is published already. What changes from now on is a restatement.")])
    remark = remark.strip()
    if len(remark) > REMARK_LENGTH:
        raise Refused([_("The remark is too long: at most %(most)d characters.") % {"most": REMARK_LENGTH}])
    held = hold_still(locked)
    # First, so that the edition is reckoned with these and with no version that comes in meanwhile.
    pin_factors(locked, 1)
    progress.step(0, 0, _("Computing the figures"))
    loaded = load_figures(locked)
    progress.step(1, _steps(loaded), _("Looking at what is missing"))
    found = checklist(locked, loaded)
    if found.blocks:
        raise Refused(found.sentences)
    if found.wants_remark and not remark:
        raise Refused([_("Not every form is approved. Say in the remark why the year is published without them.")])
    now = timezone.now()
    imprint = Imprint(number=1, published_at=stamp(now), remark=remark)
    edition = _write(loaded, imprint, user=user, now=now, progress=progress)
    require_still(locked, held)
    locked.published_at = now
    locked.save(update_fields=["published_at"])
    return edition


@transaction.atomic
def publish_next(*, restatement: Restatement, user: User, remark: str, progress: Steps | None = None) -> Edition:
    """The next edition of a published year, which carries out ``restatement``; restating.py asks who may.

    ``restatement`` names who decided and when; its year is locked and holds still.
    """
    progress = progress or Unwatched()
    year = restatement.year
    before = Edition.objects.filter(year=year).defer("content").latest("number")
    # From here on the figures are those of the factors that are pinned.
    pin_factors(year, before.number + 1, restatement)
    progress.step(0, 0, _("Computing the figures"))
    loaded = load_figures(year)
    progress.step(1, _steps(loaded), _("Looking at what is missing"))
    found = checklist(year, loaded)
    if found.blocks:
        raise Refused(found.sentences)
    now = restatement.decided_at or timezone.now()
    imprint = Imprint(
        number=before.number + 1,
        previous_sha256=before.sha256,
        published_at=stamp(now),
        remark=remark,
        approving=restatement,
    )
    return _write(loaded, imprint, user=user, now=now, progress=progress)


def _steps(loaded: YearFigures) -> int:
    return _BESIDE_SITES + len(loaded.sites)


def _write(loaded: YearFigures, imprint: Imprint, *, user: User, now: dt.datetime, progress: Steps) -> Edition:
    """Writes the document and keeps it. The edition comes without its content, which may be long."""
    steps, words = _steps(loaded), _("Writing the edition")
    sha256 = write_document(loaded, imprint, lambda done, _all: progress.step(1 + done, steps, words))
    progress.step(steps - 1, steps, _("Sealing the edition"))
    edition = Edition.objects.create(
        year=loaded.year,
        number=imprint.number,
        content=RawSQL(WRITTEN, ()),  # noqa: S611 - a constant
        sha256=sha256,
        published_by=user,
        published_at=now,
        remark=imprint.remark,
    )
    progress.step(steps, steps)
    return Edition.objects.defer("content").get(pk=edition.pk)


def locked_year(pk: int) -> ReportingYear:
    """The year, for one at a time. Lock order: the year, then a restatement, then forms and statements."""
    return ReportingYear.objects.select_for_update(no_key=True).get(pk=pk)


def hold_still(year: ReportingYear) -> set[int]:
    """Nobody approves, reopens or rewrites anything of the year until the transaction ends; gives the forms it holds.

    Forms on which people still work are left to them, since a large year takes a while: what they save counts for
    nothing yet. ``require_still`` looks whether one of them was handed in and approved meanwhile.
    """
    held = set(
        _closed_forms(year).select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
    )
    statements = Statement.objects.filter(year=year)
    list(statements.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    return held


def _closed_forms(year: ReportingYear) -> QuerySet[Submission]:
    return Submission.objects.filter(period__year=year).exclude(state__in=OPEN_STATES)


def require_still(year: ReportingYear, held: set[int]) -> None:
    """Raises Refused where a form was approved that ``hold_still`` did not hold: figures would be of two moments."""
    if _closed_forms(year).filter(state=State.APPROVED).exclude(pk__in=held).exists():
        raise Refused([_("A form was approved in the meantime. Do it again, so that all figures are of one moment.")])


def stamp(moment: dt.datetime) -> str:
    """The moment of publication, to the second, with its offset."""
    return timezone.localtime(moment).isoformat(timespec="seconds")
