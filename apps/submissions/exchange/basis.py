"""What the check of a file rests on, in one short text: while it is the same, a second check would say the same.

It covers the rows of the database that decide what becomes of a row of the file (the words it may use, the roles of the
person, the forms it names and all that is recorded in them) and the code of the rules. A warning rests on more, on
earlier months for instance; it stands in nobody's way, so these are not part of it.
"""

import hashlib
from collections.abc import Collection
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection

from apps.accounts.models import User
from apps.organisation.models import Membership, Period, ReportingYear, Site
from apps.submissions.models import Submission
from apps.submissions.sections import sections


class Basis:
    """Grows with what a check is about to look at. Note each thing before it is looked at, never after."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._seen = hashlib.sha256(code_of_rules().encode())

    def note_words(self) -> None:
        """The sites, periods and catalogues that a file may name, and where the person may enter data."""
        tables = ", ".join(f"({_state_of(model, 'true')})" for model in _models_of_words())
        user, membership = User._meta.db_table, Membership._meta.db_table
        roles = f"SELECT {_HASH} FROM {membership} r WHERE r.user_id = %(user)s"  # noqa: S608 - names of tables of ours
        person = f"SELECT concat(r.id, r.is_active, r.is_superuser) FROM {user} r WHERE r.id = %(user)s"  # noqa: S608
        self._note(f"SELECT ({person}), ({roles}), {tables}", {"user": self._user.pk})

    def note_forms(self, section: str, submissions: Collection[int]) -> None:
        """Forms of a section that the file names, and what is recorded in them."""
        grids = sorted({grid.model._meta.db_table: grid.model for grid in sections[section].grids}.items())
        states = [_state_of(Submission, "r.id = ANY(%(forms)s)")]
        states += [_state_of(model, "r.submission_id = ANY(%(forms)s)") for _name, model in grids]
        self._note("SELECT " + ", ".join(f"({state})" for state in states), {"forms": sorted(submissions)})

    @property
    def text(self) -> str:
        return self._seen.hexdigest()

    def _note(self, statement: str, parameters: dict[str, Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            self._seen.update(repr(cursor.fetchone()).encode())


# Of all rows of a table and all their columns, in no order.
_HASH = "concat(count(*), ' ', sum(hashtextextended(r::text, 0)), ' ', sum(hashtextextended(r::text, 1)))"


def _state_of(model: Any, condition: str) -> str:
    return f"SELECT {_HASH} FROM {model._meta.db_table} r WHERE {condition}"  # noqa: S608 - names of tables of ours


def _models_of_words() -> list[Any]:
    catalogues = {
        grid.model._meta.get_field(name).related_model
        for section in sections
        for grid in section.grids
        for name in grid.model.row_fields
    }
    return [Site, ReportingYear, Period, *sorted(catalogues, key=lambda model: str(model._meta.db_table))]  # type: ignore[union-attr]


@cache
def code_of_rules() -> str:
    """A digest of the program itself: another release may have other rules."""
    digest = hashlib.sha256()
    for path in sorted((settings.BASE_DIR / "apps").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
