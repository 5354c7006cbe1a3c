"""The shipped catalogues of the environment, with the stack limits of the national standard."""

from pathlib import Path
from typing import Any, Final

from django.db import models

from apps.environment.models import (
    EmissionLimit,
    PackagingMaterial,
    Pollutant,
    Product,
    Resource,
    ScopeThreeCategory,
    Treatment,
    WasteType,
)
from apps.submissions.shipped import Shipment, add, read, shipments

FOLDER: Final = Path(__file__).resolve().parent
LIMITS: Final = "emission_limits.csv"


def _add_limits() -> dict[type[models.Model], int]:
    """A process and pollutant for which somebody has entered any limit is left alone."""
    kept = set(EmissionLimit.objects.filter(stack__isnull=True).values_list("stack_type", "pollutant__code"))
    pollutants = {pollutant.code: pollutant for pollutant in Pollutant.objects.all()}
    added = 0
    for values in read(FOLDER / LIMITS):
        place = (values["stack_type"], values["pollutant"])
        if place in kept:
            continue
        fields: dict[str, Any] = {
            **values,
            "pollutant": pollutants[values["pollutant"]],
            "limit_mg_m3": values["limit_mg_m3"] or None,
        }
        add(EmissionLimit(**fields), f"{LIMITS}, {' '.join(place)}")
        added += 1
    return {EmissionLimit: added}


ENVIRONMENT = shipments.register(
    Shipment(
        code="environment",
        folder=FOLDER,
        # A line stands in its file before the grades and sources that are reported under it.
        catalogues=(
            (Product, "products.csv"),
            (Resource, "resources.csv"),
            (WasteType, "waste_types.csv"),
            (Treatment, "treatments.csv"),
            (PackagingMaterial, "packaging_materials.csv"),
            (Pollutant, "pollutants.csv"),
            (ScopeThreeCategory, "scope_three_categories.csv"),
        ),
        others=_add_limits,
    )
)
