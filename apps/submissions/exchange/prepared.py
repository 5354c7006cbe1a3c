"""What a check found valid, ready to be written when it is confirmed: no row of the file is read or judged twice.

A check that finds no problem leaves the rows that it would write, as lines for COPY, with the ``Basis`` it rests on.
The confirmation locks the forms, compares the basis, and copies the lines. Where anything has moved since, however
small, it does not write them, and the file is read and checked anew.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import IO, Any, Final

from django.apps import apps
from django.db import connection
from django.db.models import DecimalField, F, ForeignKey
from django.utils import timezone

from apps.accounts.models import User
from apps.submissions.exchange.basis import Basis
from apps.submissions.models import QuantityRecord, Submission
from apps.submissions.services import Changes

_CONTENTS: Final = "contents.json"
_BLOCK: Final = 1 << 18
# Known only when the rows are written: who confirmed, and when.
_AT_THE_END: Final = ("entered_by_id", "entered_at")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(kw_only=True)
class _Contents:
    """``forms``: by section all forms that the file names; ``touched``: those that change. ``parts``: their names."""

    basis: str = ""
    forms: dict[str, list[int]] = field(default_factory=dict)
    touched: list[int] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)


class Preparing:
    """Takes the rows of a check as they come and keeps them on the disk. Close it, whatever happens."""

    def __init__(self, user: User) -> None:
        self._basis = Basis(user)
        self._contents = _Contents()
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by ``close``
        self._archive = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        # Whether all that was found can be kept as lines: what forms of registers read cannot.
        self.is_whole = True

    def about_to_read(self) -> None:
        """Call it before the first word of the file is looked up."""
        self._basis.note_words()

    def about_to_load(self, section: str, forms: Sequence[int]) -> None:
        """Call it before what is recorded in these forms is read, once for each section."""
        self._contents.forms[section] = sorted(forms)
        self._basis.note_forms(section, forms)

    def take(self, touched: Sequence[int], changes: Changes) -> None:
        """What some forms would become."""
        self.is_whole = self.is_whole and not changes.deleted
        self._contents.touched += touched
        for model, records in changes.created.items():
            self._add("create", model, _lines(model, records), len(records))
        for model, records in changes.updated.items():
            self._add("update", model, [json.dumps([_row(record) for record in records])], len(records))

    def _add(self, how: str, model: type[QuantityRecord], lines: Any, rows: int) -> None:
        name = f"{len(self._contents.parts)}"
        self._contents.parts.append({"name": name, "how": how, "model": model._meta.label, "rows": rows})
        self._archive.writestr(name, "".join(lines).encode())

    def finished(self) -> IO[bytes]:
        """The file, to be read from its beginning."""
        self._contents.basis = self._basis.text
        self._archive.writestr(_CONTENTS, json.dumps(asdict(self._contents)))
        self._archive.close()
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Removes the file."""
        self._archive.close()
        self._file.close()


def write_prepared(
    file: IO[bytes], digest: str, *, user: User, tell: Callable[[int, int], None]
) -> Mapping[str, Sequence[int]] | None:
    """Writes what a check left in ``file``, in the caller's transaction; None where that no longer holds.

    ``digest`` is that of the file when it was left. After None nothing was written, and the forms are locked. Returns
    the forms that the file names, by section.
    """
    if digest_of(file) != digest:
        return None
    with zipfile.ZipFile(file) as archive:
        contents = _Contents(**json.loads(archive.read(_CONTENTS)))
        if not _still_holds(contents, user):
            return None
        now = timezone.now()
        # First, for it is through this statement that the database learns who acts.
        if contents.touched:
            Submission.objects.filter(pk__in=contents.touched).update(
                revision=F("revision") + 1, saved_by=user, saved_at=now
            )
        done, total = 0, sum(part["rows"] for part in contents.parts)
        for part in contents.parts:
            tell(done, total)
            model = apps.get_model(part["model"])
            with archive.open(part["name"]) as lines:
                if part["how"] == "create":
                    _copy(model, lines, f"\t{user.pk}\t{now.isoformat()}\n".encode())
                else:
                    _update(model, lines.read().decode(), user, now.isoformat())
            done += part["rows"]
    return contents.forms


def _still_holds(contents: _Contents, user: User) -> bool:
    """Locks the forms, by their keys as everybody does, and looks whether all is as the check found it."""
    keys = [pk for forms in contents.forms.values() for pk in forms]
    locked = Submission.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    if len(locked.values_list("pk")) != len(keys):
        return False
    basis = Basis(user)
    basis.note_words()
    for section, forms in contents.forms.items():
        basis.note_forms(section, forms)
    return basis.text == contents.basis


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 of an open file, which stands at its beginning afterwards."""
    file.seek(0)
    digest = hashlib.sha256()
    for block in _blocks(file):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def _columns(model: Any) -> list[str]:
    return [
        field.attname
        for field in model._meta.concrete_fields
        if not field.primary_key and field.attname not in _AT_THE_END
    ]


class _Escaped(dict[str, str]):
    """Text as COPY reads it, each made once."""

    def __missing__(self, text: str) -> str:
        escaped = self[text] = text.translate(_ESCAPES)
        return escaped


def _lines(model: Any, records: Sequence[QuantityRecord]) -> Iterator[str]:
    """The records as COPY reads them, made column by column."""
    kept = [record.__dict__ for record in records]
    columns = []
    for name in _columns(model):
        kind = model._meta.get_field(name)
        values = [of_record[name] for of_record in kept]
        if isinstance(kind, DecimalField):
            columns.append(["\\N" if value is None else f"{value:f}" for value in values])
        elif isinstance(kind, ForeignKey):
            columns.append(["\\N" if value is None else str(value) for value in values])
        else:
            columns.append(list(map(_Escaped().__getitem__, values)))
    return (f"{line}\n" for line in map("\t".join, zip(*columns, strict=True)))


def _row(record: Any) -> dict[str, Any]:
    names = ["id", *_columns(type(record))]
    return {
        name: f"{value:f}" if isinstance(value, Decimal) else value
        for name in names
        for value in (record.__dict__[name],)
    }


def _copy(model: Any, lines: IO[bytes], end: bytes) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in (*_columns(model), *_AT_THE_END))
    with connection.wrap_database_errors, connection.cursor() as cursor:
        raw: Any = cursor.cursor
        with raw.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as copy:
            for block in _blocks(lines):
                copy.write(block.replace(b"\n", end))


def _blocks(lines: IO[bytes]) -> Iterator[bytes]:
    while block := lines.read(_BLOCK):
        yield block


def _update(model: Any, rows: str, user: User, now: str) -> None:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    keys = {"submission_id", *(f"{name}_id" for name in model.row_fields)}
    changed = ", ".join(f"{quote(name)} = n.{quote(name)}" for name in _columns(model) if name not in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} r SET {changed}, entered_by_id = %s, entered_at = %s "  # noqa: S608 - names of ours
            f"FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) n WHERE n.id = r.id",
            [user.pk, now, rows],
        )
