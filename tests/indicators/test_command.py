"""``manage.py annual_figures`` and ``write_kpi_docs``."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.submissions.models import Submission
from tests.factories import World
from tests.indicators.records import put

KEYS = {
    "code", "hkex", "title", "site", "value", "display", "unit", "numerator", "denominator", "rows", "approved",
    "expected", "year", "basis",
}  # fmt: skip


def run(*args: Any) -> str:
    out = io.StringIO()
    call_command("annual_figures", *args, stdout=out, stderr=out)
    return out.getvalue()


def as_json(*args: Any) -> dict[tuple[str, str | None], dict[str, Any]]:
    return {(row["code"], row["site"]): row for row in json.loads(run(*args, "--format", "json"))}


@pytest.fixture
def seed(world: World) -> World:
    """Electricity and output as the company printed them for 2020."""
    for site, kwh, tonnes in ((world.hami, "37958240", "27384"), (world.baishan, "17362345", "12257")):
        put(world.submission(site, 5), world.electricity, kwh)
        put(world.submission(site, 5), world.magnesium, tonnes)
    world.electricity.hkex = "A2.1"
    world.electricity.save()
    return world


def test_json_says_everything_about_a_figure(seed: World) -> None:
    rows = as_json("2020", "--basis", "all")
    total, density = rows["ENV-RES-ELECTRICITY", None], rows["ENV-RES-ELECTRICITY-D", None]
    assert set(total) == KEYS
    assert total == {
        "year": "2020", "code": "ENV-RES-ELECTRICITY", "hkex": ["A2.1"], "title": "Electricity", "site": None,
        "value": "55320585", "display": "55,320,585", "unit": "kWh", "numerator": None, "denominator": None,
        "rows": 2, "approved": 0, "expected": 24, "basis": "all",
    }  # fmt: skip
    assert (density["display"], density["unit"]) == ("1,395.5", "kWh/t")
    assert density["value"] == "1395.53959284579097399157438006"
    assert (density["numerator"], density["denominator"]) == ("55320585", "39641")
    assert rows["ENV-RES-ELECTRICITY", "HAMI"]["value"] == "37958240"
    assert rows["ENV-RES-COAL", "HAMI"]["value"] is None


def test_approved_data_are_the_default(seed: World, approve: Callable[..., Submission]) -> None:
    approve(seed.submission(seed.hami, 1), seed.clerk, seed.reviewer)
    row = as_json("2020")["ENV-OUTPUT", None]
    assert (row["value"], row["basis"], row["approved"], row["expected"]) == ("2000", "approved", 1, 24)


def test_one_site(seed: World) -> None:
    rows = as_json("2020", "--basis", "all", "--site", "BAISHAN")
    assert {site for _code, site in rows} == {"BAISHAN"}


def test_group_rows_come_first(seed: World) -> None:
    sites = [row["site"] for row in json.loads(run("2020", "--format", "json"))]
    assert list(dict.fromkeys(sites)) == [None, "HAMI", "BAISHAN"]


def test_csv_has_the_same_rows(seed: World) -> None:
    rows = list(csv.DictReader(io.StringIO(run("2020", "--basis", "all", "--format", "csv"))))
    found = next(row for row in rows if row["code"] == "ENV-RES-ELECTRICITY-D" and not row["site"])
    assert found["value"] == "1395.53959284579097399157438006"
    assert set(rows[0]) >= KEYS


def test_a_table_to_read(seed: World) -> None:
    text = run("2020", "--basis", "all")
    assert "Provisional" in text
    assert any(line.split() == ["Electricity", "Group", "55,320,585", "kWh", "1,395.5", "kWh/t"] for line in
               text.splitlines())  # fmt: skip


def test_in_chinese(seed: World) -> None:
    assert "哈密" in run("2020", "--basis", "all", "--language", "zh-hans")


def test_to_a_file(seed: World, tmp_path: Path) -> None:
    for format_code in ("json", "csv", "xlsx", "table"):
        path = tmp_path / f"figures.{format_code}"
        assert str(path) in run("2020", "--format", format_code, "-o", path)
        assert path.stat().st_size > 500
    assert (tmp_path / "figures.csv").read_text(encoding="utf-8").startswith("year,code,hkex,title,site,value")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("1999",), "There is no reporting year '1999'. Known: 2020."),
        (("2020", "--site", "PARIS"), "There is no site 'PARIS'. Known: HAMI, BAISHAN."),
        (("2020", "--format", "xlsx"), "add -o FILE"),
        (("2020", "--format", "pdf"), "invalid choice: 'pdf'"),
        (("2020", "--basis", "some"), "invalid choice: 'some'"),
        (("2020", "-o", "/nowhere/at/all.json"), "Cannot write"),
    ],
)
def test_mistakes_are_named(world: World, args: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words.replace(".", r"\.")):
        run(*args)


def test_the_page_of_key_figures_is_current() -> None:
    call_command("write_kpi_docs", "--check")


def test_an_old_page_of_key_figures_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "kpis.md"
    call_command("write_kpi_docs", "-o", page, stdout=io.StringIO())
    call_command("write_kpi_docs", "--check", "-o", page)
    page.write_text(page.read_text(encoding="utf-8") + "more", encoding="utf-8")
    with pytest.raises(CommandError, match="out of date"):
        call_command("write_kpi_docs", "--check", "-o", page)
