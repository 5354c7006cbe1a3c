"""What a run found, as JSON and as a table for people."""

import datetime as dt
import json
import os
import platform
import re
from dataclasses import asdict
from pathlib import Path
from typing import Final

from benchmarks.bench import Bench, Measured
from benchmarks.data import SIZES
from benchmarks.measuring import Spread
from benchmarks.servers import BASE_DIR
from benchmarks.targets import TARGETS, Target

_DOCS: Final = BASE_DIR / "docs" / "performance.md"
# A cost that grows more than this beyond its own work is marked.
_STEEP: Final = 1.25
_MAIN: Final = ("full", "double", "tenth", "hundredth")


def main_size(bench: Bench) -> str:
    """The size whose figures are held against the bars."""
    return next(name for name in _MAIN if name in bench.places)


def write(bench: Bench, folder: Path) -> str:
    """Writes both files and gives the table."""
    folder.mkdir(parents=True, exist_ok=True)
    described = {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "postgresql": next(iter(bench.places.values())).one("SHOW server_version"),
        "rounds": bench.rounds,
        "minutes": round(bench.minutes, 1),
        "failed": bench.failed,
        "sites": {name: place.size.sites for name, place in bench.places.items()},
        "results": [asdict(result) for result in (*bench.results, *bench.kept)],
        "facts": bench.facts,
    }
    (folder / "results.json").write_text(json.dumps(described, indent=1, default=str) + "\n")
    told = (
        f"PostgreSQL {described['postgresql']}, {described['machine']}; {bench.rounds} rounds, "
        f"{str(described['at'])[:10]}, {bench.minutes:.0f} minutes. The verdict is of the size “{main_size(bench)}”.\n"
        f"{not_anew(bench)}\n{table(bench)}{not_measured(bench)}"
    )
    (folder / "results.md").write_text(told)
    return told


def read_earlier(bench: Bench, folder: Path) -> None:
    """Gives ``bench`` what the run before measured, if there was one."""
    file = folder / "results.json"
    if not file.exists():
        return
    stored = json.loads(file.read_text())
    bench.earlier_day = str(stored["at"])[:10]
    bench.earlier = [Measured(**{**result, "value": Spread(**result["value"])}) for result in stored["results"]]


def not_anew(bench: Bench) -> str:
    """Which figures are not of this run."""
    codes = dict.fromkeys(result.code.partition(" ")[0] for result in bench.kept)
    return f"Of the run before, {bench.earlier_day}: {', '.join(codes)}.\n" if codes else ""


def write_docs(told: str, block: str) -> None:
    """Puts a text into its block of docs/performance.md: measured, or plans."""
    place = re.compile(rf"(<!-- {block} -->\n).*?(<!-- /{block} -->)", re.DOTALL)
    _DOCS.write_text(place.sub(lambda found: f"{found[1]}{told}{found[2]}", _DOCS.read_text()))


def table(bench: Bench) -> str:
    """One line for each target that was measured."""
    sizes = list(bench.places)
    heads = ["#", "what", "bar", "ambition", *sizes, "slope", "stock", "verdict"]
    lines = [heads, ["---"] * len(heads)]
    for target in TARGETS:
        found = {result.size: result for result in (*bench.results, *bench.kept) if result.code == target.code}
        if found:
            lines.append(_line(target, found, sizes, main_size(bench)))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _line(target: Target, found: dict[str, Measured], sizes: list[str], main: str) -> list[str]:
    judged = found.get(main) or list(found.values())[-1]
    return [
        target.code,
        target.what,
        target.told(target.bar),
        target.told(target.ambition),
        *(_value(found.get(size)) for size in sizes),
        slope(target, [(SIZES[size].sites, found[size].value.median) for size in sizes if size in found]),
        "–" if judged.stock is None else f"{judged.stock:.3g}",
        target.verdict(judged.value.median),
    ]


def slope(target: Target, values: list[tuple[int, float]]) -> str:
    """How much more the largest size costs than the smallest, beyond what more data account for: 1 is level.

    ``values`` are sites and medians. Seconds are held against the number of sites. What is better the greater it is,
    is turned around.
    """
    if len(values) < 2 or not values[0][1] or not values[-1][1]:
        return "–"
    (few, first), (many, last) = values[0], values[-1]
    grown = first / last if target.at_least else last / first
    if target.unit == "s":
        grown /= many / few
    return f"{grown:.2f}{' ↑' if grown > _STEEP else ''}"


def not_measured(bench: Bench) -> str:
    """What failed, in a sentence of its own under the table."""
    if not bench.failed:
        return ""
    listed = "; ".join(f"{name} ({error})" for name, error in bench.failed.items())
    return f"\nNot measured, because it failed: {listed}.\n"


def _value(result: Measured | None) -> str:
    if result is None:
        return "–"
    value = result.value
    if value.rounds == 1 or value.low == value.high:
        return f"{value.median:.3g}"
    return f"{value.median:.3g} ({value.low:.3g}–{value.high:.3g})"
