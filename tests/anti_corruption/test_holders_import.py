"""Holders from a file: planted errors by row and column, all or nothing, and the same file again writes nothing."""

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
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.models import Duty, PostHolder
from apps.audit.models import Change
from tests.anti_corruption.records import Integrity, issued
from tests.by_hand import words
from tests.factories import UserFactory

SignIn = Callable[[User], Client]

HEADINGS = ("用户名", "重要岗位", "厂区", "任职开始日期", "任职结束日期")


def as_csv(lines: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *lines])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(lines: Sequence[Sequence[Any]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"}) as workbook:
        sheet = workbook.add_worksheet()
        for place, cells in enumerate([HEADINGS, *lines]):
            sheet.write_row(place, 0, cells)
    return stream.getvalue()


def upload(client: Client, content: bytes, name: str = "holders.csv") -> str:
    """Sends a file; the address of its check."""
    response = client.post(reverse("integrity:holders_import"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, words(response)
    return str(response["Location"])


def problems(client: Client, check: str) -> list[tuple[int, str, str]]:
    text = client.get(f"{check}problems.csv").content.decode("utf-8-sig")
    return [(int(row), column, message) for row, column, message in list(csv.reader(io.StringIO(text)))[1:]]


def held() -> list[tuple[str, str, str, dt.date, dt.date | None]]:
    found = PostHolder.objects.values_list("user__username", "post__code", "site__code", "valid_from", "valid_until")
    return sorted(found, key=str)


def test_planted_errors_are_told_by_row_and_column(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    for name in ("twin-1", "twin-2"):
        UserFactory(username=name, full_name="李伟")
    integrity.holder(world.reviewer, world.hami)
    lines = [
        ["clerk-hami", "purchasing", "HAMI", "2020-01-01", ""],
        ["nemo", "purchasing", "HAMI", "2020-01-01", ""],
        ["李伟", "purchasing", "HAMI", "2020-01-01", ""],
        ["clerk-baishan", "king", "HAMI", "2020-01-01", ""],
        ["clerk-baishan", "purchasing", "Mars", "2020-01-01", ""],
        ["clerk-baishan", "purchasing", "BAISHAN", "2020-01-01", ""],
        ["clerk-baishan", "purchasing", "HAMI", "last year", ""],
        ["clerk-baishan", "purchasing", "HAMI", "2020-01-02", "2020-01-01"],
        ["", "purchasing", "HAMI", "2020-01-01", ""],
        ["clerk-hami", "purchasing", "HAMI", "2020-01-01", ""],
        ["clerk-hami", "purchasing", "HAMI", "2021-01-01", ""],
        ["reviewer", "purchasing", "HAMI", "2019-01-01", "2020-01-01"],
    ]
    client = sign_in(integrity.hami_officer)
    check = upload(client, as_xlsx(lines), "holders.xlsx")
    found = problems(client, check)
    assert [(row, column) for row, column, _message in found] == [
        (3, "用户名 (A)"), (4, "用户名 (A)"), (5, "重要岗位 (B)"), (6, "厂区 (C)"), (7, "厂区 (C)"),
        (8, "任职开始日期 (D)"), (9, "任职结束日期 (E)"), (10, "用户名 (A)"), (11, "任职开始日期 (D)"),
        (12, "任职开始日期 (D)"), (13, "任职开始日期 (D)"),
    ]  # fmt: skip
    told = {row: message for row, _column, message in found}
    assert told[3] == "Nobody who may sign in is called “nemo”. Write the user name."
    assert told[4] == "Several people are called “李伟”. Write the user name."
    assert "king" in told[5] and "Mars" in told[6]
    assert told[7] == "You do not keep the positions of this site."
    assert told[8] == "This is no day. Write it like 2020-03-05."
    assert told[9] == "The last day lies before the first."
    assert told[10] == "This cell is blank."
    assert told[11] == told[12] == "Row 2 says that this person holds this position at that time."
    assert told[13] == "This person holds this position at that time already."
    response = client.post(f"{check}apply/")
    assert response.status_code == 422 and "There are 11 problems. Nothing was written." in words(response)
    assert PostHolder.objects.count() == 1


def test_a_file_adds_ends_and_begins(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    for document in (integrity.code, integrity.statement):
        issued(document, integrity.officer)
    integrity.holder(world.clerk, world.hami)
    lines = [
        ["clerk-hami", "简 purchasing", "哈密", dt.date(2020, 9, 1), ""],
        ["clerk-hami", "purchasing", "HAMI", "2020-01-01", "2020/8/31"],
        ["Clerk Baishan", "Department Head", "Baishan", "2020年3月5日", ""],
    ]
    client = sign_in(integrity.officer)
    check = upload(client, as_xlsx(lines), "holders.xlsx")
    assert problems(client, check) == []
    page = words(client.get(check))
    assert "New 2" in page and "Changed 1" in page and PostHolder.objects.count() == 1
    said = words(client.post(f"{check}apply/", follow=True))
    assert "2 holders added. 1 changed. 0 as before." in said
    assert held() == [
        ("clerk-baishan", "department_head", "BAISHAN", dt.date(2020, 3, 5), None),
        ("clerk-hami", "purchasing", "HAMI", dt.date(2020, 1, 1), dt.date(2020, 8, 31)),
        ("clerk-hami", "purchasing", "HAMI", dt.date(2020, 9, 1), None),
    ]
    assert set(Duty.objects.values_list("user__username", "rank")) == {
        ("clerk-baishan", "middle"), ("clerk-hami", "key_post"),
    }  # fmt: skip
    before = Change.objects.count()
    again = upload(client, as_xlsx(lines), "holders.xlsx")
    assert "There is nothing to import." in words(client.get(again))
    assert "0 holders added. 0 changed. 3 as before." in words(client.post(f"{again}apply/", follow=True))
    assert Change.objects.count() == before, "the same file again writes nothing"


def test_user_names_that_differ_in_capitals(integrity: Integrity, sign_in: SignIn) -> None:
    UserFactory(username="Wang"), UserFactory(username="wang")
    rest = ["purchasing", "HAMI", "2020-01-01", ""]
    client = sign_in(integrity.officer)
    check = upload(client, as_csv([["WANG", *rest]]))
    assert [message for _row, _column, message in problems(client, check)] == [
        "Several people are called “WANG”. Write the user name."
    ]
    check = upload(client, as_csv([["wang", *rest], ["CLERK-hami", *rest]]))
    client.post(f"{check}apply/")
    assert [row[0] for row in held()] == ["clerk-hami", "wang"]


def test_a_blank_cell_does_not_give_a_position_back(integrity: Integrity, sign_in: SignIn) -> None:
    for document in (integrity.code, integrity.statement):
        issued(document, integrity.officer)
    world, today = integrity.world, timezone.localdate()
    for user, until in ((world.clerk, dt.date(2020, 8, 31)), (world.other_clerk, today)):
        integrity.holder(user, world.hami)
        PostHolder.objects.filter(user=user).update(valid_until=until)
    again = PostHolder._default_manager.create(
        user=world.clerk, post=integrity.buying, site=world.hami, valid_from=dt.date(2021, 1, 1), valid_until=None
    )
    rest = ["purchasing", "HAMI", "2020-01-01", ""]
    client = sign_in(integrity.officer)
    check = upload(client, as_csv([["clerk-hami", *rest], ["clerk-baishan", *rest]]))
    assert problems(client, check) == []
    assert "0 holders added. 1 changed. 1 as before." in words(client.post(f"{check}apply/", follow=True))
    assert [(row[0], row[4]) for row in held() if row[3] != again.valid_from] == [
        ("clerk-baishan", None), ("clerk-hami", dt.date(2020, 8, 31)),
    ]  # fmt: skip


def test_two_thousand_lines_cost_few_statements(integrity: Integrity, sign_in: SignIn) -> None:
    for document in (integrity.code, integrity.statement):
        issued(document, integrity.officer)
    User.objects.bulk_create(User(username=f"w{number}", full_name=f"W {number}") for number in range(2_000))
    client = sign_in(integrity.officer)

    def costs(first: int, last: int) -> int:
        lines = [[f"w{number}", "purchasing", "HAMI", "2020-01-01", ""] for number in range(first, last)]
        check = upload(client, as_csv(lines))
        with CaptureQueriesContext(connection) as asked:
            assert client.post(f"{check}apply/").status_code == 302
        return len(asked)

    # The first file also opens the round.
    costs(0, 5)
    few = costs(5, 10)
    assert costs(10, 2_000) == few
    assert PostHolder.objects.count() == 2_000 == Duty.objects.count()


def test_headings_and_files_that_are_none(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    check = upload(client, as_csv([["a", "b"]], ("User name", "Site")))
    assert "These columns are missing: Important position, From." in words(client.get(check))
    url = reverse("integrity:holders_import")
    refused = client.post(url, {"file": SimpleUploadedFile("holders.pdf", b"%PDF")})
    assert refused.status_code == 422 and "holders.pdf" in words(refused)
    gone = client.get(reverse("integrity:holders_check", args=["0" * 64]), follow=True)
    assert "Choose the file again." in words(gone)


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_file_to_fill_in_is_read(integrity: Integrity, sign_in: SignIn, language: str) -> None:
    User.objects.filter(pk=integrity.officer.pk).update(language=language)
    integrity.officer.refresh_from_db()
    client = sign_in(integrity.officer)
    response: Any = client.get(reverse("integrity:holders_template"))
    check = upload(client, b"".join(response.streaming_content), "holders.xlsx")
    assert problems(client, check) == []
