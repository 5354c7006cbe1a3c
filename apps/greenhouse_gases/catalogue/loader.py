"""The shipped factors. They are loaded once: afterwards the newest version belongs to people."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.db import models

from apps.greenhouse_gases.models import Factor
from apps.submissions.shipped import Shipment, read, shipments

FOLDER: Final = Path(__file__).resolve().parent
FACTORS: Final = "factors.csv"


def _add_factors() -> dict[type[models.Model], int]:
    """A factor that has any version is left alone; within the file the rows of one factor follow one another."""
    kept = {factor.key for factor in Factor.objects.all()}
    versions: dict[Any, int] = {}
    added: list[Factor] = []
    for values in read(FOLDER / FACTORS):
        fields: dict[str, Any] = {
            **values,
            "value": Decimal(values["value"]),
            "valid_until": values["valid_until"] or None,
        }
        factor = Factor(**fields)
        if factor.key not in kept:
            factor.version = versions[factor.key] = versions.get(factor.key, 0) + 1
            added.append(factor)
    # Together: asking the database about each constraint of each row would take longer than all the rest. It looks at
    # them anyway when the rows are written.
    return {Factor: len(Factor.objects.bulk_create(added))}


GREENHOUSE_GASES = shipments.register(
    Shipment(code="greenhouse_gases", folder=FOLDER, catalogues=(), others=_add_factors)
)
