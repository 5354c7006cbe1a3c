"""What stands at a row besides its figures: findings, questions and their answers, evidence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from apps.submissions.choices import Severity
from apps.submissions.entry import Entered
from apps.submissions.findings import Finding
from apps.submissions.models import Comment, Evidence


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """A finding and the box in which it is explained."""

    finding: Finding
    # What the box holds: what was sent and not kept, else what is kept.
    text: str

    @property
    def place(self) -> str:
        return f"{self.finding.code}:{self.finding.row}"

    @property
    def wants_explanation(self) -> bool:
        return self.finding.severity == Severity.WARNING


@dataclass(frozen=True, kw_only=True)
class RowRemarks:
    """All remarks at one row."""

    findings: Sequence[FindingView] = ()
    comments: Sequence[Comment] = ()
    files: int = 0

    @property
    def has_any(self) -> bool:
        return bool(self.findings or self.comments)

    @property
    def open_questions(self) -> int:
        return sum(comment.is_question and comment.settled_at is None for comment in self.comments)


_NONE = RowRemarks()


@dataclass(kw_only=True)
class Remarks:
    """Remarks by row id."""

    by_row: dict[str, RowRemarks] = field(default_factory=dict)

    def of(self, row: str) -> RowRemarks:
        return self.by_row.get(row, _NONE)


def remarks(
    findings: Iterable[Finding],
    comments: Iterable[Comment],
    evidence: Iterable[Evidence],
    entered: Entered | None = None,
) -> Remarks:
    """Sorts everything to its row. What is missing has its own list and is left out."""
    sent: Mapping[tuple[str, str], str] = entered.explanations if entered else {}
    findings_at: dict[str, list[FindingView]] = defaultdict(list)
    comments_at: dict[str, list[Comment]] = defaultdict(list)
    files_at: dict[str, int] = defaultdict(int)
    for finding in findings:
        if finding.code != "missing":
            text = sent.get((finding.code, finding.row), "") or finding.explanation
            findings_at[finding.row].append(FindingView(finding=finding, text=text))
    for comment in comments:
        comments_at[comment.row].append(comment)
    for file in evidence:
        files_at[file.row] += 1
    return Remarks(
        by_row={
            row: RowRemarks(findings=findings_at[row], comments=comments_at[row], files=files_at[row])
            for row in {*findings_at, *comments_at, *files_at}
        }
    )
