"""Adds the shipped catalogue rows that are missing; a row that is there belongs to the administrator."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models, transaction

from apps.core.names import CatalogueRow
from apps.environment.models import (
    EmissionLimit,
    PackagingMaterial,
    Pollutant,
    Product,
    Resource,
    Treatment,
    WasteType,
)

_FOLDER: Final = Path(__file__).resolve().parent

# A line stands in its file before the grades and sources that are reported under it.
CATALOGUES: Final[tuple[tuple[type[CatalogueRow], str], ...]] = (
    (Product, "products.csv"),
    (Resource, "resources.csv"),
    (WasteType, "waste_types.csv"),
    (Treatment, "treatments.csv"),
    (PackagingMaterial, "packaging_materials.csv"),
    (Pollutant, "pollutants.csv"),
)
LIMITS: Final = "emission_limits.csv"


class CatalogueError(ValueError):
    """A shipped row that does not fit what the portal holds; the text names it and says why."""


def shipped(name: str) -> Iterator[dict[str, str]]:
    """The rows of a shipped file, as text."""
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load_catalogues() -> dict[type[models.Model], int]:
    """Adds what is missing and returns how many rows of each kind. Safe to repeat."""
    added: dict[type[models.Model], int] = {}
    for model, name in CATALOGUES:
        added[model] = _add_missing(model, name)
    added[EmissionLimit] = _add_limits()
    return added


def _add_missing(model: type[CatalogueRow], name: str) -> int:
    by_code: dict[str, CatalogueRow] = {row.code: row for row in model._default_manager.all()}
    added = 0
    for values in shipped(name):
        if values["code"] in by_code:
            continue
        row = model()
        for column, text in values.items():
            field: Any = model._meta.get_field(column)
            if isinstance(field, models.ForeignKey):
                setattr(row, column, by_code[text] if text else None)
            else:
                setattr(row, column, None if not text and field.null else field.to_python(text))
        _add(row, f"{name}, {values['code']}")
        by_code[row.code] = row
        added += 1
    return added


def _add_limits() -> int:
    """A process and pollutant for which somebody has entered any limit is left alone."""
    kept = set(EmissionLimit.objects.filter(stack__isnull=True).values_list("stack_type", "pollutant__code"))
    pollutants = {pollutant.code: pollutant for pollutant in Pollutant.objects.all()}
    added = 0
    for values in shipped(LIMITS):
        place = (values["stack_type"], values["pollutant"])
        if place in kept:
            continue
        fields: dict[str, Any] = {
            **values,
            "pollutant": pollutants[values["pollutant"]],
            "limit_mg_m3": values["limit_mg_m3"] or None,
        }
        _add(EmissionLimit(**fields), f"{LIMITS}, {' '.join(place)}")
        added += 1
    return added


def _add(row: models.Model, where: str) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise CatalogueError(f"{where}: {'; '.join(error.messages)}") from error
    row.save(force_insert=True)
