"""The page that shows what a roster came to: a matrix of groups and measures beside what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from apps.core.formats import typed
from apps.submissions.choices import CellState
from apps.submissions.models import Submission
from apps.submissions.sheets import Row, load_sheets
from apps.workforce.models import WorkforceGroup, WorkforceMeasure
from apps.workforce.roster.derive import FLAGS, GRID, Remark
from apps.workforce.roster.pending import Pending


@dataclass(frozen=True, kw_only=True)
class CellView:
    """A derived total, and what is stored where that is something else. Both blank where nothing is asked."""

    value: str = ""
    stored: str = ""


@dataclass(frozen=True, kw_only=True)
class GroupView:
    """A line of the matrix."""

    title: str
    cells: Sequence[CellView]


@dataclass(frozen=True, kw_only=True)
class DimensionView:
    """The groups of a dimension, what they add up to, and the groups that are listed apart."""

    title: str
    groups: Sequence[GroupView]
    sums: Sequence[str]
    apart: Sequence[GroupView]


@dataclass(frozen=True, kw_only=True)
class RemarkView:
    """A remark with the rows of the file that it is about."""

    label: str
    count: int
    rows: str
    more: int


@dataclass(kw_only=True)
class Preview:
    """Everything the template writes."""

    measures: list[str] = field(default_factory=list)
    dimensions: list[DimensionView] = field(default_factory=list)
    # Dimensions that no column of a roster tells; they stay as they are.
    left_alone: list[str] = field(default_factory=list)
    flags: list[RemarkView] = field(default_factory=list)
    warnings: list[RemarkView] = field(default_factory=list)
    # Cells that confirming changes.
    changes: int = 0

    @property
    def width(self) -> int:
        return 1 + len(self.measures)


def build(submission: Submission, kept: Pending) -> Preview:
    rows = load_sheets([submission], with_history=False)[submission.pk].rows_of(GRID)
    page = Preview()
    measures = list(dict.fromkeys(row.catalogue[0] for row in rows if row.id in kept.totals))
    page.measures = [measure.name for measure in measures]
    by_dimension: dict[str, dict[WorkforceGroup, dict[WorkforceMeasure, Row]]] = {}
    for row in rows:
        measure, group = row.catalogue
        if row.id in kept.totals:
            by_dimension.setdefault(group.dimension.name, {}).setdefault(group, {})[measure] = row
        elif row.expected and group.dimension.name not in page.left_alone:
            page.left_alone.append(group.dimension.name)
    for title, groups in by_dimension.items():
        page.dimensions.append(_dimension(title, groups, measures, kept))
    for remark in Remark:
        if remark.value in kept.remarks:
            (page.flags if remark in FLAGS else page.warnings).append(_remark(remark, *kept.remarks[remark.value]))
    page.changes = sum(_differs(row, kept) for row in rows if row.id in kept.totals)
    return page


def _dimension(
    title: str,
    groups: dict[WorkforceGroup, dict[WorkforceMeasure, Row]],
    measures: Sequence[WorkforceMeasure],
    kept: Pending,
) -> DimensionView:
    sums: dict[WorkforceMeasure, Decimal] = {}
    counted: list[GroupView] = []
    apart: list[GroupView] = []
    for group, row_by_measure in groups.items():
        cells = [_cell(row_by_measure.get(measure), kept) for measure in measures]
        (counted if group.counts_in_total else apart).append(GroupView(title=group.name, cells=cells))
        if group.counts_in_total:
            for measure, row in row_by_measure.items():
                sums[measure] = sums.get(measure, Decimal(0)) + Decimal(kept.totals[row.id])
    return DimensionView(
        title=title,
        groups=counted,
        sums=[typed(sums[measure]) if measure in sums else "" for measure in measures],
        apart=apart,
    )


def _cell(row: Row | None, kept: Pending) -> CellView:
    if row is None:
        return CellView()
    return CellView(value=typed(Decimal(kept.totals[row.id])), stored=_stored(row) if _differs(row, kept) else "")


def _differs(row: Row, kept: Pending) -> bool:
    return row.quantity is None or row.quantity != Decimal(kept.totals[row.id])


def _stored(row: Row) -> str:
    if row.record is None:
        return ""
    return typed(row.quantity) if row.quantity is not None else str(CellState(row.record.state).label)


def _remark(remark: Remark, count: int, rows: Sequence[int]) -> RemarkView:
    return RemarkView(
        label=str(remark.label), count=count, rows=", ".join(str(row) for row in rows), more=count - len(rows)
    )
