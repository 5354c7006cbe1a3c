"""Writing the rows of a file: new ones by COPY, which takes a third of the time of an INSERT with as many values."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from apps.submissions.models import QuantityRecord
from apps.submissions.services import Changes


def write_changes(changes: Changes) -> None:
    """Writes everything noted in ``changes``, as ``Changes.write`` does.

    COPY passes by what tells the database who acts: call it after a statement that writes, in the same transaction.
    Constraints, locks and the audit trail see its rows like those of any other statement.
    """
    for model, records in changes.created.items():
        _copy(model, records)
    changes.created = {}
    changes.write()


def _copy(model: type[QuantityRecord], records: Sequence[QuantityRecord]) -> None:
    """Adds ``records``, which do not learn their keys."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [field.attname for field in fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor:
        raw: Any = cursor.cursor
        with raw.copy(statement) as copy:
            for record in records:
                kept = record.__dict__
                copy.write_row([kept[name] for name in names])
