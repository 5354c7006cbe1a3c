"""What tests of the reviewers' admin share."""

import re
from typing import Any

from django.contrib.messages import get_messages
from django.urls import reverse

from apps.accounts.models import User
from apps.organisation.models import ReportingYear
from apps.submissions.attention import Item, watched
from apps.submissions.models import Submission

LIST = "admin:submissions_submission_changelist"
_LINE = re.compile(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>')
_CELL = re.compile(r'href="([^"]+)" title="([^"]+)"><span aria-hidden="true">([^<]+)<')


def url(submission: Submission, what: str = "change") -> str:
    return reverse(f"admin:submissions_submission_{what}", args=[submission.pk])


def decision(submission: Submission, **fields: Any) -> dict[str, Any]:
    return {"revision": submission.revision, **fields}


def told(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def matrix_lines(page: Any) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The sites in the matrices of a page, each with the addresses, the words and the signs of its cells."""
    return [(site, _CELL.findall(cells)) for site, cells in _LINE.findall(page.content.decode())]


def watched_items(code: str, user: User, year: ReportingYear) -> list[Item]:
    """What one of the watches on the start page says."""
    return [item for watch, items in watched(user, year) if watch.code == code for item in items]
