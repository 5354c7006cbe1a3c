"""Writing a file of suppliers: all of it or nothing, in a fixed number of statements."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.submissions.exchange.tables import Table
from apps.supply_chain import policies
from apps.supply_chain.models import Supplier
from apps.supply_chain.register.reading import Line, Reading, read
from apps.supply_chain.register.services import take_turns

_BATCH = 2000


@transaction.atomic
def take_in(*, user: User, table: Table) -> Reading:
    """Reads ``table`` and, where nothing is wrong with it, writes what is new or changed."""
    if not policies.may_keep_suppliers(user):
        raise PermissionDenied
    take_turns()
    reading = read(table, policies.sites_kept(user))
    if reading.problems:
        return reading
    Supplier.objects.bulk_create([line.supplier for line in reading.new], batch_size=_BATCH)
    fields = [field.name for field in Supplier._meta.concrete_fields if field.name not in ("id", "code")]
    changed = reading.changed
    if changed:
        Supplier.objects.bulk_create(
            [line.supplier for line in changed],
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=fields,
        )
    touched = [*reading.new, *changed]
    _tie(Supplier.supplies.through, "supplycategory_id", [(line, line.supplies) for line in touched])
    _tie(Supplier.sites.through, "site_id", [(line, line.sites) for line in touched])
    return reading


def _tie(through: Any, column: str, wanted: Sequence[tuple[Line, Iterable[int]]]) -> None:
    """Makes the ties of these suppliers the wanted ones; those that are there already stay untouched."""
    asked = {(line.supplier.pk, other) for line, others in wanted for other in others}
    suppliers = [line.supplier.pk for line, _others in wanted if not line.is_new]
    stored = {
        (supplier, other): pk
        for pk, supplier, other in through.objects.filter(supplier__in=suppliers).values_list(
            "pk", "supplier_id", column
        )
    }
    gone = [pk for tie, pk in stored.items() if tie not in asked]
    through.objects.filter(pk__in=gone).delete()
    through.objects.bulk_create(
        [through(supplier_id=supplier, **{column: other}) for supplier, other in sorted(asked - stored.keys())],
        batch_size=_BATCH,
    )
