"""Seals: SHA-256 over the canonical form of what was approved and over the seal before it.

A trigger can be switched off by a superuser of the database; a seal cannot be made to fit afterwards without
rewriting every later one, and the newest digest can be kept elsewhere. ``verify`` recomputes them all, and the
digests of the evidence files, whose bytes lie outside the database.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import SuspiciousFileOperation
from django.db import connection, models

from apps.core.formats import plain_text
from apps.submissions.evidence import digest_of
from apps.submissions.models import KeptFile, Seal, Submission
from apps.submissions.sections import Grid, sections

# Any fixed number: makes approvals take their place in the chain one after another.
_CHAIN_LOCK: Final = 601_601


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain_text(value)
    if value is None or isinstance(value, bool | int | str | list):
        return value
    return str(value)


def _rows(queryset: models.QuerySet[Any], names: list[str], *order: str) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row.items()} for row in queryset.order_by(*order).values(*names)]


def content(submission: Submission) -> dict[str, Any]:
    """What a reviewer approves: identity, stamps, every row with the codes and unit of its catalogue rows, attachments,
    and the moves that led here.
    """
    section = sections[submission.section]
    tables: dict[str, list[dict[str, Any]]] = {}
    for table in section.tables:
        # Catalogue rows are told by their codes; other rows, such as the injury of a follow-up, by their number.
        references = {"submission", "entered_by", *table.model.row_fields}
        stored = [
            field.name
            for field in table.model._meta.concrete_fields
            if field.name not in references and field.name != "entered_at"
        ]
        told = [f"{name}__code" for name in table.model.row_fields]
        if isinstance(table, Grid):
            told.append(f"{table.item_field}__unit_code")
        tables[table.code] = _rows(
            table.model._default_manager.filter(submission=submission.pk),
            [*stored, *told, "entered_by_id"],
            "pk",
        )
    return {
        "submission": submission.pk,
        "site": submission.site.code,
        "period": submission.period.code,
        "year": submission.period.year.code,
        "section": submission.section,
        "revision": submission.revision,
        "submitted_by": submission.submitted_by_id,
        "submitted_at": _plain(submission.submitted_at),
        "approved_by": submission.approved_by_id,
        "approved_at": _plain(submission.approved_at),
        "tables": tables,
        "nothing_to_report": _rows(submission.empty_tables.all(), ["table"], "table"),
        "explanations": _rows(
            submission.explanations.all(), ["finding", "row", "fingerprint", "text", "written_by_id"], "pk"
        ),
        "evidence": _rows(submission.evidence.all(), ["row", "name", "size_bytes", "sha256"], "pk"),
        "events": _rows(
            submission.events.all(), ["verb", "actor_id", "at", "comment", "revision", "findings"], "revision"
        ),
    }


def canonical(submission: Submission) -> str:
    return json.dumps(content(submission), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(previous: str, text: str) -> str:
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def seal(submission: Submission) -> Seal:
    """Adds the seal of an approval to the chain. Call it inside the transaction that approves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    last = Seal.objects.order_by("-pk").values_list("digest", flat=True).first() or ""
    text = canonical(submission)
    return Seal.objects.create(
        submission=submission,
        revision=submission.revision,
        content=text,
        previous_digest=last,
        digest=digest(last, text),
    )


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Something that is not as it was sealed or logged."""

    where: str
    what: str


def verify() -> Iterator[Difference]:
    """Recomputes the chain, compares every approved submission with its seal and every file with its digest."""
    yield from _verify_chain()
    yield from _verify_approved()
    yield from _verify_files()


def _verify_chain() -> Iterator[Difference]:
    previous = ""
    for entry in Seal.objects.order_by("pk").iterator(chunk_size=200):
        if entry.previous_digest != previous:
            yield Difference(where=f"seal {entry.pk}", what="a seal before it was removed or changed")
        if entry.digest != digest(entry.previous_digest, entry.content):
            yield Difference(where=f"seal {entry.pk}", what="its digest does not fit its content")
        previous = entry.digest


def _verify_approved() -> Iterator[Difference]:
    # Of one approval the first seal: a second one, put behind it later, proves nothing.
    seals = Seal.objects.filter(submission=models.OuterRef("pk"), revision=models.OuterRef("revision")).order_by("pk")
    sealed_content = models.Subquery(seals.values("content")[:1])
    approved = Submission.objects.approved().with_place().annotate(sealed=sealed_content).order_by("pk")
    for submission in approved.iterator(chunk_size=100):
        sealed: str | None = getattr(submission, "sealed")  # noqa: B009 - an annotation the model does not know
        where = f"{submission.site.code} {submission.period.code} {submission.section}"
        if sealed is None:
            yield Difference(where=where, what="approved without a seal")
        else:
            yield from _compare(where, json.loads(sealed), content(submission))


def _compare(where: str, sealed: Any, current: Any, path: str = "") -> Iterator[Difference]:
    """Walks both trees and names each leaf that differs, rows by their id."""
    if isinstance(sealed, list) and isinstance(current, list):
        sealed, current = _by_identity(sealed), _by_identity(current)
    if isinstance(sealed, dict) and isinstance(current, dict):
        for key in sorted({*sealed, *current}, key=str):
            inner = f"{path}.{key}" if path else str(key)
            if key not in current:
                yield Difference(where=where, what=f"{inner}: sealed, now gone")
            elif key not in sealed:
                yield Difference(where=where, what=f"{inner}: added after the approval")
            else:
                yield from _compare(where, sealed[key], current[key], inner)
    elif sealed != current:
        yield Difference(where=where, what=f"{path}: sealed {sealed!r}, now {current!r}")


def _by_identity(rows: list[Any]) -> dict[str, Any]:
    return {
        f"row {row['id']}" if isinstance(row, dict) and "id" in row else str(index): row
        for index, row in enumerate(rows)
    }


def _kept_files() -> Iterator[KeptFile]:
    for model in apps.get_models():
        if issubclass(model, KeptFile):
            yield from model._default_manager.order_by("pk").iterator(chunk_size=200)


def _verify_files() -> Iterator[Difference]:
    for kept in _kept_files():
        where = f"{kept._meta.verbose_name} {kept.pk} ({kept.name})"
        try:
            with kept.file.open("rb") as file:
                found = digest_of(file)
        except (OSError, ValueError, SuspiciousFileOperation) as error:
            yield Difference(where=where, what=f"its file cannot be read: {error}")
        else:
            if found != kept.sha256:
                yield Difference(where=where, what="the bytes of its file are not those that were attached")
