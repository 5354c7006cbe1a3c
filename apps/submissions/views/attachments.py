"""Evidence files and comments of a submission."""

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.submissions import evidence, policies
from apps.submissions.forms import CommentForm
from apps.submissions.models import Evidence, KeptFile, Submission
from apps.submissions.policies import access_submission


def _back(pk: int, anchor: str = "") -> HttpResponse:
    """To the place on the page; without one to its top, where the message stands."""
    page = reverse("submissions:edit", args=[pk])
    return redirect(f"{page}#{quote(anchor, safe=':/')}" if anchor else page)


@require_POST
def evidence_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    submission = access_submission(request.user, pk, to_edit=True)
    upload = request.FILES.get("file")
    row = _row(submission, request.POST.get("row", ""))
    if upload is None:
        messages.error(request, _("Choose a file first."))
    else:
        try:
            kept = evidence.attach(submission_id=submission.pk, user=request.user, row=row, upload=upload)
        except evidence.EvidenceError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("“%(name)s” is attached.") % {"name": kept.name})
            return _back(pk, "evidence")
    return _back(pk)


def _row(submission: Submission, named: str) -> str:
    """The id of a row, or nothing, which is the submission as a whole."""
    known = {table.code for table in submission.section_declaration.tables}
    return named[:160] if named.isprintable() and named.partition(":")[0] in known else ""


def _visible_evidence(request: SignedInRequest, pk: int) -> Evidence:
    found = Evidence.objects.select_related("submission").filter(pk=pk).first()
    if found is None or not policies.may_see(request.user, found.submission):
        raise Http404
    return found


@require_safe
def evidence_download(request: SignedInRequest, pk: int) -> FileResponse:
    """A file of a submission."""
    return download(_visible_evidence(request, pk))


def download(kept: KeptFile) -> FileResponse:
    """To whoever was let through. Always a download: nothing that was uploaded is ever shown as a page of ours."""
    try:
        content = kept.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def evidence_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    kept = _visible_evidence(request, pk)
    evidence.remove(kept, request.user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": kept.name})
    return _back(kept.submission_id, "evidence")


@require_POST
def comment(request: SignedInRequest, pk: int) -> HttpResponse:
    """An answer to the reviewer. It is no question: those come from reviewers alone."""
    submission = access_submission(request.user, pk)
    if not (policies.may_prepare(request.user, submission) or policies.may_review(request.user, submission)):
        raise PermissionDenied
    form = CommentForm(request.POST)
    if form.is_valid():
        form.instance.submission = submission
        form.instance.author = request.user
        form.save()
        messages.success(request, _("Your answer is kept."))
    else:
        messages.error(request, _("Write your answer first; it may have 2,000 characters."))
    row = form.cleaned_data.get("row", "")
    return _back(pk, f"row-{row}" if row else "questions")
