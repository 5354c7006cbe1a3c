"""Choosing a roster."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from apps.core.spreadsheets import SpreadsheetError
from apps.submissions.exchange.reader import read_table
from apps.submissions.exchange.tables import Table


class RosterUploadForm(forms.Form):
    """A roster to read. One that is no table is refused here, with the reason."""

    file = forms.FileField(
        label=_("Roster"),
        max_length=200,
        help_text=_("XLSX or CSV, one employee a row. It is read once and not kept."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": _("This file is empty.")},
    )
    sheet = forms.CharField(
        label=_("Sheet of the workbook"),
        max_length=60,
        required=False,
        help_text=_("Blank: the first one with entries."),
    )
    table: Table
    content: bytes

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        upload = chosen.get("file")
        if upload is None:
            return chosen
        if upload.size is not None and upload.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                _("This file has %(size)s and at most %(limit)s are read. Split it."),
                params={"size": filesizeformat(upload.size), "limit": filesizeformat(settings.IMPORT_MAX_BYTES)},
            )
        self.content = upload.read()
        try:
            self.table = read_table(upload.name or "", self.content, chosen.get("sheet", ""))
        except SpreadsheetError as error:
            self.add_error("file", str(error))
        return chosen
