"""The rows of all grids of a section, each kind with one question: what is asked, what is recorded, what was before.

Every page with figures asks this, so the statements are written once for a section and not built anew by the ORM.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from apps.core.rounds import from_json
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
    section: Section, sites: Collection[int], first: dt.date, last: dt.date, catalogues: Catalogues
) -> dict[str, dict[int, list[Asked]]]:
    """By grid and site what is answered on some day of the span, in the order of the catalogue.

    Grids that all sites answer alike come with their own number of questions.
    """
    found: dict[str, dict[int, list[Asked]]] = {}
    grids = [grid for grid in section.grids if grid.site_row is not None]
    for grid in section.grids:
        if grid.site_row is None:
            found[grid.code] = grid.asked(sites, first, last)
            for row in next(iter(found[grid.code].values()), ()):
                for model, entry in zip(_catalogues(grid.model), row.catalogue, strict=True):
                    catalogues.add(model, entry)
    if not grids:
        return found
    statement, models = _asked_statement(section.code)
    lines: dict[str, list[tuple[int, int, dt.date, dt.date | None, Key]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"sites": list(sites), "first": first, "last": last})
        for place, pk, site_id, valid_from, valid_until, one, other, entry in cursor.fetchall():
            if entry is not None:
                model = models[place]
                catalogues.add(model, from_json(model, entry, connection.alias))
            else:
                lines[grids[place].code].append((pk, site_id, valid_from, valid_until, _key(one, other)))
    for grid in grids:
        found[grid.code] = _in_order(grid, lines[grid.code], catalogues)
    return found


def _in_order(
    grid: Grid, lines: list[tuple[int, int, dt.date, dt.date | None, Key]], catalogues: Catalogues
) -> dict[int, list[Asked]]:
    rows = catalogues.of(grid, {key for *_rest, key in lines})
    lines.sort(key=lambda line: (*(entry.position for entry in rows[line[4]]), line[0]))
    by_site: dict[int, list[Asked]] = defaultdict(list)
    for _pk, site_id, valid_from, valid_until, key in lines:
        by_site[site_id].append(Asked(catalogue=rows[key], valid_from=valid_from, valid_until=valid_until))
    return by_site


def recorded(section: Section, submissions: dict[int, Submission]) -> dict[str, dict[int, dict[Key, QuantityRecord]]]:
    """What the submissions say, by grid, submission and key."""
    found: dict[str, dict[int, dict[Key, QuantityRecord]]] = {grid.code: defaultdict(dict) for grid in section.grids}
    if not section.grids:
        return found
    layouts = [_layout(grid.model) for grid in section.grids]
    with connection.cursor() as cursor:
        cursor.execute(_recorded_statement(section.code), {"submissions": list(submissions)})
        for place, one, other, own, *shared in cursor.fetchall():
            key = _key(one, other)
            grid, (names, in_order, submission_field) = section.grids[place], layouts[place]
            record: Any = grid.model.from_db(connection.alias, names, in_order((*shared, *key, *(own or ()))))
            submission_field.set_cached_value(record, submissions[record.submission_id])
            found[grid.code][record.submission_id][key] = record
    return found


def before(
    section: Section, sites: Collection[int], first: dt.date, last: dt.date
) -> dict[str, dict[int, dict[Key, dict[dt.date, Past]]]]:
    """What the sites said in periods that began from ``first`` until the day before ``last``: by grid, site and key."""
    found: dict[str, dict[int, dict[Key, dict[dt.date, Past]]]] = {
        grid.code: defaultdict(lambda: defaultdict(dict)) for grid in section.grids
    }
    if not section.grids:
        return found
    by_place = [found[grid.code] for grid in section.grids]
    with connection.cursor() as cursor:
        cursor.execute(
            _before_statement(section.code),
            {"section": section.code, "sites": list(sites), "first": first, "last": last},
        )
        for place, one, other, site_id, starts_on, *past in cursor.fetchall():
            by_place[place][site_id][_key(one, other)][starts_on] = Past._make(past)
    return found


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
    base = {"id", *(field.name for field in QuantityRecord._meta.fields)}
    fields = model._meta.concrete_fields
    shared = sorted((field for field in fields if field.name in base), key=lambda field: field.name)  # as in the others
    keys = [model._meta.get_field(name) for name in model.row_fields]
    own = [field for field in fields if field.name not in base and field.name not in model.row_fields]
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
def _recorded_statement(section: str) -> str:
    """One branch for each table. The order of ids makes equal pages of equal data."""
    branches = []
    for place, grid in enumerate(sections[section].grids):
        shared, keys, own = _columns(grid.model)
        columns = ", ".join(f"r.{field.column}" for field in shared)
        branches.append(
            f"SELECT {place}, {_keys(keys)}, {_array(own)}, {columns} "
            f"FROM {grid.model._meta.db_table} r WHERE r.submission_id = ANY(%(submissions)s)"
        )
    return " UNION ALL ".join(branches)


@cache
def _before_statement(section: str) -> str:
    """The submissions around are found once, then their rows in each table."""
    branches = [
        f"SELECT {place}, {_keys(_columns(grid.model)[1])}, around.site_id, around.starts_on, "
        "r.quantity, r.entered_unit, r.state, r.method "
        f"FROM around JOIN {grid.model._meta.db_table} r ON r.submission_id = around.id"
        for place, grid in enumerate(sections[section].grids)
    ]
    return (
        "WITH around AS MATERIALIZED (SELECT s.id, s.site_id, p.starts_on FROM submissions_submission s "
        "JOIN organisation_period p ON p.id = s.period_id WHERE s.section = %(section)s "
        "AND s.site_id = ANY(%(sites)s) AND p.starts_on >= %(first)s AND p.starts_on < %(last)s) "
        + " UNION ALL ".join(branches)
    )


@cache
def _asked_statement(section: str) -> tuple[str, list[type[Any]]]:
    """Which lines the sites answer, and after them the catalogue rows that those name, as JSON.

    ``place`` numbers the grids with site rows in the first branches, the catalogues of the list in the others.
    """
    in_force = (
        "r.site_id = ANY(%(sites)s) AND r.valid_from <= %(last)s "
        "AND (r.valid_until IS NULL OR r.valid_until >= %(first)s)"
    )
    branches: list[str] = []
    named: dict[type[Any], list[str]] = defaultdict(list)
    for grid in sections[section].grids:
        if grid.site_row is None:
            continue
        table = grid.site_row._meta.db_table
        keys = [grid.site_row._meta.get_field(name) for name in grid.model.row_fields]
        branches.append(
            f"SELECT {len(branches)}, r.id, r.site_id, r.valid_from, r.valid_until, {_keys(keys)}, NULL::text "
            f"FROM {table} r WHERE {in_force}"
        )
        for model, key in zip(_catalogues(grid.model), keys, strict=True):
            named[model].append(f"SELECT r.{key.column} FROM {table} r WHERE {in_force}")  # type: ignore[union-attr]
    for place, (model, selects) in enumerate(named.items()):
        branches.append(
            f"SELECT {place}, NULL, NULL, NULL, NULL, NULL, NULL, to_json(c)::text FROM {model._meta.db_table} c "
            f"WHERE c.id IN ({' UNION ALL '.join(selects)})"
        )
    return " UNION ALL ".join(branches), list(named)
