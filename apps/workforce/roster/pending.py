"""What a roster came to, between preview and confirmation: for its person and form alone, for an hour.

The roster itself is kept nowhere. Of its lines there are only the row numbers of those to look at.
"""

from dataclasses import asdict, dataclass
from typing import Final

from django.core.cache import cache

from apps.accounts.models import User

_SECONDS: Final = 3600


@dataclass(frozen=True, kw_only=True)
class Pending:
    """Totals that were shown and not yet taken over. ``digest`` is that of the file; totals are text by row id."""

    digest: str
    submission_id: int
    revision: int
    line_count: int
    not_in_year: int
    totals: dict[str, str]
    # Of each remark how many lines, and the rows of the first ones.
    remarks: dict[str, tuple[int, list[int]]]
    unread: list[str]
    sheet: str


def _key(user: User, submission_id: int) -> str:
    return f"roster-pending-{user.pk}-{submission_id}"


def keep(user: User, pending: Pending) -> None:
    """Takes the place of what the same person derived for the same form before."""
    cache.set(_key(user, pending.submission_id), asdict(pending), _SECONDS)


def find(user: User, submission_id: int, digest: str) -> Pending | None:
    """The totals of this very file, or None when they have expired or another file took its place."""
    kept = cache.get(_key(user, submission_id))
    return Pending(**kept) if kept is not None and kept["digest"] == digest else None


def forget(user: User, submission_id: int) -> None:
    cache.delete(_key(user, submission_id))
