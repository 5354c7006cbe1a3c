"""What hangs on a submission, read with one question: explanations, remarks, files, and which registers have entries.

Most forms have next to nothing of it, and all of it stands on every page of a form.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection

from apps.accounts.models import User
from apps.core.rounds import from_json
from apps.submissions.models import Comment, Evidence, Explanation, NothingToReport
from apps.submissions.sections import sections

_KINDS: tuple[type[Any], ...] = (Explanation, NothingToReport, Comment, Evidence)


@dataclass(kw_only=True)
class Attached:
    """In the order in which it was written. ``filled`` has the codes of registers with at least one entry."""

    explanations: list[Explanation] = field(default_factory=list)
    nothing_to_report: list[NothingToReport] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)


# What each branch of a statement gives: the place of its kind, the code of a register, and a row as JSON.
Line = tuple[int | None, str | None, str | None]


def sorted_out(lines: Iterable[Line]) -> Attached:
    """What the lines of ``branches`` say."""
    found = Attached()
    lists: tuple[list[Any], ...] = (found.explanations, found.nothing_to_report, found.comments, found.evidence)
    for place, register, stored in lines:
        if stored is None:
            found.filled.add(str(register))
        else:
            lists[place or 0].append(from_json(_KINDS[place or 0], stored, connection.alias))
    for rows in lists:
        rows.sort(key=lambda row: row.pk)
    return found


@cache
def branches(section: str) -> list[tuple[str, str, str, str]]:
    """For a statement with the parameter ``submissions``: the three columns of a ``Line``, and what follows them."""
    wanted = "a.submission_id = ANY(%(submissions)s::bigint[])"
    return [
        *(
            (str(place), "NULL::text", "to_json(a)::text", f"FROM {kind._meta.db_table} a WHERE {wanted}")
            for place, kind in enumerate(_KINDS)
        ),
        *(
            (
                "NULL",
                f"'{register.code}'",
                "NULL",
                f"WHERE EXISTS (SELECT FROM {register.model._meta.db_table} a WHERE {wanted})",
            )
            for register in sections[section].registers
        ),
    ]


def name_people(rows: Iterable[Sequence[Any]], *names: Sequence[str]) -> None:
    """Gives the rows of each list the people whom its keys ``names`` name: one question for all of them."""
    keyed = [
        (row, row._meta.get_field(name), getattr(row, row._meta.get_field(name).attname))
        for listed, of_list in zip(rows, names, strict=True)
        for row in listed
        for name in of_list
    ]
    wanted = {pk for _row, _key, pk in keyed if pk is not None}
    people = User.objects.in_bulk(wanted) if wanted else {}
    for row, key, pk in keyed:
        key.set_cached_value(row, people.get(pk))
