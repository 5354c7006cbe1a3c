"""All figures as flat rows in CSV, for programs: one row for each figure and place, in every language at once."""

import csv
import io

from apps.core.spreadsheets import neutralise
from apps.reporting.content.shape import LANGUAGES, Content

_TITLES = [f"title_{language}" for language in LANGUAGES]
_REASONS = [f"reason_{language}" for language in LANGUAGES]
HEADS = [
    "year",
    "edition",
    "code",
    *_TITLES,
    "place",
    "value",
    "unit",
    "display",
    "last_year",
    "last_value",
    "change_percent",
    "rows",
    "approved",
    "expected",
    "is_withheld",
    *_REASONS,
    "provisions",
]


def flat(content: Content) -> bytes:
    """``place`` is empty for the group, ``edition`` 0 for a draft; numbers have all digits.

    The mark at the start tells Excel that the text is UTF-8.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADS)
    for code, figure in content["figures"].items():
        for place, at in figure["places"].items():
            writer.writerow(
                [
                    neutralise(content["year"]["code"]),
                    content["number"],
                    neutralise(code),
                    *(neutralise(figure["title"].get(language, "")) for language in LANGUAGES),
                    neutralise(place),
                    at["value"] if at["value"] is not None else "",
                    neutralise(figure["unit"].get("en", "")),
                    neutralise(at["display"]),
                    neutralise(content["last_year"]),
                    at["last"] if at["last"] is not None else "",
                    at["change"] if at["change"] is not None else "",
                    at["rows"],
                    at["approved"],
                    at["expected"],
                    int(at["is_withheld"]),
                    *(neutralise(at["reason"].get(language, "")) for language in LANGUAGES),
                    neutralise(" ".join(figure["provisions"])),
                ]
            )
    return buffer.getvalue().encode("utf-8-sig")
