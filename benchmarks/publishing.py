"""Target 18: a year of all sites published as the job does it, and held against the rows by `check_figures`."""

import json
import subprocess
import sys
from typing import Any, Final

from benchmarks.bench import Bench, Place
from benchmarks.measuring import exactly
from benchmarks.servers import BASE_DIR, portal_environment

_YEAR: Final = "2024"


def run(bench: Bench) -> None:
    for place in bench.places.values():
        told = _work(place)
        published, checked = told["published"], told["checked"]
        note = (
            f"{published['cpu']:.1f} s of it in Python, document of {told['bytes'] / 1e6:.1f} MB, "
            f"{told['steps']} steps of progress, {told['longest_silence']:.1f} s without one at most"
        )
        bench.add("18 publish", place, exactly(published["seconds"]), note=note)
        bench.add("18 memory", place, exactly(published["mb"]))
        note = f"{checked['cpu']:.1f} s of it in Python, {told['lines']} lines of progress"
        bench.add("18 check", place, exactly(checked["seconds"]), note=note)
        bench.add("18 check memory", place, exactly(checked["mb"]))
        bench.remember("publishing", place, told)


def _work(place: Place) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-m", "benchmarks.publishing_child", _YEAR],
        cwd=BASE_DIR,
        env=portal_environment(place.url, place.size.name),
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
