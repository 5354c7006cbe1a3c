"""The page of a year's documents, and the page of the Word template."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.jobs import services as jobs
from apps.organisation.models import ReportingYear
from apps.reporting import policies, template_services
from apps.reporting.background_documents import KIND, job_title
from apps.reporting.content.shape import LANGUAGES
from apps.reporting.document_forms import DocumentForm, OwnTemplateForm, TemplateForm
from apps.reporting.documents.word import COVER_TAGS, DEFAULT_TEMPLATE, PART_TAGS
from apps.reporting.index import guide_for
from apps.reporting.models import Edition, EditionFile, ReportTemplate

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _editions(year: ReportingYear) -> list[Edition]:
    """The newest first, with their files, and without what is in either."""
    found = Edition.objects.filter(year=year).defer("content").select_related("published_by").order_by("-number")
    return list(found.prefetch_related(Prefetch("files", EditionFile.objects.defer("content"))))


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: SignedInRequest, code: str) -> HttpResponse:
    """Files of the published editions, and a form for others, which are made in the background."""
    year = policies.access_year(request.user, code)
    editions = _editions(year)
    form = DocumentForm(request.POST or None, editions=editions)
    if request.method == "POST" and form.is_valid():
        arguments = {"year": year.code, **form.cleaned_data}
        job = jobs.start(KIND, user=request.user, arguments=arguments, title=job_title(arguments))
        return redirect("jobs:job", job.pk)
    context = {
        "year": year,
        "editions": editions,
        "form": form,
        "guide": guide_for(year),
        "may_change_template": policies.may_change_template(request.user),
    }
    return render(request, "reporting/documents.html", context, status=400 if form.errors else 200)


def _templates_page(request: SignedInRequest, form: TemplateForm, status: int = 200) -> HttpResponse:
    kept = ReportTemplate.objects.select_related("uploaded_by").defer("content")
    holding = {found.pk for language in LANGUAGES if (found := ReportTemplate.newest_of(language))}
    context = {
        "form": form,
        "own_form": OwnTemplateForm(prefix="own"),
        "templates": [(template, template.pk in holding) for template in kept],
        "cover_tags": ["{{ " + tag + " }}" for tag in (*COVER_TAGS, "contents_title")],
        "part_tags": ["{{ " + tag + " }}" for tag in PART_TAGS],
    }
    return render(request, "reporting/templates.html", context, status=status)


def _only_for_administrators(request: SignedInRequest) -> None:
    """404 for who may not read the report, 403 for who may and keeps no template."""
    if not policies.may_change_template(request.user):
        if policies.may_read_report(request.user):
            raise PermissionDenied
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: SignedInRequest) -> HttpResponse:
    _only_for_administrators(request)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _templates_page(request, TemplateForm())
    if not form.is_valid():
        return _templates_page(request, form, status=400)
    upload = form.cleaned_data["file"]
    try:
        template_services.keep_template(
            name=upload.name, content=upload.read(), language=form.cleaned_data["language"], user=request.user
        )
    except template_services.TemplateRefused as refused:
        for problem in refused.problems:
            form.add_error("file", problem)
        return _templates_page(request, form, status=400)
    messages.success(request, _("The template is kept. Drafts use it from now on, and so does the next edition."))
    return redirect("reporting:templates")


@require_POST
def templates_own(request: SignedInRequest) -> HttpResponse:
    _only_for_administrators(request)
    form = OwnTemplateForm(request.POST, prefix="own")
    if form.is_valid():
        template_services.use_own_template(language=form.cleaned_data["language"], user=request.user)
        messages.success(request, _("The portal's own template holds again."))
    return redirect("reporting:templates")


@require_safe
def template_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """An uploaded template as it was; 0 is the portal's own, to start from."""
    _only_for_administrators(request)
    if pk:
        template = get_object_or_404(ReportTemplate, pk=pk)
        name, content = template.name, template.data
        if template.is_own:
            raise Http404
    else:
        name, content = DEFAULT_TEMPLATE.name, DEFAULT_TEMPLATE.read_bytes()
    response = HttpResponse(content, content_type=_DOCX)
    response.headers["Content-Disposition"] = _attachment(name)
    return response


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
