"""Records of the workforce for tests, put straight into open submissions, and the way of a form through its hands."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.organisation.models import Site
from apps.submissions import checks, workflow
from apps.submissions.choices import CellState, Method
from apps.submissions.models import Explanation, NothingToReport, QuantityRecord, Submission
from apps.submissions.sheets import load_sheet
from apps.workforce.models import (
    AccidentType,
    DiseaseCase,
    DiseaseCategory,
    Injury,
    InjuryFollowUp,
    LabourItem,
    LabourRecord,
    StandardItem,
    StandardKind,
    StandardRecord,
    TrainingCourse,
    TrainingTopic,
    WorkforceCount,
    WorkforceGroup,
    WorkforceMeasure,
)
from apps.workforce.sections import BREAKDOWN, SAFETY, STANDARDS

# Of these a number is wanted, zero too.
_FINDINGS = (StandardKind.CHILD_LABOUR, StandardKind.FORCED_LABOUR)
# A number as tests write it; None stands for "not measured".
Amount = str | int | Decimal | None


def breakdown(site: Site, year: str = "2020") -> Submission:
    return Submission.objects.get(site=site, period__code=year, section=BREAKDOWN)


def month(site: Site, number: int, year: str = "2020") -> Submission:
    return Submission.objects.get(site=site, period__code=f"{year}-{number:02}", section=SAFETY)


def standards(site: Site, year: str = "2020") -> Submission:
    return Submission.objects.get(site=site, period__code=year, section=STANDARDS)


def _typed(item: Any, value: Amount) -> dict[str, Any]:
    if value is None:
        return {"state": CellState.NOT_MEASURED, "note": "a reason"}
    return {
        "state": CellState.VALUE,
        "method": Method.RECORDED,
        "entered_value": Decimal(value),
        "entered_unit": item.unit_code,
        "quantity": Decimal(value),
    }


def put_count(submission: Submission, measure_kind: str, group_code: str, value: Amount) -> WorkforceCount:
    """A cell of the breakdown, in place of what was there."""
    measure = WorkforceMeasure.objects.get(kind=measure_kind)
    group = WorkforceGroup.objects.get(code=group_code)
    cell, _made = WorkforceCount.objects.update_or_create(
        submission=submission,
        measure=measure,
        group=group,
        defaults={"entered_at": timezone.now(), **_typed(measure, value)},
    )
    return cell


def put_counts(submission: Submission, measure_kind: str, **groups: Amount) -> None:
    """The cells of several groups: ``put_counts(form, "year_end", women=80, men=120)``."""
    for group_code, value in groups.items():
        put_count(submission, measure_kind, group_code, value)


def put_labour(submission: Submission, item_code: str, value: Amount) -> LabourRecord:
    item = LabourItem.objects.get(code=item_code)
    return LabourRecord.objects.create(
        submission=submission, item=item, entered_at=timezone.now(), **_typed(item, value)
    )


def put_standard(submission: Submission, item_code: str, value: Amount) -> StandardRecord:
    item = StandardItem.objects.get(code=item_code)
    return StandardRecord.objects.create(
        submission=submission, item=item, entered_at=timezone.now(), **_typed(item, value)
    )


def _case(severity: str, days: int, returned_on: dt.date | None, fields: dict[str, Any]) -> dict[str, Any]:
    """What the database asks of a case: a fatal one is closed, a grave one is told, a return has its day."""
    outcome = "closed" if severity == "fatal" else "returned" if returned_on else "absent"
    action = "" if severity == "minor" else "Caught by the belt; a guard was fitted."
    told = {"outcome": outcome, "action": action, "entered_at": timezone.now(), **fields}
    return {"severity": severity, "days_lost": days, "returned_on": returned_on, **told}


def put_injury(
    submission: Submission,
    day: int = 10,
    days: int = 0,
    severity: str = "minor",
    returned_on: dt.date | None = None,
    **fields: Any,
) -> Injury:
    """An injury on a day of the month, with the days lost in it; still absent unless there is a return."""
    happened_on = submission.period.starts_on.replace(day=day)
    count = Injury.objects.filter(submission=submission).count()
    defaults = {"case_number": f"{happened_on:%Y%m%d}-{count + 1}", "is_commuting": False}
    if "accident_type" not in fields:
        defaults["accident_type"] = AccidentType.objects.order_by("position")[0]
    return Injury.objects.create(
        submission=submission,
        happened_on=happened_on,
        **_case(severity, days, returned_on, {**defaults, **fields}),
    )


def put_follow_up(
    submission: Submission,
    case: Injury,
    days: int = 0,
    severity: str = "minor",
    returned_on: dt.date | None = None,
    **fields: Any,
) -> InjuryFollowUp:
    """A later month of a case."""
    return InjuryFollowUp.objects.create(submission=submission, case=case, **_case(severity, days, returned_on, fields))


def put_disease(submission: Submission, day: int = 10, **fields: Any) -> DiseaseCase:
    diagnosed_on = submission.period.starts_on.replace(day=day)
    defaults = {"case_number": f"D-{diagnosed_on}", "action": "Moved to another post.", "entered_at": timezone.now()}
    if "category" not in fields:
        defaults["category"] = DiseaseCategory.objects.order_by("position")[0]
    return DiseaseCase.objects.create(submission=submission, diagnosed_on=diagnosed_on, **{**defaults, **fields})


def put_course(
    submission: Submission, hours: Amount, women: int = 0, men: int = 0, day: int = 10, **fields: Any
) -> TrainingCourse:
    """A course; everybody in it is general staff unless told otherwise."""
    count = TrainingCourse.objects.filter(submission=submission).count()
    graver = fields.get("senior", 0) + fields.get("middle", 0)
    defaults = {"senior": 0, "middle": 0, "general": women + men - graver, "trainer": f"Trainer {count + 1}"}
    if "topic" not in fields:
        defaults["topic"] = TrainingTopic.objects.order_by("position")[0]
    return TrainingCourse.objects.create(
        submission=submission,
        held_on=submission.period.starts_on.replace(day=day),
        hours=Decimal(hours or 0),
        women=women,
        men=men,
        entered_at=timezone.now(),
        **{**defaults, **fields},
    )


def complete(submission: Submission, user: User) -> None:
    """Answers what is not answered yet: rows do not apply, nothing was found, and there was nothing to report."""
    with acting_as(user, "test"):
        sheet = load_sheet(submission)
        for row in sheet.rows.values():
            if row.record is None and getattr(row.item, "kind", "") in _FINDINGS:
                put_standard(submission, row.item.code, 0)
            elif row.record is None:
                names = dict(zip(row.grid.model.row_fields, row.catalogue, strict=True))
                model: type[QuantityRecord] = row.grid.model
                model._default_manager.create(
                    submission=submission,
                    state=CellState.NOT_APPLICABLE,
                    note="not asked in this test",
                    entered_at=timezone.now(),
                    entered_by=user,
                    **names,
                )
        for register in sheet.section.registers:
            if register.answer_required and not sheet.entries[register.code]:
                NothingToReport.objects.get_or_create(submission=submission, table=register.code)


def hand_in(submission: Submission, user: User) -> Submission:
    """Completes the form, explains whatever is questioned, and hands in."""
    complete(submission, user)
    with acting_as(user, "test"):
        for finding in checks.run(load_sheet(submission)):
            if finding.severity == "warning":
                Explanation.objects.update_or_create(
                    submission=submission,
                    finding=finding.code,
                    row=finding.row,
                    defaults={"fingerprint": finding.fingerprint, "text": "It is so.", "written_by": user},
                )
        workflow.submit(submission_id=submission.pk, user=user, revision=submission.revision)
    submission.refresh_from_db()
    return submission


def approve(submission: Submission, user: User, reviewer: User) -> Submission:
    """Completes, hands in and approves."""
    hand_in(submission, user)
    with acting_as(reviewer, "test"):
        workflow.approve(submission_id=submission.pk, user=reviewer)
    submission.refresh_from_db()
    return submission
