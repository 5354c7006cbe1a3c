"""What people choose on the pages of import and export."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.spreadsheets import SpreadsheetError
from apps.organisation.models import Period, ReportingYear, Site
from apps.organisation.policies import visible_sites
from apps.submissions import policies
from apps.submissions.exchange import exporter
from apps.submissions.exchange.reader import is_long, read_table
from apps.submissions.models import Submission
from apps.submissions.sections import sections


class UploadForm(forms.Form):
    """A file to check. One that cannot be read is refused here, with the reason.

    ``later``: a long file is not read here; what reads it in the background refuses it then.
    """

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("XLSX or CSV, one record a row. Nothing is written before you confirm."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": _("This file is empty.")},
    )
    content: bytes
    is_long = False

    def __init__(self, *args: Any, later: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._later = later

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size is not None and upload.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                _("This file has %(size)s and at most %(limit)s are read. Split it."),
                params={"size": filesizeformat(upload.size), "limit": filesizeformat(settings.IMPORT_MAX_BYTES)},
            )
        self.content = upload.read()
        self.is_long = self._later and is_long(self.content)
        if self.is_long:
            return upload
        try:
            read_table(upload.name or "", self.content)
        except SpreadsheetError as error:
            raise forms.ValidationError(str(error)) from error
        return upload


class ExportForm(forms.Form):
    """Which records, as which kind of file. Choices are those the person may read."""

    year = forms.ChoiceField(label=_("Reporting year"), required=False)
    site = forms.ChoiceField(label=_("Site"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Record kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )
    format = forms.ChoiceField(label=_("File type"), choices=[("xlsx", "XLSX"), ("csv", "CSV")])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        years = ReportingYear.objects.values_list("code", flat=True)
        sites = Site.objects.filter(visible_sites(user))
        choices: dict[str, list[tuple[str, Any]]] = {
            "year": [("", _("All")), *((code, code) for code in years)],
            "site": [("", _("All")), *((site.code, site.name) for site in sites)],
            "kinds": [(table.code, table.title) for table in exporter.tables()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def selection(self) -> exporter.Selection:
        chosen = self.cleaned_data
        return exporter.Selection(
            user=self.user,
            year=chosen["year"],
            sites=[chosen["site"]] if chosen["site"] else [],
            kinds=chosen["kinds"],
        )

    def file_name(self) -> str:
        chosen = self.cleaned_data
        words = ["records", chosen["year"], chosen["site"].lower()]
        return f"{'-'.join(word for word in words if word)}.{chosen['format']}"


class FillInForm(forms.Form):
    """For which site and period the person wants a file to fill in."""

    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"), to_field_name="code", empty_label=None)
    period = forms.ModelChoiceField(Period.objects.none(), label=_("Period"), to_field_name="code", empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open = Submission.objects.filter(
            policies.editable_by(user), section__in=[section.code for section in sections if section.is_in_files]
        )
        sites = Site.objects.filter(pk__in=self._open.values("site"))
        periods = Period.objects.filter(pk__in=self._open.values("period")).select_related("year")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["period"].queryset = periods.order_by("-starts_on", "frequency")  # type: ignore[attr-defined]

    def submissions(self) -> list[Submission]:
        """The open ones of this site and period."""
        chosen = self.cleaned_data
        found = self._open.filter(site=chosen["site"], period=chosen["period"])
        return list(found.select_related("site", "period__year").order_by("section"))
