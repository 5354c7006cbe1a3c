"""Contributions and figures of local hiring for tests, put straight into open submissions."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.community.models import (
    Contribution,
    ExchangeRate,
    FocusArea,
    HiringArrangement,
    LocalHiringItem,
    LocalHiringRecord,
)
from apps.community.sections import COMMUNITY, LOCAL_HIRING
from apps.organisation.models import Site
from apps.submissions import checks, services, workflow
from apps.submissions.choices import CellState, Method
from apps.submissions.models import Evidence, Explanation, NothingToReport, QuantityRecord, Submission
from apps.submissions.sheets import load_sheet
from tests.factories import (
    AssignmentFactory,
    ExchangeRateFactory,
    FocusAreaFactory,
    LocalHiringItemFactory,
    World,
)

Amount = str | int | Decimal


def month(site: Site, number: int, year: str = "2020") -> Submission:
    return Submission.objects.get(site=site, period__code=f"{year}-{number:02}", section=COMMUNITY)


def whole_year(site: Site, year: str = "2020") -> Submission:
    return Submission.objects.get(site=site, period__code=year, section=LOCAL_HIRING)


def put_rate(rmb: Amount, day: str = "2020-03-02", currency: str = "USD", **fields: Any) -> ExchangeRate:
    rate: ExchangeRate = ExchangeRateFactory(
        currency=currency, day=dt.date.fromisoformat(day), rmb_per_unit=Decimal(rmb), **fields
    )
    return rate


def _exact(value: Amount | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def put_contribution(
    submission: Submission,
    money: Amount | None = None,
    goods: Amount | None = None,
    hours: Amount | None = None,
    people: int | None = None,
    *,
    area: str = "",
    day: int = 10,
    **fields: Any,
) -> Contribution:
    """What was given on a day of the month, checked and converted as every door does it."""
    areas = FocusArea.objects.order_by("position")
    count = Contribution.objects.filter(submission=submission).count()
    told = {
        "given_on": submission.period.starts_on.replace(day=day),
        "focus_area": areas.get(code=area) if area else areas[0],
        "what": f"Gift {count + 1}",
        "for_whom": "Primary school of the township",
        "money": _exact(money),
        "goods_at_cost": _exact(goods),
        "volunteer_hours": _exact(hours),
        "volunteer_people": people,
        "entered_at": timezone.now(),
    }
    contribution = Contribution(submission=submission, **{**told, **fields})
    contribution.clean()
    contribution.save()
    return contribution


def put_hiring(submission: Submission, item_code: str, value: Amount) -> LocalHiringRecord:
    item = LocalHiringItem.objects.get(code=item_code)
    return LocalHiringRecord.objects.create(
        submission=submission,
        item=item,
        state=CellState.VALUE,
        method=Method.RECORDED,
        entered_value=Decimal(value),
        entered_unit=item.unit_code,
        quantity=Decimal(value),
        entered_at=timezone.now(),
    )


def put_arrangement(submission: Submission, description: str = "Leave for the harvest") -> HiringArrangement:
    return HiringArrangement.objects.create(
        submission=submission,
        description=description,
        for_whom="Employees from farm households",
        since=dt.date(2018, 8, 1),
        entered_at=timezone.now(),
    )


def put_receipt(contribution: Contribution, user: User) -> Evidence:
    evidence = Evidence(
        submission=contribution.submission,
        row=f"contribution:{contribution.pk}",
        name="receipt.pdf",
        content_type="application/pdf",
        size_bytes=5,
        sha256="5d0d7f7c6d" * 6 + "abcd",
        uploaded_by=user,
    )
    evidence.file.save("receipt.pdf", ContentFile(b"%PDF-"), save=True)
    return evidence


def hand_in(submission: Submission, user: User) -> Submission:
    """Answers what is open (does not apply, nothing to report), explains what is asked about, and hands in."""
    with acting_as(user, "test"):
        sheet = load_sheet(submission)
        for row in sheet.rows.values():
            if row.record is None:
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


def put_community(world: World) -> None:
    """Opens both sections at Hami and enters one record of each kind, the contribution with a rate."""
    FocusAreaFactory()
    item = LocalHiringItemFactory()
    for section in (COMMUNITY, LOCAL_HIRING):
        AssignmentFactory(site=world.hami, section=section)
    services.match_assignments(world.year)

    put_rate("7.0001")
    put_contribution(month(world.hami, 3), 100, currency="USD")
    form = whole_year(world.hami)
    put_hiring(form, item.code, 2)
    put_arrangement(form)
