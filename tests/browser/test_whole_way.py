"""From an empty March to an approved one and an exported year: the clerk in Chinese, the reviewer in English."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.submissions.choices import State
from apps.submissions.models import Submission
from tests.browser.conftest import Visitor
from tests.factories import World

pytestmark = pytest.mark.browser

TYPED = {
    "production:magnesium": ("２，０００", "t"),
    "resource:electricity": ("280.5", "万kWh"),
    "resource:diesel": ("40", "L"),
    "resource:coal": ("5,300", "t"),
    "waste:waste_oil/sold": ("800", "kg"),
    "packaging:wrap": ("0.7", "t"),
}


def test_from_an_empty_month_to_an_exported_year(world: World, visit: Callable[..., Visitor]) -> None:
    march = world.submission(world.hami, 3)
    clerk = visit(world.clerk)
    page = clerk.page
    page.get_by_role("link", name="2020年3月").click()
    for row, (value, unit) in TYPED.items():
        page.locator(f'[id="{row}:value"]').fill(value)
        page.locator(f'[name="{row}:unit"]').select_option(unit)
    page.get_by_label("本期无此事项").check()
    page.get_by_role("button", name="保存并前往提交").click()
    page.get_by_role("button", name="确认提交").click()
    page.wait_for_url("**/")
    march.refresh_from_db()
    assert march.state == State.SUBMITTED

    reviewer = visit(world.reviewer, language="en")
    page = reviewer.open(reverse("admin:index"))
    page.get_by_role("link", name="Hami · March 2020").first.click()
    expect(page.locator("body")).to_contain_text("2,805,000")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("approved", exact=False).first).to_be_visible()
    march.refresh_from_db()
    assert (march.state, march.approved_by) == (State.APPROVED, world.reviewer)

    page = reviewer.open(reverse("indicators:year", args=["2020"]))
    page.get_by_role("link", name="2,805,000").first.click()
    expect(page.locator("body")).to_contain_text("280.5 万kWh")
    expect(page.locator("body")).to_contain_text(world.clerk.full_name)

    page = reviewer.open(reverse("indicators:year", args=["2020"]))
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    densities = {row["site"]: row["value"] for row in rows if row["code"] == "ENV-RES-ELECTRICITY-D"}
    # 2,805,000 kWh over 2,000 t; Baishan has nothing yet, and nothing is not zero.
    assert densities == {"": "1402.5", "HAMI": "1402.5", "BAISHAN": ""}
    assert Submission.objects.filter(state=State.APPROVED).count() == 1
