"""The entry page as a browser sends it, for the tests of the staff pages."""

from typing import Any

from django.test import Client
from django.urls import reverse

from apps.submissions.models import Submission
from apps.submissions.sheets import load_sheet

# A usual month as a clerk types it.
USUAL = {
    "production:magnesium": {"value": "2000", "unit": "t", "how": "metered"},
    "resource:electricity": {"value": "280.5", "unit": "万kWh", "how": "metered"},
    "resource:diesel": {"value": "40", "unit": "L", "how": "metered"},
    "resource:coal": {"value": "5,300", "unit": "t", "how": "invoiced"},
    "waste:waste_oil/sold": {"value": "800", "unit": "kg", "how": "metered"},
    "packaging:wrap": {"value": "0.7", "unit": "t", "how": "metered"},
}


def registers(**lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of the two registers; each line is a new one unless it carries its ``id``."""
    fields: dict[str, Any] = {}
    for code in ("stack_test", "measure"):
        entries = lines.get(code, [])
        known = sum("id" in entry for entry in entries)
        fields |= {f"{code}-TOTAL_FORMS": len(entries), f"{code}-INITIAL_FORMS": known}
        for index, entry in enumerate(entries):
            fields |= {f"{code}-{index}-{name}": value for name, value in entry.items()}
    return fields


def cells(**changes: Any) -> dict[str, str]:
    """The fields of ``USUAL``. None as a row leaves it empty."""
    rows: dict[str, Any] = {**USUAL, **changes}
    return {
        f"{row}:{name}": (typed or {}).get(name, preset)
        for row, typed in rows.items()
        for name, preset in (("value", ""), ("unit", ""), ("how", "metered"), ("note", ""))
    }


def save(client: Client, submission: Submission, fields: dict[str, Any], revision: int | None = None) -> Any:
    """Sends the page at its newest revision, or at the one that is named."""
    if revision is None:
        revision = Submission.objects.values_list("revision", flat=True).get(pk=submission.pk)
    return client.post(reverse("submissions:edit", args=[submission.pk]), {"revision": revision, **fields})


def stored(submission: Submission, row: str) -> Any:
    """The record of a row as it stands in the database, or None."""
    submission.refresh_from_db()
    return load_sheet(submission).rows[row].record


def page(client: Client, submission: Submission, **query: Any) -> Any:
    return client.get(reverse("submissions:edit", args=[submission.pk]), query)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())
