"""Writing who holds which position. Whoever holds one today is asked to sign at once, if nobody asked them yet."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.campaigns.services import open_by_themselves
from apps.anti_corruption.holders.reading import Reading, read
from apps.anti_corruption.models import PostHolder
from apps.submissions.exchange.tables import Table


class HolderError(ValueError):
    """What cannot be kept of a position; the text says why and what to do."""


def _take_turns() -> None:
    """Two people who write at once would not see each other's spans. Readers go on reading."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE anti_corruption_postholder IN SHARE ROW EXCLUSIVE MODE")


def _cleaned(holder: PostHolder) -> None:
    try:
        holder.full_clean()
    except ValidationError as error:
        raise HolderError(" ".join(error.messages)) from error


@transaction.atomic
def add_holder(*, user: User, holder: PostHolder) -> PostHolder:
    """Puts somebody into a position at one of one's sites. Raises HolderError with a sentence."""
    if holder.site_id is None or not policies.is_officer(user, holder.site_id):
        raise PermissionDenied
    _take_turns()
    _cleaned(holder)
    holder.save(force_insert=True)
    open_by_themselves()
    return holder


@transaction.atomic
def end_holder(*, user: User, holder_id: int, until: dt.date) -> PostHolder:
    """Says until which day somebody holds a position; what they were asked to sign stays asked."""
    _take_turns()
    holder = policies.access_holder(user, holder_id, to_keep=True)
    if until < holder.valid_from:
        raise HolderError(_("The last day lies before the first."))
    holder.valid_until = until
    _cleaned(holder)
    holder.save(update_fields=["valid_until"])
    return holder


@transaction.atomic
def import_holders(*, user: User, table: Table) -> Reading:
    """Reads ``table`` and, where nothing is wrong with it, writes what is new or changed: all of it or nothing."""
    if not policies.is_officer(user):
        raise PermissionDenied
    _take_turns()
    reading = read(table, user)
    if reading.problems:
        return reading
    # Ends first: nobody holds a position twice at a time, not even in between.
    PostHolder.objects.bulk_update(reading.changed, ["valid_until"])
    PostHolder.objects.bulk_create(reading.new)
    if reading.new or reading.changed:
        open_by_themselves()
    return reading
