"""Import of records through the pages of staff and admin: upload, check, confirmation."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import Change
from apps.environment.models import ResourceUse
from apps.organisation.models import Membership
from apps.submissions.models import Submission
from tests.factories import World
from tests.submissions.exchange_files import csv_bytes, row, stored, table, xlsx_bytes

Act = Callable[..., Submission]


def upload(client: Client, content: bytes, name: str = "records.csv", base: str = "/records/import/") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post(base, {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_check_then_confirm(world: World, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(world.clerk)
    page = upload(client, csv_bytes(table(row(), row(item="diesel", quantity="40", unit="L"))))
    assert page.status_code == 200 and stored(world) is None
    shown = page.content.decode()
    assert "5,532.06 万kWh" in shown and "Import 2 rows" in shown
    done = client.post(page.request["PATH_INFO"] + "apply/", follow=True)
    assert "Imported. 2 rows: 2 new" in done.content.decode()
    record = stored(world)
    assert record is not None and record.entered_by == world.clerk
    change = Change.objects.filter(table="environment_resourceuse").first()
    assert change is not None and change.actor_id == world.clerk.pk
    again = client.post(page.request["PATH_INFO"] + "apply/", follow=True)
    assert "expired" in again.content.decode(), "a confirmed file is gone"


def test_problems_are_shown_and_listed_as_csv(world: World, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(world.clerk)
    rows = [
        row(period=f"2020-{month:02}", quantity="=cmd()", item=f"x{n}") for month in range(1, 13) for n in range(20)
    ]
    page = upload(client, csv_bytes(table(*rows)))
    shown = page.content.decode()
    assert "There are 480 problems" in shown and "380 more are in the list" in shown
    assert "Import 2" not in shown and len(shown) < 100_000
    listed = client.get(page.request["PATH_INFO"] + "problems.csv").content.decode("utf-8-sig")
    assert len(listed.splitlines()) == 481
    assert listed.splitlines()[0] == "Row,Column,Problem"
    refused = client.post(page.request["PATH_INFO"] + "apply/")
    assert "There are 480 problems" in refused.content.decode() and not ResourceUse.objects.exists()


def test_what_changed_between_check_and_confirmation_is_seen(
    world: World, sign_in: Callable[[User], Client], hand_in: Act
) -> None:
    client = sign_in(world.clerk)
    page = upload(client, csv_bytes(table(row())))
    hand_in(world.submission(world.hami, 3), world.clerk)
    refused = client.post(page.request["PATH_INFO"] + "apply/").content.decode()
    assert "locked" in refused
    record = stored(world)
    assert record is not None and record.quantity == 2_805_000


def test_a_checked_file_is_its_persons_alone(world: World, sign_in: Callable[[User], Client]) -> None:
    page = upload(sign_in(world.clerk), csv_bytes(table(row())))
    other = sign_in(world.other_clerk)
    for path in ("", "problems.csv"):
        assert other.get(page.request["PATH_INFO"] + path).status_code == 302
    assert other.post(page.request["PATH_INFO"] + "apply/").status_code == 302
    assert stored(world) is None


@pytest.mark.parametrize("person", ["reviewer", "auditor", "administrator", "stranger"])
def test_people_who_enter_nothing_do_not_import(world: World, sign_in: Callable[[User], Client], person: str) -> None:
    client = sign_in(getattr(world, person))
    assert client.get("/records/import/").status_code == 403
    assert upload(client, csv_bytes(table(row()))).status_code == 403
    assert client.post(f"/records/import/{'a' * 64}/apply/").status_code == 403
    assert client.get("/records/template/?site=HAMI&period=2020-03").status_code == 403


def test_another_sheet_is_read_on_request(world: World, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(world.clerk)
    content = xlsx_bytes([["How to fill this in"]], sheet="Help", Data=table(row(quantity=5532.06)))
    page = upload(client, content, "records.xlsx")
    assert "These columns are missing" in page.content.decode() and "?sheet=Data" in page.content.decode()
    path = page.request["PATH_INFO"]
    assert "Import 1 row" in client.get(path, {"sheet": "Data"}).content.decode()
    client.post(path + "apply/", {"sheet": "Data"})
    record = stored(world)
    assert record is not None and record.quantity == 55_320_600


def test_the_admin_has_the_same_door(world: World, sign_in: Callable[[User], Client]) -> None:
    assert sign_in(world.clerk).get("/admin/submissions/submission/import/").status_code == 403
    client = sign_in(world.reviewer)
    assert client.get("/admin/submissions/submission/import/").status_code == 403
    assert "Import records" not in client.get("/admin/submissions/submission/").content.decode()
    Membership.objects.create(user=world.reviewer, role="preparer", site=world.hami)
    assert "Import records" in client.get("/admin/submissions/submission/").content.decode()
    page = upload(client, csv_bytes(table(row())), base="/admin/submissions/submission/import/")
    assert "Import 1 row" in page.content.decode()
    client.post(page.request["PATH_INFO"] + "apply/")
    record = stored(world)
    assert record is not None and record.entered_by == world.reviewer
