"""Writes quantity records of several tables by one statement, whatever their number.

The rows of a table travel as one text of JSON: to make an array of each column takes the driver as long as the
database takes to write them. Rows that are there are updated and not upserted: an upsert sets off the triggers of both.
The triggers run at the end of the statement, for each table once, as if the tables were written one after the other.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from django.db import models

from apps.core.prepared import prepared
from apps.submissions.models import QuantityRecord, Submission

Rows = Mapping[type[QuantityRecord], Sequence[QuantityRecord]]

_TYPES: dict[type[models.Field[Any, Any]], str] = {
    models.BigAutoField: "bigint",
    models.ForeignKey: "bigint",
    models.CharField: "text",
    models.DecimalField: "numeric",
    models.DateTimeField: "timestamptz",
}


_TOUCH: Final = (
    "UPDATE submissions_submission SET revision = %(touch_revision)s::integer, saved_by_id = %(touch_by)s::bigint, "
    "saved_at = %(touch_at)s::timestamptz WHERE id = %(touch_pk)s::bigint"
)


def write_touched(submission: Submission) -> None:
    """Writes the revision of a submission, and who saved it when."""
    with prepared() as cursor:
        cursor.execute(_TOUCH, _touched(submission))


def _touched(submission: Submission) -> dict[str, Any]:
    return {
        "touch_revision": submission.revision,
        "touch_by": submission.saved_by_id,
        "touch_at": submission.saved_at,
        "touch_pk": submission.pk,
    }


def write_rows(created: Rows, updated: Rows, touched: Submission | None = None) -> None:
    """``created`` do not learn their keys. All of ``updated`` are there, for their submission is locked.

    With ``touched`` as ``write_touched`` does, in the same statement.
    """
    parts: list[str] = []
    values: dict[str, Any] = {}
    expected = 0
    # Those of a single form are found by its key: how many rows JSON holds the database cannot know, and for as many
    # as it believes it would rather read a small table from end to end.
    found_by = " AND r.submission_id = %(touch_pk)s::bigint" if touched is not None else ""
    for rows, write, where in ((created, _insert, ""), (updated, _update, found_by)):
        for model, records in rows.items():
            if records:
                prefix = f"w{len(parts)}"
                statement, names = write(model, prefix)
                parts.append(f"{prefix} AS ({statement}{where} RETURNING 1)")
                values[prefix] = _as_json([record.__dict__ for record in records], names)
                expected += len(records)
    if touched is not None:
        parts.append(f"w{len(parts)} AS ({_TOUCH} RETURNING 1)")
        values |= _touched(touched)
        expected += 1
    if not parts:
        return
    written = " + ".join(f"(SELECT count(*) FROM w{place})" for place in range(len(parts)))  # noqa: S608
    with prepared() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT {written}", values)
        count = cursor.fetchone()[0]
    if count != expected:
        raise RuntimeError(f"{count} rows were written instead of {expected}")


def _as_json(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> str:
    """Decimals and moments as text, which the database reads as what their columns are: no digit is lost."""
    keys = [(f"c{place}", name) for place, name in enumerate(names)]
    return json.dumps([{key: row[name] for key, name in keys} for row in rows], default=str)


@cache
def _insert(model: type[QuantityRecord], name: str) -> tuple[str, list[str]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(str(field.column) for field in fields)
    return (
        f"INSERT INTO {model._meta.db_table} ({columns}) SELECT * FROM {_rows(fields, name)}"  # noqa: S608 - our names
    ), [field.attname for field in fields]


@cache
def _update(model: type[QuantityRecord], name: str) -> tuple[str, list[str]]:
    """All but the key, the submission and the catalogue rows, which stay."""
    kept = {"submission", *model.row_fields}
    fields = [field for field in model._meta.concrete_fields if field.name not in kept]
    sets = ", ".join(f"{field.column} = v.c{place}" for place, field in enumerate(fields) if not field.primary_key)
    key = next(place for place, field in enumerate(fields) if field.primary_key)
    return (
        f"UPDATE {model._meta.db_table} r SET {sets} FROM {_rows(fields, name)} WHERE r.id = v.c{key}"  # noqa: S608
    ), [field.attname for field in fields]


def _rows(fields: Sequence[Any], name: str) -> str:
    columns = ", ".join(f"c{place} {_type(field)}" for place, field in enumerate(fields))
    return f"json_to_recordset(%({name})s::json) AS v ({columns})"


def _type(field: Any) -> str:
    return next(name for kind, name in _TYPES.items() if isinstance(field, kind))
