"""Corrections of a published year: opened, corrected the way everything is corrected, listed, and approved by another.

The approval publishes the next edition. Lock order: the year, then the restatement, then forms and statements.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.environment.sections import ENVIRONMENT_TARGETS
from apps.indicators.basis import Basis
from apps.indicators.computation import Figures, compute
from apps.indicators.declarations import tables
from apps.indicators.kpi_set import current_kpis
from apps.indicators.parts import FEW_SITES
from apps.organisation.models import ReportingYear, Site
from apps.reporting import policies
from apps.reporting.checklist import asked_figures
from apps.reporting.comparing import (
    Difference,
    WordsDifference,
    all_differences,
    reviews_differ,
    tables_differ,
    targets_differ,
    words_differ,
)
from apps.reporting.content.builder import provisions_of, tables_of
from apps.reporting.content.figures import load_figures
from apps.reporting.content.shape import GROUP, Content
from apps.reporting.content.targets import targets_of
from apps.reporting.factor_pins import prepared_for
from apps.reporting.models import (
    Edition,
    RestatedFigure,
    Restatement,
    RestatementKind,
    RestatementState,
    Statement,
    StatementState,
)
from apps.reporting.parts import rest_of
from apps.reporting.publishing import (
    Refused,
    Steps,
    Unwatched,
    hold_still,
    locked_year,
    publish_next,
    require_still,
)
from apps.submissions.choices import State
from apps.submissions.models import Submission, Unlock

RUNNING = (RestatementState.OPEN, RestatementState.PREPARED)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What is no longer as published: figures, and what is said of provisions, of targets or in tables."""

    figures: Sequence[Difference]
    words: Sequence[WordsDifference]


@transaction.atomic
def open_restatement(
    *,
    year: ReportingYear,
    user: User,
    kind: str,
    cause: dict[str, str],
    submission: Submission | None = None,
) -> Restatement:
    """A lead reviewer says what is wrong, in three languages; the form it names may then be reopened.

    ``cause`` is by language. Raises Refused with a sentence.
    """
    locked = locked_year(year.pk)
    if not policies.may_publish(user):
        raise PermissionDenied
    if locked.published_at is None:
        raise Refused([_("This year is not published. Correct it the usual way.")])
    if Restatement.objects.filter(year=locked, state__in=RUNNING).exists():
        raise Refused([_("Another restatement of this year is open. Finish or withdraw it first.")])
    causes = {language: text.strip() for language, text in cause.items()}
    if not all(causes.get(language) for language in ("en", "zh-hans", "zh-hant")):
        raise Refused([_("Say in all three languages what was wrong.")])
    form = _form(locked, submission) if kind == RestatementKind.DATA else None
    restatement = Restatement.objects.create(
        year=locked,
        kind=kind,
        submission=form,
        cause_en=causes["en"],
        cause_zh_hans=causes["zh-hans"],
        cause_zh_hant=causes["zh-hant"],
        opened_by=user,
    )
    if form is not None:
        Unlock.objects.create(submission=form, reason=restatement.cause_in(user.language), opened_by=user)
    return restatement


def _form(year: ReportingYear, submission: Submission | None) -> Submission:
    found = (
        Submission.objects.select_for_update(of=("self",)).filter(pk=submission.pk, period__year=year).first()
        if submission
        else None
    )
    if found is None or found.state != State.APPROVED:
        raise Refused([_("Choose the approved form of this year whose row was wrong.")])
    return found


def require_preparable(restatement: Restatement) -> None:
    """Whether its figures can be listed as things stand. Raises Refused with what to do."""
    _require(restatement, RestatementState.OPEN)
    _require_approved(restatement)


@transaction.atomic
def prepare(*, restatement_id: int, user: User, progress: Steps | None = None) -> Restatement:
    """Lists every figure that is not as published, for somebody else to approve. Raises Refused with what to do."""
    told = progress or Unwatched()
    restatement = _locked(restatement_id)
    if not policies.may_publish(user):
        raise PermissionDenied
    _require(restatement, RestatementState.OPEN)
    hold_still(restatement.year)
    _require_approved(restatement)
    comparing = _("Comparing with the published edition")
    told.step(0, 0, comparing)
    moved = what_moved(restatement, said=lambda done, total: told.step(done, total, comparing))
    if not moved.figures and not moved.words:
        raise Refused([_("Nothing differs from the published edition. Correct what was wrong, or withdraw this.")])
    last = restatement.figures.order_by("-round").first()
    _list(restatement, moved.figures, (last.round if last else 0) + 1)
    restatement.state = RestatementState.PREPARED
    restatement.prepared_by = user
    restatement.prepared_at = timezone.now()
    restatement.decision = ""
    restatement.save(update_fields=["state", "prepared_by", "prepared_at", "decision"])
    return restatement


