"""Who may see and do what with a submission. Each question stands beside its twin for lists."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.audit.models import Change
from apps.organisation.choices import Role
from apps.organisation.policies import READING_ROLES, has_role, in_scope
from apps.submissions.by_number import by_number
from apps.submissions.choices import OPEN_STATES, State, Verb
from apps.submissions.models import Submission, SubmissionEvent, Unlock
from apps.submissions.sections import sections

# Who enters, reviews or audits. The others keep the portal, for which nobody needs rows about single people.
_WORKING_ROLES = (Role.PREPARER, Role.REVIEWER, Role.LEAD_REVIEWER, Role.AUDITOR)
_REVIEWING_ROLES = (Role.REVIEWER, Role.LEAD_REVIEWER)
# A reviewer's remark is no work on the figures.
_NOT_PREPARATION = "submissions_comment"
# What rows call the person whose work they are: it counts also where nobody told the trail who acts.
_AUTHORS = ("entered_by_id", "stated_by_id", "uploaded_by_id", "written_by_id")


def _has(user: User, roles: tuple[Role, ...], submission: Submission) -> bool:
    return has_role(user, roles, submission.site_id, submission.section)


def _scope(user: User, roles: tuple[Role, ...]) -> Q:
    return in_scope(user, roles, "site_id", "section")


def personal_sections() -> list[str]:
    return [section.code for section in sections if section.is_personal]


def may_read_rows(user: User, site_id: int, section: str) -> bool:
    """Whether somebody may read what a site entered in a section."""
    roles = _WORKING_ROLES if section in personal_sections() else READING_ROLES
    return has_role(user, roles, site_id, section)


def rows_readable_by(user: User, site_path: str, section_path: str) -> Q:
    """The twin of ``may_read_rows``: rows whose site and section lie where somebody may read."""
    working = in_scope(user, _WORKING_ROLES, site_path, section_path)
    if not working:
        return working
    keeping = in_scope(user, READING_ROLES, site_path, section_path)
    return working | keeping & ~Q(**{f"{section_path}__in": personal_sections()})


def may_see(user: User, submission: Submission) -> bool:
    return may_read_rows(user, submission.site_id, submission.section)


def visible_to(user: User) -> Q:
    return rows_readable_by(user, "site_id", "section")


def may_prepare(user: User, submission: Submission) -> bool:
    """Works on this site and section, whether or not it is open now."""
    return _has(user, (Role.PREPARER,), submission)


def preparable_by(user: User) -> Q:
    return _scope(user, (Role.PREPARER,))


def may_edit(user: User, submission: Submission) -> bool:
    return submission.is_open and may_prepare(user, submission)


def editable_by(user: User) -> Q:
    return Q(state__in=OPEN_STATES) & preparable_by(user)


def may_review(user: User, submission: Submission) -> bool:
    """May comment, send back and, with other eyes than the preparer's, approve."""
    return _has(user, _REVIEWING_ROLES, submission)


def reviewable_by(user: User) -> Q:
    return _scope(user, _REVIEWING_ROLES)


def prepared_by(user: User) -> Q:
    """Submissions that ``user`` ever handed in, or with work of ``user`` in the audit trail of their rows.

    The trigger ``submissions_guard`` asks the same.
    """
    work = Q(actor_id=user.pk)
    for author in _AUTHORS:
        work |= Q(**{f"after__{author}": user.pk})
    own_rows = Change.objects.filter(work, submission_id=OuterRef("pk")).exclude(table=_NOT_PREPARATION)
    handed_in = SubmissionEvent.objects.filter(submission=OuterRef("pk"), verb=Verb.SUBMITTED, actor=user.pk)
    return Q(Exists(handed_in)) | Q(Exists(own_rows))


def may_approve(user: User, submission: Submission) -> bool:
    """Four eyes: neither handed it in nor changed a row of it."""
    return (
        submission.state == State.SUBMITTED
        and may_review(user, submission)
        and not Submission.objects.filter(prepared_by(user), pk=submission.pk).exists()
    )


def approvable_by(user: User) -> Q:
    return Q(state=State.SUBMITTED) & reviewable_by(user) & ~prepared_by(user)


def may_reopen(user: User, submission: Submission) -> bool:
    """An approved submission is opened again by a lead reviewer: until its year is published, then to restate it."""
    return (
        submission.state == State.APPROVED
        and _has(user, (Role.LEAD_REVIEWER,), submission)
        and (
            submission.period.year.published_at is None
            or Unlock.objects.filter(submission=submission, closed_at__isnull=True).exists()
        )
    )


def reopenable_by(user: User) -> Q:
    unlocked = Unlock.objects.filter(submission=OuterRef("pk"), closed_at__isnull=True)
    is_open = Q(period__year__published_at__isnull=True) | Q(Exists(unlocked))
    return Q(state=State.APPROVED) & is_open & _scope(user, (Role.LEAD_REVIEWER,))


def submissions_for(user: User) -> QuerySet[Submission]:
    """The one door to submissions on behalf of somebody."""
    return Submission.objects.filter(visible_to(user))


def access_submission(
    user: User, pk: int, *, to_edit: bool = False, to_review: bool = False, lock: bool = False
) -> Submission:
    """The submission, or 404 for a stranger, or 403 for somebody who may see and not do this."""
    submission = by_number(pk, lock=lock)
    if submission is None or not may_see(user, submission):
        raise Http404
    if to_edit and not may_prepare(user, submission) or to_review and not may_review(user, submission):
        raise PermissionDenied
    return submission
