"""One submission with its place, as every page of a form needs it."""

from functools import cache
from typing import Final

from apps.accounts.models import User
from apps.audit.context import select_and_tell
from apps.core.prepared import Columns, prepared
from apps.organisation.models import Period, ReportingYear, Site
from apps.submissions.models import Submission

_BITS_OF_A_KEY = 63
_FOUND: Final = (
    "FROM submissions_submission s JOIN organisation_site site ON site.id = s.site_id "
    "JOIN organisation_period p ON p.id = s.period_id JOIN organisation_reportingyear y ON y.id = p.year_id "
    "LEFT JOIN accounts_user u ON u.id = s.saved_by_id WHERE s.id = %(pk)s::bigint"
)


def by_number(pk: int, *, lock: bool = False) -> Submission | None:
    """The submission with site, period, year and whoever saved it last; ``lock`` keeps others from changing it.

    It asks no policy: that is ``policies.access_submission``.
    """
    if pk.bit_length() > _BITS_OF_A_KEY:
        return None
    columns = _columns()
    with prepared() as cursor:
        if lock:
            row = select_and_tell(cursor, columns.sql, f"{_FOUND} FOR UPDATE OF s", {"pk": pk})
        else:
            cursor.execute(f"SELECT {columns.sql} {_FOUND}", {"pk": pk})  # noqa: S608 - names of ours alone
            row = cursor.fetchone()
    if row is None:
        return None
    submission: Submission
    submission, site, period, year, saved_by = columns.models(row)
    period.year = year
    submission.site, submission.period, submission.saved_by = site, period, saved_by
    return submission


@cache
def _columns() -> Columns:
    return Columns(("s", Submission), ("site", Site), ("p", Period), ("y", ReportingYear), ("u", User))
