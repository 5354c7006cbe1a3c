"""Targets 3, 4, 5 and 17: lists of fifty with filters, search and last page, and whether they grow with the data."""

import re
import statistics
import sys
from dataclasses import dataclass
from functools import partial
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from benchmarks.bench import ADMINISTRATOR, CLERK, GROUP_CLERK, LEAD, Bench, Place
from benchmarks.client import Answer, Browser
from benchmarks.measuring import Spread, Times, Way, exactly, in_turn

# Lists that are long at this size are looked at with all that can be chosen on them; of each filter so many choices.
_CHOICES: Final = 2
# So many of the pages that looked slowest are measured again with care.
_CLOSER: Final = 6
_STAFF: Final = (
    (CLERK, "/"),
    (GROUP_CLERK, "/"),
    (GROUP_CLERK, "/submissions/"),
    (GROUP_CLERK, "/submissions/?state=approved"),
    (GROUP_CLERK, "/submissions/?state=late"),
    (GROUP_CLERK, "/submissions/?site=HIST-003"),
    (LEAD, "/submissions/?year=2020"),
    (GROUP_CLERK, "/jobs/"),
)


@dataclass(frozen=True)
class Page:
    """A page and who looks at it. ``kind`` is first, filter, search or last; ``of`` the address of the first page."""

    person: str
    path: str
    kind: str = "first"
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class Glance:
    """What a first look at a page gave: its time against the raw page's, its queries, and the rows that it shows."""

    ratio: float
    queries: int
    rows: int


def run(bench: Bench) -> None:
    seen: dict[str, dict[Page, Glance]] = {}
    for name, place in bench.places.items():
        pages = staff_pages(place) + admin_pages(place)
        sys.stdout.write(f"{name}: {len(pages)} pages\n")
        sys.stdout.flush()
        seen[name] = {page: _glance(place, page) for page in pages}
        _tell(bench, place, seen[name])
    smallest = next(iter(bench.places))
    for name, place in bench.places.items():
        if name != smallest:
            _compare(bench, (bench.places[smallest], seen[smallest]), (place, seen[name]))


def ask(place: Place, page: Page) -> Answer:
    return place.browser(page.person).get(page.path).expect(200)


def staff_pages(place: Place) -> list[Page]:
    """The lists of the people at the plants, with their last pages."""
    pages = []
    for person, path in _STAFF:
        page = Page(person, path, of=path)
        pages.append(page)
        if 'rel="next"' in ask(place, page).text:  # a number beyond the end gives the last page
            pages.append(Page(person, f"{path}{'&' if '?' in path else '?'}page=99999999", "last", path))
    return pages


def admin_pages(place: Place) -> list[Page]:
    """Every list of the admin that somebody sees, with choices of each filter, a search and the last page."""
    pages: list[Page] = []
    known: set[str] = set()
    for person in (LEAD, ADMINISTRATOR):
        start = place.browser(person).get("/admin/").expect(200).text
        for path in dict.fromkeys(re.findall(r'href="(/admin/[a-z_]+/[a-z_]+/)"', start)):
            if path not in known:
                known.add(path)
                pages += _with_choices(place, Page(person, path, of=path))
    return pages


def _with_choices(place: Place, first: Page) -> list[Page]:
    answer = place.browser(first.person).get(first.path).expect(200, 302)
    if answer.status == 302:  # a table of one row leads to that row
        return []
    text = answer.text
    pages = [first]
    by_name: dict[str, list[str]] = {}
    for link in dict.fromkeys(unescape(found) for found in re.findall(r'href="(\?[^"]+)"', text)):
        chosen = parse_qsl(urlsplit(link).query)
        if len(chosen) == 1 and chosen[0][0] not in ("o", "p", "all", "_facets", "e"):
            by_name.setdefault(chosen[0][0], []).append(link)
    pages += [
        Page(first.person, first.path + link, "filter", first.path)
        for links in by_name.values()
        for link in links[:_CHOICES]
    ]
    if 'id="searchbar"' in text:
        pages.append(Page(first.person, f"{first.path}?q=HIST-003", "search", first.path))
    last = max((int(number) for number in re.findall(r'href="\?(?:[^"]*&amp;)?p=(\d+)"', text)), default=1)
    if last > 1:
        pages.append(Page(first.person, f"{first.path}?p={last}", "last", first.path))
    return pages


def _glance(place: Place, page: Page) -> Glance:
    """Two looks at a page, each beside the raw page: enough to see which ones are worth more."""
    browser = place.browser(page.person)
    looks = [(ask(place, page), browser.get("/bench/raw/").expect(200)) for _time in range(2)]
    return Glance(
        ratio=min(answer.seconds for answer, _raw in looks) / min(raw.seconds for _answer, raw in looks),
        queries=looks[1][0].queries,
        rows=looks[1][0].body.count(b"<tr"),
    )


