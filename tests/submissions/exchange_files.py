"""Files for the tests of import and export, and the commands that take them."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from apps.environment.models import ResourceUse
from tests.factories import World

HEADINGS = ("site", "period", "record_kind", "item", "quantity", "unit", "state", "method", "note")
ELECTRICITY = ("HAMI", "2020-03", "resource", "electricity", "5532.06", "万kWh", "", "", "")


def row(**cells: Any) -> dict[str, Any]:
    """A right row of electricity with some cells changed."""
    return {**dict(zip(HEADINGS, ELECTRICITY, strict=True)), **cells}


def table(*rows: dict[str, Any], headings: Sequence[str] = ()) -> list[list[Any]]:
    """Headings and lines; columns that only some rows have come last."""
    names = list(headings or HEADINGS)
    if not headings:
        names = list(dict.fromkeys([*names, *(name for line in rows for name in line)]))
    return [names, *([line.get(name, "") for name in names] for line in rows)]


def csv_bytes(lines: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    return text.getvalue().encode(encoding)


def xlsx_bytes(lines: Sequence[Sequence[Any]], sheet: str = "records", **more: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with these sheets; numbers stay numbers."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}) as workbook:
        for name, of_sheet in {sheet: lines, **more}.items():
            written = workbook.add_worksheet(name)
            for number, line in enumerate(of_sheet):
                written.write_row(number, 0, line)
    return stream.getvalue()


def saved(folder: Path, content: bytes, name: str = "records.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def run(path: Path, **options: Any) -> tuple[str, str]:
    """What ``import_records`` printed, and its last words when it failed."""
    out = io.StringIO()
    try:
        call_command("import_records", str(path), stdout=out, **options)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def imported(folder: Path, *rows: dict[str, Any], **options: Any) -> tuple[str, str]:
    """Imports these rows as CSV."""
    return run(saved(folder, csv_bytes(table(*rows))), **options)


# A year of three items, one row each month: a long file where the fixture ``long`` says so.
CLERK = {"username": "clerk-hami"}
ITEMS = (("electricity", "万kWh"), ("diesel", "L"), ("coal", "t"))


def rows(months: int = 12, **cells: Any) -> list[dict[str, Any]]:
    return [
        row(period=f"2020-{month:02}", item=item, unit=unit, quantity=str(100 + month), **cells)
        for item, unit in ITEMS
        for month in range(1, months + 1)
    ]


def upload(client: Client, content: bytes, name: str = "records.csv") -> str:
    """The page of the job that checks the file."""
    answer = client.post("/records/import/", {"file": SimpleUploadedFile(name, content)}, follow=True)
    return str(answer.redirect_chain[-1][0])


def outcome(client: Client, job_page: str) -> Any:
    """The page that shows what came of a job that is done."""
    page = client.get(job_page)
    address = page.context["page"].outcome
    assert f'href="{address}"' in page.content.decode()
    return client.get(address)


def applied(client: Client, checked: Any) -> str:
    digest = checked.wsgi_request.path.split("/")[3]
    answer = client.post(f"/records/import/{digest}/apply/", {"sheet": ""}, follow=True)
    return str(answer.redirect_chain[-1][0])


def stored(world: World, item: str = "electricity", month: int = 3) -> ResourceUse | None:
    """What is recorded of an item at Hami."""
    return ResourceUse.objects.filter(submission=world.submission(world.hami, month), resource_item__code=item).first()
