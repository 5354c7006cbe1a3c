"""The audit trail in words: which fields changed, from what to what, with names instead of numbers."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.formats import NO_VALUE, typed

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field of one row, as people read it."""

    name: str
    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def exact(text: str | None) -> dict[str, Any] | None:
    """A row of the trail with its numbers as decimals, from the text of its JSON."""
    if text is None:
        return None
    row: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return row


@cache
def _models() -> Mapping[str, type[models.Model]]:
    """All models by their tables. A list of the trail names hundreds of tables, and models do not change."""
    return {model._meta.db_table: model for model in reversed(apps.get_models())}


def model_of(table: str) -> type[models.Model] | None:
    """The model whose rows lie in ``table``."""
    return _models().get(table)


def table_name(table: str) -> str:
    """What people call the rows of ``table``; where two are called the same, with what tells them apart."""
    return _table_names(get_language()).get(table, table)


@lru_cache(maxsize=8)
def _table_names(_language: str | None) -> Mapping[str, str]:
    """The names of all tables in the language in use, which is named so that each has its own."""
    by_name: dict[str, list[tuple[str, type[models.Model]]]] = defaultdict(list)
    for table, model in _models().items():
        by_name[str(capfirst(model._meta.verbose_name_plural))].append((table, model))
    told = {}
    for name, namesakes in by_name.items():
        fields = [{field.name for field in model._meta.concrete_fields} for _table, model in namesakes]
        common = set.intersection(*fields)
        for table, model in namesakes:
            own = [str(field.verbose_name) for field in model._meta.concrete_fields if field.name not in common]
            told[table] = f"{name}: {', '.join(own)}" if len(namesakes) > 1 and own else name
    return told


def read(changes: Sequence[tuple[str, Row | None, Row | None]]) -> list[list[FieldChange]]:
    """For each (table, before, after) its fields; names of related rows are fetched once for all."""
    names = _names(changes)
    language = get_language()
    told = []
    for table, before, after in changes:
        fields, labels = _fields(table), _labels(table, language)
        told.append(
            [
                FieldChange(
                    name=column,
                    label=labels.get(column, column),
                    before=_text(before, column, fields.get(column), names),
                    after=_text(after, column, fields.get(column), names),
                )
                for column in dict.fromkeys([*(before or {}), *(after or {})])
                if column != "id"
            ]
        )
    return told


@cache
def _fields(table: str) -> Mapping[str, Any]:
    model = model_of(table)
    return {str(field.column): field for field in model._meta.concrete_fields} if model else {}


def _names(changes: Sequence[tuple[str, Row | None, Row | None]]) -> dict[type[models.Model], dict[Any, Any]]:
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for table, before, after in changes:
        for column, field in _fields(table).items():
            if field.is_relation:
                wanted[field.related_model].update(
                    row[column] for row in (before, after) if row and row.get(column) is not None
                )
    return {model: model._base_manager.in_bulk(ids) for model, ids in wanted.items() if ids and _is_named(model)}


@cache
def _is_named(model: type[models.Model]) -> bool:
    """Whether a row can be named without looking further: the submission is shown beside the change already."""
    return "name_en" in {field.name for field in model._meta.fields} or model._meta.app_label in (
        "accounts",
        "organisation",
    )


@lru_cache(maxsize=500)
def _labels(table: str, _language: str | None) -> Mapping[str, str]:
    """What people call the columns, in the language in use, which is named so that each has its own."""
    return {column: str(capfirst(field.verbose_name)) for column, field in _fields(table).items()}


def _text(row: Row | None, column: str, field: Any, names: Mapping[Any, Mapping[Any, Any]]) -> str:
    value = None if row is None else row.get(column)
    if value is None or value == "":
        return NO_VALUE
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field is None:
        return str(value)
    if field.is_relation:
        return str(names.get(field.related_model, {}).get(value, f"#{value}"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DecimalField):
        return typed(Decimal(value))
    if isinstance(field, models.DateTimeField):
        return _moment(str(value))
    return str(value)


def _moment(text: str) -> str:
    moment = parse_datetime(text)
    if not isinstance(moment, dt.datetime):
        return text
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
