"""The shipped catalogues of product responsibility."""

from pathlib import Path
from typing import Final

from apps.product_responsibility.models import (
    CertificateStandard,
    ComplaintCategory,
    CustomerRegion,
    SoldProduct,
    StatementItem,
)
from apps.submissions.shipped import Shipment, shipments

FOLDER: Final = Path(__file__).resolve().parent

PRODUCT_RESPONSIBILITY = shipments.register(
    Shipment(
        code="product_responsibility",
        folder=FOLDER,
        catalogues=(
            (SoldProduct, "sold_products.csv"),
            (ComplaintCategory, "complaint_categories.csv"),
            (CustomerRegion, "customer_regions.csv"),
            (StatementItem, "statement_items.csv"),
            (CertificateStandard, "certificate_standards.csv"),
        ),
    )
)