def _list(restatement: Restatement, moved: Sequence[Difference], number: int) -> None:
    sites = {site.code: site for site in Site.objects.all()}
    RestatedFigure.objects.bulk_create(
        RestatedFigure(
            restatement=restatement,
            round=number,
            code=each.code,
            site=sites[each.site] if each.site != GROUP else None,
            old_value=each.old or "",
            new_value=each.new or "",
            change_percent=each.percent,
        )
        for each in moved
    )


@transaction.atomic
def approve(*, restatement_id: int, user: User, comment: str = "", progress: Steps | None = None) -> Edition:
    """Somebody who neither opened nor prepared it agrees: the next edition is published, and the form is locked again.

    Computes everything anew, and raises Refused where the list is no longer right.
    """
    progress = progress or Unwatched()
    restatement = _locked(restatement_id)
    if not policies.may_publish(user):
        raise PermissionDenied
    _require(restatement, RestatementState.PREPARED)
    if not policies.may_approve_restatement(user, restatement):
        raise PermissionDenied
    held = hold_still(restatement.year)
    _require_approved(restatement)
    progress.step(0, 3, _("Comparing with the list"))
    if _was_approved_since(restatement) or not _is_right(restatement, what_moved(restatement).figures):
        raise Refused([_("The figures moved since the list was made. Send it back and have it prepared again.")])
    now = timezone.now()
    restatement.decided_by = user
    restatement.decided_at = now
    edition = publish_next(restatement=restatement, user=user, remark=comment.strip(), progress=progress)
    require_still(restatement.year, held)
    restatement.state = RestatementState.APPROVED
    restatement.decision = comment.strip()
    restatement.edition = edition
    restatement.save(update_fields=["state", "decided_by", "decided_at", "decision", "edition"])
    _close(restatement)
    progress.step(3, 3)
    return edition


def _was_approved_since(restatement: Restatement) -> bool:
    """Whether its form was opened once more after the list was made: it may say other things that are no figures."""
    approved_at = restatement.submission.approved_at if restatement.submission else None
    return bool(approved_at and restatement.prepared_at and approved_at > restatement.prepared_at)


def _is_right(restatement: Restatement, moved: Sequence[Difference]) -> bool:
    listed = {
        (each.code, each.site.code if each.site else GROUP): (each.old_value, each.new_value)
        for each in listed_figures(restatement)
    }
    return listed == {(each.code, each.site): (each.old or "", each.new or "") for each in moved}


def listed_figures(restatement: Restatement) -> list[RestatedFigure]:
    """Those of the last preparation."""
    figures = list(restatement.figures.select_related("site"))
    last = max((figure.round for figure in figures), default=0)
    return [figure for figure in figures if figure.round == last]


@transaction.atomic
def send_back(*, restatement_id: int, user: User, reason: str) -> Restatement:
    """Whoever is asked to approve, or prepared it, has it corrected first."""
    restatement = _locked(restatement_id)
    if not policies.may_publish(user):
        raise PermissionDenied
    _require(restatement, RestatementState.PREPARED)
    if not reason.strip():
        raise Refused([_("Say why it goes back.")])
    restatement.state = RestatementState.OPEN
    restatement.decision = reason.strip()
    restatement.save(update_fields=["state", "decision"])
    return restatement


@transaction.atomic
def withdraw(*, restatement_id: int, user: User, reason: str) -> Restatement:
    """Nothing was wrong after all: what it opened is approved again as it was published."""
    restatement = _locked(restatement_id)
    if not policies.may_publish(user):
        raise PermissionDenied
    _require(restatement, *RUNNING)
    if not reason.strip():
        raise Refused([_("Say why it is withdrawn.")])
    hold_still(restatement.year)
    _require_approved(restatement)
    if _left_something(restatement):
        raise Refused([_("What it corrected differs from the published edition. Undo the correction, or prepare it.")])
    restatement.state = RestatementState.WITHDRAWN
    restatement.decision = reason.strip()
    restatement.decided_by = user
    restatement.decided_at = timezone.now()
    restatement.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    _close(restatement)
    return restatement


