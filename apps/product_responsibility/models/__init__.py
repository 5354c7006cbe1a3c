"""HKEX aspect B6: what is sold and recalled, complaints, yearly statements and practices, certificates."""

from apps.product_responsibility.models.certificates import (
    REMIND_DAYS,
    Certificate,
    CertificateFile,
    CertificateHeld,
    CertificateStandard,
    CertificateState,
    EndReason,
)
from apps.product_responsibility.models.complaints import (
    Complaint,
    ComplaintCategory,
    ComplaintClosing,
    CustomerRegion,
)
from apps.product_responsibility.models.sales import (
    SAFETY_AND_HEALTH,
    ProductSale,
    Recall,
    RecallReason,
    SiteSoldProduct,
    SoldProduct,
)
from apps.product_responsibility.models.statements import (
    ProductPractice,
    Provision,
    StatementItem,
    StatementKind,
    StatementRecord,
    statement_rows,
)
from apps.product_responsibility.models.sums import SaleSum

__all__ = [
    "REMIND_DAYS",
    "SAFETY_AND_HEALTH",
    "Certificate",
    "CertificateFile",
    "CertificateHeld",
    "CertificateStandard",
    "CertificateState",
    "Complaint",
    "ComplaintCategory",
    "ComplaintClosing",
    "CustomerRegion",
    "EndReason",
    "ProductPractice",
    "ProductSale",
    "Provision",
    "Recall",
    "RecallReason",
    "SaleSum",
    "SiteSoldProduct",
    "SoldProduct",
    "StatementItem",
    "StatementKind",
    "StatementRecord",
    "statement_rows",
]
