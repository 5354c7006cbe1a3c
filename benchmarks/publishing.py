"""Target 18: a year of all sites, worked out as for publication, and once more as `check_figures` does."""

import json
import subprocess
import sys
from typing import Final

from benchmarks.bench import Bench, Place
from benchmarks.measuring import exactly
from benchmarks.servers import BASE_DIR, portal_environment

# In a process of its own and in a transaction that is rolled back: what is published stays published.
_CHILD: Final = """
import json, resource, sys, time
import django
django.setup()
from django.db import transaction
from django.utils import timezone, translation
from apps.organisation.models import ReportingYear
from apps.reporting import publishing
from apps.reporting.content.builder import build
from apps.reporting.content.canonical import canonical
from apps.reporting.content.figures import load_figures
from apps.reporting.restating import figures_now
year = ReportingYear.objects.get(code=sys.argv[1])
with transaction.atomic(), translation.override("en"):
    locked = publishing.locked_year(year.pk)
    held = publishing.hold_still(locked)
    begun = time.perf_counter()
    loaded = load_figures(locked)
    figures = time.perf_counter() - begun
    text = canonical(build(locked, number=1, published_at=publishing.stamp(timezone.now()), remark="", loaded=loaded))
    document = time.perf_counter() - begun
    begun = time.perf_counter()
    figures_now(locked)
    check = time.perf_counter() - begun
    transaction.set_rollback(True)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"figures": figures, "document": document, "check": check, "bytes": len(text), "forms": len(held),
                  "peak_mb": peak / 1000}))
"""
_YEAR: Final = "2024"


def run(bench: Bench) -> None:
    for place in bench.places.values():
        told = _work(place)
        note = (
            f"figures {told['figures']:.1f} s, document of {told['bytes'] / 1e6:.1f} MB, {told['forms']} forms held, "
            f"peak {told['peak_mb']:.0f} MB"
        )
        bench.add("18 publish", place, exactly(told["document"]), note=note)
        bench.add("18 check", place, exactly(told["check"]))
        bench.remember("publishing", place, told)


def _work(place: Place) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", _CHILD, _YEAR],
        cwd=BASE_DIR,
        env=portal_environment(place.url, place.size.name),
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
