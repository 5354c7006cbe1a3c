"""`python -m benchmarks`: builds the data, starts the servers, measures in turn, and says what it found."""

import argparse
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable
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
    server = os.environ.get("BENCH_DATABASE_SERVER") or data.hold_server()
    urls = {name: data.ready(server, data.SIZES[name]) for name in options.size}
    _collect_static(next(iter(urls.values())))
    failed = []
    with bench.places(urls) as places:
        run = bench.Bench(places=places, rounds=options.rounds)
        for name in options.only:
            sys.stdout.write(f"\n== {name}\n")
            try:
                BENCHMARKS[name](run)
            except Exception:  # one that cannot be measured does not keep the others from it
                failed.append(name)
                traceback.print_exc()
        told = report.write(run, servers.LOCAL)
    sys.stdout.write(f"\n{told}\nWritten to {servers.LOCAL}/results.json and results.md\n")
    if options.docs:
        report.write_docs(told, "measured")
    if failed:
        sys.stderr.write(f"Not measured: {', '.join(failed)}. The reasons are above.\n")
    return 1 if failed else 0


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
