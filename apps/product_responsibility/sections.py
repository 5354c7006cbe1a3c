"""What sites hand in on products and customers: sales, complaints and recalls monthly, statements once a year."""

from typing import Final

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.organisation.choices import Frequency
from apps.product_responsibility import beside, checks, forms, register
from apps.product_responsibility.models import (
    CertificateHeld,
    Complaint,
    ComplaintClosing,
    ProductPractice,
    ProductSale,
    Recall,
    SiteSoldProduct,
    StatementRecord,
    statement_rows,
)
from apps.product_responsibility.policies import SECTION
from apps.submissions.choices import Method
from apps.submissions.sections import Grid, Register, Section, Source, sections

PRODUCT: Final = "product"
PRODUCT_YEAR: Final = SECTION

sections.register(
    Section(
        code=PRODUCT,
        title=_("Products and customers"),
        frequency=Frequency.MONTH,
        hkex=("B6",),
        tables=(
            Grid(
                code="sales",
                model=ProductSale,
                site_row=SiteSoldProduct,
                methods=(Method.RECORDED, Method.INVOICED, Method.METERED, Method.ESTIMATED),
                title=_("Products sold or shipped"),
                help=_("What left for customers in the month. Recalls are divided by it (B6.1)."),
            ),
            Register(
                code="complaint",
                as_cards=True,
                model=Complaint,
                form=forms.ComplaintForm,
                title=_("Complaints received"),
                help=_("Complaints about products and services that arrived in the month, open or closed."),
                answer_required=True,
            ),
            Register(
                code="complaint_closing",
                model=ComplaintClosing,
                form=forms.ComplaintClosingForm,
                title=_("Earlier complaints closed"),
                help=_("Complaints of earlier months that were closed in this month."),
                annotate=lambda closings: closings.select_related("complaint__category"),
            ),
            Register(
                code="recall",
                as_cards=True,
                model=Recall,
                form=forms.RecallForm,
                title=_("Product recalls"),
                help=_("Lots taken back from customers, both quantities in the unit behind the product."),
                answer_required=True,
                annotate=lambda recalls: recalls.annotate(unit=F("product__unit_code")),
                review_columns={"unit": _("unit")},
            ),
        ),
        checks=(
            checks.open_complaints,
            checks.complaints_in_time,
            checks.recalls_fit_the_sales,
            checks.recalled_once,
        ),
        load_beside=beside.earlier_months,
    )
)

sections.register(
    Section(
        code=PRODUCT_YEAR,
        title=_("Product responsibility"),
        frequency=Frequency.YEAR,
        hkex=("B6",),
        tables=(
            Grid(
                code="product_statement",
                model=StatementRecord,
                everywhere=statement_rows,
                methods=(Method.RECORDED, Method.CALCULATED, Method.ESTIMATED),
                title=_("Rights, quality and data"),
                help=_("Of the year, in whole numbers. Zero is a statement: write 0, leave nothing blank."),
            ),
            Register(
                code="product_practice",
                as_cards=True,
                model=ProductPractice,
                form=forms.ProductPracticeForm,
                title=_("Practices"),
                help=_("What the site does on rights, quality and data, and how it is watched."),
            ),
            Register(
                code="certificate_held",
                model=CertificateHeld,
                form=forms.CertificateHeldForm,
                title=_("Certificates of the year"),
                help=_("From the register of certificates, as they stood on the last day of the year."),
                by_hand=False,
                source=Source(
                    title=_("Bring certificates up to date"),
                    lines=register.lines,
                    key=("certificate",),
                ),
                shown=("standard", "number", "body", "valid_from", "valid_until", "state"),
            ),
        ),
        checks=(checks.certificates_hold, checks.certificates_have_files, checks.batches_rejected),
        load_beside=beside.files_of_certificates,
    )
)
