"""Catalogue rows that ship with the portal. Each domain app registers its own in its ``catalogue/loader.py``.

Loading adds what is missing; a row that is there belongs to the administrator.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from apps.core.names import CatalogueRow
from apps.core.registry import Registry


class CatalogueError(ValueError):
    """A shipped row that does not fit what the portal holds; the text names it and says why."""


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """The catalogues of one app: files in ``folder``, in an order in which what is named stands before its name.

    ``others`` adds rows that are no plain catalogue and returns how many of each kind.
    """

    code: str
    folder: Path
    catalogues: tuple[tuple[type[CatalogueRow], str], ...]
    others: Callable[[], dict[type[models.Model], int]] = dict


shipments: Registry[Shipment] = Registry("shipment")


def read(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a shipped file, as text."""
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


@transaction.atomic
def load_catalogues() -> dict[type[models.Model], int]:
    """Adds what is missing and returns how many rows of each kind. Safe to repeat."""
    added: dict[type[models.Model], int] = {}
    for shipment in shipments:
        for model, name in shipment.catalogues:
            added[model] = _add_missing(model, shipment.folder / name)
        added |= shipment.others()
    return added


def _add_missing(model: type[CatalogueRow], file: Path) -> int:
    known: dict[type[models.Model], dict[str, Any]] = {}

    def by_code(catalogue: type[Any]) -> dict[str, Any]:
        if catalogue not in known:
            known[catalogue] = {row.code: row for row in catalogue._default_manager.all()}
        return known[catalogue]

    added = 0
    for values in read(file):
        if values["code"] in by_code(model):
            continue
        row = model()
        for column, text in values.items():
            field: Any = model._meta.get_field(column)
            if isinstance(field, models.ForeignKey):
                setattr(row, column, by_code(field.related_model)[text] if text else None)
            else:
                setattr(row, column, None if not text and field.null else field.to_python(text))
        add(row, f"{file.name}, {values['code']}")
        by_code(model)[row.code] = row
        added += 1
    return added


def add(row: models.Model, where: str) -> None:
    """Stores a shipped row. Raises CatalogueError that says ``where`` it stands."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise CatalogueError(f"{where}: {'; '.join(error.messages)}") from error
    row.save(force_insert=True)
