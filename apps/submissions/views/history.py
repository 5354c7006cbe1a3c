"""The history of a submission."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import SignedInRequest
from apps.submissions import history
from apps.submissions.marks import mark_of
from apps.submissions.policies import access_submission


@require_safe
def submission_history(request: SignedInRequest, pk: int) -> HttpResponse:
    submission = access_submission(request.user, pk)
    page, groups = history.page_of(submission, request.GET.get("page"))
    moments = history.moments(submission)
    known = {str(moment.id): moment for moment in moments}
    one, other = (known.get(request.GET.get(name, "")) for name in ("a", "b"))
    return render(
        request,
        "submissions/history.html",
        {
            "submission": submission,
            "mark": mark_of(submission),
            "page": page,
            "groups": groups,
            "moments": moments,
            "one": one,
            "other": other,
            "differences": history.differences(submission, one.id, other.id) if one and other else None,
        },
    )
