"""The pages that bring suppliers in from a file and take them out into one."""

import tempfile
from typing import Any, Final

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.submissions.exchange.formats import FORMATS
from apps.submissions.exchange.list_import import ListImport
from apps.supply_chain import policies
from apps.supply_chain.models import Supplier
from apps.supply_chain.register import exporting, importing, listing
from apps.supply_chain.register.columns import COLUMNS
from apps.supply_chain.register.forms import SupplierFilter
from apps.supply_chain.register.reading import Reading, read
from apps.supply_chain.register.views import for_keepers, for_readers

CHANGES_SHOWN: Final = 100


def _changes(reading: Reading) -> dict[str, Any]:
    changed = reading.changed
    return {"changes": changed[:CHANGES_SHOWN], "more_changes": max(0, len(changed) - CHANGES_SHOWN)}


SUPPLIERS: Final = ListImport[Reading](
    name="supply_chain:suppliers",
    templates="supply_chain/suppliers",
    columns=COLUMNS,
    read=lambda table, user: read(table, policies.sites_kept(user)),
    take_in=lambda table, user: importing.take_in(user=user, table=table),
    added=lambda count: ngettext("%(count)d supplier added.", "%(count)d suppliers added.", count) % {"count": count},
    more=_changes,
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def import_file(request: SignedInRequest) -> HttpResponse:
    return SUPPLIERS.take(request)


@require_safe
@for_keepers
def check(request: SignedInRequest, digest: str) -> HttpResponse:
    return SUPPLIERS.check(request, digest)


@require_POST
@for_keepers
def apply(request: SignedInRequest, digest: str) -> HttpResponse:
    return SUPPLIERS.apply(request, digest)


@require_safe
@for_keepers
def problems(request: SignedInRequest, digest: str) -> HttpResponse:
    return SUPPLIERS.problems(request, digest)


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
