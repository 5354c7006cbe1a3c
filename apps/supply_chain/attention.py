"""What of the supply chain stands on the to-do lists and on the reviewers' start page."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.organisation.models import ReportingYear
from apps.organisation.policies import has_role
from apps.submissions.attention import Item, Watch, records_for, review_url, watches
from apps.submissions.choices import State
from apps.submissions.findings import row_id
from apps.submissions.models import Submission
from apps.submissions.tasks import MOST, Task, TaskList, task_lists
from apps.supply_chain.models import (
    Assessment,
    AssessmentKind,
    AssessmentResult,
    CorrectiveAction,
    LabourFinding,
    Supplier,
    SupplierYear,
    Tender,
    TenderState,
    TenderYear,
)
from apps.supply_chain.policies import SECTION, may_keep_suppliers, may_see_suppliers
from apps.supply_chain.register.listing import major_without_audit
from apps.supply_chain.tenders import attention as tenders
from apps.supply_chain.tenders.policies import visible_to as tenders_visible_to

# So many days before an assessment ends somebody is reminded to make the next.
REMINDED: Final = dt.timedelta(days=60)


def _overdue_actions() -> QuerySet[CorrectiveAction]:
    """Actions of assessments that count, not checked again though their day is over."""
    actions: Any = CorrectiveAction.objects
    found: QuerySet[CorrectiveAction] = actions.filter(
        checked_on__isnull=True,
        due_on__lt=timezone.localdate(),
        assessment__confirmed_at__isnull=False,
        assessment__withdrawn_at__isnull=True,
    ).select_related("assessment__supplier")
    return found


def _page(assessment: Assessment) -> str:
    return reverse("supply_chain:assessment", args=[assessment.pk])


def actions_to_check(user: User) -> Sequence[Task]:
    """What suppliers had to put right by now, for those who keep the register."""
    if not may_keep_suppliers(user):
        return []
    return [
        Task(
            title=str(action.assessment.supplier),
            detail=_("Check again: %(what)s") % {"what": action.what},
            url=f"{_page(action.assessment)}#action-{action.pk}",
            due_on=action.due_on,
        )
        for action in _overdue_actions()[:MOST]
    ]


def assessments_to_renew(user: User) -> Sequence[Task]:
    """Active suppliers whose newest assessment of a kind failed, ends soon or has ended."""
    if not may_keep_suppliers(user):
        return []
    statement, values = _ending(timezone.localdate())
    return [
        Task(
            title=str(assessment.supplier),
            detail=_("%(kind)s: make the next one") % {"kind": assessment.get_kind_display()},
            url=reverse("supply_chain:supplier", args=[assessment.supplier_id]),
            due_on=assessment.valid_until,
        )
        for assessment in Assessment.objects.raw(statement, values).prefetch_related("supplier")
    ]


@lru_cache(maxsize=2)
def _ending(day: dt.date) -> tuple[str, tuple[Any, ...]]:
    """The question behind it, which is the same for everybody all day: to build it takes longer than its answer."""
    ending = (
        Assessment.objects.newest_by(day)
        .filter(supplier__in=Supplier.objects.active(day, day))
        .filter(Q(result=AssessmentResult.FAILED) | Q(valid_until__lte=day + REMINDED))
        .order_by("valid_until", "pk")
    )
    return ending[:MOST].query.sql_with_params()


def major_suppliers_to_audit(user: User) -> Sequence[Task]:
    """Major suppliers that never had a labour audit; failed and ended ones stand among those to renew."""
    if not may_keep_suppliers(user):
        return []
    statement, values = _never_audited(timezone.localdate())
    return [
        Task(
            title=str(supplier),
            detail=_("Major supplier: make a labour audit"),
            url=reverse("supply_chain:supplier", args=[supplier.pk]),
        )
        for supplier in Supplier.objects.raw(statement, values)
    ]


@lru_cache(maxsize=2)
def _never_audited(day: dt.date) -> tuple[str, tuple[Any, ...]]:
    """The question behind it, likewise."""
    ever = Assessment.objects.counting().filter(kind=AssessmentKind.LABOUR)
    return major_without_audit(day).exclude(pk__in=ever.values("supplier"))[:MOST].query.sql_with_params()


def assessments_to_confirm(user: User) -> Sequence[Task]:
    """Assessments that wait for a second person, without one's own."""
    if not has_role(user, (Role.REVIEWER, Role.LEAD_REVIEWER), section=SECTION):
        return []
    waiting = Assessment.objects.filter(confirmed_at__isnull=True).exclude(entered_by=user)
    return [
        Task(title=str(assessment.supplier), detail=str(assessment), url=_page(assessment))
        for assessment in waiting.select_related("supplier").order_by("entered_at")[:MOST]
    ]


for _code, _title, _tasks, _rows in (
    (
        "supplier_actions",
        gettext_lazy("Corrective actions of suppliers, overdue"),
        actions_to_check,
        "supply_chain_correctiveaction a WHERE a.checked_on IS NULL AND a.due_on < asked.today",
    ),
    (
        "supplier_audits",
        gettext_lazy("Major suppliers without a labour audit"),
        major_suppliers_to_audit,
        "supply_chain_supplier",
    ),
    (
        "supplier_renewals",
        gettext_lazy("Assessments of suppliers that end"),
        assessments_to_renew,
        "supply_chain_assessment",
    ),
    (
        "supplier_confirmations",
        gettext_lazy("Assessments of suppliers to confirm"),
        assessments_to_confirm,
        "supply_chain_assessment a WHERE a.confirmed_at IS NULL",
    ),
):
    task_lists.register(TaskList(code=_code, title=_title, tasks=_tasks, rows=_rows))


def _day_looked_at(year: ReportingYear) -> dt.date:
    return min(timezone.localdate(), year.ends_on)


