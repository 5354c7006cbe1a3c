"""Import of records: what a row may say, and that a file is taken whole or not at all."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.audit.models import Change
from apps.environment.models import ProductionOutput, ResourceUse, WasteRecord
from apps.submissions.entry import Cell
from tests.factories import ReportingYearFactory, World
from tests.saving import save_cells
from tests.submissions.exchange_files import CLERK, csv_bytes, imported, row, run, saved, stored, table, xlsx_bytes


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
