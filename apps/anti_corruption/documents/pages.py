"""The documents as their list shows them, and what issuing a draft will set off."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.campaigns.asking import how_many
from apps.anti_corruption.documents.texts import versions_in_force
from apps.anti_corruption.models import Document, DocumentKind, DocumentVersion, Duty, IntegritySettings


@dataclass(kw_only=True)
class DocumentLine:
    """A document with its versions: the one that holds, those to come, those that held, and the drafts."""

    document: Document
    in_force: DocumentVersion | None = None
    coming: list[DocumentVersion] = field(default_factory=list)
    earlier: list[DocumentVersion] = field(default_factory=list)
    drafts: list[DocumentVersion] = field(default_factory=list)


def lines(user: User, day: dt.date) -> list[DocumentLine]:
    """Every document with the versions that ``user`` may read."""
    by_document: dict[int, list[DocumentVersion]] = defaultdict(list)
    versions = policies.versions_for(user).defer("text_en", "text_zh_hans", "text_zh_hant")
    for version in versions.order_by("-effective_on", "-pk"):
        by_document[version.document_id].append(version)
    return [_line(document, by_document[document.pk], day) for document in Document._default_manager.all()]


def _line(document: Document, versions: Sequence[DocumentVersion], day: dt.date) -> DocumentLine:
    """``versions`` with the latest first day first."""
    line = DocumentLine(document=document)
    for version in versions:
        if not version.is_issued:
            line.drafts.append(version)
        elif version.effective_on > day:
            line.coming.append(version)
        elif line.in_force is None:
            line.in_force = version
        else:
            line.earlier.append(version)
    return line


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What becomes of people when a draft is issued."""

    # How many hold a position today, and until when they have to sign; None while the other document has no version.
    people: int
    due_on: dt.date | None
    # Whether they are asked at once, and not on the first day of the version.
    at_once: bool
    # Who has not signed the version before, and still has time to.
    replaced: int


def outlook(version: DocumentVersion, day: dt.date) -> Outlook:
    """What issuing ``version`` on ``day`` sets off."""
    starts = max(version.effective_on, day)
    others = set(versions_in_force(starts)) | {version.document.kind}
    due_on = None
    if others == set(DocumentKind.values):
        due_on = starts + dt.timedelta(days=IntegritySettings.current().days_to_sign)
    name = "statement" if version.document.kind == DocumentKind.STATEMENT else "conduct"
    # What is overdue by then stays with the version before.
    waiting = Duty.objects.to_sign().filter(due_on__gte=starts, **{f"campaign__{name}__document": version.document_id})
    return Outlook(
        people=how_many(day)[0], due_on=due_on, at_once=version.effective_on <= day, replaced=waiting.count()
    )
