"""The pages of import and export. They hang among the staff pages and, by another door, in the admin."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import person_of
from apps.accounts.models import User
from apps.core.spreadsheets import SpreadsheetError
from apps.submissions.exchange import background, exporter, fill_in, imported, pending
from apps.submissions.exchange.columns import all_columns
from apps.submissions.exchange.formats import FORMATS
from apps.submissions.exchange.forms import ExportForm, FillInForm, UploadForm
from apps.submissions.exchange.importer import import_table
from apps.submissions.exchange.reader import read_table
from apps.submissions.exchange.report import WARNINGS_SHOWN, Summary
from apps.submissions.exchange.rights import may_import
from apps.submissions.exchange.tables import Table


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where the pages hang: the start of their URL names, their templates, and what their frame needs."""

    code: str
    names: str
    templates: str
    frame: Callable[[HttpRequest], dict[str, Any]] = lambda request: {}

    def url(self, name: str, *args: str) -> str:
        return reverse(f"{self.names}{name}", args=args)

    def render(self, request: HttpRequest, page: str, title: str, **context: Any) -> TemplateResponse:
        urls = {"import_url": self.url("import"), "export_url": self.url("export")}
        return TemplateResponse(
            request, f"{self.templates}{page}.html", {**self.frame(request), "title": title, **urls, **context}
        )


STAFF: Final = Door(code="staff", names="exchange:", templates="exchange/")


def _preparer(request: HttpRequest) -> User:
    user = person_of(request)
    if not may_import(user):
        raise PermissionDenied
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, door: Door = STAFF) -> HttpResponse:
    """Takes a file and keeps it for the check."""
    user = _preparer(request)
    form = UploadForm(request.POST or None, request.FILES or None, later=True)
    if request.method == "POST" and form.is_valid():
        digest = pending.keep(user, form.cleaned_data["file"].name, form.content, is_long=form.is_long)
        return redirect(door.url("check", digest))
    columns = [(column, column.label(get_language() or "en")) for column in all_columns()]
    return door.render(
        request, "import", _("Import records"), form=form, fill_in_form=FillInForm(user=user), columns=columns
    )


@require_safe
def check(request: HttpRequest, digest: str, door: Door = STAFF) -> HttpResponse:
    """Says what the file would change, or everything that is wrong with it. A long one is checked in the background."""
    user, sheet = _preparer(request), request.GET.get("sheet", "")
    result = pending.result_of(user, digest, sheet)
    if result is not None:
        return _checked(request, door, digest, sheet, result)
    kept = pending.find(user, digest)
    if kept is None:
        return _expired(request, door)
    if kept.is_long:
        result = imported.known(user, digest, sheet)
        if result is not None:
            return _checked(request, door, digest, sheet, result)
        return redirect("jobs:job", background.start_check(kept.name, digest, sheet, user=user, door=door.code).pk)
    table = _table(kept, sheet)
    report = import_table(table, user=user, dry_run=True, warnings_told=WARNINGS_SHOWN)
    return _checked(request, door, digest, sheet, report.shown(kept.name, table.sheets))


@require_POST
def apply(request: HttpRequest, digest: str, door: Door = STAFF) -> HttpResponse:
    """Imports the very file that was checked: all of it or nothing."""
    user, sheet = _preparer(request), request.POST.get("sheet", "")
    kept = pending.find(user, digest)
    if kept is None:
        return _expired(request, door)
    if kept.is_long:
        return redirect("jobs:job", background.start_import(kept.name, digest, sheet, user=user, door=door.code).pk)
    table = _table(kept, sheet)
    report = import_table(table, user=user, dry_run=False, warnings_told=WARNINGS_SHOWN)
    if report.problems:
        return _checked(request, door, digest, sheet, report.shown(kept.name, table.sheets))
    pending.forget(user)
    messages.success(request, _("Imported. %(summary)s") % {"summary": report.summary()})
    return redirect(door.url("import"))


@require_safe
def problems(request: HttpRequest, digest: str, door: Door = STAFF) -> HttpResponse:
    """Every problem of the file, as CSV."""
    user, sheet = _preparer(request), request.GET.get("sheet", "")
    kept = pending.find(user, digest)
    if kept is None:
        return _expired(request, door)
    if kept.is_long:
        job = background.check_of(digest, sheet, user=user)
        return redirect("jobs:download", job.pk) if job is not None else redirect(door.url("check", digest))
    report = import_table(_table(kept, sheet), user=user, dry_run=True, warnings_told=WARNINGS_SHOWN)
    return HttpResponse(
        background.problem_lines(report),
        content_type=background.PROBLEMS_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{background.PROBLEMS_NAME}"'},
    )


def _table(kept: pending.Pending, sheet: str) -> Table:
    try:
        return read_table(kept.name, kept.data, sheet)
    except SpreadsheetError as error:  # a sheet that is not there: the file itself was read before
        raise Http404(str(error)) from error


def _expired(request: HttpRequest, door: Door) -> HttpResponse:
    messages.error(request, _("This check has expired, or another file took its place. Choose the file again."))
    return redirect(door.url("import"))


def _checked(request: HttpRequest, door: Door, digest: str, sheet: str, report: Summary) -> HttpResponse:
    return door.render(
        request,
        "check",
        _("Import of the file") if report.written else _("Check of the file"),
        file_name=report.file_name,
        report=report,
        sheet=sheet,
        check_url=door.url("check", digest),
        apply_url=door.url("apply", digest),
        problems_url=f"{door.url('problems', digest)}?{urlencode({'sheet': sheet})}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, door: Door = STAFF) -> HttpResponseBase:
    """The form, and with its answers the file. Where there are many records, POST has it written in the background."""
    user = person_of(request)
    answers = request.POST if request.method == "POST" else request.GET
    form = ExportForm(answers if "format" in answers else None, user=user)
    if not form.is_valid():
        return door.render(request, "export", _("Export records"), form=form)
    if request.method == "POST":
        return redirect("jobs:job", background.start_export(form.cleaned_data, user=user).pk)
    selection = form.selection()
    if exporter.has_more_than(settings.EXPORT_IN_REQUEST_ROWS, selection):
        return door.render(request, "export", _("Export records"), form=form, is_long=True)
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    FORMATS[form.cleaned_data["format"]]().write_records(stream, exporter.headings(get_language()), selection)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=form.file_name())


@require_safe
def template(request: HttpRequest) -> HttpResponseBase:
    """The rows of a site and period, to be filled in."""
    user = _preparer(request)
    form = FillInForm(request.GET, user=user)
    submissions = form.submissions() if form.is_valid() else []
    if not submissions:
        messages.error(request, _("Nothing is open at this site in this period."))
        return redirect(STAFF.url("import"))
    site, period = submissions[0].site, submissions[0].period
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    fill_in.write(stream, submissions, user=user, headings=exporter.headings(get_language()))
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"fill-in-{site.code.lower()}-{period.code}.xlsx")
