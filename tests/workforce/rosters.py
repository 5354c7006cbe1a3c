"""Rosters for the tests, and the doors they go through."""

import html
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.submissions.models import Submission
from apps.workforce.models import WorkforceCount
from tests.factories import World
from tests.submissions.exchange_files import csv_bytes

SignIn = Callable[[User], Client]

# A right line: a woman of 35 at the end of 2020 who was there all year.
LINE: dict[str, Any] = {
    "employee_number": "",
    "gender": "women",
    "birth_date": "1985-03-05",
    "hire_date": "2015-06-01",
    "leaving_date": "",
    "employment_type": "full_time",
    "category": "general",
    "origin": "local",
    "trained": "yes",
    "training_hours": "8",
}
# The letters of its columns.
PLACES = dict(zip(LINE, "ABCDEFGHIJ", strict=True))


def line(**cells: Any) -> dict[str, Any]:
    return {**LINE, **cells}


def roster(*lines: dict[str, Any], headings: Sequence[str] = ()) -> list[list[Any]]:
    """Headings and lines; employee numbers that nobody gave are those of the rows."""
    numbered = [
        {**cells, "employee_number": cells["employee_number"] or f"E-{row}"} for row, cells in enumerate(lines, 2)
    ]
    names = list(dict.fromkeys(name for cells in numbered for name in cells))
    return [list(headings or names), *([cells.get(name, "") for name in names] for cells in numbered)]


def breakdown(world: World, year: str = "2020") -> Submission:
    return Submission.objects.get(site=world.hami, period__code=year, section="workforce")


def url(name: str, submission: Submission, *more: str) -> str:
    return reverse(f"workforce:{name}", args=[submission.pk, *more])


def send(client: Client, submission: Submission, content: bytes, name: str = "roster.csv", sheet: str = "") -> Any:
    data = {"file": SimpleUploadedFile(name, content), "sheet": sheet}
    return client.post(url("roster", submission), data)


def derived(client: Client, submission: Submission, *lines: dict[str, Any]) -> Any:
    """The preview of these lines."""
    answer = send(client, submission, csv_bytes(roster(*lines)))
    assert answer.status_code == 302, [str(problem) for problem in answer.context.get("problems", ())]
    return client.get(answer["Location"])


def confirm(client: Client, preview: Any) -> Any:
    kept = preview.context["kept"]
    return client.post(reverse("workforce:roster_apply", args=[kept.submission_id, kept.digest]))


def problems(answer: Any) -> set[tuple[int | None, str, str]]:
    assert answer.status_code == 422
    return {(problem.row, problem.column, problem.message) for problem in answer.context["problems"]}


def totals(preview: Any) -> dict[str, str]:
    """By row what is not zero."""
    return {row: total for row, total in preview.context["kept"].totals.items() if total != "0"}


def text_of(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def stored(submission: Submission) -> dict[str, Decimal]:
    counts: Any = WorkforceCount.objects
    return {
        f"headcount:{count.measure.code}/{count.group.code}": count.quantity
        for count in counts.filter(submission=submission).select_related("measure", "group")
    }
