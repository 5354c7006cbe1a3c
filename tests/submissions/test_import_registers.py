"""Import of stack tests: rows of registers, alone and beside grids."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import CheckConstraint, Q

from apps.environment.models import StackTest
from apps.submissions.models import NothingToReport, Submission
from tests.factories import EmissionLimitFactory, PollutantFactory, StackFactory, World
from tests.submissions.exchange_files import CLERK, imported, row, stored

Act = Callable[..., Submission]


@pytest.fixture
def stacks(world: World) -> World:
    dust = PollutantFactory(code="dust")
    StackFactory(code="kiln1", site=world.hami)
    StackFactory(code="kiln9", site=world.baishan, name_en="Far kiln")
    EmissionLimitFactory(pollutant=dust)
    return world


def stack_test(**cells: str) -> dict[str, Any]:
    return row(
        **{
            "record_kind": "stack_test",
            "item": "kiln1/dust",
            "quantity": "12.5",
            "unit": "mg/m3",
            "date": "2020-03-11",
            "reference": "R-2020-17",
            **cells,
        }
    )


def test_stack_tests_are_known_by_stack_pollutant_day_and_report(stacks: World, tmp_path: Path) -> None:
    NothingToReport.objects.create(submission=stacks.submission(stacks.hami, 3), table="stack_test")
    rows = [stack_test(), stack_test(reference="R-2020-18"), stack_test(date="2020年3月12日", unit="mg/Nm3")]
    assert "3 new" in imported(tmp_path, *rows, **CLERK)[0]
    test = StackTest.objects.order_by("tested_on", "report_number").first()
    assert test is not None
    assert (str(test.concentration_mg_m3), test.tested_on) == ("12.500", dt.date(2020, 3, 11))
    assert (test.report_number, test.entered_by) == ("R-2020-17", stacks.clerk)
    assert not NothingToReport.objects.exists(), "what has entries is not empty"
    assert "3 unchanged" in imported(tmp_path, *rows, **CLERK)[0]
    rows[0] = stack_test(quantity="13")
    assert "1 changed, 2 unchanged" in imported(tmp_path, *rows, **CLERK)[0]
    test.refresh_from_db()
    assert test.concentration_mg_m3 == 13 and StackTest.objects.count() == 3


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"quantity": "-1"}, "quantity (E): A quantity cannot be negative"),
        ({"quantity": "low"}, "quantity (E): “low” is not a number"),
        ({"quantity": ""}, "quantity (E): There is no value here"),
        ({"quantity": "1.23456"}, "quantity (E): "),
        ({"unit": "kg"}, "unit (F): “kg” does not fit Stack tests. Use mg/m3"),
        ({"date": "yesterday"}, "date (J): "),
        ({"date": ""}, "date (J): This field is required"),
        ({"date": "2020-04-01"}, "date (J): The test lies outside this period"),
        ({"reference": ""}, "reference (K): This field is required"),
        ({"state": "not_measured"}, "state (G): “Stack tests” has values only"),
        ({"method": "metered"}, "method (H): “Stack tests” has no such column"),
        ({"item": "kiln1"}, "item (D): “kiln1” is not in the catalogue"),
        ({"item": "kiln9/dust"}, "item (D): “kiln9/dust” is not in the catalogue"),
        ({"item": "Far kiln/dust"}, "item (D): “Far kiln/dust” is not in the catalogue"),
    ],
)
def test_a_wrong_stack_test_is_named(stacks: World, tmp_path: Path, cells: dict[str, str], words: str) -> None:
    out, error = imported(tmp_path, stack_test(**cells), **CLERK)
    assert f"row 2, {words}" in out and error
    assert not StackTest.objects.exists()


def test_a_stack_test_twice_names_both_rows(stacks: World, tmp_path: Path) -> None:
    out, _error = imported(tmp_path, stack_test(), stack_test(quantity="9"), **CLERK)
    assert "row 3, item (D): Row 2 says something of the same item already" in out


def test_stack_tests_are_locked_like_everything_else(stacks: World, tmp_path: Path, approve: Act) -> None:
    imported(tmp_path, stack_test(), **CLERK)
    submission = stacks.submission(stacks.hami, 3)
    approve(submission, stacks.clerk, stacks.reviewer)
    assert "1 unchanged" in imported(tmp_path, stack_test(), **CLERK)[0]
    assert "locked" in imported(tmp_path, stack_test(quantity="12.6"), **CLERK)[0]
    assert "locked" in imported(tmp_path, stack_test(reference="new"), **CLERK)[0]


def test_grids_and_registers_in_one_file(stacks: World, tmp_path: Path) -> None:
    out, error = imported(tmp_path, row(), stack_test(), **CLERK)
    assert not error and "2 new" in out
    assert stacks.submission(stacks.hami, 3).revision == 1
    out, error = imported(tmp_path, row(quantity="9"), stack_test(quantity="x"), **CLERK)
    assert error and "1 problem(s)" in error
    record = stored(stacks)
    assert record is not None and record.quantity == 55_320_600
    _out, error = imported(tmp_path, row(quantity="x"), stack_test(quantity="99"), **CLERK)
    assert error and StackTest.objects.get().concentration_mg_m3 == Decimal("12.5")


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_only_the_database_refuses_is_named_too(
    stacks: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    """A constraint of which the register's form knows nothing."""
    constraint = CheckConstraint(
        name="stacktest_known_laboratory",
        condition=~Q(report_number="FORGED"),
        violation_error_message="No laboratory wrote this report.",
    )
    with connection.schema_editor() as editor:
        editor.add_constraint(StackTest, constraint)
    monkeypatch.setattr(StackTest._meta, "constraints", [*StackTest._meta.constraints, constraint])
    out, error = imported(tmp_path, stack_test(), stack_test(reference="FORGED"), dry_run=dry_run, **CLERK)
    assert "row 3, quantity (E): No laboratory wrote this report." in out and "1 problem(s) in 1 row(s)" in error
    assert not StackTest.objects.exists()
