"""Records of product responsibility for tests, put straight into open submissions, and certificates."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.organisation.models import Site
from apps.product_responsibility.models import (
    Certificate,
    CertificateFile,
    CertificateHeld,
    CertificateStandard,
    Complaint,
    ComplaintCategory,
    ComplaintClosing,
    CustomerRegion,
    ProductPractice,
    ProductSale,
    Recall,
    SiteSoldProduct,
    SoldProduct,
    StatementItem,
    StatementRecord,
)
from apps.product_responsibility.sections import PRODUCT, PRODUCT_YEAR
from apps.submissions import checks, services, workflow
from apps.submissions.choices import CellState, Method
from apps.submissions.models import Explanation, NothingToReport, QuantityRecord, Submission
from apps.submissions.sheets import load_sheet
from tests.factories import (
    AssignmentFactory,
    CertificateStandardFactory,
    ComplaintCategoryFactory,
    CustomerRegionFactory,
    SoldProductFactory,
    StatementItemFactory,
    World,
)

Amount = str | int | Decimal


def month(site: Site, number: int, year: str = "2020") -> Submission:
    return Submission.objects.get(site=site, period__code=f"{year}-{number:02}", section=PRODUCT)


def whole_year(site: Site, year: str = "2020") -> Submission:
    return Submission.objects.get(site=site, period__code=year, section=PRODUCT_YEAR)


def _typed(item: Any, value: Amount) -> dict[str, Any]:
    return {
        "state": CellState.VALUE,
        "method": Method.RECORDED,
        "entered_value": Decimal(value),
        "entered_unit": item.unit_code,
        "quantity": Decimal(value),
        "entered_at": timezone.now(),
    }


def put_sale(submission: Submission, value: Amount, product: str = "magnesium_ingot") -> ProductSale:
    item = SoldProduct.objects.get(code=product)
    return ProductSale.objects.create(submission=submission, product=item, **_typed(item, value))


def put_statement(submission: Submission, item_code: str, value: Amount) -> StatementRecord:
    item = StatementItem.objects.get(code=item_code)
    return StatementRecord.objects.create(submission=submission, item=item, **_typed(item, value))


def put_complaint(
    submission: Submission,
    day: int = 10,
    closed: int | None = None,
    category: str = "",
    region: str = "",
    **fields: Any,
) -> Complaint:
    """A complaint received on a day of the month and, if told so, closed on another day of it."""
    received_on = submission.period.starts_on.replace(day=day)
    count = Complaint.objects.filter(submission=submission).count()
    categories, regions = ComplaintCategory.objects.order_by("position"), CustomerRegion.objects.order_by("position")
    told = {
        "reference": f"C-{received_on:%Y%m}-{count + 1}",
        "category": categories.get(code=category) if category else categories[0],
        "region": regions.get(code=region) if region else regions[0],
        "what": "Oxide on the surface",
        "closed_on": received_on.replace(day=closed) if closed else None,
        "settled": "Replaced" if closed else "",
        "entered_at": timezone.now(),
    }
    return Complaint.objects.create(submission=submission, received_on=received_on, **{**told, **fields})


def put_closing(submission: Submission, complaint: Complaint, day: int = 5, **fields: Any) -> ComplaintClosing:
    told = {
        "closed_on": submission.period.starts_on.replace(day=day),
        "settled": "Replaced",
        "entered_at": timezone.now(),
    }
    return ComplaintClosing.objects.create(submission=submission, complaint=complaint, **{**told, **fields})


def put_recall(
    submission: Submission,
    quantity: Amount,
    sold: Amount = 100,
    reason: str = "safety",
    product: str = "magnesium_ingot",
    **fields: Any,
) -> Recall:
    told = {
        "recalled_on": submission.period.starts_on.replace(day=10),
        "lots": f"L{Recall.objects.filter(submission=submission).count() + 1}",
        "cause": "Cracked packing",
        "measures": "Taken back",
        "entered_at": timezone.now(),
    }
    return Recall.objects.create(
        submission=submission,
        product=SoldProduct.objects.get(code=product),
        quantity=Decimal(quantity),
        sold=Decimal(sold),
        reason=reason,
        **{**told, **fields},
    )


def put_practice(submission: Submission, provision: str = "B6.3", **fields: Any) -> ProductPractice:
    told = {"description": "Patents are searched", "watched_by": "Yearly review", "entered_at": timezone.now()}
    return ProductPractice.objects.create(submission=submission, provision=provision, **{**told, **fields})


def put_certificate(
    site: Site,
    user: User,
    standard: str = "iso9001-2015",
    valid: tuple[str, str] = ("2019-03-01", "2022-02-28"),
    filed: bool = True,
    **fields: Any,
) -> Certificate:
    """A certificate valid between two days, straight into the register, as a rule with the row of a file."""
    first, last = (dt.date.fromisoformat(day) for day in valid)
    told = {"number": f"Q-{Certificate.objects.count() + 1}", "body": "CQC", **fields}
    certificate = Certificate.objects.create(
        site=site,
        standard=CertificateStandard.objects.get(code=standard),
        valid_from=first,
        valid_until=last,
        entered_by=user,
        **told,
    )
    if filed:
        _file_of(certificate, user, file="evidence/scan.pdf").save()
    return certificate


def _file_of(certificate: Certificate, user: User, **fields: Any) -> CertificateFile:
    return CertificateFile(
        certificate=certificate,
        name="scan.pdf",
        content_type="application/pdf",
        size_bytes=5,
        sha256="5d0d7f7c6d" * 6 + "abcd",
        uploaded_by=user,
        **fields,
    )


def put_file(certificate: Certificate, user: User) -> CertificateFile:
    file = _file_of(certificate, user)
    file.file.save("scan.pdf", ContentFile(b"%PDF-"), save=True)
    return file


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


def put_products(world: World) -> dict[str, dict[str, int]]:
    """Opens both sections at Hami, enters one record of each kind, and says what the URLs are asked with."""
    product, item = SoldProductFactory(), StatementItemFactory()
    ComplaintCategoryFactory()
    CustomerRegionFactory()
    standard = CertificateStandardFactory()
    SiteSoldProduct.objects.create(site=world.hami, product=product)
    for section in (PRODUCT, PRODUCT_YEAR):
        AssignmentFactory(site=world.hami, section=section)
    services.match_assignments(world.year)

    march, april, form = month(world.hami, 3), month(world.hami, 4), whole_year(world.hami)
    put_sale(march, 1800, product.code)
    put_closing(april, put_complaint(march))
    put_recall(march, 5, product=product.code)
    put_statement(form, item.code, 3)
    put_practice(form)
    certificate = put_certificate(world.hami, world.clerk, standard.code, filed=False)
    file = put_file(certificate, world.clerk)
    CertificateHeld.objects.create(
        submission=form,
        certificate=certificate,
        standard=standard,
        number=certificate.number,
        body=certificate.body,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        state="valid",
        entered_at=timezone.now(),
    )
    return {
        "product:certificate": {"pk": certificate.pk},
        "product:certificate_edit": {"pk": certificate.pk},
        "product:certificate_end": {"pk": certificate.pk},
        "product:certificate_remove": {"pk": certificate.pk},
        "product:certificate_file_add": {"pk": certificate.pk},
        "product:certificate_file": {"pk": file.pk},
    }
