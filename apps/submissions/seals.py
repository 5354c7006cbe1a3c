"""Seals: SHA-256 over the canonical form of what was approved and over the seal before it.

A trigger can be switched off by a superuser of the database; a seal cannot be made to fit afterwards without
rewriting every later one, and the newest digest can be kept elsewhere. ``verify`` recomputes them all, and the
digests of the evidence files, whose bytes lie outside the database.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import SuspiciousFileOperation
from django.db import connection, models

from apps.core.files import StoreUnreachable
from apps.core.formats import plain_text
from apps.submissions.evidence import digest_of
from apps.submissions.models import (
    Evidence,
    Explanation,
    KeptFile,
    NothingToReport,
    Seal,
    Submission,
    SubmissionEvent,
)
from apps.submissions.sections import Grid, Table, sections

# Any fixed number: makes approvals take their place in the chain one after another.
_CHAIN_LOCK: Final = 601_601
# Submissions that are compared with their seals at a time.
_TOGETHER: Final = 200

# What a table says, by the number of the submission.
_BySubmission = dict[int, list[dict[str, Any]]]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain_text(value)
    if value is None or isinstance(value, bool | int | str | list):
        return value
    return str(value)


def content(submission: Submission) -> dict[str, Any]:
    """What a reviewer approves: identity, stamps, every row with the codes and unit of its catalogue rows, attachments,
    and the moves that led here.
    """
    return contents([submission])[submission.pk]


def contents(submissions: Sequence[Submission]) -> dict[int, dict[str, Any]]:
    """The content of each, by number, with as many questions as for one. Give them ``with_place``."""
    by_section: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        by_section[submission.section].append(submission)
    found: dict[int, dict[str, Any]] = {}
    for code, of_section in by_section.items():
        attached = _attached([submission.pk for submission in of_section])
        tables = {table.code: _records(table, of_section) for table in sections[code].tables}
        for submission in of_section:
            found[submission.pk] = {
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
                "tables": {table: rows[submission.pk] for table, rows in tables.items()},
                **{name: rows[submission.pk] for name, rows in attached.items()},
            }
    return found


def _records(table: Table, submissions: Sequence[Submission]) -> _BySubmission:
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
    return _rows(
        table.model._default_manager.filter(submission__in=[submission.pk for submission in submissions]),
        [*stored, *told, "entered_by_id"],
        "pk",
    )


def _attached(submissions: Sequence[int]) -> dict[str, _BySubmission]:
    def of(model: type[models.Model], names: list[str], order: str) -> _BySubmission:
        return _rows(model._default_manager.filter(submission__in=submissions), names, order)

    return {
        "nothing_to_report": of(NothingToReport, ["table"], "table"),
        "explanations": of(Explanation, ["finding", "row", "fingerprint", "text", "written_by_id"], "pk"),
        "evidence": of(Evidence, ["row", "name", "size_bytes", "sha256"], "pk"),
        "events": of(SubmissionEvent, ["verb", "actor_id", "at", "comment", "revision", "findings"], "revision"),
    }


def _rows(queryset: models.QuerySet[Any], names: list[str], order: str) -> _BySubmission:
    by_submission: _BySubmission = defaultdict(list)
    for submission, *values in queryset.order_by(order).values_list("submission_id", *names):
        by_submission[submission].append({name: _plain(value) for name, value in zip(names, values, strict=True)})
    return by_submission


def canonical(told: dict[str, Any]) -> str:
    """The one way in which a content is written down."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(previous: str, text: str) -> str:
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def seal(*submissions: Submission) -> None:
    """Adds the seals of approvals to the chain. Call it inside the transaction that approves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    last = Seal.objects.order_by("-pk").values_list("digest", flat=True).first() or ""
    told = contents(submissions)
    seals = []
    for submission in submissions:
        text = canonical(told[submission.pk])
        seals.append(
            Seal(
                submission=submission,
                revision=submission.revision,
                content=text,
                previous_digest=last,
                digest=digest(last, text),
            )
        )
        last = seals[-1].digest
    Seal.objects.bulk_create(seals)


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
    rest = approved.iterator(chunk_size=_TOGETHER)
    while some := list(islice(rest, _TOGETHER)):
        current = contents(some)
        for submission in some:
            sealed: str | None = getattr(submission, "sealed")  # noqa: B009 - an annotation the model does not know
            where = f"{submission.site.code} {submission.period.code} {submission.section}"
            if sealed is None:
                yield Difference(where=where, what="approved without a seal")
            else:
                yield from _compare(where, json.loads(sealed), current[submission.pk])


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
        except StoreUnreachable as error:
            # It would be the same with each of them.
            yield Difference(where="evidence", what=f"no file could be compared from here on. {error}")
            return
        except (OSError, ValueError, SuspiciousFileOperation) as error:
            yield Difference(where=where, what=f"its file cannot be read: {error}")
        else:
            if found != kept.sha256:
                yield Difference(where=where, what="the bytes of its file are not those that were attached")
