"""Lines that the portal knows already: what taking them over would change, and whether a form still says the same.

A register that lives on beside the forms, such as that of the suppliers, is changed at any time. A form copies what it
said for its period: that copy is reviewed, locked and sealed, and the figures are made of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.submissions.choices import Severity, State
from apps.submissions.findings import Finding, row_id
from apps.submissions.models import Record, Submission
from apps.submissions.sections import Register, Source
from apps.submissions.sheets import Sheet

# Whose line it is, and what belongs to the entering of it.
_OWN = frozenset({"id", "submission", "entered_by", "entered_at", "note"})


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What would make a register say what its source says. ``updated`` are stored rows with their new values."""

    created: Sequence[Record]
    updated: Sequence[Record]
    removed: Sequence[Record]
    # No longer known to the source, and with something typed beside them: they stay until that is cleared.
    orphaned: Sequence[Record]

    @property
    def count(self) -> int:
        return len(self.created) + len(self.updated) + len(self.removed)


def _copied(model: type[Record], source: Source) -> list[str]:
    """The columns that the source says."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if field.name not in _OWN and field.name not in source.typed
    ]


def changes(register: Register, source: Source, submission: Submission, stored: Sequence[Record]) -> Changes:
    """Compares what is stored with what the source says of the period, without storing anything."""

    def key(record: Any) -> tuple[Any, ...]:
        return tuple(getattr(record, record._meta.get_field(name).attname) for name in source.key)

    copied = _copied(register.model, source)
    left = {key(record): record for record in stored}
    created, updated = [], []
    for wanted in source.lines(submission):
        found = left.pop(key(wanted), None)
        if found is None:
            wanted.submission = submission
            created.append(wanted)
        elif any(getattr(found, name) != getattr(wanted, name) for name in copied):
            for name in ("id", "submission_id", "entered_by_id", "entered_at", "note", *source.typed):
                setattr(wanted, name, getattr(found, name))
            updated.append(wanted)
    orphaned = [record for record in left.values() if is_typed(record, source)]
    removed = [record for record in left.values() if not is_typed(record, source)]
    return Changes(created=created, updated=updated, removed=removed, orphaned=orphaned)


def is_typed(record: Record, source: Source) -> bool:
    """Whether somebody typed something beside a line."""
    return any(getattr(record, name) not in (None, "") for name in ("note", *source.typed))


def columns(model: type[Record], source: Source) -> list[str]:
    """The fields that the source says."""
    copied = set(_copied(model, source))
    return [field.name for field in model._meta.concrete_fields if field.attname in copied]


def out_of_date(sheet: Sheet) -> Iterator[Finding]:
    """A form says what the registers say that it rests on.

    One that was approved before and is open again may keep what it said then, with an explanation: registers go on.
    The reviewer of one that is handed in is told.
    """
    submission = sheet.submission
    if submission.state == State.APPROVED:
        return
    for register in sheet.section.registers:
        if register.source is None:
            continue
        found = changes(register, register.source, submission, sheet.entries[register.code])
        for record in found.orphaned:
            yield Finding(
                code="no_longer_known",
                severity=Severity.WARNING if submission.is_open else Severity.NOTICE,
                row=row_id(register.code, str(record.pk)),
                fingerprint=record.row_key or str(record.pk),
                message=_("%(line)s is no longer known for this period. Clear what is typed to let it go, or explain.")
                % {"line": record},
            )
        if found.count:
            yield Finding(
                code="out_of_date",
                severity=_severity(submission),
                row=row_id(register.code, ""),
                fingerprint=str(found.count),
                message=ngettext(
                    "%(table)s: %(count)d line differs from what the portal knows. Press “%(button)s”.",
                    "%(table)s: %(count)d lines differ from what the portal knows. Press “%(button)s”.",
                    found.count,
                )
                % {"table": register.title, "count": found.count, "button": register.source.title},
            )


def _severity(submission: Submission) -> Severity:
    if not submission.is_open:
        return Severity.NOTICE
    return Severity.WARNING if submission.seals.exists() else Severity.ERROR


def said(count: int) -> str:
    """What became of a taking over, for whoever asked for it."""
    if not count:
        return _("Everything was up to date.")
    return ngettext("%(count)d line brought up to date.", "%(count)d lines brought up to date.", count) % {
        "count": count
    }
