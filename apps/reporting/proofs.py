"""What ``verify_audit`` and ``check_figures`` ask of editions: the digests of their bytes and files, their chain."""

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.db import connection

from apps.audit.proofs import Proof, proofs
from apps.organisation.models import ReportingYear
from apps.reporting.content.canonical import canonical
from apps.reporting.models import Edition, EditionFile
from apps.reporting.part_triggers import BROKEN_PARTS
from apps.reporting.pieces import content_pieces, file_pieces, rows_of

# A figure of these is a row of its own.
_LONG: Final = ("calculations", "figures")
_MEMBERS: Final = """
SELECT d.key, f.key AS code, coalesce(f.value, d.value)::text
FROM reporting_edition e CROSS JOIN LATERAL json_each(e.content::json) d
LEFT JOIN LATERAL json_each(CASE WHEN d.key IN ('calculations', 'figures') THEN d.value END) f ON true
WHERE e.id = %s ORDER BY d.key COLLATE "C", f.key COLLATE "C"
"""


def broken_editions(year: ReportingYear | None = None) -> Iterator[str]:
    """Editions that are not as they were published, of one year or of all, in a sentence each."""
    editions = Edition.objects.select_related("year").defer("content").order_by("year__starts_on", "number")
    before: Edition | None = None
    for edition in editions.filter(year=year) if year else editions:
        same_year = before is not None and before.year_id == edition.year_id
        previous, number = (before.sha256, before.number) if before is not None and same_year else ("", 0)
        yield from _broken(edition, previous, number)
        before = edition


def _broken(edition: Edition, previous: str, number_before: int) -> Iterator[str]:
    if _digest_of(content_pieces(edition.pk)) != edition.sha256:
        yield f"edition {edition}: its content does not have the digest {edition.sha256}"
        return
    members, written = _members(edition.pk)
    if written != edition.sha256:
        yield f"edition {edition}: its content is not written the canonical way"
    if members["previous_sha256"] != previous or edition.number != number_before + 1:
        yield f"edition {edition}: it does not follow the edition before it"
    if (members["number"], members["year"]["code"]) != (edition.number, edition.year.code):
        yield f"edition {edition}: its content speaks of another edition"


def _digest_of(pieces: Iterator[bytes]) -> str:
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()


def _members(pk: int) -> tuple[dict[str, Any], str]:
    """The short members of a document, and the digest that it has when all of it is written the canonical way.

    The long ones are read and written a figure at a time. What stands there twice counts once, as it does for whoever
    reads the document.
    """
    members: dict[str, Any] = {}
    found = hashlib.sha256()
    before = "{"
    for key, rows in groupby(rows_of(_MEMBERS, pk), key=itemgetter(0)):
        found.update(f"{before}{canonical(key)}:".encode())
        before = ","
        if key not in _LONG:
            members[key] = json.loads(list(rows)[-1][2])
            found.update(canonical(members[key]).encode())
            continue
        opening = "{"
        for code, same in groupby((row for row in rows if row[1] is not None), key=itemgetter(1)):
            text = list(same)[-1][2]
            found.update(f"{opening}{canonical(code)}:{canonical(json.loads(text))}".encode())
            opening = ","
        found.update(b"{}" if opening == "{" else b"}")
    found.update(b"}")
    return members, found.hexdigest()


def broken_parts(year: ReportingYear | None = None) -> Iterator[str]:
    """Parts of editions that are not cut from what the edition says; the database compares them."""
    with connection.cursor() as cursor:
        cursor.execute(BROKEN_PARTS, [year.pk if year else None])
        for code, number, place in cursor.fetchall():
            yield f"edition {code} · {number}: its part {place or 'of the group'} is not what it says"


def broken_files(year: ReportingYear | None = None) -> Iterator[str]:
    """Files of editions whose bytes do not have their digest."""
    files = EditionFile.objects.select_related("edition__year").defer("content", "edition__content")
    for file in (files.filter(edition__year=year) if year else files).order_by("edition", "pk"):
        if _digest_of(file_pieces(file.pk)) != file.sha256:
            yield f"file {file.name} of edition {file.edition}: its bytes do not have the digest {file.sha256}"


def years_without_edition() -> Iterator[str]:
    """Years that call themselves published while their edition is gone."""
    for year in ReportingYear.objects.filter(published_at__isnull=False, editions__isnull=True):
        yield f"year {year.code}: it is published, and its edition is gone"


proofs.register(Proof(code="editions", differences=broken_editions))
proofs.register(Proof(code="edition_parts", differences=broken_parts))
proofs.register(Proof(code="edition_files", differences=broken_files))
proofs.register(Proof(code="published_years", differences=years_without_edition))
