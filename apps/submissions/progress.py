"""How far forms are filled in, counted by the database: no sheet of a form is loaded for it.

``Sheet.rows_expected`` and ``Sheet.rows_answered`` say the same of one form; a test compares them.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from apps.core.prepared import prepared
from apps.submissions.findings import row_id
from apps.submissions.models import Submission
from apps.submissions.sections import Asked, Grid, sections


class Progress(NamedTuple):
    """Of the rows that a form expects. ``first_missing`` is the id of the first without an answer, "" where all are."""

    rows_answered: int
    rows_expected: int
    first_missing: str


def progress_of(submissions: Collection[Submission]) -> dict[int, Progress]:
    """By number, with one question for all of them; submissions have their period loaded.

    Grids that all sites answer alike come with their own number of questions.
    """
    codes = tuple(sorted({submission.section for submission in submissions}))
    values: dict[str, Any] = {
        "forms": [submission.pk for submission in submissions],
        "sites": [submission.site_id for submission in submissions],
        "sections": [submission.section for submission in submissions],
        "first_days": [submission.period.starts_on for submission in submissions],
        "last_days": [submission.period.ends_on for submission in submissions],
    }
    for name, grid in _grids(codes):
        if grid.everywhere is not None:
            values |= _lines(name, grid.everywhere())
    found = {submission.pk: Progress(0, 0, "") for submission in submissions}
    statement = _statement(codes)
    if not statement:
        return found
    tables = {(code, place): grid.code for code in codes for place, grid in enumerate(sections[code].grids)}
    of_form = {submission.pk: submission.section for submission in submissions}
    with prepared() as cursor:
        cursor.execute(statement, values)
        # The grids in their order: the first line that is missing stands in the first grid that lacks one.
        for place, pk, expected, answered, missing in sorted(cursor.fetchall()):
            before = found[pk]
            first = before.first_missing
            if not first and missing is not None:
                first = row_id(tables[of_form[pk], place], missing)
            found[pk] = Progress(before.rows_answered + answered, before.rows_expected + expected, first)
    return found


@cache
def _grids(codes: tuple[str, ...]) -> list[tuple[str, Grid]]:
    """The grids of some sections, with the names that their parameters begin with."""
    return [
        (f"g{number}_{place}", grid)
        for number, code in enumerate(codes)
        for place, grid in enumerate(sections[code].grids)
    ]


def _lines(name: str, asked: Sequence[Asked]) -> dict[str, Any]:
    """Lines that every site answers, as columns of ``_statement``."""
    keys = [[entry.pk for entry in line.catalogue] for line in asked]
    return {
        f"{name}_one": [key[0] for key in keys],
        f"{name}_other": [key[1] if len(key) > 1 else None for key in keys],
        f"{name}_code": ["/".join(entry.code for entry in line.catalogue) for line in asked],
        f"{name}_from": [line.valid_from for line in asked],
        f"{name}_until": [line.valid_until for line in asked],
    }


@cache
def _statement(codes: tuple[str, ...]) -> str:
    """For each form and grid: how many lines it expects and has, and the code of the first that is missing.

    A line that ended and began again within a period is one. Lines stand in the order of their catalogues, as on the
    sheet.
    """
    branches = []
    number = {code: str(place) for place, code in enumerate(codes)}
    for code in codes:
        for place, grid in enumerate(sections[code].grids):
            name = f"g{number[code]}_{place}"
            fields: list[Any] = [grid.model._meta.get_field(field) for field in grid.model.row_fields]
            lines = _everywhere(name) if grid.site_row is None else _of_sites(grid)
            keys = [f"r.{field.column} = l.{key}" for field, key in zip(fields, ("one", "other"), strict=False)]
            branches.append(
                f"SELECT {place}, l.form, count(*), count(r.id), "  # noqa: S608 - names of ours alone, as below
                "(array_agg(l.code ORDER BY l.in_order) FILTER (WHERE r.id IS NULL))[1] "
                f"FROM ({lines.format(section=code)}) l "
                f"LEFT JOIN {grid.model._meta.db_table} r ON r.submission_id = l.form AND {' AND '.join(keys)} "
                "GROUP BY l.form"
            )
    if not branches:
        return ""
    return (
        "WITH forms AS MATERIALIZED (SELECT * FROM unnest(%(forms)s::bigint[], %(sites)s::bigint[], "  # noqa: S608
        "%(sections)s::text[], %(first_days)s::date[], %(last_days)s::date[]) "
        "AS f (id, site_id, section, first_day, last_day)) " + " UNION ALL ".join(branches)
    )


_IN_FORCE = "x.valid_from <= f.last_day AND (x.valid_until IS NULL OR x.valid_until >= f.first_day)"


def _of_sites(grid: Grid) -> str:
    """The lines that the rows of each form's site ask for."""
    fields: list[Any] = [grid.site_row._meta.get_field(field) for field in grid.model.row_fields]  # type: ignore[union-attr]
    names = ["c", "d"][: len(fields)]
    catalogues = " ".join(
        f"JOIN {field.related_model._meta.db_table} {name} ON {name}.id = x.{field.column}"
        for name, field in zip(names, fields, strict=True)
    )
    columns = ", ".join(f"x.{field.column}" for field in fields)
    positions = ", ".join(f"{name}.position" for name in names)
    codes = " || '/' || ".join(f"{name}.code" for name in names)
    other = f"x.{fields[1].column}" if len(fields) > 1 else "NULL::bigint"
    return (
        f"SELECT f.id AS form, x.{fields[0].column} AS one, {other} AS other, {codes} AS code, "  # noqa: S608
        f"ARRAY[{positions}, min(x.id)] AS in_order FROM forms f "
        f"JOIN {grid.site_row._meta.db_table} x ON x.site_id = f.site_id AND {_IN_FORCE} {catalogues} "  # type: ignore[union-attr]
        f"WHERE f.section = '{{section}}' "
        f"GROUP BY f.id, {columns}, {', '.join(f'{name}.code' for name in names)}, {positions}"
    )


def _everywhere(name: str) -> str:
    """The lines that every site answers."""
    return (
        "SELECT f.id AS form, x.one, x.other, min(x.code) AS code, "  # noqa: S608
        "ARRAY[min(x.place)] AS in_order FROM forms f "
        f"JOIN unnest(%({name}_one)s::bigint[], %({name}_other)s::bigint[], %({name}_code)s::text[], "
        f"%({name}_from)s::date[], %({name}_until)s::date[]) WITH ORDINALITY "
        f"AS x (one, other, code, valid_from, valid_until, place) ON {_IN_FORCE} "
        "WHERE f.section = '{section}' GROUP BY f.id, x.one, x.other"
    )
