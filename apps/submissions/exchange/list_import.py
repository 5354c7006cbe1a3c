"""The way of a file into a register that lives beside the forms: taken, checked, written; all of it or nothing.

Domain apps declare a ``ListImport`` for each register, and wrap its steps into views with their own guard.
"""

import csv
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.accounts.http import SignedInRequest
from apps.accounts.models import User
from apps.core.spreadsheets import SpreadsheetError, neutralise
from apps.submissions.exchange import pending
from apps.submissions.exchange.forms import UploadForm
from apps.submissions.exchange.reader import read_table
from apps.submissions.exchange.report import Problem
from apps.submissions.exchange.tables import Table

PROBLEMS_SHOWN: Final = 200


class ListReading(Protocol):
    """What a file comes to: what it would add and change, and everything that is wrong with it."""

    @property
    def new(self) -> Sized: ...
    @property
    def changed(self) -> Sized: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def problems(self) -> Sequence[Problem]: ...


class ListColumn(Protocol):
    """A column of such a file, with its heading in each language."""

    def label(self, language: str) -> str: ...


R = TypeVar("R", bound=ListReading)


def headings(columns: Sequence[ListColumn]) -> list[str]:
    """The first row of a file, in the language of the reader."""
    return [column.label(get_language() or "en") for column in columns]


@dataclass(frozen=True, kw_only=True)
class ListImport(Generic[R]):
    """A register that files fill.

    ``name`` is that of its list, ``integrity:holders``; its other pages are called ``…_import``, ``…_check``,
    ``…_apply`` and ``…_problems``. ``templates`` is where ``…_import.html`` and ``…_check.html`` lie. ``read`` looks at
    a file on behalf of somebody, ``take_in`` reads it again and writes it unless something is wrong; ``added`` says how
    many rows are new. ``more`` are further variables of the page of the check.
    """

    name: str
    templates: str
    columns: Sequence[ListColumn]
    read: Callable[[Table, User], R]
    take_in: Callable[[Table, User], R]
    added: Callable[[int], str]
    more: Callable[[R], dict[str, Any]] = field(default=lambda reading: {})

    def take(self, request: SignedInRequest) -> HttpResponse:
        """Takes a file and keeps it for the check."""
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            digest = pending.keep(request.user, form.cleaned_data["file"].name, form.content)
            return redirect(f"{self.name}_check", digest)
        columns = list(zip(self.columns, headings(self.columns), strict=True))
        status = 422 if form.is_bound else 200
        return render(request, f"{self.templates}_import.html", {"form": form, "columns": columns}, status=status)

    def check(self, request: SignedInRequest, digest: str) -> HttpResponse:
        """Says what the file would change, or everything that is wrong with it."""
        opened = self._table(request, digest, request.GET.get("sheet", ""))
        if opened is None:
            return self._expired(request)
        name, table = opened
        return self._checked(request, digest, name, table, self.read(table, request.user))

    def apply(self, request: SignedInRequest, digest: str) -> HttpResponse:
        """Writes the very file that was checked."""
        opened = self._table(request, digest, request.POST.get("sheet", ""))
        if opened is None:
            return self._expired(request)
        name, table = opened
        reading = self.take_in(table, request.user)
        if reading.problems:
            return self._checked(request, digest, name, table, reading, status=422)
        pending.forget(request.user)
        changed, unchanged = len(reading.changed), reading.unchanged
        said = [
            self.added(len(reading.new)),
            ngettext("%(count)d changed.", "%(count)d changed.", changed) % {"count": changed},
            ngettext("%(count)d as before.", "%(count)d as before.", unchanged) % {"count": unchanged},
        ]
        messages.success(request, " ".join(said))
        return redirect(self.name)

    def problems(self, request: SignedInRequest, digest: str) -> HttpResponse:
        """Every problem of the file, as CSV."""
        opened = self._table(request, digest, request.GET.get("sheet", ""))
        if opened is None:
            return self._expired(request)
        response = HttpResponse(
            "\ufeff",
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="problems.csv"'},
        )
        writer = csv.writer(response)
        writer.writerow([_("Row"), _("Column"), _("Problem")])
        for problem in _in_order(self.read(opened[1], request.user)):
            writer.writerow([problem.row or "", neutralise(problem.column), neutralise(problem.message)])
        return response

    def _table(self, request: SignedInRequest, digest: str, sheet: str) -> tuple[str, Table] | None:
        kept = pending.find(request.user, digest)
        if kept is None:
            return None
        try:
            return kept.name, read_table(kept.name, kept.data, sheet)
        except SpreadsheetError as error:  # a sheet that is not there: the file itself was read before
            raise Http404(str(error)) from error

    def _expired(self, request: SignedInRequest) -> HttpResponse:
        messages.error(request, _("This check has expired, or another file took its place. Choose the file again."))
        return redirect(f"{self.name}_import")

    def _checked(
        self, request: SignedInRequest, digest: str, name: str, table: Table, reading: R, status: int = 200
    ) -> HttpResponse:
        found = _in_order(reading)
        problems_url = reverse(f"{self.name}_problems", args=[digest])
        context = {
            "file_name": name,
            "import_page": reverse(f"{self.name}_import"),
            "apply_page": reverse(f"{self.name}_apply", args=[digest]),
            "sheet": table.sheet,
            "other_sheets": [other for other in table.sheets if other != table.sheet],
            "reading": reading,
            "problems": found[:PROBLEMS_SHOWN],
            "problems_url": f"{problems_url}?{urlencode({'sheet': table.sheet})}",
            "more_problems": max(0, len(found) - PROBLEMS_SHOWN),
            "would_change": len(reading.new) + len(reading.changed),
            **self.more(reading),
        }
        return render(request, f"{self.templates}_check.html", context, status=status)


def _in_order(reading: ListReading) -> list[Problem]:
    return sorted(reading.problems, key=lambda problem: (problem.row or 0, problem.place))
