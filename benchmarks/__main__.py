"""`python -m benchmarks`: builds the data, starts the servers, measures in turn, and says what it found."""

import argparse
import contextlib
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from benchmarks import annual, bench, data, entry, exports, imports, lists, memory, publishing, report, servers

BENCHMARKS: Final[dict[str, bench.Benchmark]] = {
    "entry": entry.run,
    "lists": lists.run,
    "annual": annual.run,
    "exports": exports.run,
    "imports": imports.run,
    "memory": memory.run,
    "publishing": publishing.run,
}


def main() -> int:
    options = _options()
    begun = time.monotonic()
    server = os.environ.get("BENCH_DATABASE_SERVER") or data.hold_server()
    failed: dict[str, str] = {}
    urls: dict[str, str] = {}
    for name in options.size:
        with _going_on(f"size {name}", failed):
            urls[name] = data.ready(server, data.SIZES[name])
    if not urls:
        return _ended(failed, begun)
    _collect_static(next(iter(urls.values())))
    with bench.places(urls, failed) as places:
        if not places:
            return _ended(failed, begun)
        run = bench.Bench(places=places, rounds=options.rounds, failed=failed)
        if len(options.only) < len(BENCHMARKS):
            report.read_earlier(run, servers.LOCAL)
        for name in options.only:
            _say(f"\n== {name}\n")
            since = time.monotonic()
            with _going_on(name, failed):
                BENCHMARKS[name](run)
            _say(f"{name}: {(time.monotonic() - since) / 60:.1f} min\n")
            # After each, so that what was measured is kept whatever happens to the rest.
            run.minutes = (time.monotonic() - begun) / 60
            told = report.write(run, servers.LOCAL)
    _say(f"\n{told}\nWritten to {servers.LOCAL}/results.json and results.md\n")
    if options.docs:
        report.write_docs(told, "measured")
    return _ended(failed, begun)


@contextlib.contextmanager
def _going_on(what: str, failed: dict[str, str]) -> Iterator[None]:
    """What cannot be measured does not keep the rest from it; the table says so."""
    try:
        yield
    except Exception as error:
        failed[what] = type(error).__name__
        traceback.print_exc()
        sys.stderr.flush()


def _ended(failed: dict[str, str], begun: float) -> int:
    _say(f"{(time.monotonic() - begun) / 60:.0f} minutes in all\n")
    if failed:
        sys.stderr.write(f"Not measured: {', '.join(failed)}. The reasons are above.\n")
    return 1 if failed else 0


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", type=_names(data.SIZES), default=["hundredth", "tenth", "full", "double"])
    parser.add_argument("--only", type=_names(BENCHMARKS), default=list(BENCHMARKS))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--docs", action="store_true", help="write the table into docs/performance.md")
    return parser.parse_args()


def _names(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Names with commas, in the order in which they are known."""

    def read(text: str) -> list[str]:
        chosen = {name.strip() for name in text.split(",")}
        if unknown := chosen - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(known)}")
        return [name for name in known if name in chosen]

    return read


def _collect_static(url: str) -> None:
    """The files that pages name, once for all sizes; and the message catalogues."""
    environment = servers.portal_environment(url, "static")
    servers.manage(environment, "compile_messages")
    servers.manage(environment, "collectstatic", "--no-input", "--verbosity", "0")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error}")
