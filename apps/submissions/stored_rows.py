"""The rows of all grids of a section with two questions: what is asked, and what was and is recorded.

Every page with figures asks this, so the statements are written once for a section and not built anew by the ORM.
What hangs on the submissions besides comes with what is asked.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models.base import ModelState

from apps.core.prepared import of_keys, prepared
from apps.core.rounds import kept_from_json
from apps.submissions.attached import Attached, Line, sorted_out
from apps.submissions.attached import branches as attached_branches
from apps.submissions.models import QuantityRecord, Submission
from apps.submissions.sections import Asked, Grid, Section, sections

# Catalogue rows that identify a line of a grid.
Key = tuple[int, ...]


class Past(NamedTuple):
    """What was recorded in an earlier period, as far as pages and checks look at it. Fields as in QuantityRecord."""

    quantity: Decimal | None
    entered_unit: str
    state: str
    method: str


# The fields that every record has, in the order of the statements.
_SHARED: Final = sorted({"id", *(field.name for field in QuantityRecord._meta.fields)})


class Catalogues:
    """The catalogue rows that the lines of one load name, each of them once."""

    def __init__(self) -> None:
        self._known: dict[type[Any], dict[int, Any]] = defaultdict(dict)

    def add(self, model: type[Any], row: Any) -> None:
        self._known[model][row.pk] = row

    def of(self, grid: Grid, keys: Iterable[Key]) -> dict[Key, tuple[Any, ...]]:
        """The catalogue rows of each key; those that are not known yet are fetched, one question a catalogue."""
        wanted = list(keys)
        models = _catalogues(grid.model)
        for place, model in enumerate(models):
            known = self._known[model]
            missing = {key[place] for key in wanted} - known.keys()
            if missing:
                known.update(model._default_manager.in_bulk(missing))
        return {key: tuple(self._known[model][pk] for model, pk in zip(models, key, strict=True)) for key in wanted}


def asked(
    section: Section,
    submissions: Collection[Submission],
    first: dt.date,
    last: dt.date,
    catalogues: Catalogues,
    *,
    with_attached: bool,
) -> tuple[dict[str, dict[int, list[Asked]]], Attached]:
    """By grid and site what is answered on some day of the span, in the order of the catalogue; and what is attached.

    Grids that all sites answer alike come with their own number of questions.
    """
    sites = {submission.site_id for submission in submissions}
    found: dict[str, dict[int, list[Asked]]] = {}
    grids = [grid for grid in section.grids if grid.site_row is not None]
    for grid in section.grids:
        if grid.site_row is None:
            found[grid.code] = grid.asked(sites, first, last)
            for row in next(iter(found[grid.code].values()), ()):
                for model, entry in zip(_catalogues(grid.model), row.catalogue, strict=True):
                    catalogues.add(model, entry)
    statement, models = _asked_statement(section.code, with_attached)
    if not statement:
        return found, Attached()
    lines: dict[str, list[tuple[int, int, dt.date, dt.date | None, Key]]] = defaultdict(list)
    beside: list[Line] = []
    values = {"sites": list(sites), "first": first, "last": last, "submissions": [each.pk for each in submissions]}
    with prepared() as cursor:
        cursor.execute(*of_keys(statement, values))
        for kind, place, pk, site_id, valid_from, valid_until, one, other, code, entry in cursor.fetchall():
            if kind == _LINE:
                lines[grids[place].code].append((pk, site_id, valid_from, valid_until, _key(one, other)))
            elif kind == _ENTRY:
                model = models[place]
                catalogues.add(model, kept_from_json(model, entry, connection.alias))
            else:
                beside.append((place, code, entry))
    for grid in grids:
        found[grid.code] = _in_order(grid, lines[grid.code], catalogues)
    return found, sorted_out(beside)


def _in_order(
    grid: Grid, lines: list[tuple[int, int, dt.date, dt.date | None, Key]], catalogues: Catalogues
) -> dict[int, list[Asked]]:
    rows = catalogues.of(grid, {key for *_rest, key in lines})
    lines.sort(key=lambda line: (*(entry.position for entry in rows[line[4]]), line[0]))
    by_site: dict[int, list[Asked]] = defaultdict(list)
    for _pk, site_id, valid_from, valid_until, key in lines:
        by_site[site_id].append(Asked(catalogue=rows[key], valid_from=valid_from, valid_until=valid_until))
    return by_site


Recorded = dict[str, dict[int, dict[Key, QuantityRecord]]]
Before = dict[str, dict[int, dict[Key, dict[dt.date, Past | QuantityRecord]]]]


def recorded(
    section: Section, submissions: dict[int, Submission], span: tuple[dt.date, dt.date] | None
) -> tuple[Recorded, Before]:
    """What the submissions say, by grid, submission and key; and what their sites said before, by grid, site and key.

    Before: in periods that began from the first day of ``span`` until the day before the last; nothing without one.
    """
    now: Recorded = {grid.code: defaultdict(dict) for grid in section.grids}
    past: Before = {grid.code: {} for grid in section.grids}
    if not section.grids:
        return now, past
    grids = section.grids
    layouts = [_layout(grid.model) for grid in grids]
    by_place = [past[grid.code] for grid in grids]
    values: dict[str, Any] = {"submissions": list(submissions)}
    if span is not None:
        sites = list({submission.site_id for submission in submissions.values()})
        values |= {"section": section.code, "sites": sites, "first": span[0], "last": span[1]}
    alias = connection.alias
    with prepared() as cursor:
        cursor.execute(*of_keys(_recorded_statement(section.code, span is not None), values))
        for place, one, other, site_id, days, quantities, units, states, methods, own, *shared in cursor.fetchall():
            key = (one,) if other is None else (one, other)
            if days is None:
                grid, (names, in_order, submission_field) = grids[place], layouts[place]
                record = _stored(grid.model, zip(names, in_order((*shared, *key, *(own or ()))), strict=True), alias)
                submission_field.set_cached_value(record, submissions[record.submission_id])
                now[grid.code][record.submission_id][key] = record
            else:
                line = zip(days, map(Past, quantities, units, states, methods), strict=True)
                by_place[place].setdefault(site_id, {})[key] = dict(line)
    return now, past


def _stored(model: type[QuantityRecord], columns: Iterable[tuple[str, Any]], using: str) -> Any:
    """A record with all of its columns, like ``model.from_db``, which takes several times as long."""
    record: Any = model.__new__(model)
    record._state = ModelState()
    record._state.adding, record._state.db = False, using
    kept = record.__dict__
    kept.update(columns)
    kept["entered_at"] = _moment(kept["entered_at"])
    return record


@lru_cache(maxsize=1024)
def _moment(text: str) -> dt.datetime:
    """The driver reads a moment ten times as slowly, and many rows were entered at the same one."""
    return dt.datetime.fromisoformat(text)


@cache
def _catalogues(model: type[QuantityRecord]) -> tuple[type[Any], ...]:
    fields: list[Any] = [model._meta.get_field(name) for name in model.row_fields]
    return tuple(field.related_model for field in fields)


@cache
def _layout(model: type[QuantityRecord]) -> tuple[list[str], Callable[[Any], Any], Any]:
    """The fields of a record, what sorts a line of ``_recorded_statement`` to them, and the key of its submission."""
    shared, keys, own = _columns(model)
    selected = [field.attname for field in (*shared, *keys, *own)]
    names = [field.attname for field in model._meta.concrete_fields]
    return names, itemgetter(*(selected.index(name) for name in names)), model._meta.get_field("submission")


def _columns(model: type[QuantityRecord]) -> tuple[list[Any], list[Any], list[Any]]:
    """Fields that every record has, those that name its line, and decimals of its own."""
    shared = [model._meta.get_field(name) for name in _SHARED]
    keys = [model._meta.get_field(name) for name in model.row_fields]
    own = [
        field
        for field in model._meta.concrete_fields
        if field.name not in _SHARED and field.name not in model.row_fields
    ]
    return shared, keys, own


def _keys(fields: Sequence[Any]) -> str:
    """Two columns: a line is named by one catalogue row or by two."""
    one, *other = (f"r.{field.column}" for field in fields)
    return f"{one}, {other[0] if other else 'NULL::bigint'}"


def _key(one: int, other: int | None) -> Key:
    return (one,) if other is None else (one, other)


def _array(fields: Sequence[Any]) -> str:
    return f"ARRAY[{', '.join(f'r.{field.column}' for field in fields)}]::numeric[]" if fields else "NULL::numeric[]"


@cache
def _recorded_statement(section: str, with_before: bool) -> str:
    """One branch for each table, and one more for what was before: a line of it is a row with an array for each field.

    The submissions around are found once, then their rows in each table.
    """
    arrays = ("days date[]", "quantities numeric[]", "units text[]", "states text[]", "methods text[]")
    no_past = ", ".join(f"NULL::{array.partition(' ')[2]}" for array in ("site bigint", *arrays))
    branches, around = [], []
    for place, grid in enumerate(sections[section].grids):
        table = grid.model._meta.db_table
        shared, keys, own = _columns(grid.model)
        columns = ", ".join(f"r.{field.column}{'::text' * (field.name == 'entered_at')}" for field in shared)
        branches.append(
            f"SELECT {place}, {_keys(keys)}, {no_past}, {_array(own)}, {columns} "
            f"FROM {table} r WHERE r.submission_id = ANY(%(submissions)s::bigint[])"
        )
        named = ", ".join(f"r.{key.column}" for key in keys)
        around.append(
            f"SELECT {place}, {_keys(keys)}, around.site_id, array_agg(around.starts_on), array_agg(r.quantity), "
            "array_agg(r.entered_unit::text), array_agg(r.state::text), array_agg(r.method::text), NULL"
            f"{', NULL' * len(shared)} FROM around JOIN {table} r ON r.submission_id = around.id "
            f"GROUP BY {named}, around.site_id"
        )
    if not with_before:
        return " UNION ALL ".join(branches)
    return (
        "WITH around AS MATERIALIZED (SELECT s.id, s.site_id, p.starts_on FROM submissions_submission s "
        "JOIN organisation_period p ON p.id = s.period_id WHERE s.section = %(section)s "
        "AND s.site_id = ANY(%(sites)s::bigint[]) AND p.starts_on >= %(first)s::date AND p.starts_on < %(last)s::date) "
        + " UNION ALL ".join([*branches, *around])
    )


# What a line of the next statement is: a line of a grid that a site answers, a catalogue row, or something attached.
_LINE, _ENTRY, _ATTACHED = range(3)
# Lines come first and give these columns their types. Short, because the driver reads a long statement anew each time.
_NO_LINE = "NULL, NULL, NULL, NULL, NULL, NULL"


@cache
def _asked_statement(section: str, with_attached: bool) -> tuple[str, list[type[Any]]]:
    """Which lines the sites answer, the catalogue rows that those name as JSON, and what hangs on the submissions.

    The second column numbers the grids with site rows, the catalogues of the list, or the kinds of what is attached.
    """
    in_force = (
        "r.site_id = ANY(%(sites)s::bigint[]) AND r.valid_from <= %(last)s::date "
        "AND (r.valid_until IS NULL OR r.valid_until >= %(first)s::date)"
    )
    branches: list[str] = []
    named: dict[type[Any], list[str]] = defaultdict(list)
    for grid in sections[section].grids:
        if grid.site_row is None:
            continue
        table = grid.site_row._meta.db_table
        keys = [grid.site_row._meta.get_field(name) for name in grid.model.row_fields]
        branches.append(
            f"SELECT {_LINE}, {len(branches)}, r.id, r.site_id, r.valid_from, r.valid_until, {_keys(keys)}, "
            f"NULL::text, NULL::text FROM {table} r WHERE {in_force}"
        )
        for model, key in zip(_catalogues(grid.model), keys, strict=True):
            named[model].append(f"SELECT r.{key.column} FROM {table} r WHERE {in_force}")  # type: ignore[union-attr]
    for place, (model, selects) in enumerate(named.items()):
        branches.append(
            f"SELECT {_ENTRY}, {place}, {_NO_LINE}, NULL, to_json(c)::text FROM {model._meta.db_table} c "
            f"WHERE c.id IN ({' UNION ALL '.join(selects)})"
        )
    if with_attached:
        branches += [
            f"SELECT {_ATTACHED}, {place}::int, {_NO_LINE}, {code}, {entry} {rest}"
            for place, code, entry, rest in attached_branches(section)
        ]
    return " UNION ALL ".join(branches), list(named)
