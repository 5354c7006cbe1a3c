"""What every benchmark gets: the places that run, and the way to hand in what it measured."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import psycopg

from benchmarks import servers, twin
from benchmarks.client import Browser
from benchmarks.data import SIZES, Size
from benchmarks.measuring import Spread
from benchmarks.servers import Running
from benchmarks.targets import BY_CODE

PASSWORD: Final = "history-2026"  # noqa: S105 - of generated data
CLERK: Final = "hist-clerk"
GROUP_CLERK: Final = "hist-group-clerk"
REVIEWER: Final = "hist-reviewer"
LEAD: Final = "hist-lead"
ADMINISTRATOR: Final = "hist-admin"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One size of the data with its servers."""

    size: Size
    url: str
    portal: Running
    worker: Running
    stock: Running
    files: Path
    _browsers: dict[str, Browser] = field(default_factory=dict)

    def browser(self, person: str) -> Browser:
        """Somebody of the portal, signed in."""
        if person not in self._browsers:
            fields = {"login": person, "password": PASSWORD}
            self._browsers[person] = Browser(self.portal.port).sign_in("/accounts/login/", fields)
        return self._browsers[person]

    @property
    def stock_browser(self) -> Browser:
        if "stock" not in self._browsers:
            fields = {"username": twin.PERSON, "password": twin.PASSWORD, "next": "/admin/"}
            self._browsers["stock"] = Browser(self.stock.port).sign_in("/admin/login/", fields)
        return self._browsers["stock"]

    @cached_property
    def sql(self) -> psycopg.Connection[Any]:
        """A kept connection of the benchmark's own, for the floors."""
        return psycopg.connect(self.url, autocommit=True)

    def one(self, statement: str, *values: Any) -> Any:
        """The first column of the first row; None where there is none."""
        row = self.sql.execute(statement, values).fetchone()
        return None if row is None else row[0]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One figure: of which target, at which size, and what else there is to know."""

    code: str
    size: str
    value: Spread
    stock: float | None = None
    note: str = ""


@dataclass(kw_only=True)
class Bench:
    """A run."""

    places: dict[str, Place]
    rounds: int
    # What could not be measured, a size or a module, with the name of the error.
    failed: dict[str, str] = field(default_factory=dict)
    minutes: float = 0
    results: list[Measured] = field(default_factory=list)
    # Of the run before, where only some of the benchmarks are run anew; and its day.
    earlier: list[Measured] = field(default_factory=list)
    earlier_day: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, code: str, place: Place, value: Spread, *, stock: float | None = None, note: str = "") -> None:
        """Takes in a figure, and says it at once."""
        target = BY_CODE[code]
        self.results.append(Measured(code=code, size=place.size.name, value=value, stock=stock, note=note))
        beside = f"  stock {stock:.1f}" if stock is not None else ""
        sys.stdout.write(
            f"{code:<17}{place.size.name:<10}{value.median:>9.2f} {target.unit:<18}"
            f"[{value.low:.2f}–{value.high:.2f}, {value.rounds}×] {target.verdict(value.median):<9}"
            f"bar {target.told(target.bar)}{beside}  {target.what}{'; ' + note if note else ''}\n"
        )
        sys.stdout.flush()

    @property
    def kept(self) -> list[Measured]:
        """Figures of the run before, of targets that this one does not measure."""
        anew = {result.code for result in self.results}
        return [result for result in self.earlier if result.code not in anew and result.size in self.places]

    def remember(self, name: str, place: Place, facts: Any) -> None:
        """Keeps what lies behind a figure for the JSON file."""
        self.facts.setdefault(name, {})[place.size.name] = facts


Benchmark = Callable[[Bench], None]


@contextlib.contextmanager
def places(urls: dict[str, str], failed: dict[str, str]) -> Iterator[dict[str, Place]]:
    """Starts the servers of all sizes, so that they can be measured in turn; notes those that do not start."""
    with contextlib.ExitStack() as stack:
        started = {}
        for name, url in urls.items():
            try:
                started[name] = _start(stack, name, url)
            except (OSError, RuntimeError) as error:
                sys.stderr.write(f"The servers of {name} do not start: {error}\n")
                failed[f"size {name}"] = type(error).__name__
        yield started


def _start(stack: contextlib.ExitStack, name: str, url: str) -> Place:
    portal, stock = servers.portal_environment(url, name), servers.stock_environment(url)
    files = servers.LOCAL / "files" / name
    files.mkdir(parents=True, exist_ok=True)
    return Place(
        size=SIZES[name],
        url=url,
        portal=stack.enter_context(servers.web("esgportal.wsgi:application", portal)),
        worker=stack.enter_context(servers.worker(portal)),
        stock=stack.enter_context(servers.web("benchmarks.stock.wsgi:application", stock)),
        files=files,
    )
