"""Export of records: what goes out, who gets what, and that a file comes back without a change."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from python_calamine import CalamineWorkbook

from apps.accounts.models import User
from apps.audit.models import Change
from apps.core.formats import plain_text
from apps.core.spreadsheets import neutralise, restore
from apps.environment.models import ResourceUse, StackTest
from apps.organisation.models import Membership
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from apps.submissions.sections import sections
from tests.factories import PollutantFactory, StackFactory, World
from tests.submissions.exchange_files import HEADINGS, csv_bytes, imported, row, run, saved, table

Act = Callable[..., Submission]
TRICKY = {
    "resource:electricity": Cell(
        value="５，５３２.０６", unit="万度", how="invoiced", note='=1+1, "quoted"\tand tabbed'
    ),
    "resource:diesel": Cell(how="not_measured", note="-- meter broken"),
    "resource:coal": Cell(value="0.000000000001", unit="万t", how="estimated", note="@mean of 3"),
    "production:magnesium": Cell(value="12345678901.12345678", unit="t"),
    "waste:waste_oil/sold": Cell(value="1234567.891", unit="kg", extras={"opening_stock": "3", "taken_away": "0"}),
    "packaging:wrap": Cell(value="0", unit="斤", note="'+1"),
}


@pytest.fixture
def figures(world: World, approve: Act, fill_in: Act) -> World:
    """An approved month, a month in progress, a stack test, and another site."""
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    submission = fill_in(world.submission(world.hami, 2), world.clerk, TRICKY)
    StackTest.objects.create(
        submission=submission,
        stack=StackFactory(code="kiln1", site=world.hami),
        pollutant=PollutantFactory(code="dust"),
        concentration_mg_m3="12.5",
        tested_on="2020-02-11",
        report_number="=R-17",
        note="＝wide  and spaced",
        entered_at=submission.saved_at,
    )
    fill_in(world.submission(world.baishan, 1), world.other_clerk)
    return world


def exported(folder: Path, ending: str = "csv", **options: Any) -> Path:
    path = folder / f"out.{ending}"
    call_command("export_records", output=path, **(options or {"all": True}))
    return path


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("username", [None, "clerk-hami"])
def test_an_untouched_file_comes_back_without_a_change(
    figures: World, tmp_path: Path, kind: str, username: str | None
) -> None:
    options: dict[str, Any] = {"all": True} if username is None else {"site": ["HAMI"]}
    path = exported(tmp_path, kind, **options)
    changes = Change.objects.count()
    out, error = run(path, username=username)
    count = 19 if username is None else 13
    assert not error and f"{count} rows: 0 new, 0 changed, {count} unchanged" in out
    assert Change.objects.count() == changes


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_fills_an_empty_portal(figures: World, tmp_path: Path, kind: str) -> None:
    """What goes out is all there is: with the records gone, the file brings back the same ones."""
    path = exported(tmp_path, kind, site=["BAISHAN"])
    before = exported(tmp_path, "csv", site=["BAISHAN"]).read_bytes() if kind == "xlsx" else path.read_bytes()
    for grid in sections["environment"].grids:
        grid.model._default_manager.filter(submission__site=figures.baishan).delete()
    assert "6 new" in run(path)[0]
    assert exported(tmp_path, "csv", site=["BAISHAN"]).read_bytes() == before


def test_columns_and_values_are_those_of_the_import(figures: World, tmp_path: Path) -> None:
    lines = lines_of(exported(tmp_path).read_bytes())
    assert tuple(lines[0][:9]) == HEADINGS
    rows = {(line[0], line[1], line[2], line[3]): line[4:] for line in lines[1:]}
    electricity = rows["HAMI", "2020-02", "resource", "electricity"]
    assert electricity[:4] == ["5532.06", "万kWh", "value", "invoiced"], "as typed, not as converted"
    assert rows["HAMI", "2020-02", "resource", "diesel"][:4] == ["", "", "not_measured", ""]
    assert rows["HAMI", "2020-02", "resource", "coal"][:2] == ["0.000000000001", "万t"]
    assert rows["HAMI", "2020-02", "packaging", "wrap"][:3] == ["0", "斤", "value"], "zero is a value"
    waste = dict(zip(lines[0][4:], rows["HAMI", "2020-02", "waste", "waste_oil/sold"], strict=True))
    assert (waste["opening_stock"], waste["taken_away"], waste["closing_stock"]) == ("3", "0", "")
    test = dict(zip(lines[0][4:], rows["HAMI", "2020-02", "stack_test", "kiln1/dust"], strict=True))
    assert (test["quantity"], test["unit"], test["date"]) == ("12.5", "mg/m3", "2020-02-11")


def test_text_that_looks_like_a_formula_is_made_harmless(figures: World, tmp_path: Path) -> None:
    for line in lines_of(exported(tmp_path).read_bytes()):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "＝")) for cell in line)
    notes = [line[8] for line in lines_of(exported(tmp_path).read_bytes())]
    assert '\'=1+1, "quoted" and tabbed' in notes and "'@mean of 3" in notes and "''+1" in notes
    book = CalamineWorkbook.from_path(exported(tmp_path, "xlsx"))
    cells = [cell for line in book.get_sheet_by_index(0).to_python() for cell in line if isinstance(cell, str)]
    assert '\'=1+1, "quoted" and tabbed' in cells and not any(cell.startswith("=") for cell in cells)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "＝1", "'=1", "''=1", "plain", "'plain", "", "a=1"])
def test_made_harmless_and_back(text: str) -> None:
    assert restore(neutralise(text)) == text


def test_the_database_writes_text_as_python_does(figures: World, tmp_path: Path) -> None:
    """Cells are made by expressions of the query: they say what ``neutralise`` and ``plain_text`` say."""
    one = ResourceUse.objects.filter(resource_item__code="diesel", note__startswith="--").get()
    notes = [
        "=1",
        "'=1",
        "''＋x",
        "'plain",
        'say "so", then',
        "two\nlines",
        "tab\there",
        "\tled",
        "-5",
        "@a",
        "\\.",
        "\\N",
        "<&>备注",
    ]
    for note in notes:
        ResourceUse.objects.filter(pk=one.pk).update(note=note)
        in_csv = [line for line in lines_of(exported(tmp_path).read_bytes())[1:] if line[3] == "diesel" and line[8]]
        workbook = CalamineWorkbook.from_path(str(exported(tmp_path, "xlsx")))
        in_xlsx = [line for line in workbook.get_sheet_by_index(0).to_python() if line[3] == "diesel" and line[8]]
        assert [line[8] for line in (*in_csv, *in_xlsx)] == [neutralise(note)] * 2
    other = ResourceUse.objects.filter(resource_item__code="coal", note__startswith="@").get()
    for value in ("0", "0.5", "100.10", "1000", "12345678901.12345678", "0.000000000001"):
        ResourceUse.objects.filter(pk=other.pk).update(entered_value=value)
        cells = {line[4] for line in lines_of(exported(tmp_path).read_bytes()) if line[8] == "'@mean of 3"}
        assert cells == {plain_text(Decimal(value))}


def test_numbers_of_a_workbook_are_numbers_with_their_decimals(figures: World, tmp_path: Path) -> None:
    book = CalamineWorkbook.from_path(exported(tmp_path, "xlsx"))
    lines = book.get_sheet_by_index(0).to_python()
    values = {(line[0], line[1], line[3]): line[4] for line in lines[1:]}
    assert values["HAMI", "2020-02", "electricity"] == 5532.06
    assert values["HAMI", "2020-02", "wrap"] == 0.0


def test_the_command_narrows_down(figures: World, tmp_path: Path) -> None:
    def sites_and_kinds(**options: Any) -> tuple[set[str], set[str]]:
        lines = lines_of(exported(tmp_path, **options).read_bytes())[1:]
        return {line[0] for line in lines}, {line[2] for line in lines}

    assert sites_and_kinds(site=["BAISHAN"])[0] == {"BAISHAN"}
    assert sites_and_kinds(kind=["waste", "production"])[1] == {"waste", "production"}
    assert sites_and_kinds(year="2020")[0] == {"HAMI", "BAISHAN"}
    with pytest.raises(CommandError, match="Unknown: MARS"):
        exported(tmp_path, site=["MARS"])
    with pytest.raises(CommandError, match="no reporting year"):
        exported(tmp_path, year="1999")
    with pytest.raises(CommandError, match="Say which records"):
        call_command("export_records")


def test_the_order_is_always_the_same(figures: World, tmp_path: Path) -> None:
    first = exported(tmp_path).read_bytes()
    with_other_ids = imported(tmp_path, row(period="2020-02", quantity="1"), row(period="2020-02", quantity="5532.06"))
    assert with_other_ids
    assert exported(tmp_path).read_bytes() == first
    keys = [tuple(line[2:0:-1]) for line in lines_of(first)[1:] if line[2] == "resource" and line[0] == "HAMI"]
    assert keys == sorted(keys)


def test_headings_in_the_readers_language(figures: World, tmp_path: Path) -> None:
    path = exported(tmp_path, all=True, language="zh-hans")
    assert lines_of(path.read_bytes())[0][:6] == ["厂区", "期间", "记录类别", "项目", "数量", "单位"]
    assert "19 unchanged" in run(path)[0]


# The staff door ---------------------------------------------------------------------------------------------------


def downloaded(client: Client, path: str = "/records/export/", **query: str) -> bytes:
    response = client.get(path, query)
    assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_everyone_exports_what_they_may_read(figures: World, sign_in: Callable[[User], Client]) -> None:
    for person, sites in {
        "clerk": {"HAMI"},
        "other_clerk": {"BAISHAN"},
        "auditor": {"HAMI", "BAISHAN"},
        "reviewer": {"HAMI", "BAISHAN"},
        "stranger": set(),
    }.items():
        lines = lines_of(downloaded(sign_in(getattr(figures, person)), format="csv"))
        assert {line[0] for line in lines[1:]} == sites, person


def test_a_site_out_of_scope_is_no_choice(figures: World, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(figures.clerk)
    page = client.get("/records/export/", {"format": "csv", "site": "BAISHAN"})
    assert "attachment" not in page.get("Content-Disposition", "")
    assert "Baishan" not in client.get("/records/export/").content.decode()


def test_choices_narrow_the_file_down(figures: World, sign_in: Callable[[User], Client]) -> None:
    content = downloaded(sign_in(figures.auditor), format="csv", site="HAMI", kinds="waste", year="2020")
    assert {(line[0], line[2]) for line in lines_of(content)[1:]} == {("HAMI", "waste")}


def test_an_exported_workbook_goes_round_through_the_pages(figures: World, sign_in: Callable[[User], Client]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = sign_in(figures.clerk)
    upload = SimpleUploadedFile("records.xlsx", downloaded(client, format="xlsx"))
    page = client.post("/records/import/", {"file": upload}, follow=True).content.decode()
    assert "Everything in this file is recorded already" in page


def test_the_admin_exports_chosen_submissions_in_scope(figures: World, sign_in: Callable[[User], Client]) -> None:
    chosen = [figures.submission(figures.hami, 2).pk, figures.submission(figures.baishan, 1).pk]
    data = {"action": "export_selected", "_selected_action": chosen}
    response = sign_in(figures.auditor).post("/admin/submissions/submission/", data)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    places = {(line[0], line[1]) for line in book.get_sheet_by_index(0).to_python()[1:]}
    assert places == {("HAMI", "2020-02"), ("BAISHAN", "2020-01")}

    figures.auditor.memberships.update(site=figures.hami)
    auditor = User.objects.get(pk=figures.auditor.pk)
    response = sign_in(auditor).post("/admin/submissions/submission/", data)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert {line[0] for line in book.get_sheet_by_index(0).to_python()[1:]} == {"HAMI"}
    content = downloaded(sign_in(auditor), "/admin/submissions/submission/export/", format="csv")
    assert {line[0] for line in lines_of(content)[1:]} == {"HAMI"}


def test_many_chosen_submissions_are_not_waited_for(
    figures: World, sign_in: Callable[[User], Client], settings: Any
) -> None:
    settings.EXPORT_IN_REQUEST_ROWS = 1
    data = {"action": "export_selected", "_selected_action": [figures.submission(figures.hami, 2).pk]}
    page = sign_in(figures.auditor).post("/admin/submissions/submission/", data, follow=True).content.decode()
    assert "too many records to wait for" in page


def test_a_file_to_fill_in_has_the_expected_rows(figures: World, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(figures.clerk)
    content = downloaded(client, "/records/template/", site="HAMI", period="2020-03")
    lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [(line[2], line[3], line[4], line[5]) for line in lines[1:]] == [
        ("Production", "Magnesium ingot", "", "t"),
        ("Energy, water and materials", "Electricity", "", "万kWh"),
        ("Energy, water and materials", "Diesel", "", "L"),
        ("Energy, water and materials", "Coal", "", "万t"),
        ("Waste", "Waste Oil · Sold", "", "kg"),
        ("Packaging of finished products", "Wrap", "", "斤"),
    ]


def test_a_filled_in_file_is_imported(figures: World, tmp_path: Path, sign_in: Callable[[User], Client]) -> None:
    Membership.objects.filter(user=figures.clerk).update(section="environment")
    content = downloaded(sign_in(figures.clerk), "/records/template/", site="HAMI", period="2020-03")
    lines: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    for number, line in enumerate(lines[1:], start=1):
        line[4] = number
    assert "6 new" in run(saved(tmp_path, csv_bytes(lines)), username="clerk-hami")[0]


def test_a_file_to_fill_in_for_another_site_is_not_given(figures: World, sign_in: Callable[[User], Client]) -> None:
    response = sign_in(figures.clerk).get("/records/template/", {"site": "BAISHAN", "period": "2020-03"}, follow=True)
    assert "Nothing is open at this site" in response.content.decode()


def test_statements_do_not_grow_with_the_rows(
    figures: World, sign_in: Callable[[User], Client], fill_in: Act, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(figures.auditor)
    for month in range(3, 8):
        fill_in(figures.submission(figures.hami, month), figures.clerk)
    with django_assert_max_num_queries(25):
        assert len(lines_of(downloaded(client, format="csv"))) > 40


def test_a_table_of_another_program_is_imported_too(world: World) -> None:
    """Whatever speaks import-export can hand its dataset to the resource."""
    import tablib

    from apps.submissions.exchange.resources import RecordResource

    headings, *lines = table(row(quantity=5532.06))
    result = RecordResource(user=world.clerk).import_data(tablib.Dataset(*lines, headers=headings))
    assert result.totals["new"] == 1 and not result.has_validation_errors()
    wrong = RecordResource(user=world.clerk).import_data(tablib.Dataset(*table(row(unit="t"))[1:], headers=headings))
    assert [(invalid.number, list(invalid.field_specific_errors)) for invalid in wrong.invalid_rows] == [
        (2, ["unit (F)"])
    ]
