"""What each benchmark is held against: the bars and ambitions, by number."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Target:
    """``bar`` is where it must stand, ``ambition`` what the floors allow. Both are upper ends unless ``at_least``."""

    code: str
    what: str
    unit: str
    bar: float | None = None
    ambition: float | None = None
    at_least: bool = False

    def verdict(self, value: float) -> str:
        """Whether a measured value meets the ambition, the bar, or misses it."""
        if self.ambition is not None and self._meets(value, self.ambition):
            return "ambition"
        if self.bar is None:
            return "told"
        return "bar" if self._meets(value, self.bar) else "MISSES"

    def _meets(self, value: float, limit: float) -> bool:
        return value >= limit if self.at_least else value <= limit

    def told(self, limit: float | None) -> str:
        """A bar in words."""
        if limit is None:
            return "–"
        return f"{'≥' if self.at_least else '≤'} {limit:g} {self.unit}".strip()


TARGETS: Final = (
    Target(code="1", what="entry page of 40 values with history, GET", unit="× auth", bar=8, ambition=4),
    Target(code="1 queries", what="its queries", unit="", bar=12, ambition=6),
    Target(code="2", what="its save, p95, all values changed", unit="× auth", bar=4, ambition=2.5),
    Target(code="2 one", what="its save, p95, one value changed", unit="× auth", bar=4, ambition=2.5),
    Target(code="2 queries", what="queries of the save of all values", unit="", bar=15, ambition=10),
    Target(code="2 growth", what="more queries than for one value", unit="", bar=0, ambition=0),
    Target(code="3", what="staff lists of 50, the slowest", unit="× raw page", bar=8, ambition=4),
    Target(
        code="4", what="review queue and admin lists, any filter, the slowest", unit="× raw page", bar=10, ambition=6
    ),
    Target(code="4 ends", what="search and last page, the slowest", unit="× first page", bar=2, ambition=2),
    Target(code="5", what="lists against 24,000 records, the worst", unit="×", bar=1.5, ambition=1.15),
    Target(code="6", what="annual page of one year, whole request", unit="× raw SQL", bar=1.5, ambition=0.5),
    Target(code="6 again", what="the same where nobody wrote since", unit="× raw SQL", ambition=0.5),
    Target(code="7", what="one site, all years", unit="× auth", bar=4, ambition=2),
    Target(code="7 again", what="the same where nobody wrote since", unit="× auth", ambition=2),
    Target(code="8", what="completeness of a year: summary and matrix", unit="× array_agg SQL", bar=2, ambition=0.8),
    Target(
        code="9", what="import of 10,000 rows, XLSX, rows a second", unit="× stock", bar=40, ambition=80, at_least=True
    ),
    Target(code="9 best", what="the same against stock at its best", unit="× stock", bar=6, ambition=12, at_least=True),
    Target(code="9 floor", what="its time", unit="× calamine + COPY", bar=5, ambition=3),
    Target(code="10", what="rows a second of the large file", unit="× of 10,000", bar=0.7, ambition=0.8, at_least=True),
    Target(code="11", what="check with a tenth of the rows wrong", unit="× the right file", bar=1.3, ambition=1.1),
    Target(code="11 page", what="the page that says so", unit="kB", bar=300, ambition=100),
    Target(code="12", what="rows and audit rows written by the same file again", unit="", bar=0, ambition=0),
    Target(code="12 time", what="the same file again", unit="× the first time", bar=0.5),
    Target(
        code="13", what="export of records, XLSX, rows a second", unit="× stock", bar=3.5, ambition=9, at_least=True
    ),
    Target(code="14", what="the same, CSV", unit="× stock", bar=12, ambition=25, at_least=True),
    Target(code="14 floor", what="its time", unit="× COPY", ambition=3),
    Target(code="15 import", what="memory above idle, import of the large file", unit="MB", bar=80, ambition=30),
    Target(code="15 export", what="memory above idle, export XLSX", unit="MB", bar=80, ambition=30),
    Target(code="15 csv", what="memory above idle, export CSV", unit="MB", bar=80, ambition=30),
    Target(code="15 growth", what="more memory for ten times the rows", unit="MB", bar=20, ambition=5),
    Target(code="16", what="page p95 while the large file is imported", unit="× idle", bar=3, ambition=1.5),
    Target(code="17", what="queries more than with 24,000 records, the worst page", unit="", bar=0, ambition=0),
    Target(code="18 publish", what="publishing a year of all sites", unit="s", bar=300, ambition=60),
    Target(code="18 memory", what="its memory above idle", unit="MB", bar=150, ambition=150),
    Target(code="18 check", what="check_figures of that year", unit="s", bar=300, ambition=60),
    Target(code="18 check memory", what="its memory above idle", unit="MB", bar=150, ambition=150),
)
BY_CODE: Final = {target.code: target for target in TARGETS}
