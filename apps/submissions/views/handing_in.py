"""Handing in: everything the checks say in one place, the last explanations, and the step itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import SignedInRequest
from apps.submissions import checks, posted, services, workflow
from apps.submissions.choices import Severity
from apps.submissions.entry import Entered
from apps.submissions.findings import blocking
from apps.submissions.models import Submission
from apps.submissions.pages.marks import FindingView
from apps.submissions.policies import access_submission
from apps.submissions.sheets import load_sheet


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    submission = access_submission(request.user, pk, to_edit=True)
    if not submission.is_open:
        messages.info(request, _("“%(submission)s” is handed in already.") % {"submission": submission})
        return redirect("submissions:edit", pk)
    if request.method == "POST":
        return _hand_in(request, submission)
    return _summary(request, submission)


def _summary(request: SignedInRequest, submission: Submission, *, refused: str = "", status: int = 200) -> HttpResponse:
    sheet = load_sheet(submission)
    findings = checks.run(sheet)
    sent = posted.explanations_of(request.POST)
    views = [
        FindingView(finding=finding, text=sent.get((finding.code, finding.row), "") or finding.explanation)
        for finding in findings
    ]
    context = {
        "submission": submission,
        "sheet": sheet,
        "refused": refused,
        "errors": [view for view in views if view.finding.severity == Severity.ERROR],
        "warnings": [view for view in views if view.finding.severity == Severity.WARNING],
        "notices": [view for view in views if view.finding.severity == Severity.NOTICE],
        "ready": not blocking(findings),
    }
    return render(request, "submissions/submit.html", context, status=status)


def _hand_in(request: SignedInRequest, submission: Submission) -> HttpResponse:
    result = services.save_entry(
        submission_id=submission.pk,
        user=request.user,
        revision=posted.revision_of(request.POST),
        entered=Entered(
            explanations=posted.explanations_of(request.POST),
            explained_as_before=posted.explained_as_before(request.POST),
        ),
    )
    if result.conflict:
        refused = _("A colleague saved this form in between. Look at it again, then hand it in.")
        return _summary(request, result.submission, refused=refused, status=409)
    try:
        workflow.submit(submission_id=submission.pk, user=request.user, revision=result.submission.revision)
    except workflow.Refused as refusal:
        return _summary(request, result.submission, refused=str(refusal), status=422)
    messages.success(
        request, _("“%(submission)s” is handed in. A reviewer looks at it next.") % {"submission": submission}
    )
    return redirect("submissions:my_work")
