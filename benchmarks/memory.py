"""Target 15: memory above idle of the processes that import and export, as the system reports it."""

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from benchmarks import servers, workbooks
from benchmarks.bench import GROUP_CLERK, PASSWORD, Bench, Place
from benchmarks.client import Browser
from benchmarks.exports import export, select
from benchmarks.imports import clear, import_file
from benchmarks.measuring import exactly
from benchmarks.servers import Running

_LARGE: Final = 100_000
# A worker has loaded everything when it is larger than Python alone, and no larger than at so many looks before.
_LOADED_KIB: Final = 60_000
_STILL: Final = 4


def run(bench: Bench) -> None:
    for place in bench.places.values():
        possible = workbooks.importable(place)
        large = min(_LARGE, possible)
        chosen = select(place)
        imported = {count: _above_idle(place, _importing(place, count)) for count in (large // 10, large)}
        clear(place)
        more = imported[large] - imported[large // 10]
        bench.add("15 import", place, exactly(imported[large]), note=f"{large} rows")
        bench.add("15 growth", place, exactly(more), note=f"import of {large} against {large // 10} rows")
        for code, kind in (("15 export", "xlsx"), ("15 csv", "csv")):
            above = _above_idle(place, partial(export, chosen=chosen, file_format=kind))
            bench.add(code, place, exactly(above), note=f"{chosen.rows} rows")


def _importing(place: Place, count: int) -> Callable[[Browser], object]:
    clear(place)
    file = workbooks.portal_file(place, count)
    return lambda browser: import_file(browser, file)


def _settle(worker: Running) -> None:
    """Waits until a worker has loaded what it loads at its start, which is no part of its work."""
    before, looks = -1, 0
    while looks < _STILL:
        time.sleep(0.5)
        now = worker.resident_kib("VmRSS")
        looks = looks + 1 if now == before and now > _LOADED_KIB else 0
        before = now


def _above_idle(place: Place, work: Callable[[Browser], object]) -> float:
    """Megabytes that a fresh web process or a fresh worker had at most beyond what it had before, the greater one."""
    environment = servers.portal_environment(place.url, place.size.name)
    with (
        place.worker.paused(),
        servers.web("esgportal.wsgi:application", environment) as web,
        servers.worker(environment) as worker,
    ):
        browser = Browser(web.port).sign_in("/accounts/login/", {"login": GROUP_CLERK, "password": PASSWORD})
        # The pages are warm before: what a first visit loads is part of being idle.
        for path in ("/", "/records/import/", "/records/export/"):
            browser.get(path).expect(200)
        _settle(worker)
        for process in (web, worker):
            process.forget_peak()
        idle = [process.resident_kib("VmRSS") for process in (web, worker)]
        work(browser)
        most = [process.resident_kib("VmHWM") for process in (web, worker)]
        browser.close()
    return max(peak - before for peak, before in zip(most, idle, strict=True)) / 1000
