"""What hangs on a withheld group, and that no page, file or command prints it to anybody."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.kpi_set import current_kpis
from tests.factories import World
from tests.indicators.withholding import WITHHELD, figures, withheld

SignIn = Callable[[Any], Client]
# Numbers of both sites that must stand nowhere.
HIDDEN = {"3", "7919", "7,919", "1237", "1,237", "1579", "1,579", "23456", "23,456", "23,456.0", "8111", "8,111"}

# What hangs on a small group ----------------------------------------------------------------------------------------


def test_what_speaks_of_a_small_group_is_withheld_with_it(small_site: World) -> None:
    found = figures(small_site)
    for group in ("WOMEN", "MEN"):
        for head in ("END", "LEFT", "TRAINED", "HOURS"):
            for code in (f"WF-{head}-{group}", f"WF-{head}-{group}-D"):
                figure = found.of(code, small_site.hami)
                assert figure.value is None and figure.is_withheld, code
                assert (figure.numerator, figure.rows) == (None, 0), code
        for head in ("TURN_E", "TURN_A", "TURN_T", "TRAINED_S", "AVG"):
            figure = found.of(f"WF-{head}-{group}", small_site.hami)
            assert figure.value is None and figure.is_withheld, figure.kpi.code
        # At year start they were more than a few.
        assert found.of(f"WF-START-{group}", small_site.hami).value is not None
    assert found.of("WF-LEFT", small_site.hami).value == 1239
    assert found.of("WF-LEFT-WOMEN").display == "4"
    assert found.of("WF-LEFT-WOMEN-D").value is not None


def test_the_pages_of_group_and_sites_withhold_the_same(small_site: World) -> None:
    of_group = withheld(figures(small_site))
    of_sites = withheld(figures(small_site, small_site.hami)) | withheld(figures(small_site, small_site.baishan))
    assert of_group == of_sites == {(group, site) for group in ("women", "men") for site in ("HAMI", "BAISHAN")}


def test_one_figure_alone_is_withheld_like_all_together(small_site: World) -> None:
    """The page of a figure asks for no other, and must come to the same."""
    for code in ("WF-END-MEN", "WF-LEFT-MEN-D", "WF-AVG-WOMEN", "WF-TURN_A-MEN"):
        kpis = current_kpis().only(code)
        sites = [small_site.hami, small_site.baishan]
        alone = compute(year=small_site.year, sites=sites, basis=Basis.ALL, kpis=kpis)
        assert alone.of(code, small_site.hami).is_withheld and alone.of(code).value is not None


# On pages and in files ----------------------------------------------------------------------------------------------


def cells_of(page: Any) -> set[str]:
    """The words of a page or file, each for itself."""
    assert page.status_code == 200
    main = page.content.decode().partition("<main")[2]
    return set(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.parametrize("person", ["clerk", "other_clerk", "reviewer", "auditor", "administrator"])
def test_the_annual_page_shows_no_withheld_number_to_anybody(small_site: World, sign_in: SignIn, person: str) -> None:
    client = sign_in(getattr(small_site, person))
    for query in ({}, {"site": "HAMI"}, {"site": "BAISHAN"}):
        page = client.get("/figures/2020/", query)
        if page.status_code != 404:
            assert not cells_of(page) & HIDDEN
            assert WITHHELD in " ".join(page.content.decode().split())


def test_a_clerk_sees_withheld_what_the_group_page_withholds(small_site: World, sign_in: SignIn) -> None:
    """Baishan has no small group; it is withheld there because of Hami."""
    page = sign_in(small_site.other_clerk).get("/figures/2020/")
    report = page.context["report"]
    assert report.site == small_site.baishan
    assert withheld(report.figures) == {("women", "BAISHAN"), ("men", "BAISHAN")}


def texts_of(book: openpyxl.Workbook) -> set[str]:
    return {
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    }


@pytest.mark.parametrize("person", ["reviewer", "administrator"])
@pytest.mark.parametrize("door", ["indicators:export", "admin:indicators_annualfigures_export"])
def test_files_hold_no_withheld_number(small_site: World, sign_in: SignIn, person: str, door: str) -> None:
    client = sign_in(getattr(small_site, person))
    for query in ({}, {"site": "HAMI"}):
        text = client.get(reverse(door, args=["2020", "csv"]), query).content.decode("utf-8-sig")
        rows = [row for row in csv.DictReader(io.StringIO(text)) if row["code"].startswith("WF-")]
        assert not {row[column] for row in rows for column in ("value", "display", "numerator", "denominator")} & HIDDEN
        assert sum(row["reason"] == WITHHELD for row in rows) >= 20
        content = client.get(reverse(door, args=["2020", "xlsx"]), query).content
        book = openpyxl.load_workbook(io.BytesIO(content))
        del book["Data"]
        assert not texts_of(book) & HIDDEN
        assert f"– {WITHHELD}" in texts_of(book)


def test_the_command_prints_no_withheld_number(small_site: World, tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    for options in ((), ("--site", "HAMI")):
        call_command("annual_figures", "2020", "--basis", "all", "--format", "json", "-o", str(path), *options,
                     stderr=io.StringIO())  # fmt: skip
        rows = {(row["code"], row["site"]): row for row in json.loads(path.read_text(encoding="utf-8"))}
        named = ("value", "display", "numerator", "denominator")
        assert not {str(row[name]) for row in rows.values() for name in named} & HIDDEN
        men = rows["WF-END-MEN", "HAMI"]
        assert [men[name] for name in ("value", "display", "rows")] == [None, "–", 0]


def figure_page(client: Client, code: str, **query: str) -> Any:
    return client.get(reverse("indicators:figure", args=["2020", code]), query)


@pytest.mark.parametrize("person", ["reviewer", "lead", "auditor", "clerk"])
def test_who_may_read_the_rows_sees_the_figure_and_that_reports_withhold_it(
    small_site: World, sign_in: SignIn, person: str
) -> None:
    page = figure_page(sign_in(getattr(small_site, person)), "WF-END-MEN", site="HAMI")
    assert page.context["figure"].value == 7919
    assert "Reports and exports withhold this figure" in page.content.decode()
    assert page.context["lineage"].total == 7919


@pytest.mark.parametrize(
    "code", ["WF-END-MEN", "WF-LEFT-MEN", "WF-LEFT-MEN-D", "WF-AVG-MEN", "WF-TURN_T-MEN", "WF-END"]
)
def test_an_administrator_opens_no_rows_and_no_withheld_figure(small_site: World, sign_in: SignIn, code: str) -> None:
    client = sign_in(small_site.administrator)
    for query in ({"site": "HAMI"}, {}):
        page = figure_page(client, code, **query)
        assert not cells_of(page) & (HIDDEN - {"3"})
        assert "lineage" not in page.context
        assert "They are open to those who enter, review or audit them" in " ".join(page.content.decode().split())


def test_a_clerk_opens_the_figures_of_no_other_site(small_site: World, sign_in: SignIn) -> None:
    client = sign_in(small_site.clerk)
    assert figure_page(client, "WF-END-MEN", site="BAISHAN").status_code == 404
    assert figure_page(client, "WF-END-MEN").context["figure"].site == small_site.hami
