"""Import of records: what a row may say, who may say it, and that a file is taken whole or not at all."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import CheckConstraint, Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.audit.models import Change
from apps.environment.models import ProductionOutput, ResourceUse, StackTest, WasteRecord
from apps.organisation.models import Membership
from apps.submissions.entry import Cell
from apps.submissions.models import NothingToReport, Submission
from tests.factories import EmissionLimitFactory, PollutantFactory, ReportingYearFactory, StackFactory, World
from tests.saving import save_cells
from tests.submissions.exchange_files import csv_bytes, imported, row, run, saved, table, xlsx_bytes

Act = Callable[..., Submission]
CLERK = {"username": "clerk-hami"}


def stored(world: World, item: str = "electricity", month: int = 3) -> ResourceUse | None:
    return ResourceUse.objects.filter(submission=world.submission(world.hami, month), resource_item__code=item).first()


def test_a_row_is_kept_as_typed_and_in_the_canonical_unit(world: World, tmp_path: Path) -> None:
    out, error = imported(tmp_path, row(), **CLERK)
    assert not error and "1 new" in out
    record = stored(world)
    assert record is not None
    assert (str(record.entered_value.normalize()), record.entered_unit) == ("5532.06", "万kWh")
    assert record.quantity == 55_320_600
    assert (record.state, record.method, record.entered_by) == ("value", "metered", world.clerk)
    submission = world.submission(world.hami, 3)
    assert (submission.revision, submission.saved_by) == (1, world.clerk)


def test_the_operator_acts_without_a_person_and_the_trail_names_the_file(world: World, tmp_path: Path) -> None:
    imported(tmp_path, row())
    record = stored(world)
    assert record is not None and record.entered_by is None
    change = Change.objects.get(table="environment_resourceuse")
    assert (change.actor_id, change.source) == (None, "import_records records.csv")


def test_the_person_stands_in_the_trail(world: World, tmp_path: Path) -> None:
    imported(tmp_path, row(), **CLERK)
    change = Change.objects.get(table="environment_resourceuse")
    assert (change.actor_id, change.submission_id) == (world.clerk.pk, world.submission(world.hami, 3).pk)


def test_the_same_file_again_changes_nothing(world: World, tmp_path: Path) -> None:
    rows = [row(), row(item="diesel", quantity="1,234.50", unit="L"), row(period="2020-04", quantity="5532.060")]
    assert "3 new" in imported(tmp_path, *rows, **CLERK)[0]
    changes = Change.objects.count()
    out, error = imported(tmp_path, *rows, **CLERK)
    assert not error and "0 new, 0 changed, 3 unchanged" in out
    assert Change.objects.count() == changes
    assert world.submission(world.hami, 3).revision == 1


def test_only_what_differs_is_written(world: World, tmp_path: Path) -> None:
    imported(tmp_path, row(), row(item="diesel", quantity="40", unit="L"), row(period="2020-04"), **CLERK)
    out, _error = imported(
        tmp_path, row(quantity="5540"), row(item="diesel", quantity="40", unit="L"), row(period="2020-04"), **CLERK
    )
    assert "0 new, 1 changed, 2 unchanged" in out
    record = stored(world)
    assert record is not None and record.quantity == 55_400_000
    assert [world.submission(world.hami, month).revision for month in (3, 4)] == [2, 1]


def test_a_dry_run_writes_nothing(world: World, tmp_path: Path) -> None:
    out, error = imported(tmp_path, row(), dry_run=True, **CLERK)
    assert not error and "1 new" in out and "nothing was written" in out
    assert stored(world) is None and world.submission(world.hami, 3).revision == 0


def test_one_wrong_row_keeps_all_rows_out(world: World, tmp_path: Path) -> None:
    out, error = imported(tmp_path, row(), row(item="diesel", unit="L", quantity="forty"), **CLERK)
    assert "1 problem(s) in 1 row(s); nothing was written" in error
    assert "row 3, quantity (E): “forty” is not a number" in out
    assert stored(world) is None and not Change.objects.filter(table="environment_resourceuse").exists()


def test_every_problem_is_listed_at_once_with_row_and_column(world: World, tmp_path: Path) -> None:
    out, error = imported(
        tmp_path,
        row(quantity="abc", unit="apples", method="guessed"),
        row(item="unobtainium", quantity="-4"),
        row(site="NOWHERE", quantity="1.2.3"),
        row(state="broken", item="coal", unit="t"),
        **CLERK,
    )
    for words in (
        "row 2, quantity (E): “abc” is not a number",
        "row 2, unit (F): “apples” does not fit",
        "row 2, method (H): “guessed” is no method",
        "row 3, item (D): “unobtainium” is not in the catalogue",
        "row 3, quantity (E): A quantity cannot be negative",
        "row 4, site (A): “NOWHERE” is none of your sites",
        "row 4, quantity (E): “1.2.3” is not a number",
        "row 5, state (G): “broken” is no state",
    ):
        assert words in out
    assert "8 problem(s) in 4 row(s)" in error


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"quantity": ""}, "quantity (E): There is no value here. Write 0 for zero"),
        ({"quantity": "", "state": "value"}, "quantity (E): There is no value here"),
        ({"quantity": "", "note": "soon"}, "quantity (E): There is no value here"),
        ({"quantity": "", "state": "not_measured"}, "note (I): Say in the note why"),
        ({"state": "not_measured", "note": "x"}, "There is a value and “Not measured” at once"),
        ({"quantity": "", "state": "not_measured", "note": "x", "method": "metered"}, "method (H): There is no value"),
        ({"method": "estimated"}, "note (I): Say in the note what the estimate rests on"),
        ({"unit": "t"}, "unit (F): “t” does not fit Electricity. Use one of: kWh, 万kWh"),
        ({"unit": "L"}, "unit (F): “L” does not fit"),
        ({"quantity": "=A1*2"}, "quantity (E): “=A1*2” is a formula. Write its result"),
        ({"quantity": "1e5"}, "quantity (E): “1e5” is not a number"),
        ({"quantity": "12345678901234567890"}, "quantity (E): "),
        ({"record_kind": "happiness"}, "record_kind (C): “happiness” is no record kind. Known are: production"),
        ({"record_kind": "measure"}, "record_kind (C): “Measures taken” is not read from files"),
        ({"period": "soon"}, "period (B): “soon” is no month. Write it like 2020-03"),
        ({"period": "2020"}, "period (B): “2020” is no month"),
        ({"period": "2020-13"}, "period (B): “2020-13” is no month"),
        ({"period": "2019-03"}, "period (B): The period 2019-03 is not open for Hami: an administrator opens it"),
        ({"item": ""}, "item (D): This cell is blank"),
        ({"site": ""}, "site (A): This cell is blank"),
        ({"date": "2020-03-01"}, "date (J): “Energy, water and materials” has no such column"),
        ({"opening_stock": "3"}, "opening_stock (J): “Energy, water and materials” has no such column"),
        ({"note": "x" * 501}, "note (I): The note has more than 500 characters"),
    ],
)
def test_a_wrong_cell_is_named(world: World, tmp_path: Path, cells: dict[str, str], words: str) -> None:
    out, error = imported(tmp_path, row(**cells), **CLERK)
    assert f"row 2, {words}" in out or words in out and "row 2" in out
    assert error and stored(world) is None


@pytest.mark.parametrize(
    ("cells", "quantity"),
    [
        ({"quantity": "５，５３２.０６", "unit": "萬千瓦時"}, "55320600"),
        ({"quantity": "55,320,585", "unit": "ｋＷｈ"}, "55320585"),
        ({"quantity": "0"}, "0"),
        ({"quantity": "3.6", "unit": "GJ"}, "1000"),
        ({"quantity": "12", "unit": ""}, "12"),
    ],
)
def test_numbers_and_units_as_plants_write_them(
    world: World, tmp_path: Path, cells: dict[str, str], quantity: str
) -> None:
    assert not imported(tmp_path, row(**cells), **CLERK)[1]
    record = stored(world)
    assert record is not None and record.quantity == int(quantity)


@pytest.mark.parametrize(
    "cells",
    [
        *({"site": site} for site in ("hami", "Hami", "哈密")),
        *({"record_kind": kind} for kind in ("Resource", "Energy, water and materials", "ENERGY,WATER AND MATERIALS")),
        *({"item": item} for item in ("ELECTRICITY", "Electricity", "简 electricity", "繁electricity")),
    ],
)
def test_codes_and_names_are_understood(world: World, tmp_path: Path, cells: dict[str, str]) -> None:
    assert not imported(tmp_path, row(**cells), **CLERK)[1]
    assert stored(world) is not None


@pytest.mark.parametrize(
    "period",
    ["2020-03", "2020/03", "2020-3", "2020/3", "2020年3月", "202003", "Mar-20", "２０２０－０３", "2020-03-17"],
)
def test_a_month_may_be_written_in_many_ways(world: World, tmp_path: Path, period: str) -> None:
    assert not imported(tmp_path, row(period=period), **CLERK)[1]
    assert stored(world) is not None


def test_the_four_states(world: World, tmp_path: Path) -> None:
    out, error = imported(
        tmp_path,
        row(quantity="", unit="", state="未测量", note="meter broken"),
        row(item="diesel", quantity="", unit="", state="Not applicable", note="no generator"),
        row(item="coal", quantity="", unit="", state="not_available_yet", note="invoice due"),
        **CLERK,
    )
    assert not error and "3 new" in out
    states = ResourceUse.objects.order_by("resource_item__position").values_list("state", "quantity", "method")
    assert list(states) == [
        ("not_measured", None, ""),
        ("not_applicable", None, ""),
        ("not_available_yet", None, ""),
    ]


def test_waste_by_type_and_treatment_with_its_stock(world: World, tmp_path: Path) -> None:
    cells = {"record_kind": "waste", "quantity": "0.8", "unit": "t", "opening_stock": "1", "closing_stock": "1.8"}
    assert not imported(tmp_path, row(item="waste_oil/sold", **cells), **CLERK)[1]
    record = WasteRecord.objects.get()
    assert (record.opening_stock, record.taken_away, record.closing_stock) == (1, None, Decimal("1.8"))
    assert "1 unchanged" in imported(tmp_path, row(item="Waste Oil · Sold", **cells), **CLERK)[0]
    cells["opening_stock"] = "a lot"
    assert "opening_stock (J): “a lot” is not a number" in imported(tmp_path, row(item="waste_oil/sold", **cells))[0]


def test_an_item_the_site_does_not_usually_answer(world: World, tmp_path: Path) -> None:
    from tests.factories import ResourceFactory

    ResourceFactory(code="natural_gas", unit_code="Nm3")
    assert not imported(tmp_path, row(item="natural_gas", quantity="2", unit="万Nm3"), **CLERK)[1]
    record = stored(world, "natural_gas")
    assert record is not None and record.quantity == 20_000


def test_the_same_item_twice_names_both_rows(world: World, tmp_path: Path) -> None:
    out, _error = imported(tmp_path, row(), row(item="diesel", unit="L"), row(item="Electricity"), **CLERK)
    assert "row 4, item (D): Row 2 says something of the same item already" in out
    assert stored(world) is None


def test_columns_the_file_lacks_leave_a_record_as_it_is(world: World, tmp_path: Path) -> None:
    imported(tmp_path, row(method="estimated", note="mean of three months"), **CLERK)
    short = ("site", "period", "record_kind", "item", "quantity", "unit")
    path = saved(tmp_path, csv_bytes(table(row(quantity="6000"), headings=short)))
    assert "1 changed" in run(path, **CLERK)[0]
    record = stored(world)
    assert record is not None
    assert (record.quantity, record.method, record.note) == (60_000_000, "estimated", "mean of three months")
    assert "1 unchanged" in run(path, **CLERK)[0]
    # A column that is there and blank says that there is no note; the method has no blank to say.
    imported(tmp_path, row(quantity="6000", method="invoiced"), **CLERK)
    record.refresh_from_db()
    assert (record.method, record.note) == ("invoiced", "")
    imported(tmp_path, row(quantity="6001"), **CLERK)
    record.refresh_from_db()
    assert record.method == "invoiced"


@pytest.mark.parametrize(
    "headings",
    [
        ["厂区", "期间", "记录类别", "项目", "数量", "单位", "状态", "方法", "备注"],
        ["廠區", "期間", "記錄類別", "項目", "數量", "單位", "狀態", "方法", "備註"],
        ["Site", "PERIOD", "Record kind", " item ", "Ｑuantity", "unit", "State", "Method", "Note"],
    ],
)
def test_headings_in_any_language(world: World, tmp_path: Path, headings: list[str]) -> None:
    lines = table(row())
    assert not run(saved(tmp_path, csv_bytes([headings, *lines[1:]])), **CLERK)[1]
    assert stored(world) is not None


def test_columns_in_any_order(world: World, tmp_path: Path) -> None:
    lines = [list(reversed(line)) for line in table(row())]
    assert not run(saved(tmp_path, csv_bytes(lines)), **CLERK)[1]
    assert stored(world) is not None


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        (("site", "period", "item", "quantity", "unit"), "These columns are missing: record_kind"),
        (("site", "period", "record_kind", "item", "quantity", "unit", "colour"), "“colour” is not a column"),
        (("site", "period", "record_kind", "item", "quantity", "unit", "数量"), "“数量” stands here twice"),
    ],
)
def test_wrong_headings_are_named(world: World, tmp_path: Path, headings: tuple[str, ...], words: str) -> None:
    out, error = run(saved(tmp_path, csv_bytes(table(row(), headings=headings))), **CLERK)
    assert words in out and error and stored(world) is None


def test_an_unknown_column_does_not_hide_the_problems_of_the_rows(world: World, tmp_path: Path) -> None:
    out, _error = imported(tmp_path, row(colour="red", quantity="many"), **CLERK)
    assert "“colour” is not a column" in out and "“many” is not a number" in out


def test_an_entry_below_no_heading_is_not_dropped(world: World, tmp_path: Path) -> None:
    lines = table(row())
    out, error = run(saved(tmp_path, csv_bytes([lines[0], [*lines[1], "", "lost?"]])), **CLERK)
    assert error and "row 2, column K: There is an entry below no heading" in out


def test_blank_rows_are_passed_over_and_rows_keep_their_numbers(world: World, tmp_path: Path) -> None:
    lines = table(row(), row(item="diesel", quantity="x", unit="L"))
    blank: list[str] = [""] * 9
    content = csv_bytes([lines[0], blank, [" "] * 9, lines[1], blank, lines[2], *[blank] * 50])
    assert "row 6, quantity (E): “x”" in run(saved(tmp_path, content), **CLERK)[0]


# Rights and locks -------------------------------------------------------------------------------------------------


def test_another_site_is_as_good_as_none(world: World, tmp_path: Path) -> None:
    """The clerk of Hami learns nothing about Baishan, not even that it is there."""
    known = imported(tmp_path, row(site="BAISHAN"), **CLERK)[0]
    unknown = imported(tmp_path, row(site="BOTSWANA"), **CLERK)[0]
    by_name = imported(tmp_path, row(site="白山"), **CLERK)[0]
    assert "BAISHAN" in known
    assert known.replace("BAISHAN", "?") == unknown.replace("BOTSWANA", "?") == by_name.replace("白山", "?")
    assert "You may enter data for: HAMI." in known
    assert not ResourceUse.objects.exists()


@pytest.mark.parametrize("username", ["reviewer", "auditor", "administrator", "lead-reviewer"])
def test_reading_is_not_entering(world: World, tmp_path: Path, username: str) -> None:
    out, error = imported(tmp_path, row(), username=username)
    assert error and "You may read the data of Hami (Environment) and not enter any" in out
    assert stored(world) is None


def test_a_right_in_one_section_is_none_in_another(world: World, tmp_path: Path) -> None:
    Membership.objects.filter(user=world.clerk).update(section="workforce")
    assert "and not enter any" in imported(tmp_path, row(), **CLERK)[0]


def test_somebody_without_a_role_has_no_sites(world: World, tmp_path: Path) -> None:
    assert (
        "“HAMI” is none of your sites. You may enter data for: –." in imported(tmp_path, row(), username="stranger")[0]
    )


def test_an_unknown_or_inactive_person_is_refused(world: World, tmp_path: Path) -> None:
    assert "no active person" in imported(tmp_path, row(), username="nobody")[1]
    User.objects.filter(pk=world.clerk.pk).update(is_active=False)
    assert "no active person" in imported(tmp_path, row(), **CLERK)[1]


@pytest.mark.parametrize("as_operator", [True, False])
def test_an_approved_row_is_not_changed_and_named(
    world: World, tmp_path: Path, approve: Act, as_operator: bool
) -> None:
    approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    options: dict[str, Any] = {} if as_operator else CLERK
    out, error = imported(tmp_path, row(period="2020-04"), row(quantity="281"), **options)
    assert "row 3, period (B): “Environment · Hami · March 2020” is locked (Approved)" in out
    assert error and stored(world, month=4) is None
    record = stored(world)
    assert record is not None and record.quantity == 2_805_000


def test_what_is_handed_in_is_locked_for_new_rows_too(world: World, tmp_path: Path, hand_in: Act) -> None:
    from tests.factories import ResourceFactory

    hand_in(world.submission(world.hami, 3), world.clerk)
    ResourceFactory(code="petrol", unit_code="L")
    assert "locked" in imported(tmp_path, row(item="petrol", quantity="5", unit="L"), **CLERK)[0]


def test_an_approved_row_that_says_the_same_is_unchanged(world: World, tmp_path: Path, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    out, error = imported(tmp_path, row(quantity="280.50"), **CLERK)
    assert not error and "1 unchanged" in out
    assert world.submission(world.hami, 3).revision == submission.revision


def test_an_import_makes_its_person_a_preparer(world: World, tmp_path: Path, hand_in: Act) -> None:
    """Four eyes hold whatever the door: whoever imports a row does not approve it."""
    from apps.submissions import policies

    Membership.objects.create(user=world.reviewer, role="preparer", site=world.hami)
    imported(tmp_path, row(quantity="281"), username="reviewer")
    submission = hand_in(world.submission(world.hami, 3), world.clerk)
    assert not policies.may_approve(User.objects.get(pk=world.reviewer.pk), submission)
    assert policies.may_approve(world.second_reviewer, submission)


# Checks -----------------------------------------------------------------------------------------------------------


def test_ten_thousand_times_too_much_is_asked_about(world: World, tmp_path: Path) -> None:
    usual = [row(period=f"2020-{month:02}", quantity=f"28{month}", unit="万kWh") for month in range(1, 4)]
    imported(tmp_path, *usual, **CLERK)
    out, error = imported(tmp_path, row(period="2020-04", quantity="285", unit="kWh"), **CLERK)
    assert not error and "1 new" in out
    assert "warning: row 2: Environment · Hami · April 2020: Electricity: 285 kWh is about 1/10,000" in out
    assert "Did you mean 万kWh?" in out


def test_months_of_one_file_are_compared_with_each_other(world: World, tmp_path: Path) -> None:
    units = {4: "kWh"}
    rows = [row(period=f"2020-{month:02}", quantity="285", unit=units.get(month, "万kWh")) for month in range(1, 5)]
    out, _error = imported(tmp_path, *rows, dry_run=True, **CLERK)
    assert "warning: row 5:" in out and out.count("warning:") == 1


# Stack tests ------------------------------------------------------------------------------------------------------


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


# The statements ---------------------------------------------------------------------------------------------------


def test_rows_do_not_cost_statements(world: World, tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    """Twelve months of five items cost as many statements as one row of each kind."""
    rows = [
        row(period=f"2020-{month:02}", record_kind=kind, item=item, quantity=str(100 + month), unit=unit)
        for month in range(1, 13)
        for kind, item, unit in (
            ("resource", "electricity", "万kWh"),
            ("resource", "diesel", "L"),
            ("resource", "coal", "t"),
            ("production", "magnesium", "t"),
            ("packaging", "wrap", "t"),
        )
    ]
    path = saved(tmp_path, csv_bytes(table(*rows)))
    with django_assert_max_num_queries(45):
        assert "60 new" in run(path, **CLERK)[0]
    assert ProductionOutput.objects.count() == 12
    changed = saved(tmp_path, csv_bytes(table(*({**line, "quantity": line["quantity"] + ".5"} for line in rows))))
    with django_assert_max_num_queries(45):
        assert "60 changed" in run(changed, **CLERK)[0]


def test_the_submissions_are_locked_before_they_are_read(world: World, tmp_path: Path) -> None:
    """Whoever hands in or saves at the same time waits. A dry run keeps nobody waiting."""

    def locks(dry_run: bool) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            imported(tmp_path, row(), dry_run=dry_run, **CLERK)
        return [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]

    assert locks(dry_run=True) == []
    [lock] = locks(dry_run=False)
    assert 'OF "submissions_submission"' in lock and 'ORDER BY "submissions_submission"."id"' in lock


# The staff door ---------------------------------------------------------------------------------------------------


def upload(client: Client, content: bytes, name: str = "records.csv", base: str = "/records/import/") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post(base, {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_check_then_confirm(world: World, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(world.clerk)
    page = upload(client, csv_bytes(table(row(), row(item="diesel", quantity="40", unit="L"))))
    assert page.status_code == 200 and stored(world) is None
    shown = page.content.decode()
    assert "5,532.06 万kWh" in shown and "Import 2 rows" in shown
    done = client.post(page.request["PATH_INFO"] + "apply/", follow=True)
    assert "Imported. 2 rows: 2 new" in done.content.decode()
    record = stored(world)
    assert record is not None and record.entered_by == world.clerk
    change = Change.objects.filter(table="environment_resourceuse").first()
    assert change is not None and change.actor_id == world.clerk.pk
    again = client.post(page.request["PATH_INFO"] + "apply/", follow=True)
    assert "expired" in again.content.decode(), "a confirmed file is gone"


def test_problems_are_shown_and_listed_as_csv(world: World, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(world.clerk)
    rows = [
        row(period=f"2020-{month:02}", quantity="=cmd()", item=f"x{n}") for month in range(1, 13) for n in range(20)
    ]
    page = upload(client, csv_bytes(table(*rows)))
    shown = page.content.decode()
    assert "There are 480 problems" in shown and "380 more are in the list" in shown
    assert "Import 2" not in shown and len(shown) < 100_000
    listed = client.get(page.request["PATH_INFO"] + "problems.csv").content.decode("utf-8-sig")
    assert len(listed.splitlines()) == 481
    assert listed.splitlines()[0] == "Row,Column,Problem"
    refused = client.post(page.request["PATH_INFO"] + "apply/")
    assert "There are 480 problems" in refused.content.decode() and not ResourceUse.objects.exists()


def test_what_changed_between_check_and_confirmation_is_seen(
    world: World, sign_in: Callable[[User], Client], hand_in: Act
) -> None:
    client = sign_in(world.clerk)
    page = upload(client, csv_bytes(table(row())))
    hand_in(world.submission(world.hami, 3), world.clerk)
    refused = client.post(page.request["PATH_INFO"] + "apply/").content.decode()
    assert "locked" in refused
    record = stored(world)
    assert record is not None and record.quantity == 2_805_000


def test_a_checked_file_is_its_persons_alone(world: World, sign_in: Callable[[User], Client]) -> None:
    page = upload(sign_in(world.clerk), csv_bytes(table(row())))
    other = sign_in(world.other_clerk)
    for path in ("", "problems.csv"):
        assert other.get(page.request["PATH_INFO"] + path).status_code == 302
    assert other.post(page.request["PATH_INFO"] + "apply/").status_code == 302
    assert stored(world) is None


@pytest.mark.parametrize("person", ["reviewer", "auditor", "administrator", "stranger"])
def test_people_who_enter_nothing_do_not_import(world: World, sign_in: Callable[[User], Client], person: str) -> None:
    client = sign_in(getattr(world, person))
    assert client.get("/records/import/").status_code == 403
    assert upload(client, csv_bytes(table(row()))).status_code == 403
    assert client.post(f"/records/import/{'a' * 64}/apply/").status_code == 403
    assert client.get("/records/template/?site=HAMI&period=2020-03").status_code == 403


def test_another_sheet_is_read_on_request(world: World, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(world.clerk)
    content = xlsx_bytes([["How to fill this in"]], sheet="Help", Data=table(row(quantity=5532.06)))
    page = upload(client, content, "records.xlsx")
    assert "These columns are missing" in page.content.decode() and "?sheet=Data" in page.content.decode()
    path = page.request["PATH_INFO"]
    assert "Import 1 row" in client.get(path, {"sheet": "Data"}).content.decode()
    client.post(path + "apply/", {"sheet": "Data"})
    record = stored(world)
    assert record is not None and record.quantity == 55_320_600


def test_the_admin_has_the_same_door(world: World, sign_in: Callable[[User], Client]) -> None:
    assert sign_in(world.clerk).get("/admin/submissions/submission/import/").status_code == 403
    client = sign_in(world.reviewer)
    assert client.get("/admin/submissions/submission/import/").status_code == 403
    assert "Import records" not in client.get("/admin/submissions/submission/").content.decode()
    Membership.objects.create(user=world.reviewer, role="preparer", site=world.hami)
    assert "Import records" in client.get("/admin/submissions/submission/").content.decode()
    page = upload(client, csv_bytes(table(row())), base="/admin/submissions/submission/import/")
    assert "Import 1 row" in page.content.decode()
    client.post(page.request["PATH_INFO"] + "apply/")
    record = stored(world)
    assert record is not None and record.entered_by == world.reviewer


def test_an_annual_form_takes_the_code_of_its_year(world: World, tmp_path: Path) -> None:
    from apps.environment.models import SiteTarget, TargetProgress
    from apps.submissions import services
    from tests.factories import AssignmentFactory, TargetFactory

    target = TargetFactory(code="less_power")
    SiteTarget.objects.create(site=world.hami, target=target)
    AssignmentFactory(site=world.hami, section="environment_targets")
    services.match_assignments(world.year)
    cells = {"record_kind": "target", "item": "less_power", "quantity": "1395.5", "unit": "kWh/t"}
    assert "is no reporting year. Write its code, like 2020" in imported(tmp_path, row(**cells), **CLERK)[0]
    assert "not open for Hami" in imported(tmp_path, row(**cells, period="2031"), **CLERK)[0]
    assert "1 new" in imported(tmp_path, row(**cells, period="2020"), **CLERK)[0]
    assert TargetProgress.objects.get().quantity == Decimal("1395.5")
    content = xlsx_bytes(table(row(**{**cells, "quantity": 1395.5}, period=2020)))
    assert "1 unchanged" in run(saved(tmp_path, content, "records.xlsx"), **CLERK)[0]


def test_a_year_that_is_not_the_calendars(world: World, tmp_path: Path) -> None:
    from apps.submissions import services

    year = ReportingYearFactory(code="2021-22", starts_on=dt.date(2021, 4, 1), ends_on=dt.date(2022, 3, 31))
    services.open_year(year)
    assert not imported(tmp_path, row(period="2022-02"), **CLERK)[1]
    assert ResourceUse.objects.get().submission.period.year == year


def test_the_entry_page_and_the_import_refuse_with_the_same_words(world: World, tmp_path: Path) -> None:

    result = save_cells(
        submission_id=world.submission(world.hami, 3).pk,
        user=world.clerk,
        revision=None,
        cells={"resource:electricity": Cell(value="12", unit="t")},
    )
    [problem] = result.problems["resource:electricity"]
    assert problem.message in imported(tmp_path, row(quantity="12", unit="t"), **CLERK)[0]
