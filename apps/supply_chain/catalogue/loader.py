"""The shipped catalogues of the supply chain: regions, what is supplied, what bids are judged by."""

from pathlib import Path
from typing import Final

from apps.submissions.shipped import Shipment, shipments
from apps.supply_chain.models import SupplierRegion, SupplyCategory, TenderAttribute

FOLDER: Final = Path(__file__).resolve().parent

SUPPLY_CHAIN = shipments.register(
    Shipment(
        code="supply_chain",
        folder=FOLDER,
        catalogues=(
            (SupplierRegion, "supplier_regions.csv"),
            (SupplyCategory, "supply_categories.csv"),
            (TenderAttribute, "tender_attributes.csv"),
        ),
    )
)
