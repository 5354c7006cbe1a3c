"""Writes quantity records of several tables by one statement, whatever their number.

Columns travel as arrays. Rows that are there are updated and not upserted: an upsert sets off the triggers of both.
The triggers run at the end of the statement, for each table once, as if the tables were written one after the other.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import models

from apps.core.prepared import prepared
from apps.submissions.models import QuantityRecord

Rows = Mapping[type[QuantityRecord], Sequence[QuantityRecord]]

_TYPES: dict[type[models.Field[Any, Any]], str] = {
    models.BigAutoField: "bigint",
    models.ForeignKey: "bigint",
    models.CharField: "text",
    models.DecimalField: "numeric",
    models.DateTimeField: "timestamptz",
}


def write_rows(created: Rows, updated: Rows) -> None:
    """``created`` do not learn their keys. All of ``updated`` are there, for their submission is locked."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for rows, write in ((created, _insert), (updated, _update)):
        for model, records in rows.items():
            if records:
                prefix = f"w{len(parts)}"
                statement, names = write(model, prefix)
                parts.append(statement)
                kept = [record.__dict__ for record in records]
                values |= {f"{prefix}_{name}": [of_row[name] for of_row in kept] for name in names}
    if not parts:
        return
    written = " + ".join(f"(SELECT count(*) FROM w{place})" for place in range(len(parts)))  # noqa: S608
    with prepared() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT {written}", values)
        count = cursor.fetchone()[0]
    expected = sum(len(records) for rows in (created, updated) for records in rows.values())
    if count != expected:
        raise RuntimeError(f"{count} rows were written instead of {expected}")


@cache
def _insert(model: type[QuantityRecord], name: str) -> tuple[str, list[str]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(str(field.column) for field in fields)
    return (
        f"{name} AS (INSERT INTO {model._meta.db_table} ({columns}) "  # noqa: S608 - names of ours alone
        f"SELECT * FROM {_unnest(fields, name)} RETURNING 1)"
    ), [field.attname for field in fields]


@cache
def _update(model: type[QuantityRecord], name: str) -> tuple[str, list[str]]:
    """All but the key, the submission and the catalogue rows, which stay."""
    kept = {"submission", *model.row_fields}
    fields = [field for field in model._meta.concrete_fields if field.name not in kept]
    sets = ", ".join(f"{field.column} = v.{field.column}" for field in fields if not field.primary_key)
    columns = ", ".join(str(field.column) for field in fields)
    return (
        f"{name} AS (UPDATE {model._meta.db_table} r SET {sets} "  # noqa: S608 - names of ours alone
        f"FROM {_unnest(fields, name)} AS v ({columns}) "
        "WHERE r.id = v.id RETURNING 1)"
    ), [field.attname for field in fields]


def _unnest(fields: Sequence[Any], name: str) -> str:
    arrays = ", ".join(f"%({name}_{field.attname})s::{_type(field)}[]" for field in fields)
    return f"unnest({arrays})"


def _type(field: Any) -> str:
    return next(name for kind, name in _TYPES.items() if isinstance(field, kind))
