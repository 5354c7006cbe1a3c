"""What the pages of a form say once its year is published: that it stays, or why it may be corrected."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.organisation.policies import has_role_of_group
from apps.submissions.choices import State
from apps.submissions.models import Submission, Unlock


@dataclass(frozen=True, kw_only=True)
class Published:
    """``note`` is empty while the year is not published, which asks the database nothing.

    ``may_restate``: the person may open a restatement of this form.
    """

    note: str = ""
    may_restate: bool = False


def published(submission: Submission, user: User) -> Published:
    """For the entry page and the review page alike."""
    year = submission.period.year
    if year.published_at is None:
        return Published()
    unlock = Unlock.objects.filter(submission=submission, closed_at__isnull=True).first()
    if unlock is not None:
        note = _("The year %(year)s is published. This form is unlocked for a restatement: %(reason)s")
        return Published(note=note % {"year": year.code, "reason": unlock.reason})
    if submission.state != State.APPROVED:
        note = _("The year %(year)s was published without this form. What is approved now differs from it.")
        return Published(note=note % {"year": year.code})
    return Published(
        note=_("The year %(year)s is published, so this form stays as it is. A restatement corrects it.")
        % {"year": year.code},
        may_restate=has_role_of_group(user, (Role.LEAD_REVIEWER,)),
    )
