"""The audit trail of a submission in the words of its pages: which row, which field, from what, to what."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.audit.models import Change
from apps.core.formats import typed, yes_or_no
from apps.core.units import UNITS
from apps.submissions.choices import CellState, Method
from apps.submissions.entry import Cell
from apps.submissions.findings import row_id
from apps.submissions.models import Comment, Evidence, Explanation, NothingToReport, QuantityRecord, Submission
from apps.submissions.sections import Grid, Register, Section, Table

Stored = Mapping[str, Any]

SUBMISSION_TABLE = Submission._meta.db_table
# Further tables of a submission, each with the one field that is worth telling.
_ATTACHED: dict[str, str] = {
    Evidence._meta.db_table: "name",
    Explanation._meta.db_table: "text",
    Comment._meta.db_table: "text",
}


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One line of the trail, with its numbers exact."""

    id: int
    at: dt.datetime
    table: str
    record_id: int
    actor_id: int | None
    actor: str
    before: Stored | None
    after: Stored | None

    @property
    def either(self) -> Stored:
        return self.after or self.before or {}


def read(changes: QuerySet[Change]) -> list[Logged]:
    """JSON numbers are read as decimals, which the model's field would not do."""
    exact = changes.annotate(was=Cast("before", TextField()), became=Cast("after", TextField()))
    names = ("id", "at", "table", "row_id", "actor_id", "actor_name", "was", "became")
    return [
        Logged(
            id=pk,
            at=at,
            table=table,
            record_id=record_id,
            actor_id=actor_id,
            actor=actor,
            before=json.loads(was, parse_float=Decimal) if was else None,
            after=json.loads(became, parse_float=Decimal) if became else None,
        )
        for pk, at, table, record_id, actor_id, actor, was, became in exact.values_list(*names)
    ]


def of_records(submission: Submission) -> QuerySet[Change]:
    return Change.objects.filter(submission_id=submission.pk, table__in=list(tables_of(submission.section_declaration)))


def of_submission(submission: Submission) -> QuerySet[Change]:
    """Every save and every move, each with the revision it made."""
    return Change.objects.filter(table=SUBMISSION_TABLE, row_id=submission.pk).order_by("id")


def tables_of(section: Section) -> dict[str, Table]:
    return {table.model._meta.db_table: table for table in section.tables}


