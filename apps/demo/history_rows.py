"""The statements that write a long history: each makes a year of all sites at once.

A value is worked out from the numbers of its site, month and row alone, in whole steps, so that it is the same on every
machine: a size of the row, a size of the site, a season, and up to a tenth more or less.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import Model

from apps.accounts.models import User
from apps.organisation.models import ReportingYear, Site
from apps.submissions.sections import Grid

# What every site answers: 3 products, 22 resources, 11 ways of waste and 4 kinds of packaging.
ANSWERED: Final[dict[str, tuple[str, ...]]] = {
    "production": ("magnesium_ingot", "magnesium_alloy", "crude_magnesium"),
    "resource": (
        "electricity",
        "purchased_heat",
        "diesel",
        "petrol",
        "coal_anthracite",
        "coal_bituminous",
        "coal_lignite",
        "coal_washed",
        "semi_coke",
        "coke",
        "natural_gas",
        "producer_gas",
        "coke_oven_gas",
        "lpg",
        "lng",
        "fuel_oil",
        "water_municipal",
        "water_ground",
        "recycled_water",
        "dolomite",
        "ferrosilicon",
        "fluorite",
    ),
    "waste": (
        "waste_oil/licensed_contractor",
        "waste_oil_drums/licensed_contractor",
        "coal_tar_residue/licensed_contractor",
        "lead_batteries/licensed_contractor",
        "solid_waste/sold",
        "recycled_dust/recycled_on_site",
        "domestic_waste/hygiene",
        "reduction_slag/sold",
        "refining_slag/sold",
        "coal_ash/sold",
        "waste_retorts/sold",
    ),
    "packaging": ("wrap", "steel_strapping", "pallets", "drums"),
}

# One value in 97 was not measured, one in 41 is an estimate.
_INSERT: Final = """
INSERT INTO {record} (submission_id, entered_by_id, entered_at, note, {keys},
                      state, method, entered_value, entered_unit, quantity)
SELECT s.id, %(clerk)s, p.ends_on + time '18:00', word.note, {answered_keys},
       CASE WHEN word.missing THEN 'not_measured' ELSE 'value' END,
       CASE WHEN word.missing THEN '' WHEN word.estimated THEN 'estimated' ELSE 'metered' END,
       size.value, CASE WHEN word.missing THEN '' ELSE item.unit_code END, size.value
FROM submissions_submission s
JOIN organisation_period p ON p.id = s.period_id
JOIN organisation_site site ON site.id = s.site_id
JOIN {site_row} answered ON answered.site_id = s.site_id
JOIN {item} item ON item.id = answered.{item_key}
CROSS JOIN LATERAL (SELECT extract(month FROM p.starts_on)::int AS month,
    (site.position * 7919 + extract(year FROM p.starts_on)::int * 12 * 31
     + extract(month FROM p.starts_on)::int * 104729 + item.position * 1299) AS seed) n
CROSS JOIN LATERAL (SELECT n.seed %% 97 = 0 AS missing, n.seed %% 41 = 0 AS estimated,
    CASE WHEN n.seed %% 97 = 0 THEN 'The meter was out of order.'
         WHEN n.seed %% 41 = 0 THEN 'From the hours of operation.' ELSE '' END AS note) word
CROSS JOIN LATERAL (SELECT CASE WHEN NOT word.missing THEN round(
    (10 ^ (2 + (item.position / 10) %% 4))::numeric * (10 + site.position %% 37) / 10
    * (12 + abs(n.month - 7)) / 15 * (900 + n.seed %% 201) / 1000, item.decimals) END AS value) size
WHERE s.section = 'environment' AND p.year_id = %(year)s
ORDER BY s.id, answered.id
"""

_MOVE: Final = """
UPDATE submissions_submission s SET state = %(state)s, revision = s.revision + 1 {stamps}
FROM organisation_period p, organisation_site site, organisation_reportingyear y
WHERE p.id = s.period_id AND site.id = s.site_id AND y.id = p.year_id
  AND s.section = 'environment' AND y.id = %(year)s AND s.state = %(from)s
  AND (CASE WHEN p.ends_on = y.ends_on THEN site.position %% 4 = ANY(%(last_month)s) ELSE %(months_before)s END)
