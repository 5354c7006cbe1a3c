"""Files as they come: wrong types, cut off, hostile, in other encodings. Each is read or refused with a sentence."""

import datetime as dt
import io
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.environment.models import ResourceUse
from tests.factories import World
from tests.submissions.exchange_files import HEADINGS, csv_bytes, row, run, saved, table, xlsx_bytes

LINES = table(row(note="抄表"))


def takes(folder: Path, content: bytes, name: str = "records.csv") -> bool:
    """Whether the one row of LINES comes in."""
    _out, error = run(saved(folder, content, name))
    record = ResourceUse.objects.first()
    return not error and record is not None and (record.quantity, record.note) == (55_320_600, "抄表")


def workbook_of(fill: Callable[[Any, Any], None], **options: Any) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, options) as workbook:
        fill(workbook, workbook.add_worksheet("records"))
    return stream.getvalue()


def rewritten(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """A workbook with one of its parts changed by hand."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data.decode()).encode() if name == part else data)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_excel_saves_it(world: World, tmp_path: Path, encoding: str, delimiter: str) -> None:
    assert takes(tmp_path, csv_bytes(LINES, encoding, delimiter))


def test_xlsx_with_numbers_and_with_text(world: World, tmp_path: Path) -> None:
    for quantity in (5532.06, "5532.06", "５，５３２．０６"):
        ResourceUse.objects.all().delete()
        assert takes(tmp_path, xlsx_bytes(table(row(quantity=quantity, note="抄表"))), "records.xlsx")


@pytest.mark.parametrize(
    ("in_the_file", "quantity"),
    [
        ("0.1", "0.1"),
        ("2.675", "2.675"),
        ("9.9999999999999995E-8", "0.0000001"),
        ("123456789.123", "123456789.123"),
        ("55320585", "55320585"),
        ("0.30000000000000004", "0.3"),
        ("1234.5600000000001", "1234.56"),
        ("5532059.9999999991", "5532060"),
    ],
)
def test_a_number_of_a_workbook_is_the_one_people_see(
    world: World, tmp_path: Path, in_the_file: str, quantity: str
) -> None:
    """A spreadsheet program keeps 17 digits of a result and shows 15 at most; the others are noise."""
    content = rewritten(
        xlsx_bytes(table(row(quantity=987654, unit="kWh"))),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace("987654", in_the_file),
    )
    assert not run(saved(tmp_path, content, "records.xlsx"))[1]
    assert ResourceUse.objects.get().quantity == Decimal(quantity)


def test_days_of_a_workbook_name_their_month(world: World, tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, LINES[1])
        sheet.write_datetime(1, 1, dt.datetime(2020, 3, 1), workbook.add_format({"num_format": 17}))

    assert takes(tmp_path, workbook_of(fill), "records.xlsx")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("records.csv", b"", "This file is empty"),
        ("records.csv", b"\r\n\r\n , ,\r\n", "There is nothing in this file"),
        ("records.xlsx", b"%PDF-1.7 and so on", "named like a workbook and is none"),
        ("records.xlsx", b"site,period\n", "named like a workbook and is none"),
        ("records.csv", xlsx_bytes(LINES), "named .csv and is a workbook"),
        ("records.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\0\0", "is no CSV text"),
        ("records.csv", b"\xff\xd8\xff\xe0\x10JFIF\xff\xff\xff", "neither UTF-8 nor GB 18030"),
        ("records.csv", "site,période\n".encode("utf-16"), "is no CSV text"),
        ("records.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Files like “records.xls” are not read"),
        ("records.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old .xls workbook, or one locked"),
        ("records.pdf", b"%PDF-1.7", "are not read. Save it as .xlsx or .csv"),
        ("records.csv", csv_bytes(LINES) + b'HAMI,2020-04,"resource', "a quotation mark is left open"),
        ("records.xlsx", xlsx_bytes(LINES)[:2000], "not a whole XLSX workbook"),
        ("records.xlsx", xlsx_bytes(LINES)[:-30], "not a whole XLSX workbook"),
        ("records.xlsx", b"PK\x03\x04" + b"x" * 500, "not a whole XLSX workbook"),
        ("records.xlsx", xlsx_bytes([]), "There is nothing in this file"),
        (
            "records.xlsx",
            rewritten(xlsx_bytes(LINES), "xl/worksheets/sheet1.xml", lambda xml: xml[:400]),
            "not a whole",
        ),
        (
            "records.xlsx",
            rewritten(
                xlsx_bytes(LINES),
                "xl/worksheets/sheet1.xml",
                lambda xml: xml.replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1),
            ),
            "not a whole XLSX workbook",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(
    world: World, tmp_path: Path, sign_in: Callable[[User], Client], name: str, content: bytes, words: str
) -> None:
    """In the shell and on the page."""
    assert words in run(saved(tmp_path, content, name))[1]
    page = sign_in(world.clerk).post("/records/import/", {"file": SimpleUploadedFile(name, content)})
    assert page.status_code == 200 and words in page.content.decode().replace("&#x27;", "'")
    assert not ResourceUse.objects.exists()


def test_a_file_that_is_not_there(world: World, tmp_path: Path) -> None:
    assert "No such file" in run(tmp_path / "nothing.csv")[1]


def test_a_bomb_is_refused_before_it_is_opened(world: World, tmp_path: Path) -> None:
    content = rewritten(xlsx_bytes(LINES), "xl/sharedStrings.xml", lambda xml: xml + " " * 230_000_000)
    assert len(content) < 1_000_000
    started = time.monotonic()
    assert "unpacks to more than 200 MB" in run(saved(tmp_path, content, "records.xlsx"))[1]
    assert time.monotonic() - started < 2


def test_too_large_and_too_long_files_are_refused(
    world: World, tmp_path: Path, settings: Any, sign_in: Callable[[User], Client]
) -> None:
    settings.IMPORT_MAX_ROWS = 3
    lines = table(*[row(period=f"2020-{month:02}") for month in range(1, 5)])
    assert "4 rows and at most 3 are read" in run(saved(tmp_path, csv_bytes(lines)))[1]
    assert "4 rows and at most 3 are read" in run(saved(tmp_path, xlsx_bytes(lines), "records.xlsx"))[1]
    settings.IMPORT_MAX_BYTES = 100
    assert "at most 100" in run(saved(tmp_path, csv_bytes(lines)))[1]
    upload = SimpleUploadedFile("records.csv", csv_bytes(lines))
    assert "at most 100" in sign_in(world.clerk).post("/records/import/", {"file": upload}).content.decode()


def coloured(workbook: Any, sheet: Any) -> None:
    """A million rows that were formatted and never filled."""
    grey = workbook.add_format({"bg_color": "#eeeeee"})
    for number, line in enumerate(LINES):
        sheet.write_row(number, 0, line)
    for number in range(2, 1_048_576):
        sheet.write_blank(number, 0, None, grey)


def test_a_million_blank_rows_do_no_harm(world: World, tmp_path: Path) -> None:
    workbook = workbook_of(coloured, constant_memory=True)
    for name, content in {
        "blank.xlsx": workbook,
        "blank.csv": csv_bytes(LINES) + b",,,,,,,,\r\n" * 1_000_000,
    }.items():
        ResourceUse.objects.all().delete()
        path = saved(tmp_path, content, name)
        started = time.monotonic()
        assert "1 rows: 1 new" in run(path)[0]
        assert time.monotonic() - started < 15


@pytest.mark.parametrize(
    ("place", "words"),
    [((1_048_575, 2), "Row 1048576 of this sheet holds something"), ((4, 16_383), "to the right of column")],
)
def test_a_stray_cell_far_away_is_named_and_not_laid_out_in_memory(
    world: World, tmp_path: Path, place: tuple[int, int], words: str
) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        for number, line in enumerate(LINES):
            sheet.write_row(number, 0, line)
        sheet.write(*place, "stray")

    assert words in run(saved(tmp_path, workbook_of(fill), "records.xlsx"))[1]


def formulas(cells: Sequence[tuple[int, int, str, Any]]) -> Callable[[Any, Any], None]:
    def fill(workbook: Any, sheet: Any) -> None:
        for number, line in enumerate(table(row(), row(item="diesel", unit="L", quantity="4"))):
            sheet.write_row(number, 0, line)
        for number, place, formula, result in cells:
            sheet.write_formula(number, place, formula, None, result)

    return fill


def computed(content: bytes) -> bytes:
    """As if a spreadsheet program had saved it: results are there and to be believed."""
    return rewritten(content, "xl/workbook.xml", lambda xml: xml.replace(' fullCalcOnLoad="1"', ""))


def test_a_formula_counts_by_its_result(world: World, tmp_path: Path) -> None:
    content = computed(workbook_of(formulas([(1, 4, "=5000+532.06", 5532.06)])))
    assert "2 new" in run(saved(tmp_path, content, "records.xlsx"))[0]
    assert ResourceUse.objects.get(resource_item__code="electricity").quantity == 55_320_600


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (computed(workbook_of(formulas([(1, 4, "=A9", "")]))), "holds a formula without a result"),
        (workbook_of(formulas([(1, 4, "=5000+532.06", 0)])), "holds a formula without a result"),
        (computed(workbook_of(formulas([(1, 4, "=1/0", "#DIV/0!")]))), "shows the error #DIV/0!"),
        (computed(workbook_of(formulas([(1, 4, "=A9", "#REF!")]))), "shows the error #REF!"),
    ],
)
def test_a_cell_without_a_value_to_believe_is_no_zero(world: World, tmp_path: Path, content: bytes, words: str) -> None:
    out, error = run(saved(tmp_path, content, "records.xlsx"))
    assert "row 2, quantity (E): This cell" in out and words in out
    assert "1 problem(s) in 1 row(s)" in error and not ResourceUse.objects.exists()


def test_a_row_of_formulas_below_the_others_is_not_lost(world: World, tmp_path: Path) -> None:
    content = computed(workbook_of(formulas([(5, 4, "=A9", "")])))
    out, _error = run(saved(tmp_path, content, "records.xlsx"))
    assert "row 6, quantity (E): This cell holds a formula without a result" in out


def test_a_sheet_is_picked_by_name(world: World, tmp_path: Path) -> None:
    path = saved(tmp_path, xlsx_bytes([], sheet="Blank", Help=[["read me"]], Data=LINES), "records.xlsx")
    assert "These columns are missing" in run(path)[0]
    assert "There are: Help, Data" in run(path, sheet="Nothing")[1]
    assert "1 new" in run(path, sheet="Data")[0]


def test_a_hidden_sheet_is_not_read(world: World, tmp_path: Path) -> None:
    content = rewritten(
        xlsx_bytes([["old"]], sheet="Old", Data=LINES),
        "xl/workbook.xml",
        lambda xml: xml.replace('name="Old"', 'name="Old" state="hidden"'),
    )
    assert takes(tmp_path, content, "records.xlsx")


def test_cells_that_do_not_say_where_they_stand(world: World, tmp_path: Path) -> None:
    """Some programs leave the references of cells out."""
    content = rewritten(
        xlsx_bytes(table(row(state="value", method="metered", note="抄表"))),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(r'<c r="[A-Z]+\d+"', "<c", xml),
    )
    assert takes(tmp_path, content, "records.xlsx")


def test_text_that_only_looks_like_a_formula_is_kept_as_text(world: World, tmp_path: Path) -> None:
    note = '=HYPERLINK("http://example.org")'
    assert not run(saved(tmp_path, csv_bytes(table(row(note=note)))))[1]
    assert ResourceUse.objects.get().note == note
