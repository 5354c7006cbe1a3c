"""The benchmarks' own arithmetic, and whether their statements still fit the tables. Nothing is timed."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import pytest
from django.db import connection

from benchmarks.annual import STATES, SUMS
from benchmarks.bench import Bench, Measured
from benchmarks.exports import Selection, statement
from benchmarks.forms import forms_in
from benchmarks.grids import GRIDS
from benchmarks.measuring import Times, exactly, in_turn, p95
from benchmarks.report import not_anew, not_measured, read_earlier, slope, table
from benchmarks.targets import TARGETS
from benchmarks.workbooks import ROWS
from tests.conftest import World


def test_a_ratio_compares_within_a_round_and_not_across() -> None:
    # The second round met twice the noise, on both alike.
    times = Times(of={"ours": [[4.0, 9.0, 4.0], [8.0], [4.4]], "floor": [[2.0], [4.0], [2.0]]})

    told = times.ratio("ours", "floor")

    assert (told.low, told.median, told.high) == (2.0, 2.0, 2.2)
    assert told.rounds == 3


def test_every_way_has_its_turn_and_another_one_begins_each_round() -> None:
    order: list[str] = []

    def way(name: str) -> float:
        order.append(name)
        return 1.0

    in_turn({"a": lambda: way("a"), "b": lambda: way("b")}, rounds=2, warm_up=0)

    assert order == ["a", "b", "b", "a"]


def test_one_in_twenty_is_slower_than_p95() -> None:
    assert p95([float(number) for number in range(1, 101)]) == 95.0
    assert p95([7.0]) == 7.0


def test_a_target_says_what_is_missed() -> None:
    by_code = {target.code: target for target in TARGETS}

    assert [by_code["1"].verdict(value) for value in (4, 8, 8.1)] == ["ambition", "bar", "MISSES"]
    assert [by_code["9"].verdict(value) for value in (80, 40, 39.9)] == ["ambition", "bar", "MISSES"]
    assert {int(target.code.split()[0]) for target in TARGETS} == set(range(1, 19))


def test_the_slope_is_what_more_data_do_not_account_for() -> None:
    by_code = {target.code: target for target in TARGETS}

    assert slope(by_code["18 publish"], [(5, 2.0), (50, 20.0)]) == "1.00"
    assert slope(by_code["18 publish"], [(5, 2.0), (50, 50.0)]) == "2.50 ↑"
    assert slope(by_code["3"], [(5, 4.0), (50, 4.0), (500, 6.0)]) == "1.50 ↑"
    assert slope(by_code["9"], [(5, 80.0), (50, 40.0)]) == "2.00 ↑"
    assert slope(by_code["2 growth"], [(5, 0.0), (50, 0.0)]) == slope(by_code["3"], [(5, 4.0)]) == "–"


def test_what_failed_stands_under_the_table() -> None:
    run = Bench(places={}, rounds=3, failed={"lists": "HTTPError"})

    assert not_measured(run) == "\nNot measured, because it failed: lists (HTTPError).\n"


def test_what_is_not_measured_anew_stays_and_is_told(tmp_path: Path) -> None:
    def measured(code: str, size: str = "full") -> Measured:
        return Measured(code=code, size=size, value=exactly(1.5), note="before")

    before = [measured("1"), measured("9"), measured("9 floor"), measured("12"), measured("1", "double")]
    stored = {"at": "2026-11-27T01:28:00+00:00", "results": [asdict(result) for result in before]}
    (tmp_path / "results.json").write_text(json.dumps(stored))
    run = Bench(places={"full": cast(Any, None)}, rounds=3, results=[measured("9"), measured("9 floor")])
    assert not_anew(run) == ""

    read_earlier(run, tmp_path)

    assert run.kept == [measured("1"), measured("12")], "of sizes that this run has"
    assert not_anew(run) == "Of the run before, 2026-11-27: 1, 12.\n"
    assert [line.split(" | ")[0] for line in table(run).splitlines()[2:]] == ["| 1", "| 9", "| 9 floor", "| 12"]


def test_a_form_is_sent_as_a_browser_would() -> None:
    (form,) = forms_in(
        '<form id="entry" action="/x/"><input name="a" value="1"><input type="checkbox" name="no">'
        '<input type="checkbox" name="yes" checked><input type="submit" name="go"><input name="b" form="other">'
        '<select name="u"><option value="kg">kg</option><option value="t" selected>t</option></select>'
        "<template><input name='made_by_a_script'></template>"
        "<textarea name='note'>\nfine</textarea></form><input name='outside'>"
    )

    assert form.with_values({"a": "2"}) == [("a", "2"), ("yes", "on"), ("u", "t"), ("note", "fine")]


@pytest.mark.parametrize(
    "sql",
    [SUMS, STATES, ROWS, statement(Selection(year="2020", kinds=tuple(grid.code for grid in GRIDS), rows=0))],
    ids=["sums", "states", "rows to import", "rows to export"],
)
def test_the_statements_of_the_floors_fit_the_tables(world: World, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"year": "2020"})
        assert cursor.description