def _unaudited(user: User, year: ReportingYear) -> list[QuerySet[Supplier]]:
    if not may_see_suppliers(user):
        return [Supplier.objects.none()]
    return [major_without_audit(_day_looked_at(year))[:MOST]]


def unaudited_suppliers(user: User, year: ReportingYear, suppliers: Sequence[Supplier]) -> Sequence[Item]:
    """Major suppliers that lack a valid labour audit today, or lacked it when the year ended."""
    return [
        Item(
            title=str(supplier),
            detail=_("No valid labour audit on %(day)s.") % {"day": date_format(_day_looked_at(year))},
            url=reverse("supply_chain:supplier", args=[supplier.pk]),
        )
        for supplier in suppliers
    ]


def _found_and_overdue(user: User, year: ReportingYear) -> list[QuerySet[Any]]:
    if not may_see_suppliers(user):
        return [Assessment.objects.none(), CorrectiveAction._default_manager.none()]
    grave = Assessment.objects.counting().filter(assessed_on__range=(year.starts_on, year.ends_on))
    found = grave.filter(child_labour=LabourFinding.FOUND) | grave.filter(forced_labour=LabourFinding.FOUND)
    return [found.select_related("supplier")[:MOST], _overdue_actions()[:MOST]]


def supplier_findings(
    user: User, year: ReportingYear, found: Sequence[Assessment], overdue: Sequence[CorrectiveAction]
) -> Sequence[Item]:
    """Child or forced labour found at suppliers in the year, and corrective actions that are overdue."""
    return [
        *(
            Item(title=f"{assessment.supplier} · {assessment}", detail=assessment.findings, url=_page(assessment))
            for assessment in found
        ),
        *(
            Item(
                title=str(action.assessment.supplier),
                detail=_("Overdue since %(day)s: %(what)s") % {"day": date_format(action.due_on), "what": action.what},
                url=f"{_page(action.assessment)}#action-{action.pk}",
            )
            for action in overdue
        ),
    ]


def _contradicted(user: User, year: ReportingYear) -> list[QuerySet[Any]]:
    """Tenders that a form lacks, lines whose assessment was withdrawn, lines of a supplier told differently."""
    suppliers: Any = SupplierYear.objects
    if not may_see_suppliers(user):
        return [Tender.objects.none(), suppliers.none(), suppliers.none()]
    readable = records_for(user)
    counted = (State.SUBMITTED, State.APPROVED)
    forms = Submission.objects.filter(site=OuterRef("site"), section=SECTION, period__year=year, state__in=counted)
    missing = (
        Tender.objects.filter(
            tenders_visible_to(user), state=TenderState.AWARDED, decided_on__range=(year.starts_on, year.ends_on)
        )
        .filter(Exists(forms), ~Exists(TenderYear.objects.filter(tender=OuterRef("pk"))))
        .select_related("site")
    )
    lines = suppliers.filter(readable, submission__period__year=year, submission__state__in=counted).select_related(
        "supplier", "submission__site"
    )
    withdrawn = Assessment.objects.filter(
        supplier=OuterRef("supplier"),
        withdrawn_at__gt=OuterRef("submission__submitted_at"),
        assessed_on__lte=year.ends_on,
        valid_until__gte=year.ends_on,
    )
    differing = (
        lines.order_by()
        .values("supplier")
        .annotate(regions=Count("region", distinct=True), majors=Count("is_major", distinct=True))
        .filter(Q(regions__gt=1) | Q(majors__gt=1))
        .values("supplier")
    )
    return [
        missing[:MOST],
        lines.filter(Exists(withdrawn), is_assessed=True)[:MOST],
        lines.filter(supplier__in=differing)[:MOST],
    ]


def contradicted_forms(
    user: User,
    year: ReportingYear,
    missing: Sequence[Tender],
    withdrawn: Sequence[SupplierYear],
    differing: Sequence[SupplierYear],
) -> Sequence[Item]:
    """What the registers say against forms that are handed in or approved.

    A tender that was awarded later, an audit withdrawn since, a supplier that two sites tell differently.
    """
    return [
        *(
            Item(
                title=f"{tender.site.name} · {tender}",
                detail=_("Awarded after the form of its year was handed in, so that the form lacks it."),
                url=reverse("supply_chain:tender", args=[tender.pk]),
            )
            for tender in missing
        ),
        *(
            Item(
                title=f"{line.submission.site.name} · {line}",
                detail=_("An assessment that the form counts was withdrawn since."),
                url=review_url(line.submission, row_id("supplier", str(line.pk))),
            )
            for line in withdrawn
        ),
        *(
            Item(
                title=f"{line.submission.site.name} · {line}",
                detail=_("Sites tell the region of this supplier, or whether it is major, differently."),
                url=review_url(line.submission, row_id("supplier", str(line.pk))),
            )
            for line in differing
        ),
    ]


watches.register(
    Watch(
        code="contradicted_forms",
        title=gettext_lazy("Forms that registers contradict"),
        help=gettext_lazy("Handed in or approved. A lead reviewer can reopen what is approved."),
        questions=_contradicted,
        items=contradicted_forms,
    )
)
watches.register(
    Watch(
        code="unaudited_suppliers",
        title=gettext_lazy("Major suppliers without a valid labour audit"),
        help=gettext_lazy("Today, or on the last day of a year that is over."),
        questions=_unaudited,
        items=unaudited_suppliers,
    )
)
watches.register(
    Watch(
        code="supplier_findings",
        title=gettext_lazy("Findings at suppliers"),
        help=gettext_lazy("Child or forced labour found in the year, and corrective actions that are overdue."),
        questions=_found_and_overdue,
        items=supplier_findings,
    )
)

tenders.register()
