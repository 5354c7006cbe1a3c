"""Checks of the breakdown: every dimension divides the same people."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.formats import plain_text, typed
from apps.submissions.blocks import ColumnSums, sums
from apps.submissions.choices import Severity
from apps.submissions.findings import Finding
from apps.submissions.sheets import Row, Sheet
from apps.workforce import beside
from apps.workforce.models import (
    MeasureKind,
    WorkforceGroup,
)


def _breakdown(sheet: Sheet) -> dict[str, ColumnSums]:
    """The sums of the breakdown by kind of measure."""
    grid = next(grid for grid in sheet.section.grids if grid.code == "headcount")
    return {found.column.kind: found for found in sums(grid, sheet.rows_of(grid.code)).values()}


def _total(measures: dict[str, ColumnSums], kind: str) -> Decimal | None:
    """The total of a measure; None where it has gaps or is not asked."""
    return measures[kind].total if kind in measures else None


def _by_group(sheet: Sheet, kind: str) -> dict[WorkforceGroup, Row]:
    return {row.catalogue[1]: row for row in sheet.rows_of("headcount") if row.catalogue[0].kind == kind}


def dimensions_agree(sheet: Sheet) -> Iterator[Finding]:
    """Every dimension divides the same people."""
    for measure in _breakdown(sheet).values():
        for found in measure.blocks.values():
            if found.missing:
                message = (
                    _("%(measure)s by %(dimension)s: %(sum)s, %(difference)s fewer than the total of %(total)s.")
                    if found.missing > 0
                    else _("%(measure)s by %(dimension)s: %(sum)s, %(difference)s more than the total of %(total)s.")
                )
                yield Finding(
                    code="dimension_mismatch",
                    severity=Severity.ERROR,
                    row=found.first_row,
                    message=message
                    % {
                        "measure": measure.column.name,
                        "dimension": found.block.title,
                        "sum": typed(found.total),
                        "difference": typed(abs(found.missing)),
                        "total": typed(found.total + found.missing),
                    },
                )


def people_come_and_go(sheet: Sheet) -> Iterator[Finding]:
    """Year start + hired − left = year end."""
    measures = _breakdown(sheet)
    start, hired, left, end = (
        _total(measures, kind)
        for kind in (MeasureKind.YEAR_START, MeasureKind.HIRED, MeasureKind.LEAVERS, MeasureKind.YEAR_END)
    )
    if start is None or hired is None or left is None or end is None or start + hired - left == end:
        return
    yield Finding(
        code="come_and_go",
        severity=Severity.WARNING,
        row=_first_row(measures, MeasureKind.LEAVERS),
        fingerprint=f"{plain_text(start)}+{plain_text(hired)}-{plain_text(left)}={plain_text(end)}",
        message=_(
            "%(start)s at year start + %(hired)s hired − %(left)s left makes %(expected)s; %(end)s are reported at "
            "year end."
        )
        % {
            "start": typed(start),
            "hired": typed(hired),
            "left": typed(left),
            "expected": typed(start + hired - left),
            "end": typed(end),
        },
    )


def _first_row(measures: dict[str, ColumnSums], kind: str) -> str:
    whole = measures[kind].whole if kind in measures else None
    return whole.first_row if whole else ""


def trained_people(sheet: Sheet) -> Iterator[Finding]:
    """Persons trained are employees, and training takes hours."""
    employees = _by_group(sheet, MeasureKind.YEAR_END)
    hours = _by_group(sheet, MeasureKind.TRAINING_HOURS)
    for group, row in _by_group(sheet, MeasureKind.TRAINED).items():
        if row.quantity is None:
            continue
        employed = employees[group].quantity if group in employees else None
        if employed is not None and row.quantity > employed:
            yield Finding(
                code="more_trained",
                severity=Severity.WARNING,
                row=row.id,
                fingerprint=f"{plain_text(row.quantity)}>{plain_text(employed)}",
                message=_(
                    "%(group)s: %(trained)s trained, and %(employed)s employees at year end. Persons count once; "
                    "say so if some have left."
                )
                % {"group": group.name, "trained": typed(row.quantity), "employed": typed(employed)},
            )
        spent = hours[group].quantity if group in hours else None
        if spent is not None and bool(spent) != bool(row.quantity):
            yield Finding(
                code="training_without_hours",
                severity=Severity.WARNING,
                row=row.id,
                fingerprint=f"{plain_text(row.quantity)}/{plain_text(spent)}",
                message=_("%(group)s: %(trained)s persons trained in %(hours)s hours. Both are zero, or neither is.")
                % {"group": group.name, "trained": typed(row.quantity), "hours": typed(spent)},
            )


def turnover_over_everybody(sheet: Sheet) -> Iterator[Finding]:
    """More left than there are: possible in a small group, and asked about in a large one."""
    employees = _by_group(sheet, MeasureKind.YEAR_END)
    for group, row in _by_group(sheet, MeasureKind.LEAVERS).items():
        employed = employees[group].quantity if group in employees else None
        if row.quantity is None or employed is None or row.quantity <= employed or row.item.is_trifle(row.quantity):
            continue
        yield Finding(
            code="turnover_over_100",
            severity=Severity.WARNING,
            row=row.id,
            fingerprint=f"{plain_text(row.quantity)}>{plain_text(employed)}",
            message=_("%(group)s: %(left)s left and %(employed)s remain; the turnover rate is above 100 %%.")
            % {"group": group.name, "left": typed(row.quantity), "employed": typed(employed)},
        )


def hours_of_the_courses(sheet: Sheet) -> Iterator[Finding]:
    """The training hours of the year are those of the courses that the months report."""
    measures = _breakdown(sheet)
    told = _total(measures, MeasureKind.TRAINING_HOURS)
    courses: Decimal | None = sheet.beside.get(beside.COURSE_HOURS)
    if told is None or courses is None or told == courses:
        return
    yield Finding(
        code="hours_of_courses",
        severity=Severity.WARNING,
        row=_first_row(measures, MeasureKind.TRAINING_HOURS),
        fingerprint=f"{plain_text(told)}/{plain_text(courses)}",
        message=_("%(told)s training hours are reported; the courses of the months make %(courses)s.")
        % {"told": typed(told), "courses": typed(courses)},
    )
