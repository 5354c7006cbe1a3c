"""The page that shows what a roster came to: a matrix of groups and measures beside what is stored."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import pgettext

from apps.core.formats import plain_text
from apps.submissions import blocks
from apps.submissions.choices import Method
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from apps.submissions.pages.grids import GridViews, Typed
from apps.submissions.pages.marks import Remarks
from apps.submissions.pages.matrix import MatrixView, matrix
from apps.submissions.services import Changes
from apps.submissions.sheets import load_sheets
from apps.workforce.roster.derive import FLAGS, GRID, Remark
from apps.workforce.roster.pending import Pending


@dataclass(frozen=True, kw_only=True)
class RemarkView:
    """A remark with the rows of the file that it is about."""

    label: str
    count: int
    rows: str
    more: int


@dataclass(kw_only=True)
class Preview:
    """Everything the template writes. ``changes`` is how many cells confirming changes."""

    matrix: MatrixView
    # Dimensions that no column of a roster tells; they stay as they are.
    left_alone: list[str]
    flags: list[RemarkView] = field(default_factory=list)
    warnings: list[RemarkView] = field(default_factory=list)
    changes: int = 0


def build(submission: Submission, kept: Pending) -> Preview:
    """The totals put on the form in memory, each that changes beside what stands there now."""
    sheet = load_sheets([submission], with_history=False)[submission.pk]
    untold = [row for row in sheet.rows_of(GRID) if row.id not in kept.totals]
    sheet.rows = {row.id: row for row in sheet.rows_of(GRID) if row.id in kept.totals}
    noted, changes = Changes(user=None), 0
    for row in sheet.rows.values():
        before = copy.copy(row.record)
        total = Cell(value=plain_text(Decimal(kept.totals[row.id])), how=Method.RECORDED)
        if noted.take(row, total, submission, {}) is not None:
            changes += 1
            if before is not None:
                # Where the form has the year before, this page has what confirming replaces.
                row.before = {row.earliest: before}
    grid = next(grid for grid in sheet.section.grids if grid.code == GRID)
    views = GridViews(sheet, editable=False, shown=Typed(), remarks=Remarks())
    page = Preview(
        matrix=replace(matrix(grid, sheet, views), previous_head=pgettext("before what is stored", "now")),
        left_alone=list(dict.fromkeys(blocks.down(row).dimension.name for row in untold if row.expected)),
        changes=changes,
    )
    for remark in Remark:
        if remark.value in kept.remarks:
            (page.flags if remark in FLAGS else page.warnings).append(_remark(remark, *kept.remarks[remark.value]))
    return page


def _remark(remark: Remark, count: int, rows: Sequence[int]) -> RemarkView:
    return RemarkView(
        label=str(remark.label), count=count, rows=", ".join(str(row) for row in rows), more=count - len(rows)
    )
