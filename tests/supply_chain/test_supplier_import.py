"""Files of suppliers: ten thousand lines with planted errors, all or nothing, and the way out and in again."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Change
from apps.supply_chain.models import Supplier, SupplierRegion, SupplyCategory
from tests.by_hand import words
from tests.factories import SupplierFactory, World
from tests.supply_chain.suppliers import right_code

SignIn = Callable[[User], Client]

HEADINGS = ("供应商编号", "中文名称", "统一社会信用代码", "地区", "供应内容", "厂区", "主要供应商", "合作开始日期")
Line = list[str]


def line(number: int, **changes: str) -> Line:
    said = {
        "code": f"S-{number:05}",
        "name": f"第{number}号物资有限公司",
        "uscc": right_code(number),
        "region": "新疆" if number % 3 else "吉林",
        "supplies": "白云石；煤炭" if number % 2 else "硅铁",
        "sites": "HAMI" if number % 5 else "HAMI;BAISHAN",
        "major": "是" if number % 100 == 0 else "否",
        "since": "2018-03-01",
        **changes,
    }
    return list(said.values())


def as_csv(lines: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *lines])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(lines: Sequence[Sequence[str]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        sheet = workbook.add_worksheet()
        for place, cells in enumerate([HEADINGS, *lines]):
            sheet.write_row(place, 0, cells)
    return stream.getvalue()


def upload(client: Client, content: bytes, name: str = "suppliers.csv") -> str:
    """Sends a file; the address of its check."""
    response = client.post(reverse("supply_chain:suppliers_import"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()[-3000:]
    return str(response["Location"])


def take_in(client: Client, content: bytes, name: str = "suppliers.csv") -> Any:
    return client.post(f"{upload(client, content, name)}apply/", follow=True)


def problems(client: Client, check: str) -> list[tuple[int, str, str]]:
    text = client.get(f"{check}problems.csv").content.decode("utf-8-sig")
    return [(int(row), column, message) for row, column, message in list(csv.reader(io.StringIO(text)))[1:]]


def test_ten_thousand_lines_with_duplicates_and_wrong_codes(supply_world: World, sign_in: SignIn) -> None:
    SupplierFactory(code="OLD-1", name_zh="第77号物资", uscc=right_code(77_777))
    lines = [line(number) for number in range(1, 10_001)]
    lines[9] = line(10, uscc=right_code(10)[:-1] + ("0" if right_code(10)[-1] != "0" else "1"))
    lines[19] = line(20, uscc="12345")
    lines[29] = line(30, code="S-00005")
    lines[39] = line(40, uscc=right_code(41))
    lines[49] = line(50, name="第49号物资 股份有限公司", uscc="")
    lines[59] = line(60, uscc=right_code(77_777))
    lines[69] = line(70, region="火星")
    lines[76] = line(77, uscc="")
    lines[79] = line(80, since="去年")
    client = sign_in(supply_world.buyer)
    check = upload(client, as_xlsx(lines), "suppliers.xlsx")
    found = problems(client, check)
    # Row 1 holds the headings: line n stands in row n + 1.
    assert [(row, message) for row, _column, message in found] == [
        (11, "This is no credit code: its check character does not fit. Look again."),
        (21, "A credit code has 18 characters; this has 5."),
        (31, "Row 6 has this number already."),
        (42, "Row 41 has this credit code already."),
        (51, "Row 50 has the same name. Give both their credit codes if they are two companies."),
        (61, "OLD-1 has this credit code."),
        (71, found[6][2]),
        (78, "OLD-1 is called the same. Give both their credit codes if they are two companies."),
        (81, "This is no day. Write it like 2020-03-05."),
    ]
    assert "火星" in found[6][2]
    assert [column[:4] for _row, column, _message in found[:3]] == ["统一社会", "统一社会", "供应商编"]
    response = client.post(f"{check}apply/")
    assert response.status_code == 422 and "There are 9 problems. Nothing was written." in words(response)
    assert Supplier.objects.count() == 1


def test_ten_thousand_right_lines_cost_few_statements(supply_world: World, sign_in: SignIn) -> None:
    lines = [line(number) for number in range(1, 10_001)]
    client = sign_in(supply_world.buyer)
    check = upload(client, as_csv(lines))
    assert "10000" in words(client.get(check)).replace(",", "")
    with CaptureQueriesContext(connection) as asked:
        response = client.post(f"{check}apply/")
    assert response.status_code == 302
    assert len(asked) < 60
    assert Supplier.objects.count() == 10_000
    assert Supplier.objects.filter(is_major=True).count() == 100
    assert Supplier.objects.filter(sites=supply_world.baishan).count() == 2_000
    one = Supplier.objects.get(code="S-00015")
    assert {category.code for category in one.supplies.all()} == {"dolomite", "coal"}
    assert one.region.code == "jilin"
    assert Change.objects.filter(table="supply_chain_supplier", actor_id=supply_world.buyer.pk).count() == 10_000
    before = Change.objects.count()
    again = take_in(client, as_csv(lines))
    assert "0 suppliers added." in words(again) and "10000 as before." in words(again).replace(",", "")
    assert Change.objects.count() == before, "the same file again writes nothing"


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_what_goes_out_comes_in_unchanged(
    supply_world: World, sign_in: SignIn, file_format: str, language: str
) -> None:
    User.objects.filter(pk=supply_world.buyer.pk).update(language=language)
    supply_world.buyer.refresh_from_db()
    client = sign_in(supply_world.buyer)
    take_in(client, as_csv([line(number) for number in range(1, 8)]))
    Supplier.objects.filter(code="S-00003").update(
        name_en="=Odd & Sons, Ltd", note="'quoted", active_until=dt.date(2030, 1, 31)
    )
    url = reverse("supply_chain:suppliers_export", args=[file_format])
    content = b"".join(client.get(url, {"show": "all"}).streaming_content)  # type: ignore[arg-type]
    before = Change.objects.count()
    check = upload(client, content, f"suppliers.{file_format}")
    assert problems(client, check) == []
    client.post(f"{check}apply/")
    assert Change.objects.count() == before
    assert Supplier.objects.count() == 7


def test_a_file_changes_what_it_names_and_leaves_the_rest(supply_world: World, sign_in: SignIn) -> None:
    coal = SupplyCategory.objects.get(code="coal")
    supplier = SupplierFactory(
        code="S-00001",
        uscc=right_code(9),
        note="Keep me",
        is_major=True,
        supplies=[coal],
        sites=[supply_world.baishan],
        region=SupplierRegion.objects.get(code="jilin"),
    )
    client = sign_in(supply_world.buyer)
    headings = ("Supplier number", "Name", "Province", "Supplies", "Sites", "Active from", "Owner's phone")
    cells = ["s-00001", "新名字物资有限公司", "Xinjiang", "Dolomite; coal", "Hami", "2019/5/1", "123"]
    check = upload(client, as_csv([cells], headings))
    page = words(client.get(check))
    assert "Owner&#x27;s phone (G)" in page and "Name (B)" in page and "Sites (E)" in page
    client.post(f"{check}apply/")
    supplier.refresh_from_db()
    assert (supplier.name_zh, supplier.region.code) == ("新名字物资有限公司", "xinjiang")
    assert (supplier.uscc, supplier.note, supplier.is_major) == (right_code(9), "Keep me", True)
    assert {category.code for category in supplier.supplies.all()} == {"coal", "dolomite"}
    assert [site.code for site in supplier.sites.all()] == ["HAMI"]
    assert supplier.name_key == Supplier.key_of("新名字物资")
    untouched = Change.objects.filter(table="supply_chain_supplier_supplies", operation="D")
    assert not untouched.exists(), "the tie to coal was there and stayed"


def test_two_suppliers_change_their_names_in_one_file(supply_world: World, sign_in: SignIn) -> None:
    client = sign_in(supply_world.buyer)
    take_in(client, as_csv([line(1), line(2)]))
    swapped = [line(1, name="第2号物资有限公司", uscc=""), line(2, name="第1号物资有限公司", uscc="")]
    check = upload(client, as_csv(swapped))
    assert problems(client, check) == []


def test_nobody_ties_a_supplier_to_a_site_of_others(supply_world: World, sign_in: SignIn) -> None:
    client = sign_in(supply_world.clerk)
    check = upload(client, as_csv([line(1, sites="HAMI;BAISHAN")]))
    assert "You do not keep the suppliers of one of these sites." in problems(client, check)[0][2]


def test_missing_columns_and_foreign_files_are_said_at_once(supply_world: World, sign_in: SignIn) -> None:
    client = sign_in(supply_world.buyer)
    check = upload(client, as_csv([["1", "x"]], ("供应商编号", "中文名称")))
    page = words(client.get(check))
    assert "These columns are missing: Region, Supplies, Sites, Active from." in page
    other = sign_in(supply_world.other_clerk)
    assert other.get(check)["Location"] == reverse("supply_chain:suppliers_import"), "a check is its person's alone"


def test_two_files_at_once_cannot_bring_the_same_supplier_twice(supply_world: World, sign_in: SignIn) -> None:
    """Between the check and the confirmation somebody else may have entered it."""
    client = sign_in(supply_world.buyer)
    check = upload(client, as_csv([line(1), line(2)]))
    SupplierFactory(code="OTHER", uscc=right_code(2))
    response = client.post(f"{check}apply/")
    assert response.status_code == 422 and "OTHER has this credit code." in words(response)
    assert Supplier.objects.count() == 1
