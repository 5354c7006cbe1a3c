"""My work, and the list of everything a person may see."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import SignedInRequest
from apps.accounts.models import User
from apps.core.paging import CappedPaginator
from apps.organisation.choices import Role
from apps.organisation.policies import has_role
from apps.submissions import policies, work
from apps.submissions.forms import SubmissionFilter
from apps.submissions.list_rows import duty_rows, submission_rows
from apps.submissions.tasks import tasks_for

PAGE_SIZE = 50
_TOLD_FOR = dt.timedelta(days=30)


@require_safe
def my_work(request: SignedInRequest) -> HttpResponse:
    due: Any = work.due_for(request.user)
    page = CappedPaginator(due, PAGE_SIZE).get_page(request.GET.get("page"))
    duties = work.duties(list(page.object_list))
    return render(
        request,
        "submissions/my_work.html",
        {
            "page": page,
            "duties": duties,
            "rows": duty_rows(duties),
            "task_lists": tasks_for(request.user),
            "prepares": has_role(request.user, (Role.PREPARER,)),
            "reviews": has_role(request.user, (Role.REVIEWER, Role.LEAD_REVIEWER)),
            "approved": list(work.approved_lately(request.user)),
            "password_set": _set_lately(request.user),
        },
    )


def _set_lately(user: User) -> bool:
    """Whether somebody else set the password of ``user`` in the last month: they are to know."""
    return user.password_set_at is not None and user.password_set_at > timezone.now() - _TOLD_FOR


@require_safe
def submission_list(request: SignedInRequest) -> HttpResponse:
    chosen = SubmissionFilter(request.GET, user=request.user)
    found = policies.submissions_for(request.user).with_place().filter(chosen.condition())  # type: ignore[attr-defined]
    if chosen.only_late:
        found = found.late()
    found = found.select_related("saved_by").order_by("-period__starts_on", "site__position", "section", "pk")
    page = CappedPaginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    lines = list(page.object_list)
    return render(
        request,
        "submissions/list.html",
        {"form": chosen, "page": page, "lines": lines, "rows": submission_rows(lines), "query": query.urlencode()},
    )


@require_safe
def place_list(request: SignedInRequest) -> HttpResponse:
    """The registers that live beside the forms; the page's context names those that this person may open."""
    return render(request, "submissions/places.html")
