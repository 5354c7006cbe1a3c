"""Catalogue rows that ship with the portal. Each domain app registers its own in its ``catalogue/loader.py``.

Loading adds what is missing; a row that is there belongs to the administrator.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

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
    waiting: dict[str, CatalogueRow] = {}
    for values in read(file):
        if values["code"] in by_code(model):
            continue
        row = model()
        for column, text in values.items():
            field: Any = model._meta.get_field(column)
            if isinstance(field, models.ForeignKey):
                if text in waiting:  # a row of this very file has to be stored before another names it
                    _store(model, waiting, file)
                setattr(row, column, by_code(field.related_model)[text] if text else None)
            else:
                setattr(row, column, None if not text and field.null else field.to_python(text))
        by_code(model)[row.code] = waiting[row.code] = row
        added += 1
    _store(model, waiting, file)
    return added


def _store(model: type[CatalogueRow], waiting: dict[str, CatalogueRow], file: Path) -> None:
    """Stores rows together; the database looks at its constraints, and only a refusal is looked into row by row."""
    keys = {field.name for field in model._meta.fields if field.is_relation}
    by_itself = partial(models.Model.full_clean, exclude=keys, validate_unique=False, validate_constraints=False)
    for row in waiting.values():
        _checked(row, f"{file.name}, {row.code}", by_itself)
    try:
        with transaction.atomic():
            model._default_manager.bulk_create(waiting.values())
    except IntegrityError:
        for row in waiting.values():
            _checked(row, f"{file.name}, {row.code}", models.Model.full_clean)
        raise
    waiting.clear()


def _checked(row: models.Model, where: str, check: Callable[[Any], None]) -> None:
    try:
        check(row)
    except ValidationError as error:
        raise CatalogueError(f"{where}: {'; '.join(error.messages)}") from error


def add(row: models.Model, where: str) -> None:
    """Stores a shipped row. Raises CatalogueError that says ``where`` it stands."""
    _checked(row, where, models.Model.full_clean)
    row.save(force_insert=True)
