"""Targets 13 and 14: records as files, for some hundred thousand rows where there are so many."""

import csv
import io
import re
import statistics
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter

from benchmarks.bench import GROUP_CLERK, Bench, Place
from benchmarks.client import Browser, UnexpectedAnswerError
from benchmarks.grids import GRIDS, GridTable
from benchmarks.measuring import spread

_WANTED: Final = 100_000
# What django-import-export calls the file types, by their places in its list.
_STOCK_TYPES: Final = ("csv", "xlsx")


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which records: of one year or, where that is little, of all; of some kinds."""

    year: str
    kinds: tuple[str, ...]
    rows: int

    @property
    def query(self) -> str:
        return "&".join([f"year={self.year}", *(f"kinds={kind}" for kind in self.kinds)])


def run(bench: Bench) -> None:
    for place in bench.places.values():
        chosen = select(place)
        _measure(bench, place, chosen, "xlsx", "13", {"floor": _xlsxwriter})
        _measure(bench, place, chosen, "csv", "14", {"floor": _copy})


def select(place: Place) -> Selection:
    """The year and kinds whose number of records comes nearest to what is wanted."""
    counts = {
        (year, kind): count
        for grid in GRIDS
        for year, kind, count in place.sql.execute(
            f"SELECT y.code, '{grid.code}', count(*) FROM {grid.records} r JOIN submissions_submission s ON "  # noqa: S608
            "s.id = r.submission_id JOIN organisation_period p ON p.id = s.period_id JOIN organisation_reportingyear y "
            "ON y.id = p.year_id GROUP BY y.code"
        ).fetchall()
    }
    year = max(code for code, _kind in counts if code < "2025")
    options = []
    for years in ([year], sorted({code for code, _kind in counts})):
        for kinds in _subsets():
            rows = sum(counts.get((code, kind), 0) for code in years for kind in kinds)
            options.append(Selection(year=year if len(years) == 1 else "", kinds=kinds, rows=rows))
    return min(options, key=lambda chosen: abs(chosen.rows - _WANTED))


def _subsets() -> list[tuple[str, ...]]:
    codes = [grid.code for grid in GRIDS]
    return [
        tuple(code for place, code in enumerate(codes) if number >> place & 1) for number in range(1, 1 << len(codes))
    ]


def export(browser: Browser, chosen: Selection, file_format: str) -> tuple[float, bytes]:
    """Asks for a file and waits until it is there, made within the request or, where it is long, by a job."""
    begun = time.perf_counter()
    answer = browser.get(f"/records/export/?format={file_format}&{chosen.query}").expect(200)
    if answer.body[:200].lstrip().startswith(b"<"):  # the page offers to have it made in the background
        fields = [("format", file_format), ("year", chosen.year), *(("kinds", kind) for kind in chosen.kinds)]
        job = browser.follow(browser.post("/records/export/", fields).expect(302))
        answer = browser.get(f"{job.path}file/").expect(200)
    return time.perf_counter() - begun, answer.body


Floor = Callable[[Place, Selection], float]


def _measure(bench: Bench, place: Place, chosen: Selection, kind: str, code: str, floors: dict[str, Floor]) -> None:
    browser = place.browser(GROUP_CLERK)
    taken: dict[str, list[float]] = {"ours": [], "stock": [], **{name: [] for name in floors}}
    stock_rows = size = 0
    for _round in range(max(2, bench.rounds // 3)):
        seconds, content = export(browser, chosen, kind)
        _require_lines(kind, content, chosen.rows)
        size = len(content)
        taken["ours"].append(seconds)
        for name, floor in floors.items():
            taken[name].append(floor(place, chosen))
        seconds, stock_rows = _stock(place, kind)
        taken["stock"].append(seconds)
    pairs = zip(taken["ours"], taken["stock"], strict=True)
    speeds = [(chosen.rows / ours) / (stock_rows / stock) for ours, stock in pairs]
    to_floor = spread([ours / floor for ours, floor in zip(taken["ours"], taken["floor"], strict=True)])
    note = (
        f"{chosen.rows} rows, {size / 1e6:.1f} MB, {chosen.rows / statistics.median(taken['ours']):.0f} rows/s; "
        f"{to_floor.median:.1f} × the floor"
    )
    bench.add(code, place, spread(speeds), note=note)
    if code == "14":
        bench.add("14 floor", place, to_floor)
    bench.remember(f"export {kind}", place, {"rows": chosen.rows, "stock rows": stock_rows, "seconds": taken})


def _select(grid: GridTable, chosen: Selection) -> str:
    year = f"AND y.code = '{chosen.year}' " if chosen.year else ""
    return (
        f"SELECT site.code, p.code, '{grid.code}', {grid.item_code}, r.entered_value, r.entered_unit, r.state, "  # noqa: S608
        f"r.method, r.note FROM {grid.records} r {grid.joined('r')} "
        "JOIN submissions_submission s ON s.id = r.submission_id "
        "JOIN organisation_site site ON site.id = s.site_id JOIN organisation_period p ON p.id = s.period_id "
        f"JOIN organisation_reportingyear y ON y.id = p.year_id WHERE true {year}"
    )


def statement(chosen: Selection) -> str:
    """The records of a selection with the columns of a file, in no order."""
    return " UNION ALL ".join(_select(grid, chosen) for grid in GRIDS if grid.code in chosen.kinds)


def _copy(place: Place, chosen: Selection) -> float:
    begun = time.perf_counter()
    size = 0
    with place.sql.cursor().copy(f"COPY ({statement(chosen)}) TO STDOUT WITH (FORMAT csv)") as source:
        for block in source:
            size += len(block)
    return time.perf_counter() - begun


def _xlsxwriter(place: Place, chosen: Selection) -> float:
    begun = time.perf_counter()
    with (
        xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True}) as workbook,
        place.sql.transaction(),
        place.sql.cursor("rows") as cursor,
    ):
        sheet = workbook.add_worksheet()
        cursor.execute(statement(chosen))
        for number, row in enumerate(cursor):
            sheet.write_row(number, 0, row)
    return time.perf_counter() - begun


def _stock(place: Place, kind: str) -> tuple[float, int]:
    """The default export of a filtered list: the months whose records come nearest to what is wanted."""
    browser = place.stock_browser
    state = "?state__exact=value"
    item, rows = _stock_items(place)
    address = f"/admin/stock/record/export/{state}&item__id__in={item}"
    begun = time.perf_counter()
    page = browser.get(address).expect(200)
    options = re.findall(r'<option value="(\d+)"[^>]*>\s*([a-z]+)\s*</option>', page.text)
    chosen = next(value for value, label in options if label == kind)
    form: Any = next(form for form in page.forms if any(name == "format" for name, _value in form.fields))
    fields = [*(pair for pair in form.fields if pair[0] != "format"), ("format", chosen)]
    answer = browser.post(address, fields).expect(200)
    _require_lines(kind, answer.body, rows)
    return time.perf_counter() - begun, rows


def _require_lines(kind: str, content: bytes, rows: int) -> None:
    """Raises where a file has other lines than a heading and so many records."""
    if kind == "csv":
        lines = sum(1 for _line in csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            lines = workbook.read("xl/worksheets/sheet1.xml").count(b"<row ")
    if lines != rows + 1:
        raise UnexpectedAnswerError(f"the file has {lines} lines and not {rows + 1}")


def _stock_items(place: Place) -> tuple[str, int]:
    """Items of the stock project that have about as many records together."""
    found = place.sql.execute(
        "SELECT item_id, count(*) FROM stock.stock_record WHERE state = 'value' GROUP BY item_id ORDER BY item_id"
    ).fetchall()
    chosen: list[str] = []
    rows = 0
    for item, count in found:
        if not chosen or rows + count <= _WANTED * 1.05:
            chosen.append(str(item))
            rows += count
    return ",".join(chosen), rows
