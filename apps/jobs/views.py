"""The pages of one's own jobs."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.jobs import pages, policies, queue, services

_PAGE_SIZE = 25


@require_safe
def job_list(request: SignedInRequest) -> HttpResponse:
    queue.sweep()
    page = Paginator(policies.jobs_for(request.user), _PAGE_SIZE).get_page(request.GET.get("page"))
    lines = [pages.line_of(job) for job in page.object_list]
    return render(request, "jobs/list.html", {"page": page, "lines": lines})


@require_safe
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far a job is; also looks whether the run of any job was lost."""
    queue.sweep()
    found = policies.access_job(request.user, pk)
    return render(request, "jobs/job.html", {"page": pages.page_of(found, request.user), "job": found})


@require_safe
def status(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same for the script of the page, which asks again and again: it sweeps only for a job that fell silent."""
    found = policies.access_job(request.user, pk)
    if queue.is_silent(found):
        queue.sweep()
        found = policies.access_job(request.user, pk)
    return JsonResponse(pages.page_of(found, request.user).status)


@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    services.cancel(job_id=policies.access_job(request.user, pk).pk, user=request.user)
    return redirect("jobs:job", pk)


@require_POST
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    return redirect("jobs:job", services.again(job=policies.access_job(request.user, pk), user=request.user).pk)


@require_safe
def download(request: SignedInRequest, pk: int) -> HttpResponse | FileResponse:
    """The file of a job, always as a download."""
    found = policies.access_job(request.user, pk)
    if found.was_removed:
        messages.error(request, _("This file is kept no more. Make it again."))
        return redirect("jobs:job", pk)
    if not found.result:
        raise Http404
    if not policies.may_download(request.user, found):
        raise PermissionDenied
    try:
        content = found.result.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=found.result_name, content_type=found.result_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
