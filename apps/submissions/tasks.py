"""What people have to do beside the forms: a check that has run out, a tender to score. Domain apps declare theirs."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils import timezone
from django_stubs_ext import StrPromise

from apps.accounts.models import User
from apps.core.prepared import prepared
from apps.core.registry import Registry

# Of each kind; whoever has more finds them all on the page of that register.
MOST: Final = 50


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing to do: what, where, and by when."""

    title: str
    url: str
    detail: str = ""
    due_on: dt.date | None = None

    @property
    def days_late(self) -> int:
        return (timezone.localdate() - self.due_on).days if self.due_on else 0

    @property
    def is_late(self) -> bool:
        return self.days_late > 0


@dataclass(frozen=True, kw_only=True)
class TaskList:
    """One kind of them, in the app's ``attention.py``. ``tasks`` asks the database a fixed number of questions.

    ``rows`` is what follows FROM in a question for the rows without which nobody, or not ``asked.person``, has such a
    task: most people have none of most kinds, and one statement says so of all kinds. It may say yes too often.
    """

    code: str
    title: StrPromise
    tasks: Callable[[User], Sequence[Task]]
    rows: str


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The tasks of one kind that somebody has."""

    code: str
    title: StrPromise
    tasks: Sequence[Task]


task_lists: Registry[TaskList] = Registry("task list")


def tasks_for(user: User) -> list[Listed]:
    """Everything ``user`` has to do beside the forms, by kind, the most urgent first."""
    found = []
    for kind in _that_may_have_any(user):
        tasks = sorted(kind.tasks(user), key=lambda task: (task.due_on or dt.date.max, task.title))
        if tasks:
            found.append(Listed(code=kind.code, title=kind.title, tasks=tasks[:MOST]))
    return found


def _that_may_have_any(user: User) -> list[TaskList]:
    statement, kinds = _statement()
    with prepared() as cursor:
        cursor.execute(statement, {"user": user.pk, "today": timezone.localdate()})
        return [kind for kind, may_have in zip(kinds, cursor.fetchone(), strict=True) if may_have]


@cache
def _statement() -> tuple[str, list[TaskList]]:
    kinds = list(task_lists)
    asked = ", ".join(f"EXISTS (SELECT FROM {kind.rows})" for kind in kinds)  # noqa: S608 - our own tables alone
    # The parameters have their types whatever the kinds ask for.
    return f"SELECT {asked} FROM (SELECT %(user)s::bigint, %(today)s::date) asked (person, today)", kinds  # noqa: S608
