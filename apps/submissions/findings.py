"""What a check says: one sentence about one row, with a weight."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.submissions.choices import Severity


def row_id(table: str, row: str) -> str:
    """How findings, explanations, evidence and comments name a row: ``resource:electricity``."""
    return f"{table}:{row}"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """``fingerprint`` says of which value it speaks: an explanation holds only for that value."""

    code: str
    severity: Severity
    message: str
    row: str = ""
    fingerprint: str = ""
    explanation: str = ""
    # What was said of an earlier value: offered again, counted as nothing.
    earlier_explanation: str = ""

    @property
    def anchor(self) -> str:
        """The id of its row on the entry page."""
        return f"row-{self.row}" if self.row else "form-top"

    @property
    def is_open(self) -> bool:
        """Still in the way of handing in."""
        return self.severity == Severity.ERROR or (self.severity == Severity.WARNING and not self.explanation)


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.is_open]
