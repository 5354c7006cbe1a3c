"""Compares the kept sums with the records, and makes them anew. ``verify_sums`` and ``verify_audit`` ask here."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from apps.audit.proofs import Proof, proofs
from apps.indicators.sum_triggers import KeptSum
from apps.indicators.sums.models import YearlySum, sum_models


def kept_sum(model: type[YearlySum]) -> KeptSum:
    """How the database keeps it."""
    fields: list[Any] = [model._meta.get_field(name) for name in model.records.row_fields]
    return KeptSum(
        table=model._meta.db_table,
        records=model.records._meta.db_table,
        columns=tuple(field.column for field in fields),
    )


def broken_sums() -> Iterator[str]:
    """Every sum that is not that of the approved records, in a sentence; one comparison for each table."""
    for model in sum_models():
        kept = kept_sum(model)
        with connection.cursor() as cursor:
            cursor.execute(kept.differences)
            for site, year, line, was, now in cursor.fetchall():
                yield f"{kept.table}: {site}, {year}, {line}: kept is {was}, the records say {now}"


@transaction.atomic
def rebuild() -> None:
    """Makes all sums anew from the records. Approvals wait until it is done.

    Only the owner of the tables can: it switches their guard off for the length of its transaction.
    """
    with connection.cursor() as cursor:
        for model in sum_models():
            cursor.execute(kept_sum(model).rebuild)


proofs.register(Proof(code="yearly_sums", differences=broken_sums))
