"""The shipped catalogues of the community."""

from pathlib import Path
from typing import Final

from apps.community.models import FocusArea, LocalHiringItem
from apps.submissions.shipped import Shipment, shipments

FOLDER: Final = Path(__file__).resolve().parent

COMMUNITY = shipments.register(
    Shipment(
        code="community",
        folder=FOLDER,
        catalogues=((FocusArea, "focus_areas.csv"), (LocalHiringItem, "local_hiring_items.csv")),
    )
)
