"""What an import found and did."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from apps.submissions.exchange.spill import Spilled

NEW = "new"
CHANGED = "update"
UNCHANGED = "skip"
INVALID = "invalid"

DIFFERENCES_SHOWN: Final = 20
PROBLEMS_SHOWN: Final = 100
WARNINGS_SHOWN: Final = 20
KINDS_SHOWN: Final = 20
# Of so many kinds of problem the numbers are kept apart.
_KINDS: Final = 100


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, and where. ``row`` is the number that a spreadsheet program shows."""

    row: int | None
    column: str
    message: str
    # The column's place in the file, by which problems of a row are put in order.
    place: int = -1

    @property
    def where(self) -> str:
        words = []
        if self.row is not None:
            words.append(_("row %(row)d") % {"row": self.row})
        if self.column:
            words.append(self.column)
        return ", ".join(words)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Something that looks odd and does not stand in the way of the import."""

    row: int | None
    submission: str
    message: str
    place: int = -1


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One row before and after."""

    row: int
    submission: str
    title: str
    before: str
    after: str


@dataclass(kw_only=True)
class Kind:
    """Problems that are alike: one of them, and how many there are."""

    first: Problem
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A report as its page shows it: the numbers and the first findings. It may be kept."""

    file_name: str
    sheet: str
    other_sheets: list[str]
    encoding: str
    formulas: int
    rows: int
    new: int
    changed: int
    unchanged: int
    problems: list[Problem]
    problem_count: int
    kinds: list[Kind]
    warnings: list[Warned]
    warning_count: int
    differences: list[Difference]
    written: bool
    words: str

    @property
    def would_change(self) -> int:
        return self.new + self.changed

    @property
    def more_problems(self) -> int:
        return self.problem_count - len(self.problems)

    @property
    def more_warnings(self) -> int:
        return self.warning_count - len(self.warnings)

    @property
    def more_differences(self) -> int:
        return max(0, self.would_change - len(self.differences))


@dataclass(kw_only=True)
class Report:
    """``counts`` has how many rows came to what; nothing is written while there are ``problems``.

    Whatever the number of rows, a report holds only the first problems and warnings in memory, the others in a file.
    """

    sheet: str = ""
    encoding: str = ""
    formulas: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    problems: Spilled[Problem] = field(default_factory=lambda: Spilled(Problem))
    kinds: dict[tuple[str, str], Kind] = field(default_factory=dict)
    warnings: Spilled[Warned] = field(default_factory=lambda: Spilled(Warned))
    # Further warnings that are counted and not told.
    more_warnings: int = 0
    # The first ones only: enough to look at before confirming.
    differences: list[Difference] = field(default_factory=list)
    submissions: int = 0
    written: bool = False

    def add(self, *problems: Problem) -> None:
        """Notes what is wrong, and counts it among its like: those of its column that begin with the same words."""
        for problem in problems:
            self.problems.append(problem)
            alike = (problem.column, _without_data(problem.message))
            if alike not in self.kinds and len(self.kinds) >= _KINDS:
                alike = ("", "")
            kind = self.kinds.setdefault(alike, Kind(first=problem))
            kind.count += 1

    @property
    def rows(self) -> int:
        return self.counts.total()

    @property
    def new(self) -> int:
        return self.counts[NEW]

    @property
    def changed(self) -> int:
        return self.counts[CHANGED]

    @property
    def unchanged(self) -> int:
        return self.counts[UNCHANGED]

    @property
    def rows_with_problems(self) -> int:
        return self.problems.rows()

    @property
    def would_change(self) -> int:
        return self.new + self.changed

    def summary(self) -> str:
        return told(self.rows, self.new, self.changed, self.unchanged)

    def shown(self, file_name: str, sheets: Sequence[str]) -> Summary:
        """What the page shows. ``sheets`` are all those of the file."""
        return Summary(
            file_name=file_name,
            sheet=self.sheet,
            other_sheets=[name for name in sheets if name != self.sheet],
            encoding=self.encoding,
            formulas=self.formulas,
            rows=self.rows,
            new=self.new,
            changed=self.changed,
            unchanged=self.unchanged,
            problems=list(islice(self.sorted_problems(), PROBLEMS_SHOWN)),
            problem_count=len(self.problems),
            kinds=self.kinds_by_number()[:KINDS_SHOWN] if len(self.problems) > PROBLEMS_SHOWN else [],
            warnings=list(islice(self.warnings, WARNINGS_SHOWN)),
            warning_count=len(self.warnings) + self.more_warnings,
            differences=self.differences,
            written=self.written,
            words=self.summary(),
        )

    def sorted_problems(self) -> Iterator[Problem]:
        """By row and column."""
        return self.problems.in_order()

    def kinds_by_number(self) -> list[Kind]:
        """The most frequent first."""
        return sorted(self.kinds.values(), key=lambda kind: -kind.count)


def told(rows: int, new: int, changed: int, unchanged: int) -> str:
    """What came of the rows of a file, in a sentence."""
    return _("%(rows)d rows: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.") % {
        "rows": rows,
        "new": new,
        "changed": changed,
        "unchanged": unchanged,
    }


def _without_data(message: str) -> str:
    """A sentence up to what it quotes: enough to tell sentences apart."""
    before, quote, rest = message.partition("“")
    return before + rest.partition("”")[2][:40] if quote else before[:40]
