"""The shipped editions of the guide with their provisions."""

from pathlib import Path
from typing import Any, Final

from django.db import models

from apps.reporting.models import Guide, Provision
from apps.submissions.shipped import Shipment, add, read, shipments

FOLDER: Final = Path(__file__).resolve().parent
PROVISIONS: Final = "provisions.csv"


def _add_provisions() -> dict[type[models.Model], int]:
    """What an edition lacks is added; what is there belongs to the administrator."""
    guides = {guide.code: guide for guide in Guide.objects.all()}
    present = set(Provision.objects.values_list("guide__code", "code"))
    added = 0
    for values in read(FOLDER / PROVISIONS):
        place = (values["guide"], values["code"])
        if place in present:
            continue
        fields: dict[str, Any] = {
            **values,
            "guide": guides[values["guide"]],
            "is_quantitative": values["is_quantitative"] == "1",
        }
        add(Provision(**fields), f"{PROVISIONS}, {' '.join(place)}")
        added += 1
    return {Provision: added}


shipments.register(
    Shipment(code="reporting", folder=FOLDER, catalogues=((Guide, "guides.csv"),), others=_add_provisions)
)
