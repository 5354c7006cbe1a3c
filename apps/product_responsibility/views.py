"""The pages of the certificates."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.product_responsibility import pages, policies, services
from apps.product_responsibility.filters import CertificateFilter
from apps.product_responsibility.forms import CertificateForm, EndForm, FileForm, NewCertificateForm
from apps.product_responsibility.models import Certificate
from apps.submissions.evidence import EvidenceError
from apps.submissions.views.attachments import download

PAGE_SIZE = 50


@require_safe
def certificate_list(request: SignedInRequest) -> HttpResponse:
    if not policies.may_see_certificates(request.user):
        raise PermissionDenied
    chosen = CertificateFilter(request.GET, user=request.user)
    lines = pages.lines(list(policies.certificates_for(request.user)), timezone.localdate())
    page = Paginator(chosen.among(lines), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "product_responsibility/certificates.html",
        {
            "form": chosen,
            "page": page,
            "query": query.urlencode(),
            "is_empty": not lines,
            "to_do": sum(bool(line.to_do) for line in lines),
            "may_add": policies.may_keep_somewhere(request.user),
        },
    )


def _shown(request: SignedInRequest, certificate: Certificate, form: FileForm, status: int = 200) -> HttpResponse:
    of_site = policies.certificates_for(request.user).filter(site=certificate.site_id)
    lines = pages.lines(list(of_site), timezone.localdate())
    context = {
        "certificate": certificate,
        "line": next(line for line in lines if line.certificate.pk == certificate.pk),
        "files": certificate.files.select_related("uploaded_by"),
        "may_keep": policies.may_keep_at(request.user, certificate.site_id),
        "may_remove": policies.may_remove(request.user, certificate),
        "form": form,
    }
    return render(request, "product_responsibility/certificate.html", context, status=status)


@require_safe
def certificate(request: SignedInRequest, pk: int) -> HttpResponse:
    return _shown(request, policies.access_certificate(request.user, pk), FileForm())


def _form_page(request: SignedInRequest, form: Any, title: str, found: Certificate | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "certificate": found}
    status = 422 if form.is_bound else 200
    return render(request, "product_responsibility/certificate_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_add(request: SignedInRequest) -> HttpResponse:
    if not policies.may_keep_somewhere(request.user):
        raise PermissionDenied
    form = NewCertificateForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            added = services.add_certificate(certificate=form.instance, user=request.user)
        except IntegrityError:
            form.add_error(None, _("The register was changed in the meantime. Look at it and try again."))
        else:
            messages.success(request, _("The certificate is kept. Add its file now."))
            return redirect("product:certificate", added.pk)
    return _form_page(request, form, _("Add a certificate"))


def _to_keep(request: SignedInRequest, pk: int) -> Certificate:
    found = policies.access_certificate(request.user, pk)
    if not policies.may_keep_at(request.user, found.site_id):
        raise PermissionDenied
    return found


def _change(request: SignedInRequest, form: Any, title: str, said: str) -> HttpResponse:
    """Shows a form about a stored certificate, or keeps what was sent."""
    if form.is_valid():
        fields = tuple(form.fields)
        try:
            services.change_certificate(certificate=form.instance, fields=fields, user=request.user)
        except IntegrityError:
            form.add_error(None, _("The register was changed in the meantime. Look at it and try again."))
        else:
            messages.success(request, said)
            return redirect("product:certificate", form.instance.pk)
    return _form_page(request, form, title, form.instance)


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _to_keep(request, pk)
    form = CertificateForm(request.POST or None, instance=found)
    return _change(request, form, _("Change the certificate"), _("The certificate is changed."))


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_end(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _to_keep(request, pk)
    form = EndForm(request.POST or None, instance=found)
    return _change(request, form, _("End the certificate"), _("The end of the certificate is kept."))


@require_POST
def certificate_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _to_keep(request, pk)
    if not policies.may_remove(request.user, found):
        messages.error(request, _("A yearly form speaks of this certificate, so it stays. End it instead."))
        return redirect("product:certificate", pk)
    services.remove_certificate(certificate_id=pk, user=request.user)
    messages.success(request, _("%(certificate)s is deleted.") % {"certificate": str(found)})
    return redirect("product:certificates")


@require_POST
def file_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _to_keep(request, pk)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            kept = services.add_file(certificate_id=pk, upload=form.cleaned_data["file"], user=request.user)
        except EvidenceError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("“%(name)s” is attached.") % {"name": kept.name})
            return redirect("product:certificate", pk)
    return _shown(request, found, form, status=422)


@require_safe
def file_download(request: SignedInRequest, pk: int) -> FileResponse:
    return download(policies.access_file(request.user, pk))
