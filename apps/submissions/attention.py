"""What reviewers should look at beside their queue. Domain apps add theirs in their ``attention.py``."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_stubs_ext import StrPromise

from apps.accounts.models import User
from apps.core.navigation import reverse_once
from apps.core.prepared import prepared
from apps.core.registry import Registry
from apps.core.rounds import Round
from apps.organisation.models import ReportingYear
from apps.organisation.policies import Grant, grants
from apps.submissions import policies
from apps.submissions.models import Submission


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing to look at: what, where, and what was said of it."""

    title: str
    url: str
    detail: str = ""
    # What the site said of it; None where nothing is expected to be said.
    explanation: str | None = None


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One list on the start page.

    ``questions`` are querysets of models; those of all watches are put to the database at once, and kept as they are:
    they may depend on the roles and the number of the person, the days of the year and the day that it is, and on
    nothing else. ``items`` gets the rows of each; it asks a fixed number of questions more.
    """

    code: str
    title: StrPromise
    help: StrPromise | str = ""
    questions: Callable[[User, ReportingYear], Sequence[QuerySet[Any]]]
    items: Callable[..., Sequence[Item]]


watches: Registry[Watch] = Registry("watch")


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """All that the questions may depend on."""

    person: int
    is_active: bool
    roles: tuple[Grant, ...]
    year: int
    first_day: dt.date
    last_day: dt.date
    day: dt.date
    by: User = field(compare=False)
    of: ReportingYear = field(compare=False)


def watched(user: User, year: ReportingYear) -> list[tuple[Watch, Sequence[Item]]]:
    """What each watch has to say of the year."""
    counts, asked = _questions(
        _Asked(
            person=user.pk,
            is_active=user.is_active,
            roles=grants(user),
            year=year.pk,
            first_day=year.starts_on,
            last_day=year.ends_on,
            day=timezone.localdate(),
            by=user,
            of=year,
        )
    )
    with prepared() as cursor:
        answers = iter(asked.answers(cursor))
    return [
        (watch, watch.items(user, year, *(next(answers) for _question in range(count))))
        for watch, count in zip(watches, counts, strict=True)
    ]


@lru_cache(maxsize=200)
def _questions(asked: _Asked) -> tuple[list[int], Round]:
    """How many questions each watch has, and all of them."""
    questions = [watch.questions(asked.by, asked.of) for watch in watches]
    return [len(each) for each in questions], Round(*(question for each in questions for question in each))


def records_for(user: User) -> Q:
    """The records somebody may read."""
    return policies.rows_readable_by(user, "submission__site_id", "submission__section")


def review_page(pk: int) -> str:
    """The review page. Long lists have one in each line, so the address is worked out once."""
    return reverse_once("admin:submissions_submission_change", 0).replace("/0/", f"/{pk}/")


def review_url(submission: Submission, row: str = "") -> str:
    """The review page, at a row of it."""
    page = review_page(submission.pk)
    return f"{page}#row-{row}" if row else page
