"""What an import found and did, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

NEW = "new"
CHANGED = "update"
UNCHANGED = "skip"
INVALID = "invalid"


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


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One row before and after."""

    row: int
    submission: str
    title: str
    before: str
    after: str


@dataclass(kw_only=True)
class Report:
    """``outcomes`` has what became of each row; nothing is written while there are ``problems``."""

    sheet: str = ""
    encoding: str = ""
    formulas: int = 0
    outcomes: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    # The first ones only: enough to look at before confirming.
    differences: list[Difference] = field(default_factory=list)
    submissions: int = 0
    written: bool = False

    def count(self, outcome: str) -> int:
        return sum(kept == outcome for kept in self.outcomes.values())

    @property
    def rows(self) -> int:
        return len(self.outcomes)

    @property
    def new(self) -> int:
        return self.count(NEW)

    @property
    def changed(self) -> int:
        return self.count(CHANGED)

    @property
    def unchanged(self) -> int:
        return self.count(UNCHANGED)

    @property
    def rows_with_problems(self) -> int:
        return len({problem.row for problem in self.problems if problem.row is not None})

    @property
    def would_change(self) -> int:
        return self.new + self.changed

    def summary(self) -> str:
        return _("%(rows)d rows: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.") % {
            "rows": self.rows,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
        }

    def sorted_problems(self) -> Iterator[Problem]:
        yield from sorted(self.problems, key=lambda problem: (problem.row or 0, problem.place))
