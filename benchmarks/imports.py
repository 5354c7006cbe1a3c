"""Targets 9 to 12 and 16: files of records, from the upload to the commit, and the pages of others meanwhile."""

import re
import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from python_calamine import CalamineWorkbook

from benchmarks import workbooks
from benchmarks.bench import CLERK, GROUP_CLERK, LEAD, PASSWORD, Bench, Place
from benchmarks.client import Answer, Browser, UnexpectedAnswerError
from benchmarks.grids import GRIDS
from benchmarks.measuring import Spread, exactly, p95, spread

_SMALL: Final = 10_000
_LARGE: Final = 100_000
_PAGES: Final = ((CLERK, "/"), (GROUP_CLERK, "/submissions/"), (LEAD, "/admin/submissions/submission/"))
_LOOKS_WHEN_IDLE: Final = 30
# A machine that is busy for a moment spoils a single import; of three the middle one counts.
_FEWEST: Final = 3


@dataclass(frozen=True, kw_only=True)
class Imported:
    """An import through the pages: upload, check, confirmation. Seconds of the person who waits."""

    checking: float
    applying: float
    report: Answer

    @property
    def seconds(self) -> float:
        return self.checking + self.applying


def run(bench: Bench) -> None:
    for place in bench.places.values():
        possible = workbooks.importable(place)
        small = min(_SMALL, possible // 2)
        large = min(_LARGE, possible)
        bench.remember("import rows", place, {"small": small, "large": large})
        clear(place)
        _against_others(bench, place, small)
        _large(bench, place, small, large)
        _wrong(bench, place, small)
        _again(bench, place, small)
        _pages_meanwhile(bench, place, large)
        clear(place)


def clear(place: Place) -> None:
    """Takes out what was imported, so that the next import finds blank forms."""
    for grid in GRIDS:
        place.sql.execute(
            f"DELETE FROM {grid.records} r USING submissions_submission s, organisation_period p, "  # noqa: S608
            f"organisation_reportingyear y WHERE s.id = r.submission_id AND p.id = s.period_id AND y.id = p.year_id "
            f"AND y.code = '{workbooks.OPEN_YEAR}' AND s.state = 'draft'"
        )
        place.sql.execute(f"VACUUM ANALYZE {grid.records}")
    _clear_stock(place)
    place.sql.execute("VACUUM ANALYZE stock.stock_record")


def check_file(browser: Browser, path: Path) -> tuple[float, Answer]:
    """Uploads a file and waits for what the check says."""
    begun = time.perf_counter()
    kept = browser.post("/records/import/", {}, ("file", path)).expect(302)
    report = browser.follow(kept)
    if report.path.startswith("/jobs/"):  # a long file is checked in the background; then its page says what came out
        report = browser.get(kept.location)
    return time.perf_counter() - begun, report.expect(200)


def import_file(browser: Browser, path: Path) -> Imported:
    """The whole way of a person who confirms at once."""
    checking, report = check_file(browser, path)
    form = report.form(action_ends="/apply/")
    begun = time.perf_counter()
    done = browser.follow(browser.post(form.action, form.fields).expect(302))
    applying = time.perf_counter() - begun
    done.expect(200)
    return Imported(checking=checking, applying=applying, report=report)


def _written(place: Place) -> int:
    return sum(
        int(
            place.one(
                f"SELECT count(*) FROM {grid.records} r JOIN submissions_submission s ON s.id = r.submission_id "  # noqa: S608
                "JOIN organisation_period p ON p.id = s.period_id "
                "JOIN organisation_reportingyear y ON y.id = p.year_id "
                f"WHERE y.code = '{workbooks.OPEN_YEAR}' AND s.state = 'draft'"
            )
        )
        for grid in GRIDS
    )


def _require(place: Place, rows: int) -> None:
    if (written := _written(place)) != rows:
        raise UnexpectedAnswerError(f"the import wrote {written} rows and not {rows}")


def _floor(place: Place, path: Path) -> float:
    """Reads the file, looks its places up in dictionaries, and copies it: no rule, no lock, no audit."""
    begun = time.perf_counter()
    submissions = dict(
        place.sql.execute(
            "SELECT site.code || p.code, s.id FROM submissions_submission s JOIN organisation_site site ON "
            "site.id = s.site_id JOIN organisation_period p ON p.id = s.period_id WHERE s.section = 'environment'"
        ).fetchall()
    )
    items = dict(place.sql.execute("SELECT code, id FROM stock.stock_item").fetchall())
    rows = iter(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())
    next(rows)
    copy = (
        "COPY stock.stock_record (submission_id, item_id, state, method, entered_value, entered_unit, quantity, note) "
        "FROM STDIN"
    )
    with place.sql.cursor().copy(copy) as target:
        for row in rows:
            site, period, kind, item, quantity, unit, method = (*row,)
            target.write_row(
                (submissions[f"{site}{period}"], items[f"{kind}:{item}"], "value", method, quantity, unit, quantity, "")
            )
    return time.perf_counter() - begun


def _stock(place: Place, path: Path) -> float:
    """Upload, preview and confirmation in the default admin."""
    browser = place.stock_browser
    begun = time.perf_counter()
    page = browser.get("/admin/stock/record/import/").expect(200)
    xlsx = next(value for value, label in _formats(page) if "xlsx" in label)
    fields = [("format", xlsx), *(pair for pair in _first_form(page) if pair[0] not in ("format", "resource"))]
    preview = browser.post("/admin/stock/record/import/", fields, ("import_file", path)).expect(200)
    form = preview.form(action_ends="/process_import/")
    browser.post("/admin/stock/record/process_import/", form.fields).expect(302)
    return time.perf_counter() - begun


def _formats(page: Answer) -> list[tuple[str, str]]:
    return re.findall(r'<option value="(\d+)"[^>]*>\s*([a-z]+)\s*</option>', page.text)


def _first_form(page: Answer) -> list[tuple[str, str]]:
    found = [form for form in page.forms if any(name == "format" for name, _value in form.fields)]
    return found[0].fields if found else []


def _best(place: Place, path: Path) -> float:
    return place.stock_browser.post("/best/", {}, ("import_file", path)).expect(200).seconds


def _against_others(bench: Bench, place: Place, count: int) -> None:
    browser = place.browser(GROUP_CLERK)
    file, stock_file = workbooks.portal_file(place, count), workbooks.stock_file(place, count)
    taken: dict[str, list[float]] = {"ours": [], "floor": [], "best": [], "stock": []}
    parts: list[tuple[float, float]] = []
    for _round in range(max(_FEWEST, _heavy(bench))):
        clear(place)
        imported = import_file(browser, file)
        _require(place, count)
        parts.append((imported.checking, imported.applying))
        taken["ours"].append(imported.seconds)
        for name, way, path in (("floor", _floor, file), ("best", _best, stock_file), ("stock", _stock, stock_file)):
            _clear_stock(place)
            taken[name].append(way(place, path))
    clear(place)
    checking, writing = (statistics.median(part) for part in zip(*parts, strict=True))
    note = f"{count} rows; check {checking:.2f} s, write {writing:.2f} s"
    note += f"; {count / statistics.median(taken['ours']):.0f} rows/s"
    bench.add("9", place, _ratio(taken["stock"], taken["ours"]), note=note)
    bench.add("9 best", place, _ratio(taken["best"], taken["ours"]))
    bench.add("9 floor", place, _ratio(taken["ours"], taken["floor"]))
    bench.remember("import", place, {"rows": count, "seconds": taken, "parts": parts})


def _clear_stock(place: Place) -> None:
    place.sql.execute(
        "DELETE FROM stock.stock_record WHERE submission_id IN (SELECT id FROM stock.stock_submission "
        "WHERE period LIKE %s)",
        [f"{workbooks.OPEN_YEAR}-%"],
    )


def _heavy(bench: Bench) -> int:
    return max(1, bench.rounds // 3)


def _ratio(above: list[float], below: list[float]) -> Spread:
    return spread([one / other for one, other in zip(above, below, strict=True)])


def _large(bench: Bench, place: Place, small: int, large: int) -> None:
    """Rows a second of the large file against the small one, in turn."""
    browser = place.browser(GROUP_CLERK)
    files = {count: workbooks.portal_file(place, count) for count in (small, large)}
    speeds: dict[int, list[float]] = {small: [], large: []}
    for _round in range(max(2, _heavy(bench) - 1)):
        for count in (small, large):
            clear(place)
            speeds[count].append(count / import_file(browser, files[count]).seconds)
            _require(place, count)
    note = f"{large} rows: {statistics.median(speeds[large]):.0f} rows/s"
    note += f", {small} rows: {statistics.median(speeds[small]):.0f}"
    bench.add("10", place, _ratio(speeds[large], speeds[small]), note=note)


def _wrong(bench: Bench, place: Place, count: int) -> None:
    browser = place.browser(GROUP_CLERK)
    right, wrong = workbooks.portal_file(place, count), workbooks.portal_file(place, count, wrong=True)
    clear(place)
    taken: dict[str, list[float]] = {"right": [], "wrong": []}
    size = 0
    for _round in range(_heavy(bench) + 1):
        taken["right"].append(check_file(browser, right)[0])
        seconds, report = check_file(browser, wrong)
        taken["wrong"].append(seconds)
        size = len(report.body)
        if any(form.action.endswith("/apply/") for form in report.forms):
            raise UnexpectedAnswerError("a file with errors may be confirmed")
    bench.add("11", place, _ratio(taken["wrong"], taken["right"]), note=f"{count} rows, {count // 10} wrong")
    bench.add("11 page", place, exactly(size / 1000))


def _again(bench: Bench, place: Place, count: int) -> None:
    browser = place.browser(GROUP_CLERK)
    file = workbooks.portal_file(place, count)
    ratios: list[float] = []
    written = 0
    for _round in range(max(_FEWEST, _heavy(bench))):
        clear(place)
        first = import_file(browser, file)
        before = _mark(place)
        checking, report = check_file(browser, file)
        applying = 0.0
        form = next((form for form in report.forms if form.action.endswith("/apply/")), None)
        if form is not None:  # a page that sees that nothing changes may offer nothing
            begun = time.perf_counter()
            browser.follow(browser.post(form.action, form.fields))
            applying = time.perf_counter() - begun
        ratios.append((checking + applying) / first.seconds)
        written = max(written, _moved_since(place, before))
    bench.add("12", place, exactly(written))
    bench.add("12 time", place, spread(ratios))


def _mark(place: Place) -> tuple[int, int, int]:
    """How many records there are, the sum of all revisions, and the newest line of the trail."""
    revisions = place.one("SELECT sum(revision) FROM submissions_submission")
    newest = place.one("SELECT max(id) FROM audit_change")
    return _written(place), int(revisions), int(newest or 0)


def _moved_since(place: Place, before: tuple[int, int, int]) -> int:
    """Records, revisions and lines of the trail of forms and records that came since."""
    rows, revisions, newest = before
    audited = place.one(
        "SELECT count(*) FROM audit_change WHERE id > %s "
        "AND (\"table\" LIKE 'environment\\_%%' OR \"table\" LIKE 'submissions\\_%%')",
        newest,
    )
    now = _mark(place)
    return abs(now[0] - rows) + abs(now[1] - revisions) + int(audited)


def _pages_meanwhile(bench: Bench, place: Place, count: int) -> None:
    """Pages of others, first while nothing else goes on, then while the large file is checked and written."""
    clear(place)
    file = workbooks.portal_file(place, count)
    others = [(place.browser(person), path) for person, path in _PAGES]
    for browser, path in others:
        browser.get(path).expect(200)
    idle = [browser.get(path).expect(200).seconds for _time in range(_LOOKS_WHEN_IDLE) for browser, path in others]
    importer = Browser(place.portal.port).sign_in("/accounts/login/", {"login": GROUP_CLERK, "password": PASSWORD})
    ended = threading.Event()
    failed: list[Exception] = []

    def work() -> None:
        try:
            import_file(importer, file)
        except Exception as error:  # told by the main thread
            failed.append(error)
        finally:
            ended.set()

    threading.Thread(target=work).start()
    busy: list[float] = []
    while not ended.is_set():
        busy += [browser.get(path).expect(200).seconds for browser, path in others]
    if failed:
        raise failed[0]
    value = p95(busy) / p95(idle)
    middle = statistics.median(busy) / statistics.median(idle)
    result = Spread(median=value, low=value, high=value, rounds=len(busy))
    bench.add("16", place, result, note=f"{count} rows, {len(busy)} pages meanwhile; medians {middle:.1f} ×")
