"""Suppliers and assessments for tests, made as people make them, and credit codes that are right."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.organisation.models import Site
from apps.submissions import services as form_services
from apps.submissions.models import Submission
from apps.supply_chain import credit_code
from apps.supply_chain.models import Assessment, CorrectiveAction, Supplier, SupplyPractice, Tender, TenderYear
from apps.supply_chain.register import services
from tests.factories import AssignmentFactory, SupplierFactory, SupplierRegionFactory, SupplyCategoryFactory, World

LAST_DAY = dt.date(2020, 12, 31)
PDF = b"%PDF-1.4 an attendance list"


def right_code(number: int) -> str:
    """A credit code that nobody has: its number, and the check character."""
    first = f"91{number:015}"
    return first + credit_code.check_character(first)


def form_of(site: Site, year: str = "2020") -> Submission:
    return Submission.objects.get(site=site, period__code=year, section="supply_chain")


def pdf(name: str = "list.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def assess(supplier: Supplier, keeper: User, confirmer: User | None = None, **fields: Any) -> Assessment:
    """An assessment with what it needs; confirmed where somebody is named for it."""
    said: dict[str, Any] = {
        "kind": "labour",
        "assessed_on": dt.date(2020, 6, 1),
        "valid_until": dt.date(2021, 6, 1),
        "assessor": "Purchasing department",
        "result": "passed",
        **fields,
    }
    if said["kind"] == "labour":
        said = {"child_labour": "none", "forced_labour": "none", **said}
    with acting_as(keeper, "test"):
        assessment = Assessment(supplier=supplier, **said)
        assessment.entered_by = keeper
        assessment.full_clean()
        services.save_assessment(user=keeper, assessment=assessment)
        if assessment.kind == "labour":
            for about in ("child_labour", "forced_labour"):
                services.attach(user=keeper, pk=assessment.pk, about=about, upload=pdf(f"{about}.pdf"))
        if assessment.result == "conditional":
            action = CorrectiveAction(assessment=assessment, what="Mark the exits", due_on=dt.date(2020, 9, 1))
            services.add_action(user=keeper, action=action)
    if confirmer is not None:
        with acting_as(confirmer, "test"):
            services.confirm(user=confirmer, pk=assessment.pk)
        assessment.refresh_from_db()
    return assessment


def put_suppliers(world: World) -> dict[str, dict[str, Any]]:
    """Opens the section at Hami, puts one row of everything into it, and says what the URLs are asked with."""
    AssignmentFactory(site=world.hami, section="supply_chain")
    form_services.match_assignments(world.year)
    region, category = SupplierRegionFactory(), SupplyCategoryFactory()
    supplier = SupplierFactory(code="S-PERMISSIONS", region=region, supplies=[category], sites=[world.hami])
    audit = assess(supplier, world.clerk, result="conditional", findings="Exits")
    form = form_of(world.hami)
    form_services.take_over(submission_id=form.pk, user=world.clerk)
    SupplyPractice.objects.create(
        submission=form,
        kind="risks",
        description="Permits are checked",
        suppliers_covered=1,
        watched_by="Purchasing",
        entered_at=timezone.now(),
    )
    kept, action = audit.files.order_by("pk")[0], audit.actions.get()
    return {
        **{f"supply_chain:{name}": {"pk": supplier.pk} for name in ("supplier", "supplier_edit", "assessment_add")},
        **{
            f"supply_chain:{name}": {"pk": audit.pk}
            for name in (
                "assessment",
                "assessment_edit",
                "assessment_delete",
                "assessment_file_add",
                "action_add",
                "assessment_confirm",
                "assessment_withdraw",
            )
        },
        **{f"supply_chain:{name}": {"pk": kept.pk} for name in ("assessment_file", "assessment_file_delete")},
        **{f"supply_chain:{name}": {"pk": action.pk} for name in ("action_delete", "action_recheck")},
        "supply_chain:suppliers_export": {"file_format": "csv"},
    }


def put_tender_year(world: World, tender_id: int) -> None:
    """A line on a tender in the form of Hami."""
    tender = Tender.objects.get(pk=tender_id)
    TenderYear.objects.create(
        submission=form_of(world.hami),
        tender=tender,
        material=tender.material,
        decided_on=LAST_DAY,
        bids=3,
        eliminated=1,
        entered_at=timezone.now(),
    )
