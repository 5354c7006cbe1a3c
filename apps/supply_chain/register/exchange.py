"""The pages that bring suppliers in from a file and take them out into one."""

import csv
import tempfile
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.core.spreadsheets import SpreadsheetError, neutralise
from apps.submissions.exchange import pending
from apps.submissions.exchange.formats import FORMATS
from apps.submissions.exchange.forms import UploadForm
from apps.submissions.exchange.reader import read_table
from apps.submissions.exchange.tables import Table
from apps.supply_chain import policies
from apps.supply_chain.models import Supplier
from apps.supply_chain.register import exporting, importing, listing
from apps.supply_chain.register.columns import COLUMNS
from apps.supply_chain.register.forms import SupplierFilter
from apps.supply_chain.register.reading import Reading, read
from apps.supply_chain.register.views import for_keepers, for_readers

PROBLEMS_SHOWN: Final = 200
CHANGES_SHOWN: Final = 100


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def import_file(request: SignedInRequest) -> HttpResponse:
    """Takes a file and keeps it for the check."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        digest = pending.keep(request.user, form.cleaned_data["file"].name, form.content)
        return redirect("supply_chain:suppliers_check", digest)
    columns = [(column, column.label(get_language() or "en")) for column in COLUMNS]
    context = {"form": form, "columns": columns}
    return render(request, "supply_chain/suppliers_import.html", context, status=422 if form.is_bound else 200)


def _table(request: SignedInRequest, digest: str, sheet: str) -> tuple[str, Table] | None:
    kept = pending.find(request.user, digest)
    if kept is None:
        return None
    try:
        return kept.name, read_table(kept.name, kept.data, sheet)
    except SpreadsheetError as error:  # a sheet that is not there: the file itself was read before
        raise Http404(str(error)) from error


def _expired(request: SignedInRequest) -> HttpResponse:
    messages.error(request, _("This check has expired, or another file took its place. Choose the file again."))
    return redirect("supply_chain:suppliers_import")


@require_safe
@for_keepers
def check(request: SignedInRequest, digest: str) -> HttpResponse:
    """Says what the file would change, or everything that is wrong with it."""
    opened = _table(request, digest, request.GET.get("sheet", ""))
    if opened is None:
        return _expired(request)
    name, table = opened
    return _checked(request, digest, name, table, read(table, policies.sites_kept(request.user)))


def _checked(
    request: SignedInRequest, digest: str, name: str, table: Table, reading: Reading, status: int = 200
) -> HttpResponse:
    problems = _in_order(reading)
    changed = reading.changed
    problems_url = reverse("supply_chain:suppliers_problems", args=[digest])
    context: dict[str, Any] = {
        "file_name": name,
        "digest": digest,
        "sheet": table.sheet,
        "other_sheets": [other for other in table.sheets if other != table.sheet],
        "reading": reading,
        "problems": problems[:PROBLEMS_SHOWN],
        "problems_url": f"{problems_url}?{urlencode({'sheet': table.sheet})}",
        "more_problems": max(0, len(problems) - PROBLEMS_SHOWN),
        "would_change": len(reading.new) + len(changed),
        "changes": changed[:CHANGES_SHOWN],
        "more_changes": max(0, len(changed) - CHANGES_SHOWN),
    }
    return render(request, "supply_chain/suppliers_check.html", context, status=status)


def _in_order(reading: Reading) -> list[Any]:
    return sorted(reading.problems, key=lambda problem: (problem.row or 0, problem.place))


@require_POST
@for_keepers
def apply(request: SignedInRequest, digest: str) -> HttpResponse:
    """Writes the very file that was checked: all of it or nothing."""
    opened = _table(request, digest, request.POST.get("sheet", ""))
    if opened is None:
        return _expired(request)
    name, table = opened
    reading = importing.take_in(user=request.user, table=table)
    if reading.problems:
        return _checked(request, digest, name, table, reading, status=422)
    pending.forget(request.user)
    said = [
        ngettext("%(count)d supplier added.", "%(count)d suppliers added.", len(reading.new))
        % {"count": len(reading.new)},
        ngettext("%(count)d changed.", "%(count)d changed.", len(reading.changed)) % {"count": len(reading.changed)},
        ngettext("%(count)d as before.", "%(count)d as before.", reading.unchanged) % {"count": reading.unchanged},
    ]
    messages.success(request, " ".join(said))
    return redirect("supply_chain:suppliers")


@require_safe
@for_keepers
def problems(request: SignedInRequest, digest: str) -> HttpResponse:
    """Every problem of the file, as CSV."""
    opened = _table(request, digest, request.GET.get("sheet", ""))
    if opened is None:
        return _expired(request)
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="problems.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow([_("Row"), _("Column"), _("Problem")])
    for problem in _in_order(read(opened[1], policies.sites_kept(request.user))):
        writer.writerow([problem.row or "", neutralise(problem.column), neutralise(problem.message)])
    return response


@require_safe
@for_readers
def export(request: SignedInRequest, file_format: str) -> HttpResponseBase:
    """The suppliers that the list shows, as a file that the import reads."""
    if file_format not in FORMATS:
        raise Http404
    form = SupplierFilter(request.GET)
    found = listing.chosen(form.cleaned_data if form.is_valid() else {})
    return _file(file_format, "suppliers", found)


@require_safe
@for_keepers
def template(request: SignedInRequest) -> HttpResponseBase:
    """A file with the headings alone, to be filled in."""
    return _file("xlsx", "suppliers-to-fill-in", Supplier.objects.none())


def _file(file_format: str, name: str, suppliers: Any) -> FileResponse:
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    exporting.write(stream, file_format, suppliers)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.{file_format}")
