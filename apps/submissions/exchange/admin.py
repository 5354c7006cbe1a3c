"""Import and export of records in the admin: the same pages in another frame, with the same rights."""

import tempfile
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts.http import person_of
from apps.core.admin import PolicyModelAdmin
from apps.submissions.exchange import exporter, views
from apps.submissions.exchange.formats import RecordXLSX
from apps.submissions.exchange.rights import may_import
from apps.submissions.models import Submission

if TYPE_CHECKING:
    _Base = PolicyModelAdmin[Submission]
else:
    _Base = object


class RecordExchangeViews(_Base):
    """Adds the pages below the list of submissions, and an action that exports the chosen ones."""

    def get_urls(self) -> list[URLPattern]:
        door = views.Door(
            code="admin", names="admin:submissions_record_", templates="admin/exchange/", frame=self._frame
        )

        def at(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(partial(view, door=door)), name=f"submissions_record_{name}")

        return [
            at("import/", views.import_file, "import"),
            at("import/<slug:digest>/", views.check, "check"),
            at("import/<slug:digest>/apply/", views.apply, "apply"),
            at("import/<slug:digest>/problems.csv", views.problems, "problems"),
            at("export/", views.export, "export"),
            *super().get_urls(),
        ]

    def _frame(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        offered = {"may_import": may_import(person_of(request))}
        return super().changelist_view(request, {**offered, **(extra_context or {})})

    @admin.action(description=_("Export records (XLSX)"))
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Submission]) -> FileResponse | None:
        """The records of these submissions, as far as the person may read them, where they are few enough to wait."""
        chosen = exporter.Selection(user=person_of(request), submissions=queryset)
        if exporter.has_more_than(settings.EXPORT_IN_REQUEST_ROWS, chosen):
            self.message_user(
                request,
                _("These are too many records to wait for. Use “Export records”: it writes long files meanwhile."),
                messages.WARNING,
            )
            return None
        stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        RecordXLSX().write_records(stream, exporter.headings(get_language()), chosen)
        stream.seek(0)
        return FileResponse(stream, as_attachment=True, filename="records.xlsx")
