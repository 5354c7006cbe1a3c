"""Lines of the annual form, put straight into open submissions, and rows of the registers behind it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.models import (
    Campaign,
    Channel,
    ConcludedCase,
    Duty,
    Gift,
    GiftHandling,
    IntegrityCount,
    IntegritySettings,
    IntegrityTraining,
    SignedYear,
)
from apps.anti_corruption.policies import SECTION
from apps.audit.context import acting_as
from apps.organisation.models import Site
from apps.submissions import checks, services, workflow
from apps.submissions.models import Explanation, NothingToReport, Submission
from apps.submissions.sheets import load_sheet


def whole_year(site: Site, year: str = "2020") -> Submission:
    return Submission.objects.get(site=site, period__code=year, section=SECTION)


# The registers --------------------------------------------------------------------------------------------------------


def put_duty(campaign: Campaign, user: User, site: Site, due_on: dt.date, rank: str = "key_post", **post: Any) -> Duty:
    """Asks somebody to sign by any day, in the rank of the day of opening."""
    with acting_as(campaign.opened_by, "test"):
        return Duty.objects.create(
            campaign=campaign, user=user, site=site, rank=rank, opened_on=due_on, due_on=due_on, **post
        )


def put_gift(user: User, site: Site, received_on: dt.date, value: str = "80", replaces: Gift | None = None) -> Gift:
    rules = IntegritySettings.current()
    with acting_as(user, "test"):
        return Gift.objects.create(
            receiver=user,
            site=site,
            received_on=received_on,
            giver="Mr Wu of Alpha",
            occasion="Spring Festival",
            item="Tea",
            value_cny=Decimal(value),
            late_because="was on leave",
            threshold_cny=rules.gift_threshold_cny,
            days_allowed=rules.gift_days,
            registered_at=timezone.now(),
            registered_on=timezone.localdate(),
            replaces=replaces,
        )


def settle(gift: Gift, officer: User, handling: str = "handed_in") -> GiftHandling:
    with acting_as(officer, "test"):
        return GiftHandling._default_manager.create(
            gift=gift,
            handling=handling,
            handled_on=timezone.localdate(),
            receipt="R-1" if handling == "handed_in" else "",
            confirmed_by=officer,
            confirmed_at=timezone.now(),
        )


def put_case(
    officer: User,
    site: Site,
    concluded_on: dt.date,
    outcome: str = "convicted",
    reference: str = "",
    replaces: ConcludedCase | None = None,
) -> ConcludedCase:
    with acting_as(officer, "test"):
        return ConcludedCase.objects.create(
            site=site,
            reference=reference or f"(2020) {ConcludedCase.objects.count() + 1}",
            subject="employee",
            matter="Took money from a carrier",
            authority="Court of Hami",
            concluded_on=concluded_on,
            outcome=outcome,
            entered_by=officer,
            entered_at=timezone.now(),
            entered_on=timezone.localdate(),
            replaces=replaces,
        )


# The form -------------------------------------------------------------------------------------------------------------


def put_signed(
    form: Submission,
    rank: str,
    due: int,
    signed: int,
    paper: tuple[int, int] | None = None,
    people: int | None = None,
) -> SignedYear:
    """Where it is not said how many people owe the statements, each owes one."""
    paper_due, paper_signed = paper or (None, None)
    return SignedYear.objects.create(
        submission=form,
        rank=rank,
        due=due,
        signed=signed,
        people=due if people is None else people,
        paper_due=paper_due,
        paper_signed=paper_signed,
        entered_at=timezone.now(),
    )


def put_count(form: Submission, measure: str, count: int) -> IntegrityCount:
    return IntegrityCount.objects.create(submission=form, measure=measure, count=count, entered_at=timezone.now())


def put_channel(form: Submission, kind: str = "hotline", reports: int = 0, substantiated: int = 0) -> Channel:
    return Channel.objects.create(
        submission=form,
        kind=kind,
        description=f"Of {form.site.code}",
        run_by="Audit office",
        reports=reports,
        substantiated=substantiated,
        entered_at=timezone.now(),
    )


def put_training(
    form: Submission, audience: str, participants: int, hours: str, day: dt.date | None = None
) -> IntegrityTraining:
    return IntegrityTraining.objects.create(
        submission=form,
        held_on=day or form.period.starts_on,
        topic="The code of conduct",
        audience=audience,
        participants=participants,
        hours_each=Decimal(hours),
        entered_at=timezone.now(),
    )


def take_over(form: Submission, user: User) -> int:
    with acting_as(user, "test"):
        return services.take_over(submission_id=form.pk, user=user)


def hand_in(form: Submission, user: User) -> Submission:
    """Confirms what is empty, explains what is asked about, and hands in."""
    form.refresh_from_db()
    with acting_as(user, "test"):
        sheet = load_sheet(form)
        for register in sheet.section.registers:
            if register.answer_required and not sheet.entries[register.code]:
                NothingToReport.objects.get_or_create(submission=form, table=register.code)
        for finding in checks.run(load_sheet(form)):
            if finding.severity == "warning":
                Explanation.objects.update_or_create(
                    submission=form,
                    finding=finding.code,
                    row=finding.row,
                    defaults={"fingerprint": finding.fingerprint, "text": "So it is.", "written_by": user},
                )
        workflow.submit(submission_id=form.pk, user=user, revision=form.revision)
    form.refresh_from_db()
    return form


def approve(form: Submission, user: User, reviewer: User) -> Submission:
    hand_in(form, user)
    with acting_as(reviewer, "test"):
        workflow.approve(submission_id=form.pk, user=reviewer)
    form.refresh_from_db()
    return form