"""
_STAMPS: Final = {
    "submitted": ", submitted_by_id = %(user)s, submitted_at = p.due_on + time '09:00'",
    "approved": ", approved_by_id = %(user)s, approved_at = p.due_on + time '15:00'",
    "returned": "",
}
_FROM: Final = {"submitted": "draft", "approved": "submitted", "returned": "submitted"}
_VERBS: Final = {"submitted": "submitted", "approved": "approved", "returned": "sent_back"}

_EVENTS: Final = """
INSERT INTO submissions_submissionevent (submission_id, verb, actor_id, at, comment, revision, findings)
SELECT s.id, %(verb)s, %(user)s, coalesce(s.approved_at, s.submitted_at), %(comment)s, s.revision, '[]'
FROM submissions_submission s JOIN organisation_period p ON p.id = s.period_id
WHERE s.section = 'environment' AND p.year_id = %(year)s AND s.state = %(state)s
  AND NOT EXISTS (SELECT 1 FROM submissions_submissionevent e WHERE e.submission_id = s.id AND e.revision = s.revision)
ORDER BY s.id
"""

_NOTHING: Final = """
INSERT INTO submissions_nothingtoreport (submission_id, "table", stated_by_id, stated_at)
SELECT s.id, 'stack_test', %(clerk)s, p.ends_on + time '18:00'
FROM submissions_submission s JOIN organisation_period p ON p.id = s.period_id
WHERE s.section = 'environment' AND p.year_id = %(year)s ORDER BY s.id
"""


def make_site_rows(grids: Sequence[Grid], sites: Sequence[Site], since: dt.date) -> None:
    """Every site answers the same rows."""
    for grid in grids:
        model: Any = grid.site_row
        catalogues = [model._meta.get_field(name).related_model for name in model.row_fields]
        by_code = [{row.code: row for row in catalogue.objects.all()} for catalogue in catalogues]
        model.objects.bulk_create(
            model(
                site=site,
                valid_from=since,
                **{
                    name: rows[code]
                    for name, rows, code in zip(model.row_fields, by_code, codes.split("/"), strict=True)
                },
            )
            for site in sites
            for codes in ANSWERED[grid.code]
        )


def insert(grid: Grid, year: ReportingYear, clerk: User) -> int:
    """The records of a grid; returns how many."""
    keys = [f"{name}_id" for name in grid.model.row_fields]
    item: Any = grid.model._meta.get_field(grid.item_field).related_model
    sql = _INSERT.format(
        record=_table(grid.model),
        keys=", ".join(keys),
        answered_keys=", ".join(f"answered.{key}" for key in keys),
        site_row=_table(grid.site_row),
        item=_table(item),
        item_key=keys[0],
    )
    return _execute(sql, year, clerk=clerk.pk)


def state_nothing(year: ReportingYear, clerk: User) -> None:
    """No month had a stack test."""
    _execute(_NOTHING, year, clerk=clerk.pk)


def move(year: ReportingYear, state: str, user: User, *, last_month: Sequence[int], months_before: bool = True) -> None:
    """Moves the forms of the year, each with its event; of the last month those of sites whose number leaves one of
    ``last_month`` when divided by four.
    """
    _execute(
        _MOVE.format(stamps=_STAMPS[state]),
        year,
        state=state,
        user=user.pk,
        last_month=list(last_month),
        months_before=months_before,
        **{"from": _FROM[state]},
    )
    comment = "Please look at the months before." if state == "returned" else ""
    _execute(_EVENTS, year, state=state, user=user.pk, verb=_VERBS[state], comment=comment)


def _execute(sql: str, year: ReportingYear, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"year": year.pk, **values})
        return int(cursor.rowcount)


def _table(model: type[Model] | None) -> str:
    if model is None:
        raise TypeError("this grid is answered everywhere")
    return str(model._meta.db_table)
