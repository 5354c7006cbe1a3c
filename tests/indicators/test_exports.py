"""Files of figures: real numbers with the right formats, nothing a spreadsheet would run, the same bytes each time."""

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from apps.environment.models import SiteResource
from apps.organisation.models import Group
from apps.submissions.choices import CellState
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from tests.factories import ResourceFactory, World
from tests.indicators.records import put_none

SignIn = Callable[[Any], Client]


@pytest.fixture
def seed(world: World, approve: Callable[..., Submission]) -> World:
    """One approved month at each site: together the company's electricity and output of 2020."""
    for site, clerk, kwh, tonnes in (
        (world.hami, world.clerk, "37958240", "27384"),
        (world.baishan, world.other_clerk, "17362345", "12257"),
    ):
        cells = {
            "resource:electricity": Cell(value=kwh, unit="kWh"),
            "production:magnesium": Cell(value=tonnes, unit="t"),
        }
        approve(world.submission(site, 5), clerk, world.reviewer, cells)
    return world


def download(client: Client, file_format: str, **query: str) -> Any:
    response = client.get(reverse("indicators:export", args=["2020", file_format]), query)
    assert response.status_code == 200
    return response


def workbook(response: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(response.content))


def row_of(sheet: Any, title: str) -> list[Any]:
    return next([*row] for row in sheet.iter_rows() if row[0].value == title)


