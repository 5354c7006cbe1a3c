"""Checks of the annual form on anti-corruption."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.anti_corruption import beside
from apps.anti_corruption.models import Audience, SignedYear
from apps.submissions.choices import Severity
from apps.submissions.findings import Finding, row_id
from apps.submissions.sheets import Sheet


def _lines(sheet: Sheet) -> Sequence[SignedYear]:
    entries: Any = sheet.entries.get("declarations_signed", ())
    return entries  # type: ignore[no-any-return]


def _row(line: SignedYear) -> str:
    return row_id("declarations_signed", str(line.pk))


def everybody_signed(sheet: Sheet) -> Iterator[Finding]:
    """Whoever had to sign did so by the last day of the year, in the portal or on paper."""
    for line in _lines(sheet):
        due = line.due + (line.paper_due or 0)
        missing = due - line.signed - (line.paper_signed or 0)
        if missing > 0:
            yield Finding(
                code="not_all_signed",
                severity=Severity.WARNING,
                row=_row(line),
                fingerprint=f"{missing}/{due}",
                message=ngettext(
                    "%(rank)s: %(count)d of %(due)d statements was not signed by the last day of the year. Say why.",
                    "%(rank)s: %(count)d of %(due)d statements were not signed by the last day of the year. Say why.",
                    missing,
                )
                % {"rank": line, "count": missing, "due": due},
            )


def paper_is_kept_somewhere(sheet: Sheet) -> Iterator[Finding]:
    """Of what was signed on paper it is said where it is: nobody can look it up in the portal."""
    proven = sheet.beside.get(beside.PROVEN, set())
    for line in _lines(sheet):
        if line.paper_signed and not line.note.strip() and _row(line) not in proven:
            yield Finding(
                code="paper_without_place",
                severity=Severity.WARNING,
                row=_row(line),
                fingerprint=str(line.paper_signed),
                message=ngettext(
                    "%(rank)s: %(count)d statement was signed on paper. Say in the note where it is kept, or attach "
                    "it.",
                    "%(rank)s: %(count)d statements were signed on paper. Say in the note where they are kept, or "
                    "attach them.",
                    line.paper_signed,
                )
                % {"rank": line, "count": line.paper_signed},
            )


def a_channel_is_told(sheet: Sheet) -> Iterator[Finding]:
    """Everybody can report wrongdoing somewhere, also through a channel of the group."""
    if not sheet.entries.get("report_channel"):
        yield Finding(
            code="no_channel",
            severity=Severity.WARNING,
            row=row_id("report_channel", ""),
            message=_(
                "No channel for reports of wrongdoing is entered (B7.2). Enter it, or say where the people of the "
                "site report."
            ),
        )


def directors_are_trained(sheet: Sheet) -> Iterator[Finding]:
    """B7.3 asks for the training of directors beside that of staff."""
    trainings: Any = sheet.entries.get("integrity_training", ())
    if not any(training.audience == Audience.DIRECTORS for training in trainings):
        yield Finding(
            code="no_training_of_directors",
            severity=Severity.NOTICE,
            row=row_id("integrity_training", ""),
            message=_("No training of directors is entered. B7.3 asks for it: enter it where directors were trained."),
        )
