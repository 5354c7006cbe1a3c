"""The pages of the code and the statement: to read for everybody, to prepare and issue for officers of the group."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import SignedInRequest
from apps.anti_corruption import digests, policies
from apps.anti_corruption.documents import pages, services
from apps.anti_corruption.documents.forms import DraftForm, language_name
from apps.anti_corruption.models import Document, DocumentVersion


@require_safe
def documents(request: SignedInRequest) -> HttpResponse:
    if not policies.may_read_documents(request.user):
        raise Http404
    context = {
        "lines": pages.lines(request.user, timezone.localdate()),
        "may_draft": policies.is_group_officer(request.user),
    }
    return render(request, "anti_corruption/documents.html", context)


def _language(request: SignedInRequest) -> str:
    """The language asked for, or the reader's own."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE


@require_safe
def version(request: SignedInRequest, pk: int) -> HttpResponse:
    """The words of a version, in one of the three languages."""
    found: DocumentVersion = policies.access_version(request.user, pk)
    language = _language(request)
    later = DocumentVersion.objects.issued().filter(document=found.document_id, effective_on__gt=found.effective_on)
    context = {
        "version": found,
        "language": language,
        "told_in": [(code, language_name(code)) for code, _name in settings.LANGUAGES],
        "text": found.text_in(language),
        "questions": [question.text_in(language) for question in found.questions.all()],
        "before": services.before(found),
        "after": later.order_by("effective_on").first() if found.is_issued else None,
        "is_coming": found.effective_on > timezone.localdate(),
        "missing": [] if found.is_issued else services.what_is_missing(found),
    }
    return render(request, "anti_corruption/document_version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new draft, which starts with the words of the version before it."""
    if not policies.may_read_documents(request.user):
        raise Http404
    document = get_object_or_404(Document, pk=pk)
    if not policies.is_group_officer(request.user):
        raise PermissionDenied
    start = DocumentVersion(document=document, effective_on=timezone.localdate())
    newest = services.newest_of(document)
    if newest is not None:
        start.text_en, start.text_zh_hans, start.text_zh_hant = newest.text_en, newest.text_zh_hans, newest.text_zh_hant
    form = DraftForm(start, services.questions_for(start), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            draft = services.prepare(user=request.user, document=document, **_said(form))
        except services.DocumentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft is saved. Look through it, then issue it."))
            return redirect("integrity:version", draft.pk)
    return _form_page(request, form, document, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    draft: DocumentVersion = policies.access_version(request.user, pk, to_prepare=True)
    if draft.is_issued:
        return _stays(request, pk)
    data = request.POST if request.method == "POST" else None
    form = DraftForm(draft, list(draft.questions.all()), data)
    if form.is_valid():
        try:
            services.change(user=request.user, version_id=pk, **_said(form))
        except services.DocumentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft is saved. Look through it, then issue it."))
            return redirect("integrity:version", pk)
    return _form_page(request, form, draft.document, draft)


def _stays(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sends whoever comes too late to the issued version."""
    messages.error(request, _("This version is issued and stays as it is. Prepare another one that replaces it."))
    return redirect("integrity:version", pk)


def _said(form: DraftForm) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "number": said["number"],
        "effective_on": said["effective_on"],
        "texts": form.texts(),
        "questions": form.words(),
    }


def _form_page(
    request: SignedInRequest, form: DraftForm, document: Document, draft: DocumentVersion | None
) -> HttpResponse:
    context = {"form": form, "document": document, "draft": draft}
    return render(request, "anti_corruption/document_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: SignedInRequest, pk: int) -> HttpResponse:
    """Says what issuing means, and does it."""
    draft: DocumentVersion = policies.access_version(request.user, pk, to_prepare=True)
    problem = ""
    if request.method == "POST":
        try:
            services.issue(user=request.user, version_id=pk, seen=request.POST.get("seen", ""))
        except services.DocumentError as error:
            problem = str(error)
        else:
            messages.success(request, _("The version is issued. It stays as it is from now on."))
            return redirect("integrity:version", pk)
    if draft.is_issued:
        return _stays(request, pk)
    missing = services.what_is_missing(draft)
    context = {
        "draft": draft,
        "missing": missing,
        "problem": "" if missing else problem,
        "before": services.before(draft),
        # Days that nobody may choose are not worked with either.
        "outlook": None if missing else pages.outlook(draft, timezone.localdate()),
        "seen": digests.of_version(draft),
    }
    return render(request, "anti_corruption/document_issue.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks once more, and throws the draft away."""
    draft: DocumentVersion = policies.access_version(request.user, pk, to_prepare=True)
    if draft.is_issued:
        return _stays(request, pk)
    if request.method == "POST":
        try:
            services.discard(user=request.user, version_id=pk)
        except services.DocumentError as error:
            messages.error(request, str(error))
            return redirect("integrity:version", pk)
        messages.success(request, _("The draft is discarded."))
        return redirect("integrity:documents")
    return render(request, "anti_corruption/document_discard.html", {"draft": draft})
