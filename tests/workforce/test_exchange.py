"""Files of the workforce: what goes out and in, that it comes back unchanged, and that injuries never travel."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Change
from apps.workforce.models import Injury, TrainingCourse, WorkforceCount
from tests.factories import World
from tests.submissions.exchange_files import csv_bytes, imported, run, saved, table
from tests.workforce import records

SignIn = Callable[[User], Client]


def line(kind: str, item: str, quantity: str, unit: str = "", period: str = "2020", **more: Any) -> dict[str, Any]:
    return {
        "site": "HAMI",
        "period": period,
        "record_kind": kind,
        "item": item,
        "quantity": quantity,
        "unit": unit,
        "state": "",
        "method": "",
        "note": "",
        **more,
    }


def course(**more: Any) -> dict[str, Any]:
    told = {"date": "2020-03-10", "reference": "Safety office", "women": "8", "men": "32"}
    people = {"senior": "1", "middle": "4", "general": "35"}
    return line("course", "fire", "2", "h", "2020-03", **{**told, **people, **more})


@pytest.fixture
def filled(workforce_world: World) -> World:
    world = workforce_world
    form = records.breakdown(world.hami)
    records.put_counts(form, "year_end", women=80, men=120)
    records.put_count(form, "trained", "women", None)
    march = records.month(world.hami, 3)
    records.put_labour(march, "hours_worked", "35000.5")
    records.put_course(march, "1.5", women=8, men=32)
    records.put_injury(march, days=5, case_number="HM-2020-07")
    records.put_disease(march, case_number="HM-OD-3")
    records.put_standard(records.standards(world.hami), "child_labour", 0)
    return world


def test_a_file_that_went_out_comes_back_without_a_change(filled: World, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    call_command("export_records", output=path, all=True)
    text = path.read_text(encoding="utf-8-sig")
    for word in ("year_end/women", "hours_worked", "child_labour", "course"):
        assert word in text
    before = Change.objects.count()
    said, trouble = run(path)
    assert trouble == ""
    assert "0 new" in said or "unchanged" in said
    assert Change.objects.count() == before


def test_injuries_and_diseases_never_travel(filled: World, sign_in: SignIn, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    call_command("export_records", output=path, all=True)
    assert "HM-2020-07" not in path.read_text(encoding="utf-8-sig")
    page = sign_in(filled.clerk).get(reverse("exchange:export"), {"format": "csv", "year": "", "site": ""})
    content = b"".join(page.streaming_content).decode()  # type: ignore[attr-defined]
    assert "HM-2020-07" not in content
    assert "HM-OD-3" not in content
    _said, trouble = imported(tmp_path, line("injury", "gb6441-03", "3", "", "2020-03", date="2020-03-02"))
    assert trouble
    assert Injury.objects.count() == 1


def test_the_breakdown_comes_in_by_code_and_by_name(workforce_world: World, tmp_path: Path) -> None:
    rows = (
        line("headcount", "year_end/women", "80"),
        line("雇员构成", "年末人数 · 男性", "120", "人"),
        line("headcount", "training_hours/women", "97.5", "小时"),
        line("headcount", "trained/women", "", "", state="not_available_yet", note="by the end of the month"),
    )
    said, trouble = run(saved(tmp_path, csv_bytes(table(*rows))))
    assert trouble == "", said
    form = records.breakdown(workforce_world.hami)
    kept = {
        f"{count.measure.code}/{count.group.code}": (count.quantity, count.method)
        for count in WorkforceCount.objects.filter(submission=form)
    }
    assert kept["year_end/women"] == (80, "recorded")
    assert kept["year_end/men"] == (120, "recorded")
    assert str(kept["training_hours/women"][0]).startswith("97.5")
    assert kept["trained/women"] == (None, "")


def test_half_a_person_is_refused_with_its_row(workforce_world: World, tmp_path: Path) -> None:
    said, trouble = imported(
        tmp_path, line("headcount", "year_end/women", "80"), line("headcount", "leavers/men", "2.5")
    )
    assert "whole" in said + trouble
    assert "3" in said + trouble
    assert not WorkforceCount.objects.exists()


def test_a_course_comes_in_and_is_corrected(workforce_world: World, tmp_path: Path) -> None:
    _said, trouble = imported(tmp_path, course())
    assert trouble == ""
    kept = TrainingCourse.objects.get()
    assert (kept.women, kept.men, kept.general, str(kept.hours)) == (8, 32, 35, "2.00")
    assert imported(tmp_path, course(men="30", general="33"))[1] == ""
    kept.refresh_from_db()
    assert (kept.men, kept.general) == (30, 33)
    assert TrainingCourse.objects.count() == 1


def test_a_course_whose_people_do_not_agree_is_refused(workforce_world: World, tmp_path: Path) -> None:
    said, trouble = imported(tmp_path, course(men="31"))
    assert "same people" in said + trouble
    assert not TrainingCourse.objects.exists()
