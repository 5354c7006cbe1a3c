"""Fills the stock project's tables with what the portal holds, by statements of the database."""

from typing import Any, Final

import psycopg

from benchmarks.grids import GRIDS

PERSON: Final = "stock"
PASSWORD: Final = "stock-2026"  # noqa: S105 - of a database that exists for benchmarks alone


def fill(connection: psycopg.Connection[Any]) -> None:
    """Sites, items, submissions and records of the environment form, with the primary keys of the portal's rows."""
    connection.execute(
        "INSERT INTO stock.stock_site (id, code, name) SELECT id, code, name_en FROM public.organisation_site"
    )
    for grid in GRIDS:
        connection.execute(
            f"INSERT INTO stock.stock_item (code, name, unit) "  # noqa: S608 - names from grids.py
            f"SELECT DISTINCT '{grid.code}:' || {grid.item_code}, c0.name_en, c0.unit_code "
            f"FROM {grid.asked} a {grid.joined('a')}"
        )
    connection.execute(
        "INSERT INTO stock.stock_submission (id, site_id, period, state) "
        "SELECT s.id, s.site_id, p.code, s.state FROM submissions_submission s "
        "JOIN organisation_period p ON p.id = s.period_id WHERE s.section = 'environment'"
    )
    for grid in GRIDS:
        connection.execute(
            f"INSERT INTO stock.stock_record (submission_id, item_id, state, method, entered_value, entered_unit, "  # noqa: S608
            f"quantity, note) SELECT r.submission_id, i.id, r.state, r.method, r.entered_value, r.entered_unit, "
            f"r.quantity, r.note FROM {grid.records} r {grid.joined('r')} "
            f"JOIN stock.stock_item i ON i.code = '{grid.code}:' || {grid.item_code}"
        )
    for table in ("site", "submission"):
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('stock.stock_{table}', 'id'), max(id)) FROM stock.stock_{table}"  # noqa: S608
        )
