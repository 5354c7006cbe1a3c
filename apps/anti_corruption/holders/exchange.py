"""The pages that bring holders in from a file: check first, then all of it or nothing."""

import tempfile
from typing import Final

from django.http import FileResponse, HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.anti_corruption.holders import services
from apps.anti_corruption.holders.columns import COLUMNS
from apps.anti_corruption.holders.reading import Reading, read
from apps.anti_corruption.holders.views import for_officers
from apps.submissions.exchange.formats import FORMATS
from apps.submissions.exchange.list_import import ListImport, headings

HOLDERS: Final = ListImport[Reading](
    name="integrity:holders",
    templates="anti_corruption/holders",
    columns=COLUMNS,
    read=read,
    take_in=lambda table, user: services.import_holders(user=user, table=table),
    added=lambda count: ngettext("%(count)d holder added.", "%(count)d holders added.", count) % {"count": count},
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def import_file(request: SignedInRequest) -> HttpResponse:
    return HOLDERS.take(request)


@require_safe
@for_officers
def check(request: SignedInRequest, digest: str) -> HttpResponse:
    return HOLDERS.check(request, digest)


@require_POST
@for_officers
def apply(request: SignedInRequest, digest: str) -> HttpResponse:
    return HOLDERS.apply(request, digest)


@require_safe
@for_officers
def problems(request: SignedInRequest, digest: str) -> HttpResponse:
    return HOLDERS.problems(request, digest)


@require_safe
@for_officers
def template(request: SignedInRequest) -> FileResponse:
    """A file with the headings alone, to be filled in."""
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    FORMATS["xlsx"]().write(stream, headings(COLUMNS), [])
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename="holders-to-fill-in.xlsx")
