"""Targets 6, 7 and 8: the figures of a year, a site over all years, and the completeness matrix.

The portal keeps a page of figures for as long as nothing is written to its database. Before each page that counts
somebody writes; how long it takes where nobody did is told beside it.
"""

import time
from functools import partial
from typing import Final

from benchmarks.bench import LEAD, Bench, Place
from benchmarks.client import Answer, Browser, UnexpectedAnswerError
from benchmarks.grids import GRIDS
from benchmarks.measuring import Way, in_turn

_YEAR: Final = "2024"
# In the years before only one section is open at the sites; in this one all of them are.
_WHOLE_YEAR: Final = "2025"
# Of each site and line: the sum, how many rows have a value, and how many have none.
SUMS: Final = " UNION ALL ".join(
    f"SELECT s.site_id, '{grid.code}' AS grid, {', '.join(f'r.{column}' for column in grid.catalogues)}"  # noqa: S608
    f"{', NULL::bigint' if len(grid.catalogues) == 1 else ''}, "
    "sum(r.quantity), count(r.quantity), count(*) FILTER (WHERE r.quantity IS NULL) "
    f"FROM {grid.records} r JOIN submissions_submission s ON s.id = r.submission_id "
    "JOIN organisation_period p ON p.id = s.period_id JOIN organisation_reportingyear y ON y.id = p.year_id "
    "WHERE y.code = %(year)s AND s.state = 'approved' "
    f"GROUP BY s.site_id, {', '.join(f'r.{column}' for column in grid.catalogues)}"
    for grid in GRIDS
)
STATES: Final = """
SELECT s.site_id, s.section, array_agg(s.state ORDER BY p.starts_on)
FROM submissions_submission s JOIN organisation_period p ON p.id = s.period_id
JOIN organisation_reportingyear y ON y.id = p.year_id
WHERE y.code = %(year)s GROUP BY s.site_id, s.section
"""


def run(bench: Bench) -> None:
    for place in bench.places.values():
        _year(bench, place)
        _site(bench, place)
        _matrix(bench, place)


def _raw(place: Place, statement: str, year: str) -> float:
    begun = time.perf_counter()
    place.sql.execute(statement, {"year": year}).fetchall()
    return time.perf_counter() - begun


def _after_a_write(place: Place, browser: Browser, path: str) -> Answer:
    """The page when somebody has just written: a transaction that takes a number, as every one that writes does."""
    place.sql.execute("SELECT pg_current_xact_id()")
    return browser.get(path).expect(200)


def _year(bench: Bench, place: Place) -> None:
    lead = place.browser(LEAD)
    page = f"/figures/{_YEAR}/"
    lead.get(page).expect(200)
    seen = _after_a_write(place, lead, page)
    times = in_turn(
        {
            "raw": lambda: _raw(place, SUMS, _YEAR),
            "page": lambda: _after_a_write(place, lead, page).seconds,
            "again": lambda: lead.get(page).expect(200).seconds,
            "auth": lambda: lead.get("/bench/auth/").expect(200).seconds,
        },
        rounds=max(5, bench.rounds // 2),
    )
    note = f"{seen.queries} queries, {len(seen.body) / 1000:.0f} kB, {times.ratio('page', 'auth').median:.0f} × auth"
    bench.add("6", place, times.ratio("page", "raw"), note=note)
    again = lead.get(page).expect(200)
    note = f"{again.queries} queries, {times.ratio('again', 'auth').median:.1f} × auth"
    bench.add("6 again", place, times.ratio("again", "raw"), note=note)
    bench.remember("annual", place, {name: times.median(name) for name in times.of})


def _site(bench: Bench, place: Place) -> None:
    """A site over all its years. Beside it, in the note, the pages that show a site in other ways."""
    lead = place.browser(LEAD)
    page = "/figures/sites/HIST-001/"
    others = {
        "dashboard, five years and the months": f"/report/dashboard/?site=HIST-001&year={_YEAR}",
        "annual page": f"/figures/{_YEAR}/?site=HIST-001",
    }
    lead.get(page).expect(200)
    seen = _after_a_write(place, lead, page)
    if missing := [str(year) for year in range(2016, 2026) if f">{year}</th>" not in seen.text]:
        raise UnexpectedAnswerError(f"{page}: without {', '.join(missing)}")
    beside = {name: _after_a_write(place, lead, path) for name, path in others.items()}
    ways: dict[str, Way] = {
        "auth": lambda: lead.get("/bench/auth/").expect(200).seconds,
        "page": lambda: _after_a_write(place, lead, page).seconds,
        "again": lambda: lead.get(page).expect(200).seconds,
        **{name: partial(_seconds, place, lead, path) for name, path in others.items()},
    }
    # Each of the others once: a site that nobody has looked at. The smallest size has too few of them.
    others_in_turn = iter([f"/figures/sites/HIST-{number:03}/" for number in range(2, place.size.sites + 1)])
    if place.size.sites > bench.rounds + 2:
        ways["first"] = lambda: _after_a_write(place, lead, next(others_in_turn)).seconds
    times = in_turn(ways, rounds=bench.rounds)
    first = f"{times.ratio('first', 'auth').median:.1f} × of a site for the first time; " if "first" in ways else ""
    note = f"{seen.queries} queries, {len(seen.body) / 1000:.0f} kB; {first}" + "; ".join(
        f"its {name} {times.ratio(name, 'auth').median:.1f} × auth, {answer.queries} queries"
        for name, answer in beside.items()
    )
    bench.add("7", place, times.ratio("page", "auth"), note=note)
    again = lead.get(page).expect(200)
    bench.add("7 again", place, times.ratio("again", "auth"), note=f"{again.queries} queries")


def _seconds(place: Place, browser: Browser, path: str) -> float:
    return _after_a_write(place, browser, path).seconds


def _matrix(bench: Bench, place: Place) -> None:
    """The page of a year's completeness, whose summary counts every state. In the note, the reviewers' start page."""
    lead = place.browser(LEAD)
    page = f"/admin/completeness/?year={_WHOLE_YEAR}"
    start = f"/admin/?year={_WHOLE_YEAR}"
    seen = lead.get(page).expect(200)
    seen_start = lead.get(start).expect(200)
    times = in_turn(
        {
            "raw": lambda: _raw(place, STATES, _WHOLE_YEAR),
            "page": lambda: lead.get(page).expect(200).seconds,
            "auth": lambda: lead.get("/bench/auth/").expect(200).seconds,
            "start": lambda: lead.get(start).expect(200).seconds,
        },
        rounds=max(5, bench.rounds // 2),
    )
    states = place.one(
        "SELECT count(*) FROM submissions_submission s JOIN organisation_period p ON p.id = s.period_id "
        "JOIN organisation_reportingyear y ON y.id = p.year_id WHERE y.code = %s",
        _WHOLE_YEAR,
    )
    note = f"{states} states, {seen.queries} queries, {len(seen.body) / 1000:.0f} kB"
    note += f", {times.ratio('page', 'auth').median:.0f} × auth"
    note += f"; the start page {times.ratio('start', 'auth').median:.0f} × auth, {seen_start.queries} queries"
    bench.add("8", place, times.ratio("page", "raw"), note=note)
    bench.remember("matrix", place, {name: times.median(name) for name in times.of})
