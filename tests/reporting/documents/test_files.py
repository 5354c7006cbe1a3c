"""The files of a year: the published tables in them, text that stays text, the same bytes on every machine."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import openpyxl
import pypdf
import pytest

from apps.reporting.content.canonical import canonical, digest
from apps.reporting.content.shape import Content
from apps.reporting.documents.blocks import Heading
from apps.reporting.documents.files import FORMATS, make
from apps.reporting.documents.outline import outline
from tests.reporting.documents.contents import HOSTILE, same, table, year_content
from tests.reporting.documents.contents import line as table_line

_ALL = [
    (file_format.code, language)
    for file_format in FORMATS
    for language in (("en", "zh-hans", "zh-hant") if file_format.per_language else ("",))
]
_ELSEWHERE = """
import json, sys
import django
django.setup()
from apps.reporting.documents.files import make
from apps.reporting.content.canonical import parsed
import hashlib
content = parsed(sys.stdin.read())
for code, language in json.loads(sys.argv[1]):
    print(code, language, hashlib.sha256(make(content, code, language).content).hexdigest())
"""


@pytest.fixture(scope="module")
def content() -> Content:
    return year_content()


def pdf_text(content: Content, language: str) -> str:
    reader = pypdf.PdfReader(io.BytesIO(make(content, "pdf", language).content))
    return "\n".join(page.extract_text() for page in reader.pages)


def test_the_published_tables_stand_in_the_pdf(content: Content) -> None:
    text = pdf_text(content, "en")
    for line in (
        "Types of hazardous waste Consumption 2020 (t) Treatment",
        "Waste engine oil 16.0 Sold to nearby enterprises",
        "Electricity kWh 55,320,585 1,395.5 kWh/t",
        "Diesel oil L 831 0.021 L/t",
        "Coal t 106,352 2.7 t/t",
        "Water m³ 129,095 3.3 m³/t",
        "Few persons withheld",
        "Hami 89,514",
        "• Environment: 24 of 24 forms approved",
        "A2.2 Water Comply or",
        "Missing –",
    ):
        assert line in text, line
    assert f"1. {HOSTILE}" in text


def test_the_chinese_pdf_has_chinese_as_text(content: Content) -> None:
    traditional = pdf_text(content, "zh-hant")
    assert "電力 kWh 55,320,585 1,395.5 kWh/t" in traditional
    assert "廢機油 16.0 出售予附近企業" in traditional
    assert "稀鎂科技集團" in traditional
    assert "电力 kWh 55,320,585" in pdf_text(content, "zh-hans")


def _electricity(place_factor: str, amount: str, result: str) -> list[dict[str, object]]:
    step = {"title": same("grid emission factor"), "value": place_factor, "unit": "tCO₂/MWh", "source": "Notice",
            "reference": f"grid {place_factor}", "is_doubtful": False}  # fmt: skip
    return [{"title": same("Electricity"), "code": "E", "amount": amount, "unit": same("MWh"), "steps": [step],
             "result": result, "reason": {}}]  # fmt: skip


def test_a_calculation_shows_what_each_amount_is_multiplied_by() -> None:
    """Sites under one factor are added up; one under another has a line of its own."""
    sites = {"HAMI": _electricity("0.5", "20", "10"), "BAISHAN": _electricity("0.6", "10", "6")}
    for other, line in (("0.6", "Electricity (Baishan) 10 MWh × 0.6 tCO₂/MWh 6"), ("0.5", "Electricity 30 MWh × 0.5")):
        sites["BAISHAN"] = _electricity(other, "10", "6")
        text = pdf_text(year_content(calculations={"W": sites}), "en")
        assert line in text, text


def test_a_table_of_many_words_goes_on_over_the_page() -> None:
    rows = [table_line(same(f"Row {index} " + "word " * 300), "W") for index in range(9)]
    content = year_content(tables=[table("A2-LONG", "Long", "Items", rows)])
    reader = pypdf.PdfReader(io.BytesIO(make(content, "pdf", "en").content))
    on = {index: page for page, each in enumerate(reader.pages) for index in range(9)
          if f"Row {index} word" in each.extract_text()}  # fmt: skip
    assert on[8] > on[0]


def test_every_page_of_a_draft_says_so_and_no_page_of_an_edition(content: Content) -> None:
    reader = pypdf.PdfReader(io.BytesIO(make(content, "pdf", "en").content))
    assert all("DRAFT · 草稿 · 草擬本" in page.extract_text() for page in reader.pages)
    edition = make(year_content(number=1, published_at="2021-03-30T08:00:00+00:00"), "pdf", "en")
    assert edition.name == "esg-report-2020-en.pdf"
    reader = pypdf.PdfReader(io.BytesIO(edition.content))
    assert not any("DRAFT" in page.extract_text() for page in reader.pages)
    assert "Edition 1, published on 30 Mar 2021" in reader.pages[0].extract_text()
    # Tagged, in a named language, dated by its publication.
    root = reader.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en-GB")
    assert str((reader.metadata or {})["/CreationDate"]).startswith("D:20210330")


def made_elsewhere(content: Content, time_zone: str, seed: str) -> list[str]:
    """Digests of all files, from a process of its own, which has no database."""
    environment = {
        **os.environ,
        "TZ": time_zone,
        "PYTHONHASHSEED": seed,
        "DJANGO_SETTINGS_MODULE": "esgportal.settings_test",
        "DATABASE_URL": "postgres://nobody@localhost:1/nothing",
    }
    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, json.dumps(_ALL)],
        input=canonical(content),
        env=environment,
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_signs_that_no_type_has_are_marked_and_stop_nothing() -> None:
    content = year_content()
    content["provisions"][1]["statement"] = same("Face 😀, rare 𠮷, bell \x07 and \u202eturned, CO₂ ≤ 5 ㎡ ① ℃ →")
    content["figures"]["ENV-RES-WATER"]["title"] = same("Water 😀")
    text = pdf_text(content, "zh-hans")
    assert "Face 〓, rare 〓, bell and turned, CO₂ ≤ 5 ㎡ 1 ℃ →" in text.replace("  ", " ")
    assert "Water 〓" in text
    for file_format in ("docx", "html", "xlsx"):
        assert make(content, file_format, "zh-hans").content


def test_two_processes_in_two_time_zones_make_the_same_bytes(content: Content) -> None:
    here = made_elsewhere(content, "Pacific/Auckland", "1")
    assert len(here) == len(_ALL)
    assert made_elsewhere(content, "America/Los_Angeles", "77") == here


def test_the_json_file_is_what_the_digest_is_of(content: Content) -> None:
    made = make(content, "json", "")
    assert hashlib.sha256(made.content).hexdigest() == digest(canonical(content))
    assert json.loads(made.content) == content


def test_csv_has_all_digits_and_no_formula(content: Content) -> None:
    made = make(content, "csv", "").content
    assert made.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"))))
    by_code = {(row["code"], row["place"]): row for row in rows}
    electricity = by_code["E", ""]
    assert (electricity["value"], electricity["display"]) == ("55320585", "55,320,585")
    assert (electricity["title_zh-hant"], electricity["provisions"]) == ("電力", "A2.1")
    assert by_code["'=1+1", ""]["value"] == "0.123456789012345678901"
    assert by_code["'=1+1", ""]["unit"] == "'=1+1"
    assert by_code["SMALL", ""]["value"] == "" and by_code["SMALL", ""]["is_withheld"] == "1"
    assert by_code["ENV-RES-WATER", "HAMI"]["value"] == "89514"


def test_the_data_book_has_numbers_and_no_formula(content: Content) -> None:
    book = openpyxl.load_workbook(io.BytesIO(make(content, "xlsx", "en").content))
    assert book.sheetnames == [
        "Figures",
        "By site",
        "Definitions",
        "Coverage",
        "Restatements",
        "Factors",
        "Calculations",
        "Index",
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    rows = {row[0].value: row for row in book["Figures"].iter_rows()}
    assert rows["E"][3].value == 55320585 and rows["E"][3].number_format == "#,##0"
    assert rows["'=1+1"][4].value == "0.123456789012345678901"
    assert rows["SMALL"][3].value == "– withheld"
    assert rows["ENV-RES-WATER"][6].value == pytest.approx(-0.00696)
    sites = {row[0]: row[3:6] for row in book["By site"].iter_rows(values_only=True)}
    assert sites["ENV-RES-WATER"] == (129095, 89514, 39581)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_web_page_runs_nothing_and_can_be_listened_to(content: Content) -> None:
    written = make(content, "html", "zh-hant").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written
    parser = _Tags()
    parser.feed(written)
    names = [tag for tag, _attributes in parser.found]
    assert "script" not in names and names.count("h1") == 1
    assert ("html", {"lang": "zh-Hant"}) in parser.found
    identifiers = [attributes["id"] for _tag, attributes in parser.found if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    links = [attributes["href"] for tag, attributes in parser.found if tag == "a"]
    assert links and all(str(link).removeprefix("#") in identifiers for link in links)
    assert not [attributes for _tag, attributes in parser.found if "style" in attributes]
    assert [attributes["scope"] for tag, attributes in parser.found if tag == "th"].count("col") > 10


def test_sixty_sites_and_a_thousand_lines_are_no_trouble() -> None:
    content = year_content()
    table = content["tables"][1]
    table["lines"] = [{**table["lines"][0], "title": same(f"Line {number}")} for number in range(1000)]
    content["sites"] = [{**content["sites"][0], "code": f"S{number}"} for number in range(60)]
    text = pdf_text(content, "en")
    assert "Line 999 55,320,585 1,395.5 kWh/t" in text and "60 sites are covered." in text
    # Its head is repeated on every page; by site they are in the data book alone.
    assert text.count("Resources Consumption 2020 (kWh) Density") > 10
    assert "Environmental figures by site" not in text
    assert len(make(content, "docx", "en").content) > 0


@pytest.mark.parametrize("aspect", ["report", "B", "D"])
def test_a_chapter_without_parts_skips_no_level_of_headings(aspect: str) -> None:
    """Its provisions stand right under it; the PDF is one that everybody can read, which refuses a gap."""
    content = year_content()
    for provision in content["provisions"]:
        provision["aspect"] = aspect
        provision["kind"] = "general"
    blocks = [block for block in outline(content, "en").blocks if isinstance(block, Heading)]
    levels = [1, *(block.level for block in blocks)]
    assert 2 in levels and all(after <= before + 1 for before, after in pairwise(levels))