def cell_of(stored: Stored | None, extras: Sequence[str]) -> Cell:
    """A stored quantity as the page would show it for typing."""
    if stored is None:
        return Cell()
    value = stored["entered_value"]
    return Cell(
        value="" if value is None else typed(_decimal(value)),
        unit=stored["entered_unit"],
        how=stored["method"] or stored["state"],
        note=stored["note"],
        extras={name: "" if stored.get(name) is None else typed(_decimal(stored[name])) for name in extras},
    )


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field from what to what; an empty text for "not there"."""

    label: str
    was: str
    now: str


@dataclass(frozen=True, kw_only=True)
class RowChange:
    """What happened to one row."""

    title: str
    row: str
    fields: tuple[FieldChange, ...]
    at: dt.datetime
    actor: str


class Describer:
    """Puts lines of the trail into words; asks for the names of catalogue rows once for each catalogue."""

    def __init__(self, section: Section, lines: Iterable[Logged]) -> None:
        self.section = section
        self.tables = tables_of(section)
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for line in lines:
            table = self.tables.get(line.table)
            if table is not None:
                for stored in (line.before, line.after):
                    for field in _named_fields(table):
                        if stored and stored.get(field.column) is not None:
                            wanted[field.related_model].add(stored[field.column])
        self.names: dict[type[models.Model], dict[int, Any]] = {
            model: model._default_manager.in_bulk(ids) for model, ids in wanted.items()
        }
        self.titles = row_titles(section, {line.either.get("row", "") for line in lines if line.table in _ATTACHED})

    def describe(self, line: Logged) -> RowChange | None:
        """None when nothing changed that anybody typed."""
        fields = tuple(change for change in self._fields(line) if change.was != change.now)
        if not fields:
            return None
        row, title = self._place(line)
        return RowChange(title=title, row=row, fields=fields, at=line.at, actor=line.actor)

    def _place(self, line: Logged) -> tuple[str, str]:
        table = self.tables.get(line.table)
        stored = line.either
        if table is None:
            if line.table == NothingToReport._meta.db_table:
                return row_id(stored["table"], ""), str(self.section.table(stored["table"]).title)
            row = stored.get("row", "")
            return row, self.titles.get(row, "") or _("The whole form")
        told_by = table.source.key if isinstance(table, Register) and table.source else table.model.row_fields
        named = [self._name(table.model._meta.get_field(name), stored) for name in told_by]
        title = " · ".join(name for name in named if name)
        if isinstance(table, Grid):
            return row_id(table.code, self.key(table, stored)), title
        return row_id(table.code, str(line.record_id)), f"{table.title}: {title}" if title else str(table.title)

    def key(self, table: Table, stored: Stored) -> str:
        entries = [self._entry(field, stored) for field in _references(table)]
        return "/".join(entry.code for entry in entries if entry is not None)

    def _entry(self, field: Any, stored: Stored) -> Any:
        return self.names.get(field.related_model, {}).get(stored.get(field.column, 0))

    def _name(self, field: Any, stored: Stored) -> str:
        entry = self._entry(field, stored)
        return entry.name if entry is not None else ""

    def _fields(self, line: Logged) -> Iterable[FieldChange]:
        table = self.tables.get(line.table)
        if table is None:
            name = _ATTACHED.get(line.table)
            label = str(_ATTACHED_TITLES[line.table]()) if name else _("Nothing to report")
            stated = _("stated")
            yield FieldChange(
                label=label,
                was=(str(line.before[name]) if name else stated) if line.before else "",
                now=(str(line.after[name]) if name else stated) if line.after else "",
            )
        elif issubclass(table.model, QuantityRecord):
            yield FieldChange(label=_("Value"), was=quantity_text(line.before), now=quantity_text(line.after))
            yield FieldChange(label=_("How it is known"), was=_method(line.before), now=_method(line.after))
            extras = table.extra_quantities if isinstance(table, Grid) else ()
            for name in ("note", *extras):
                yield self._plain(table.model._meta.get_field(name), line)
        else:
            for name in table.columns:  # type: ignore[union-attr]
                yield self._plain(table.model._meta.get_field(name), line)

    def _plain(self, field: Any, line: Logged) -> FieldChange:
        return FieldChange(
            label=capfirst(str(field.verbose_name)),
            was=self._text(field, line.before),
            now=self._text(field, line.after),
        )

    def _text(self, field: Any, stored: Stored | None) -> str:
        if stored is None or stored.get(field.column) is None:
            return ""
        if field.is_relation:
            return self._name(field, stored)
        value = stored[field.column]
        if isinstance(value, bool):
            return yes_or_no(value)
        if isinstance(field, models.DecimalField):
            return typed(_decimal(value))
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return str(value)


_ATTACHED_TITLES = {
    Evidence._meta.db_table: lambda: _("Evidence"),
    Explanation._meta.db_table: lambda: _("Explanation"),
    Comment._meta.db_table: lambda: _("Comment"),
}


def row_titles(section: Section, rows: Iterable[str]) -> dict[str, str]:
    """Titles of rows by their ids, without their sheet: one question for each catalogue."""
    parts = {row: row.partition(":") for row in rows if row}
    tables = {table.code: table for table in section.tables}
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    keys: dict[str, list[tuple[type[models.Model], str]]] = {}
    titles = {}
    for row, (code, _colon, key) in parts.items():
        table = tables.get(code)
        if isinstance(table, Grid):
            named = [
                (field.related_model, part) for field, part in zip(_references(table), key.split("/"), strict=False)
            ]
            keys[row] = named
            for model, part in named:
                wanted[model].add(part)
        elif table is not None:
            titles[row] = str(table.title)
    found = {
        model: {entry.code: entry.name for entry in model._default_manager.filter(code__in=codes)}  # type: ignore[attr-defined]
        for model, codes in wanted.items()
    }
    for row, named in keys.items():
        titles[row] = " · ".join(found[model].get(part, part) for model, part in named)
    return titles


def _named_fields(table: Table) -> list[Any]:
    """Keys whose rows have names: the catalogue rows, and what else the page shows of an entry."""
    shown = table.columns if isinstance(table, Register) else ()
    fields = [table.model._meta.get_field(name) for name in dict.fromkeys([*table.model.row_fields, *shown])]
    return [field for field in fields if field.is_relation and hasattr(field.related_model, "name_in")]


def _references(table: Table) -> list[Any]:
    return [table.model._meta.get_field(name) for name in table.model.row_fields]


def quantity_text(stored: Stored | None) -> str:
    """“280.5 万kWh”, or the word for a cell without a value."""
    if stored is None:
        return ""
    if stored["state"] != CellState.VALUE:
        return str(CellState(stored["state"]).label)
    unit = UNITS.get(stored["entered_unit"])
    return f"{typed(_decimal(stored['entered_value']))} {unit.label if unit else stored['entered_unit']}"


def _method(stored: Stored | None) -> str:
    return str(Method(stored["method"]).label) if stored and stored["method"] else ""
