"""The files that are imported: right ones, ones with errors, and the same rows as the stock project reads them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from benchmarks.bench import Place
from benchmarks.grids import GRIDS

_HEADINGS: Final = ("site", "period", "record_kind", "item", "quantity", "unit", "method")
_STOCK_HEADINGS: Final = (
    "id",
    "submission",
    "item",
    "state",
    "method",
    "entered_value",
    "entered_unit",
    "quantity",
    "note",
)
OPEN_YEAR: Final = "2026"
# One row in so many is wrong, each in another way.
_WRONG_EACH: Final = 10
# Rows that may be imported: what each site answers in each month whose form is a draft.
ROWS: Final = " UNION ALL ".join(
    f"SELECT site.position AS place, site.code, p.code, '{grid.code}', {grid.item_code}, c0.unit_code, "  # noqa: S608
    f"s.id AS submission, {number} AS grid "
    f"FROM submissions_submission s JOIN organisation_site site ON site.id = s.site_id "
    f"JOIN organisation_period p ON p.id = s.period_id JOIN organisation_reportingyear y ON y.id = p.year_id "
    f"JOIN {grid.asked} a ON a.site_id = s.site_id {grid.joined('a')} "
    f"WHERE y.code = '{OPEN_YEAR}' AND s.section = 'environment' AND s.state = 'draft'"
    for number, grid in enumerate(GRIDS)
)


def importable(place: Place) -> int:
    """How many rows an import into the open year can have."""
    return int(place.one(f"SELECT count(*) FROM ({ROWS}) rows"))  # noqa: S608


def portal_file(place: Place, count: int, *, wrong: bool = False) -> Path:
    """So many rows of the open year."""
    path = place.files / f"records-{count}{'-wrong' if wrong else ''}.xlsx"
    _write(path, _HEADINGS, _portal_rows(_rows(place, count), wrong))
    return path


def _portal_rows(rows: Sequence[tuple[Any, ...]], wrong: bool) -> Iterator[list[Any]]:
    for number, (_place, site, period, kind, item, unit, *_rest) in enumerate(rows):
        row = [site, period, kind, item, _quantity(number), unit, "metered"]
        if wrong and number % _WRONG_EACH == 0:
            spoilt = number // _WRONG_EACH % 4
            row[(4, 5, 3, 6)[spoilt]] = ("12,34,x", "parsec", "no_such_item", "guessed")[spoilt]
        yield row


def stock_file(place: Place, count: int) -> Path:
    """The same rows as the twin's resource reads them: foreign keys by number, no id for new rows."""
    items = dict(place.sql.execute("SELECT code, id FROM stock.stock_item").fetchall())
    path = place.files / f"stock-{count}.xlsx"
    _write(
        path,
        _STOCK_HEADINGS,
        (
            [
                "",
                submission,
                items[f"{kind}:{item}"],
                "value",
                "metered",
                _quantity(number),
                unit,
                _quantity(number),
                "",
            ]
            for number, (_place, _site, _period, kind, item, unit, submission, _grid) in enumerate(_rows(place, count))
        ),
    )
    return path


def _rows(place: Place, count: int) -> list[tuple[Any, ...]]:
    statement = f"SELECT * FROM ({ROWS}) rows ORDER BY place, submission, grid, 5 LIMIT {count}"  # noqa: S608
    return place.sql.execute(statement).fetchall()


def _quantity(number: int) -> float:
    return 100 + number % 900 + (number % 7) / 8


def _write(path: Path, headings: Sequence[str], rows: Iterator[list[Any]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("records")
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