def _time(place: Place, page: Page, rounds: int) -> Times:
    """Beside the raw page and, for what is no first page, beside its own first one."""
    browser = place.browser(page.person)
    ways = {
        "raw": lambda: browser.get("/bench/raw/").expect(200).seconds,
        "page": lambda: browser.get(page.path).expect(200).seconds,
    }
    if page.kind in ("search", "last"):
        ways["first"] = lambda: browser.get(page.of).expect(200).seconds
    return in_turn(ways, rounds=max(3, rounds // 2))


def _tell(bench: Bench, place: Place, seen: dict[Page, Glance]) -> None:
    """The pages that looked slowest are measured with care; the worst of them counts."""
    stock = _stock(place, bench.rounds)
    firsts = {page.path: glance.ratio for page, glance in seen.items() if page.kind == "first"}
    staff = {page: glance.ratio for page, glance in seen.items() if not page.path.startswith("/admin/")}
    admin = {page: glance.ratio for page, glance in seen.items() if page.path.startswith("/admin/")}
    ends = {p: glance.ratio / firsts[p.of] for p, glance in seen.items() if p.kind in ("search", "last")}
    for code, looked_at, beside in (("3", staff, "raw"), ("4", admin, "raw"), ("4 ends", ends, "first")):
        slowest = sorted(looked_at, key=lambda page: -looked_at[page])[:_CLOSER]
        found = {page: _time(place, page, bench.rounds).ratio("page", beside) for page in slowest}
        worst = max(found, key=lambda page: found[page].median)
        middle = statistics.median(looked_at.values())
        note = f"{worst.path} ({worst.person}); {len(looked_at)} pages, the middle one {middle:.1f}"
        bench.add(code, place, found[worst], stock=stock.get(code), note=note)
        told = {f"{p.person} {p.path}": round(value, 2) for p, value in sorted(looked_at.items(), key=_by_value)}
        bench.remember(f"lists {code}", place, told)


def _by_value(pair: tuple[Page, float]) -> float:
    return -pair[1]


def _stock(place: Place, rounds: int) -> dict[str, float]:
    """The default admin's list of records: its slowest filter, and its search or last page against its first."""
    stock, portal = place.stock_browser, place.browser(LEAD)
    path = "/admin/stock/record/"
    text = stock.get(path).expect(200).text
    last = max((int(number) for number in re.findall(r'href="\?(?:[^"]*&amp;)?p=(\d+)"', text)), default=1)
    times = in_turn(
        {
            "raw": lambda: portal.get("/bench/raw/").expect(200).seconds,
            "first": lambda: stock.get(path).expect(200).seconds,
            "filter": lambda: stock.get(f"{path}?state__exact=value").expect(200).seconds,
            "search": lambda: stock.get(f"{path}?q=HIST-003").expect(200).seconds,
            "last": lambda: stock.get(f"{path}?p={last}").expect(200).seconds,
        },
        rounds=max(3, rounds // 3),
    )
    return {
        "4": max(times.ratio(way, "raw").median for way in ("first", "filter")),
        "4 ends": max(times.ratio(way, "first").median for way in ("search", "last")),
    }


def _compare(bench: Bench, small: tuple[Place, dict[Page, Glance]], large: tuple[Place, dict[Page, Glance]]) -> None:
    """A size against the smallest: the time of the list that grew most, and pages that ask more often.

    A page that shows more rows than before (of a table with a row for each site) is longer, not slower: of those that
    show as many, the time says what the rows behind them cost. Queries are compared for all.
    """
    (before, seen_before), (place, seen) = small, large
    all_of_both = [page for page in seen if page in seen_before and page.kind != "last"]
    both = [page for page in all_of_both if seen[page].rows == seen_before[page].rows]
    grown = {page: seen[page].ratio / seen_before[page].ratio for page in both}
    found: dict[Page, Spread] = {}
    for page in sorted(both, key=lambda page: -grown[page])[:_CLOSER]:
        ways: dict[str, Way] = {}
        for name, where in (("small", before), ("large", place)):
            browser = where.browser(page.person)
            ways[name] = partial(_seconds, browser, page.path)
            ways[f"raw {name}"] = partial(_seconds, browser, "/bench/raw/")
        times = in_turn(ways, rounds=max(3, bench.rounds // 2))
        found[page] = times.ratio_of_ratios(("large", "raw large"), ("small", "raw small"))
    worst = max(found, key=lambda page: found[page].median)
    note = f"{worst.path} ({worst.person}); {len(both)} lists, the middle one {statistics.median(grown.values()):.2f}"
    bench.add("5", place, found[worst], note=note)
    told = {f"{p.person} {p.path}": round(value, 2) for p, value in sorted(grown.items(), key=_by_value)}
    bench.remember("lists 5", place, told)
    more = {page: seen[page].queries - seen_before[page].queries for page in all_of_both}
    growing = [f"{page.path} +{count}" for page, count in more.items() if count > 0]
    note = ", ".join(growing[:6]) or f"{len(all_of_both)} lists"
    bench.add("17", place, exactly(max(more.values())), note=note)


def _seconds(browser: Browser, path: str) -> float:
    return browser.get(path).expect(200).seconds
