"""The headings of a table that somebody made: which column stands where, whatever its order and language."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.submissions.exchange.columns import Column, key_of
from apps.submissions.exchange.lines import letters
from apps.submissions.exchange.report import Problem
from apps.submissions.exchange.tables import Table


@dataclass(kw_only=True)
class Headings:
    """Where each column stands, which columns of the file are left alone, and what is wrong with the headings."""

    places: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def title_of(heading: str, place: int) -> str:
    """A column as its owner finds it: by its heading and its letter."""
    return f"{heading[:40]} ({letters(place)})" if heading else letters(place)


def read_headings(table: Table, columns: Sequence[Column]) -> Headings:
    """Finds ``columns``, in whatever order and language they come, and says which others the file has."""
    known = {
        key_of(name): column
        for column in columns
        for name in (column.code, column.en, column.zh_hans, column.zh_hant, *column.also)
    }
    found = Headings()
    for place, heading in enumerate(table.headings):
        column = known.get(key_of(heading))
        if column is None:
            if heading or any(texts[place] for _number, texts in table.records):
                found.unread.append(title_of(heading, place))
        elif column.code in found.places:
            found.problems.append(
                Problem(
                    row=table.rows[0][0],
                    column=title_of(heading, place),
                    message=_("The column “%(heading)s” stands here twice. Keep one.") % {"heading": heading},
                    place=place,
                )
            )
        else:
            found.places[column.code] = place
    language = get_language() or "en"
    missing = [column.label(language) for column in columns if column.required and column.code not in found.places]
    if missing:
        found.problems.append(
            Problem(
                row=None,
                column="",
                message=_("These columns are missing: %(missing)s. The first row of the table holds the headings.")
                % {"missing": ", ".join(missing)},
            )
        )
    return found
