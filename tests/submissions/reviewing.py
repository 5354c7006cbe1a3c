"""What tests of the reviewers' admin share."""

from typing import Any

from django.contrib.messages import get_messages
from django.urls import reverse

from apps.submissions.models import Submission

LIST = "admin:submissions_submission_changelist"


def url(submission: Submission, what: str = "change") -> str:
    return reverse(f"admin:submissions_submission_{what}", args=[submission.pk])


def decision(submission: Submission, **fields: Any) -> dict[str, Any]:
    return {"revision": submission.revision, **fields}


def told(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))
