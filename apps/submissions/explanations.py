"""Explanations of warnings, kept for the value they were written for."""

from collections.abc import Mapping, Set

from apps.accounts.models import User
from apps.submissions import checks
from apps.submissions.choices import Severity
from apps.submissions.models import Explanation, Submission
from apps.submissions.sheets import load_sheet

TEXT_LENGTH = 1000


def write(
    submission: Submission,
    stored: Mapping[tuple[str, str], Explanation],
    texts: Mapping[tuple[str, str], str],
    as_before: Set[tuple[str, str]],
    user: User | None,
) -> int:
    """Keeps ``texts`` (by code and row of the finding) beside the warnings that are there now; how many changed.

    A text that stood there before and is sent along with a new value says nothing of that value, unless the person
    says so (``as_before``). An emptied text is taken back. ``stored`` is what stands there now, of a locked submission.
    """
    if not stored and not as_before and not any(text.strip() for text in texts.values()):
        return 0  # boxes were sent and nothing stands in them
    changed = 0
    for finding in checks.run(load_sheet(submission)):
        place = (finding.code, finding.row)
        if finding.severity != Severity.WARNING or place not in texts and place not in as_before:
            continue
        kept = stored.get(place)
        text = " ".join(texts.get(place, "").split())[:TEXT_LENGTH]
        if kept is not None and place in as_before:
            text = text or kept.text
        elif kept is not None and text == kept.text:
            continue
        if not text and kept is not None and kept.fingerprint == finding.fingerprint:
            kept.delete()
            changed += 1
        elif text and (kept is None or (kept.text, kept.fingerprint) != (text, finding.fingerprint)):
            Explanation.objects.update_or_create(
                submission=submission,
                finding=finding.code,
                row=finding.row,
                defaults={"text": text, "fingerprint": finding.fingerprint, "written_by": user},
            )
            changed += 1
    return changed
