"""Lines that the portal knows already: what taking them over would change, and whether a form still says the same.

A register that lives on beside the forms, such as that of the suppliers, is changed at any time. A form copies what it
said for its period: that copy is reviewed, locked and sealed, and the figures are made of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.submissions.choices import Severity
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
            for name in ("id", "submission_id", "note", *source.typed):
                setattr(wanted, name, getattr(found, name))
            updated.append(wanted)
    return Changes(created=created, updated=updated, removed=list(left.values()))


def columns(model: type[Record], source: Source) -> list[str]:
    """The fields that the source says."""
    copied = set(_copied(model, source))
    return [field.name for field in model._meta.concrete_fields if field.attname in copied]


def out_of_date(sheet: Sheet) -> Iterator[Finding]:
    """A form that is still open says what the registers say that it rests on."""
    if not sheet.submission.is_open:
        return
    for register in sheet.section.registers:
        if register.source is None:
            continue
        found = changes(register, register.source, sheet.submission, sheet.entries[register.code])
        if found.count:
            yield Finding(
                code="out_of_date",
                severity=Severity.ERROR,
                row=row_id(register.code, ""),
                message=ngettext(
                    "%(table)s: %(count)d line differs from what the portal knows. Press “%(button)s”.",
                    "%(table)s: %(count)d lines differ from what the portal knows. Press “%(button)s”.",
                    found.count,
                )
                % {"table": register.title, "count": found.count, "button": register.source.title},
            )


def said(count: int) -> str:
    """What became of a taking over, for whoever asked for it."""
    if not count:
        return _("Everything was up to date.")
    return ngettext("%(count)d line brought up to date.", "%(count)d lines brought up to date.", count) % {
        "count": count
    }
