"""What reviewers should look at beside their queue. Domain apps add theirs in their ``attention.py``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django_stubs_ext import StrPromise

from apps.accounts.models import User
from apps.core.navigation import reverse_once
from apps.core.registry import Registry
from apps.organisation.models import ReportingYear
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
    """One list on the start page. ``items`` asks the database a fixed number of questions."""

    code: str
    title: StrPromise
    help: StrPromise | str = ""
    items: Callable[[User, ReportingYear], Sequence[Item]]


watches: Registry[Watch] = Registry("watch")


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