def test_the_workbook_is_laid_out_as_printed(seed: World, sign_in: SignIn) -> None:
    response = download(sign_in(seed.reviewer), "xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="figures-2020-group.xlsx"'
    book = workbook(response)
    assert book.sheetnames == [
        "Production", "A1 Air", "A1 Hazardous waste", "A1 Non-hazardous waste", "A2 Resources", "A2 Packaging",
        "A1 Greenhouse gases", "A2 Energy", "Data",
    ]  # fmt: skip
    sheet = book["A2 Resources"]
    heads = [cell.value for cell in row_of(sheet, "Resources")]
    assert heads == ["Resources", "Unit", "Group", "Hami", "Baishan", "Unit", "Group", "Hami", "Baishan"]
    texts = {cell.value for row in sheet.iter_rows() for cell in row}
    assert "Consumption" in texts and "Emission" not in texts
    assert any("39,641.0 t (Group)" in str(text) for text in texts)
    assert "Approved data only." in texts
    assert any("Group: 2 of 24 months approved; Hami: 1 of 12 months approved" in str(text) for text in texts)


def test_numbers_are_numbers_with_their_decimals(seed: World, sign_in: SignIn) -> None:
    cells = row_of(workbook(download(sign_in(seed.reviewer), "xlsx"))["A2 Resources"], "Electricity")
    assert [cell.value for cell in cells[1:5]] == ["kWh", 55320585, 37958240, 17362345]
    assert cells[2].number_format == "#,##0"
    assert cells[6].value == pytest.approx(1395.539592845791, abs=1e-12)
    assert cells[6].number_format == "#,##0.0"
    diesel = row_of(workbook(download(sign_in(seed.reviewer), "xlsx"))["A2 Resources"], "Diesel")
    assert diesel[6].number_format == "#,##0.000"


def test_the_flat_sheet_has_every_figure(seed: World, sign_in: SignIn) -> None:
    client = sign_in(seed.reviewer)
    rows = list(workbook(download(client, "xlsx"))["Data"].iter_rows(values_only=True))
    lines = list(csv.reader(io.StringIO(download(client, "csv").content.decode("utf-8-sig"))))
    assert len(rows) == len(lines)
    assert list(rows[0]) == lines[0]
    value = lines[0].index("value")
    flat = {(row[1], row[4]): row[value] for row in rows[1:]}
    assert flat["ENV-RES-ELECTRICITY", None] == 55320585
    assert flat["ENV-RES-ELECTRICITY", "HAMI"] == 37958240
    texts = {(line[1], line[4]): line[value] for line in lines[1:]}
    assert texts["ENV-RES-ELECTRICITY-D", ""] == "1395.53959284579097399157438006"


def test_what_is_provisional_says_so(seed: World, sign_in: SignIn) -> None:
    response = download(sign_in(seed.reviewer), "xlsx", basis="all")
    assert "provisional" in response["Content-Disposition"]
    book = workbook(response)
    for sheet in book.worksheets[:-1]:
        assert any("Provisional" in str(row[0].value) for row in sheet.iter_rows(max_row=8))
    assert {row[14] for row in book["Data"].iter_rows(min_row=2, values_only=True)} == {"all"}


def test_the_notice_of_the_group_goes_along(seed: World, sign_in: SignIn) -> None:
    Group.objects.update(notice="Illustrative figures.", notice_zh_hans="数据仅供演示。")
    sheet = workbook(download(sign_in(seed.reviewer), "xlsx"))["Production"]
    assert "Illustrative figures." in [row[0].value for row in sheet.iter_rows()]


def test_no_value_is_a_dash_with_its_reason(seed: World, sign_in: SignIn) -> None:
    sheet = workbook(download(sign_in(seed.reviewer), "xlsx", site="HAMI"))["A1 Non-hazardous waste"]
    assert "Nothing is recorded or expected here." in [row[0].value for row in sheet.iter_rows()]
    SiteResource.objects.create(site=seed.hami, resource_item=ResourceFactory(code="petrol", name_en="Petrol"))
    cells = row_of(workbook(download(sign_in(seed.reviewer), "xlsx"))["A2 Resources"], "Petrol")
    assert [cell.value for cell in cells[2:5]] == ["– not recorded"] * 3


def test_a_total_that_lacks_rows_says_so(seed: World, sign_in: SignIn) -> None:
    put_none(seed.submission(seed.hami, 6), seed.coal, CellState.NOT_MEASURED)
    client = sign_in(seed.reviewer)
    sheet = workbook(download(client, "xlsx", basis="all"))["A2 Resources"]
    assert row_of(sheet, "Coal, Hami: without 1 row that has no value")
    assert b"without 1 row that has no value" in client.get("/figures/2020/", {"basis": "all"}).content


def test_text_that_looks_like_a_formula_is_made_harmless(seed: World, sign_in: SignIn) -> None:
    seed.coal.name_en = '=HYPERLINK("http://x","coal")'
    seed.coal.save()
    client = sign_in(seed.reviewer)
    assert row_of(workbook(download(client, "xlsx"))["A2 Resources"], "'" + seed.coal.name_en)
    text = download(client, "csv").content.decode("utf-8-sig")
    titles = {row["title"] for row in csv.DictReader(io.StringIO(text))}
    assert "'" + seed.coal.name_en in titles and seed.coal.name_en not in titles


def test_the_same_figures_give_the_same_bytes(seed: World, sign_in: SignIn) -> None:
    client = sign_in(seed.reviewer)
    for file_format in ("xlsx", "csv"):
        assert download(client, file_format).content == download(client, file_format).content
    created = workbook(download(client, "xlsx")).properties.created
    assert created is not None and created.date() == seed.year.ends_on


def test_heads_in_the_language_of_the_reader(seed: World, sign_in: SignIn) -> None:
    seed.reviewer.language = "zh-hans"
    seed.reviewer.save()
    sheet = workbook(download(sign_in(seed.reviewer), "xlsx")).worksheets[4]
    assert {"哈密", "白山", "简 electricity"} & {cell.value for row in sheet.iter_rows() for cell in row}


def test_a_clerk_exports_the_own_site_only(seed: World, sign_in: SignIn) -> None:
    client = sign_in(seed.clerk)
    response = download(client, "csv")
    assert "figures-2020-hami" in response["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["site"] for row in rows} == {"HAMI"}
    assert client.get(reverse("indicators:export", args=["2020", "csv"]), {"site": "BAISHAN"}).status_code == 404


def test_unknown_formats_are_not_there(seed: World, sign_in: SignIn) -> None:
    assert sign_in(seed.reviewer).get("/figures/2020/export/pdf").status_code == 404


@pytest.mark.parametrize("person", ["reviewer", "lead", "auditor", "administrator"])
def test_the_admin_exports_too(seed: World, sign_in: SignIn, person: str) -> None:
    client = sign_in(getattr(seed, person))
    page = client.get(reverse("admin:indicators_annualfigures_change", args=[seed.year.pk]))
    assert page.status_code == 200
    address = reverse("admin:indicators_annualfigures_export", args=["2020", "xlsx"])
    assert address in page.content.decode()
    assert workbook(client.get(address)).sheetnames[-1] == "Data"


def test_the_admin_keeps_to_the_scope(seed: World, sign_in: SignIn) -> None:
    local = World.person("local-reviewer", "reviewer", seed.baishan)
    client = sign_in(local)
    address = reverse("admin:indicators_annualfigures_export", args=["2020", "csv"])
    rows = list(csv.DictReader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))
    assert {row["site"] for row in rows} == {"BAISHAN"}
    assert client.get(address, {"site": "HAMI"}).status_code == 404
    assert sign_in(seed.clerk).get(address).status_code == 403
    assert client.post(address).status_code == 403
