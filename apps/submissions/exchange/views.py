"""The pages of import and export. They hang among the staff pages and, by another door, in the admin."""

import csv
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

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
from apps.core.spreadsheets import SpreadsheetError, neutralise
from apps.organisation.choices import Role
from apps.organisation.policies import has_role
from apps.submissions.exchange import exporter, fill_in, pending
from apps.submissions.exchange.columns import all_columns
from apps.submissions.exchange.formats import FORMATS, RecordDataset, open_file
from apps.submissions.exchange.forms import ExportForm, FillInForm, UploadForm
from apps.submissions.exchange.report import Report
from apps.submissions.exchange.resources import RecordResource

PROBLEMS_SHOWN: Final = 200
WARNINGS_SHOWN: Final = 100


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where the pages hang: the start of their URL names, their templates, and what their frame needs."""

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


STAFF: Final = Door(names="exchange:", templates="exchange/")


def may_import(user: User) -> bool:
    """People who enter data somewhere. What they may change is asked of each row."""
    return has_role(user, (Role.PREPARER,))


def _preparer(request: HttpRequest) -> User:
    user = person_of(request)
    if not may_import(user):
        raise PermissionDenied
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, door: Door = STAFF) -> HttpResponse:
    """Takes a file and keeps it for the check."""
    user = _preparer(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        digest = pending.keep(user, form.cleaned_data["file"].name, form.content)
        return redirect(door.url("check", digest))
    columns = [(column, column.label(get_language() or "en")) for column in all_columns()]
    return door.render(
        request, "import", _("Import records"), form=form, fill_in_form=FillInForm(user=user), columns=columns
    )


@require_safe
def check(request: HttpRequest, digest: str, door: Door = STAFF) -> HttpResponse:
    """Says what the file would change, or everything that is wrong with it."""
    opened = _open(request, digest, request.GET.get("sheet", ""))
    if opened is None:
        return _expired(request, door)
    report = RecordResource(user=_preparer(request)).import_data(opened, dry_run=True).report
    return _checked(request, door, digest, opened, report)


@require_POST
def apply(request: HttpRequest, digest: str, door: Door = STAFF) -> HttpResponse:
    """Imports the very file that was checked: all of it or nothing."""
    opened = _open(request, digest, request.POST.get("sheet", ""))
    if opened is None:
        return _expired(request, door)
    user = _preparer(request)
    report = RecordResource(user=user).import_data(opened).report
    if report.problems:
        return _checked(request, door, digest, opened, report)
    pending.forget(user)
    messages.success(request, _("Imported. %(summary)s") % {"summary": report.summary()})
    return redirect(door.url("import"))


@require_safe
def problems(request: HttpRequest, digest: str, door: Door = STAFF) -> HttpResponse:
    """Every problem of the file, as CSV."""
    opened = _open(request, digest, request.GET.get("sheet", ""))
    if opened is None:
        return _expired(request, door)
    report = RecordResource(user=_preparer(request)).import_data(opened, dry_run=True).report
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="problems.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow([_("Row"), _("Column"), _("Problem")])
    for problem in report.sorted_problems():
        writer.writerow([problem.row or "", neutralise(problem.column), neutralise(problem.message)])
    return response


def _open(request: HttpRequest, digest: str, sheet: str) -> RecordDataset | None:
    kept = pending.find(_preparer(request), digest)
    if kept is None:
        return None
    try:
        return open_file(kept.name, kept.data, sheet)
    except SpreadsheetError as error:  # a sheet that is not there: the file itself was read before
        raise Http404(str(error)) from error


def _expired(request: HttpRequest, door: Door) -> HttpResponse:
    messages.error(request, _("This check has expired, or another file took its place. Choose the file again."))
    return redirect(door.url("import"))


def _checked(request: HttpRequest, door: Door, digest: str, opened: RecordDataset, report: Report) -> HttpResponse:
    shown = list(report.sorted_problems())[:PROBLEMS_SHOWN]
    return door.render(
        request,
        "check",
        _("Check of the file"),
        file_name=opened.title,
        report=report,
        other_sheets=[name for name in opened.table.sheets if name != report.sheet],
        problems=shown,
        more_problems=len(report.problems) - len(shown),
        warnings=report.warnings[:WARNINGS_SHOWN],
        more_warnings=max(0, len(report.warnings) - WARNINGS_SHOWN),
        more_differences=max(0, report.would_change - len(report.differences)),
        check_url=door.url("check", digest),
        apply_url=door.url("apply", digest),
        problems_url=f"{door.url('problems', digest)}?{urlencode({'sheet': report.sheet})}",
    )


@require_safe
def export(request: HttpRequest, door: Door = STAFF) -> HttpResponseBase:
    """The form, and with its answers the file."""
    form = ExportForm(request.GET if "format" in request.GET else None, user=person_of(request))
    if not form.is_valid():
        return door.render(request, "export", _("Export records"), form=form)
    selection = form.selection()
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    rows = exporter.rows(selection.submissions(), selection.kinds)
    FORMATS[form.cleaned_data["format"]]().write(stream, exporter.headings(get_language()), rows)
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
