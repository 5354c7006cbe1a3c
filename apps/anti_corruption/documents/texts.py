"""The two texts that hold on a day: the statement that people sign, and the code that they read before."""

import datetime as dt
from dataclasses import dataclass

from apps.anti_corruption.models import DocumentKind, DocumentVersion


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What a round is about."""

    statement: DocumentVersion
    conduct: DocumentVersion


def versions_in_force(day: dt.date) -> dict[str, DocumentVersion]:
    """By kind of document the version that holds; of two documents of a kind the one that stands first."""
    found: dict[str, DocumentVersion] = {}
    holding = DocumentVersion.objects.in_force(day).select_related("document")
    for version in holding.order_by("document__position", "document__code"):
        found.setdefault(version.document.kind, version)
    return found


def texts_in_force(day: dt.date) -> Texts | None:
    """Both, or None while one of them has no version in force."""
    found = versions_in_force(day)
    if len(found) < len(DocumentKind):
        return None
    return Texts(statement=found[DocumentKind.STATEMENT], conduct=found[DocumentKind.CODE])
