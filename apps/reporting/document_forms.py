"""Choosing a document to make, and a template to keep."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from apps.reporting.content.shape import LANGUAGES
from apps.reporting.documents.files import FORMATS
from apps.reporting.models import Edition, TemplateLanguage

_PER_LANGUAGE = {file_format.code for file_format in FORMATS if file_format.per_language}


class DocumentForm(forms.Form):
    """What to make, of which state of the year, in which language. Some files hold all languages at once."""

    number = forms.TypedChoiceField(label=pgettext_lazy("of the year, for a document", "State"), coerce=int)
    file_format = forms.ChoiceField(
        label=gettext_lazy("File"), choices=[(each.code, each.title) for each in FORMATS], initial="pdf"
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the document"),
        choices=[choice for choice in TemplateLanguage.choices if choice[0]],
        help_text=gettext_lazy("CSV and JSON hold all three languages."),
    )

    def __init__(self, *args: Any, editions: Iterable[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number: Any = self.fields["number"]
        number.choices = [
            (0, _("Draft, from what is approved now")),
            *((edition.number, _("Edition %(number)s") % {"number": edition.number}) for edition in editions),
        ]
        spoken = (get_language() or "en").lower()
        self.fields["language"].initial = spoken if spoken in LANGUAGES else "en"

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("file_format") not in _PER_LANGUAGE:
            chosen["language"] = ""
        return chosen


_ALL = "all"


class _ForReports(forms.Form):
    """For which reports; empty for those in every language."""

    language = forms.ChoiceField(
        label=gettext_lazy("For reports in"),
        choices=[(value or _ALL, label) for value, label in TemplateLanguage.choices],
        initial=_ALL,
    )

    def clean_language(self) -> str:
        chosen: str = self.cleaned_data["language"]
        return "" if chosen == _ALL else chosen


class TemplateForm(_ForReports):
    """A Word file, and the reports it is for."""

    field_order = ("file", "language")
    file = forms.FileField(
        label=gettext_lazy("Word template"),
        max_length=200,
        help_text=gettext_lazy("DOCX, at most 5 MB. It is tried with an example before it is kept."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"empty": gettext_lazy("This file is empty.")},
    )


class OwnTemplateForm(_ForReports):
    """For which reports the portal's own template holds again."""