def _left_something(restatement: Restatement) -> bool:
    """Whether what it opened is not as it was: what its form says, or words. A method changes nothing until then."""
    if restatement.kind == RestatementKind.METHOD:
        return False
    form = restatement.submission
    moved = what_moved(restatement, {form.site.code} if form else set())
    if form is None:
        return bool(moved.words)
    kpis = current_kpis()
    return any(each.section == form.section for each in moved.words) or any(
        each.code not in kpis or form.section in kpis.sections(kpis[each.code])
        for each in moved.figures
        if each.site in (GROUP, form.site.code)
    )


def what_moved(
    restatement: Restatement,
    of: Collection[str] | None = None,
    said: Callable[[int, int], None] = lambda _done, _total: None,
) -> Moved:
    """Everything that is not as in the newest edition, computed the way the next one would be.

    ``of`` are the only sites whose figures are compared, beside the group; ``said`` is told of how many sites how many
    were compared.
    """
    year = restatement.year
    edition = newest_edition(year)
    content = rest_of(edition.pk, edition.sha256)
    loaded = load_figures(year, history=2, prepared=prepared_for(year, restatement))
    targets = targets_of(loaded)
    if restatement.kind == RestatementKind.WORDS:
        statements = list(Statement.objects.filter(year=year))
        provisions = provisions_of(loaded, asked_figures(loaded, statements))
        words = [*words_differ(content, provisions), *reviews_differ(content, targets)]
    else:
        # What forms say beside the figures, and the catalogue of targets.
        section_of = {table.code: table.section for table in tables}
        words = [
            *targets_differ(content, targets, ENVIRONMENT_TARGETS.code),
            *tables_differ(content, tables_of(loaded), section_of),
        ]
    return Moved(figures=all_differences(edition, loaded.for_reader, said, of=of), words=words)


def compares_many() -> bool:
    """Whether the group has more sites than one request compares."""
    return Site.objects.count() > FEW_SITES


def shown_sites(restatement: Restatement) -> set[str] | None:
    """The sites whose figures its page compares: of a large group that of its form; None is all of them."""
    if not compares_many():
        return None
    return {restatement.submission.site.code} if restatement.submission else set()


def figures_now(year: ReportingYear, restatement: Restatement | None = None) -> Figures:
    """The figures of the year from the live rows, with the factors that hold for it or that a restatement brings."""
    return compute(
        year=year,
        sites=list(Site.objects.all()),
        basis=Basis.APPROVED,
        kpis=current_kpis(),
        prepared=prepared_for(year, restatement),
    )


def newest_edition(year: ReportingYear) -> Edition:
    """The edition that holds, without its content."""
    return Edition.objects.filter(year=year).defer("content").latest("number")


def newest_words(year: ReportingYear) -> Content:
    """What the edition that holds says beside its figures, with their titles and units."""
    edition = newest_edition(year)
    return rest_of(edition.pk, edition.sha256)


def _locked(pk: int) -> Restatement:
    year = Restatement.objects.values_list("year", flat=True).get(pk=pk)
    locked_year(year)
    return (
        Restatement.objects.select_related("year", "submission__site", "submission__period")
        .select_for_update(of=("self",))
        .get(pk=pk)
    )


def _require(restatement: Restatement, *states: RestatementState) -> None:
    if restatement.state not in states:
        raise Refused(
            [
                _("This restatement is now “%(state)s”; somebody was quicker. Reload the page to see it.")
                % {"state": restatement.get_state_display()}
            ]
        )


def _require_approved(restatement: Restatement) -> None:
    """The form it names, and every statement it touched, went the whole way."""
    form = restatement.submission
    if form is not None and form.state != State.APPROVED:
        raise Refused([_("“%(form)s” is not approved again yet. Have it handed in and approved.") % {"form": form}])
    if restatement.kind == RestatementKind.WORDS:
        waiting = Statement.objects.filter(year=restatement.year).exclude(state=StatementState.APPROVED)
        codes = ", ".join(each.code for each in waiting if each.text_en or each.text_zh_hans or each.text_zh_hant)
        if codes:
            raise Refused([_("These statements are not approved yet: %(codes)s.") % {"codes": codes}])


def _close(restatement: Restatement) -> None:
    if restatement.submission is not None:
        Unlock.objects.filter(submission=restatement.submission, closed_at__isnull=True).update(
            closed_at=timezone.now()
        )
