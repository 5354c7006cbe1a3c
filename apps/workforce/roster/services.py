"""Reading a roster for a form, and taking its totals over."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.formats import plain_text
from apps.submissions import policies, services
from apps.submissions.choices import Method
from apps.submissions.entry import Cell, Entered
from apps.submissions.exchange.tables import Table
from apps.submissions.models import Submission
from apps.submissions.services import SaveResult
from apps.workforce.models import RosterUpload, breakdown_rows
from apps.workforce.roster import pending
from apps.workforce.roster.derive import Derived, derive
from apps.workforce.roster.groups import Groups
from apps.workforce.sections import BREAKDOWN

# As many rows are named of each remark.
ROWS_NAMED: Final = 200


def groups_of(submission: Submission) -> Groups:
    """The groups that a roster may name in the period of ``submission``."""
    period = submission.period
    return Groups(row for row in breakdown_rows() if row.holds_during(period.starts_on, period.ends_on))


def read(*, submission: Submission, user: User, table: Table, content: bytes) -> tuple[Derived, str]:
    """What the roster comes to, and the digest of the file. Where nothing is wrong the totals wait to be confirmed."""
    if not policies.may_edit(user, submission):
        raise PermissionDenied
    period = submission.period
    derived = derive(table, breakdown_rows(), period.starts_on, period.ends_on)
    digest = hashlib.sha256(content).hexdigest()
    if not derived.problems:
        pending.keep(
            user,
            pending.Pending(
                digest=digest,
                submission_id=submission.pk,
                revision=submission.revision,
                line_count=derived.line_count,
                not_in_year=derived.not_in_year,
                totals={row: plain_text(total) for row, total in derived.totals.items()},
                remarks={remark.value: (len(rows), rows[:ROWS_NAMED]) for remark, rows in derived.remarks.items()},
                unread=derived.unread,
                sheet=table.sheet,
            ),
        )
    return derived, digest


@transaction.atomic
def take_over(
    *,
    submission_id: int,
    user: User,
    revision: int,
    totals: Mapping[str, Decimal],
    sha256: str,
    line_count: int,
) -> SaveResult:
    """Saves the totals of a roster and that they came from it: both, or neither.

    A conflict, or a total that its row does not take, stands in the result; nothing is saved then.
    """
    submission = Submission.objects.get(pk=submission_id, section=BREAKDOWN)
    if not policies.may_prepare(user, submission):
        raise PermissionDenied
    cells = {row: Cell(value=plain_text(total), how=Method.RECORDED) for row, total in totals.items()}
    result = services.save_entry(
        submission_id=submission_id, user=user, revision=revision, entered=Entered(cells=cells)
    )
    if result.conflict or result.problems:
        transaction.set_rollback(True)
        result.saved = 0
        return result
    uploads: Any = RosterUpload.objects
    uploads.update_or_create(
        submission=result.submission,
        sha256=sha256,
        defaults={"line_count": line_count, "entered_by": user, "entered_at": timezone.now()},
    )
    if not result.saved:
        # The totals stood there before; that they come from this roster is new.
        services.touch(result.submission, user)
    return result
