"""Targets 1 and 2: the entry page of forty values with history beside each, and its save."""

import itertools

from benchmarks.bench import CLERK, Bench, Place
from benchmarks.client import Browser, UnexpectedAnswerError
from benchmarks.measuring import Way, exactly, in_turn

_OPEN = """
SELECT s.id FROM submissions_submission s
JOIN organisation_site site ON site.id = s.site_id
JOIN organisation_period p ON p.id = s.period_id
WHERE site.code = 'HIST-001' AND s.section = 'environment' AND s.state IN ('draft', 'returned')
ORDER BY p.starts_on LIMIT 1
"""


def run(bench: Bench) -> None:
    for place in bench.places.values():
        _measure(bench, place)


def _measure(bench: Bench, place: Place) -> None:
    clerk, stock = place.browser(CLERK), place.stock_browser
    pk = place.one(_OPEN)
    page, stock_page = f"/submissions/{pk}/", f"/admin/stock/submission/{pk}/change/"
    save_all, save_one = _Saving(place, page), _Saving(place, page, fields=1)
    save_all.once()
    stock_fill(place, pk)
    seen = clerk.get(page).expect(200)
    times = in_turn(
        {
            "auth": lambda: clerk.get("/bench/auth/").expect(200).seconds,
            "entry": lambda: clerk.get(page).expect(200).seconds,
            "stock": lambda: stock.get(stock_page).expect(200).seconds,
        },
        rounds=bench.rounds,
        burst=3,
    )
    compared = times.ratio("stock", "auth").median
    note = f"{len(seen.body) / 1000:.0f} kB, {save_all.count} values"
    bench.add("1", place, times.ratio("entry", "auth"), stock=compared, note=note)
    stock_queries = stock.get(stock_page).queries
    bench.add("1 queries", place, exactly(seen.queries), stock=stock_queries)
    times = in_turn(
        {
            "auth": _after(clerk, page, "/bench/auth/"),
            "all": save_all.once,
            "one": save_one.once,
            "stock": _stock_saving(place, stock_page),
        },
        rounds=max(bench.rounds, 20),
        burst=4,
    )
    bench.add(
        "2",
        place,
        times.ratio_of_p95("all", "auth"),
        stock=times.ratio_of_p95("stock", "auth").median,
        note=f"median {times.ratio('all', 'auth').median:.1f} ×",
    )
    bench.add("2 one", place, times.ratio_of_p95("one", "auth"))
    bench.add("2 queries", place, exactly(save_all.queries))
    bench.add("2 growth", place, exactly(save_all.queries - save_one.queries))
    bench.remember("entry", place, {"seconds": {name: times.median(name) for name in times.of}})


def _after(browser: Browser, page: str, path: str) -> Way:
    """What follows upon the page that people save, and finds the server in the state in which a save finds it."""

    def once() -> float:
        browser.get(page).expect(200).form(form_id="entry")
        return browser.get(path).expect(200).seconds

    return once


class _Saving:
    """Saves the form again and again, each time with other values; what it reads in between is not counted."""

    def __init__(self, place: Place, page: str, fields: int | None = None) -> None:
        self.browser = place.browser(CLERK)
        self.page = page
        self.fields = fields
        self.queries = 0
        self.count = 0
        self._numbers = itertools.count(1)

    def once(self) -> float:
        form = self.browser.get(self.page).expect(200).form(form_id="entry")
        names = [name for name, _value in form.fields if name.endswith(":value")]
        self.count = len(names)
        number = next(self._numbers)
        changes = {name: _other(form.value(name), number) for name in names[: self.fields]}
        answer = self.browser.post(self.page, [*form.with_values(changes), ("save", "1")])
        if answer.status != 302:
            raise UnexpectedAnswerError(f"{self.page}: the save was not taken: {answer.status}")
        self.queries = answer.queries
        return answer.seconds


def _other(value: str, number: int) -> str:
    """Another number near to the one there is, so that nothing looks odd."""
    plain = value.replace(",", "").replace(" ", "")
    whole = int(float(plain)) if plain else 100
    return str(whole + 1 if number % 2 else max(whole - 1, 0))


def stock_fill(place: Place, pk: int) -> None:
    """The twin of the form gets its forty values too."""
    place.sql.execute("DELETE FROM stock.stock_record WHERE submission_id = %s", [pk])
    place.sql.execute(
        "INSERT INTO stock.stock_record (submission_id, item_id, state, method, entered_value, entered_unit, quantity, "
        "note) SELECT %s, item_id, state, method, entered_value, entered_unit, quantity, note FROM stock.stock_record "
        "WHERE submission_id = (SELECT min(s.id) FROM stock.stock_submission s JOIN stock.stock_site site ON "
        "site.id = s.site_id WHERE site.code = 'HIST-001' AND EXISTS (SELECT FROM stock.stock_record r WHERE "
        "r.submission_id = s.id))",
        [pk],
    )


def _stock_saving(place: Place, page: str) -> Way:
    browser = place.stock_browser
    numbers = itertools.count(1)

    def once() -> float:
        form = next(each for each in browser.get(page).expect(200).forms if each.id == "submission_form")
        number = next(numbers)
        names = [name for name, _value in form.fields if name.endswith(("-entered_value", "-quantity"))]
        changes = {name: _other(form.value(name), number) for name in names if "__prefix__" not in name}
        return browser.post(page, [*form.with_values(changes), ("_save", "Save")]).expect(302).seconds

    return once
