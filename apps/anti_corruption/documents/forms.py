"""What officers type into a draft of the code or the statement."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.anti_corruption.models import DocumentVersion, Question
from apps.submissions.register_forms import day_input

_LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)
LONGEST_TEXT: Final = 200_000


def language_name(code: str) -> str:
    """A language as its readers call it."""
    return str(dict(settings.LANGUAGES)[code])


class DraftForm(forms.Form):
    """Name, first day, the text in three languages, and for a statement its questions."""

    number = forms.CharField(
        label=gettext_lazy("Version"), max_length=20, help_text=gettext_lazy("As people call it: 2020, or 2.1.")
    )
    effective_on = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=day_input(),
        help_text=gettext_lazy("From this day it replaces the version before, and people are asked to sign."),
    )

    def __init__(self, version: DocumentVersion, questions: Sequence[Question], data: Any = None) -> None:
        super().__init__(data, initial={"number": version.number, "effective_on": version.effective_on})
        self.questions = questions
        for language in _LANGUAGES:
            self.fields[f"text_{language}"] = forms.CharField(
                label=_("Text (%(language)s)") % {"language": language_name(language)},
                required=False,
                max_length=LONGEST_TEXT,
                initial=version.text_in(language),
                widget=forms.Textarea(attrs={"rows": 16, "lang": language}),
            )
        for question in questions:
            for language in _LANGUAGES:
                self.fields[f"{question.kind}_{language}"] = forms.CharField(
                    label=language_name(language),
                    max_length=500,
                    initial=question.text_in(language),
                    widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
                )

    def text_fields(self) -> list[Any]:
        return [self[f"text_{language}"] for language in _LANGUAGES]

    def question_fields(self) -> Iterator[tuple[Question, list[Any]]]:
        """Each question with its three fields."""
        for question in self.questions:
            yield question, [self[f"{question.kind}_{language}"] for language in _LANGUAGES]

    def texts(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"text_{language}"] for language in _LANGUAGES}

    def words(self) -> dict[str, dict[str, str]]:
        """The words of the questions by kind and language."""
        return {
            question.kind: {language: self.cleaned_data[f"{question.kind}_{language}"] for language in _LANGUAGES}
            for question in self.questions
        }
