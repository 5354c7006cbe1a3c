"""What hangs on a submission, read with one question: explanations, remarks, files, and which registers have entries.

Most forms have next to nothing of it, and all of it stands on every page of a form.
"""

from collections.abc import Collection, Iterable, Sequence
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


def attached(section: str, submissions: Collection[int]) -> Attached:
    """Of all ``submissions``, which are of one section."""
    found = Attached()
    lists: tuple[list[Any], ...] = (found.explanations, found.nothing_to_report, found.comments, found.evidence)
    with connection.cursor() as cursor:
        cursor.execute(_statement(section), {"submissions": list(submissions)})
        for place, register, stored in cursor:
            if stored is None:
                found.filled.add(register)
            else:
                lists[place].append(from_json(_KINDS[place], stored, connection.alias))
    for rows in lists:
        rows.sort(key=lambda row: row.pk)
    return found


@cache
def _statement(section: str) -> str:
    branches = [
        f"SELECT {place}, NULL::text, to_json(a)::text FROM {kind._meta.db_table} a "
        "WHERE a.submission_id = ANY(%(submissions)s)"
        for place, kind in enumerate(_KINDS)
    ]
    branches += [
        f"SELECT NULL, '{register.code}', NULL WHERE EXISTS (SELECT FROM {register.model._meta.db_table} e "
        "WHERE e.submission_id = ANY(%(submissions)s))"
        for register in sections[section].registers
    ]
    return " UNION ALL ".join(branches)


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
