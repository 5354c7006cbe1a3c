"""Forms of a statement: its words, a comment, the responsible person."""

from typing import Any, Final

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.reporting.content.shape import LANGUAGES
from apps.reporting.models import Statement, StatementKind
from apps.reporting.statements import LONGEST, texts_of

FIELDS: Final = {"en": "text_en", "zh-hans": "text_zh_hans", "zh-hant": "text_zh_hant"}


def in_reading_order() -> list[str]:
    """The three languages, that of the reader first."""
    mine = get_language() or "en"
    return sorted(LANGUAGES, key=lambda language: (language != mine, LANGUAGES.index(language)))


def _area(language: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 9, "lang": language})


class StatementForm(forms.Form):
    """The words in three languages. ``revision`` is the one that was opened."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    kind = forms.ChoiceField(label=_("What the words are"), choices=StatementKind.choices)
    text_en = forms.CharField(label=_("Text in English"), widget=_area("en"), required=False, max_length=LONGEST)
    text_zh_hans = forms.CharField(
        label=_("Text in Simplified Chinese"), widget=_area("zh-hans"), required=False, max_length=LONGEST
    )
    text_zh_hant = forms.CharField(
        label=_("Text in Traditional Chinese"), widget=_area("zh-hant"), required=False, max_length=LONGEST
    )

    @property
    def text_fields(self) -> list[forms.BoundField]:
        """The three texts, that of the reader first."""
        return [self[FIELDS[language]] for language in in_reading_order()]

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by language."""
        return {language: self.cleaned_data[name] for language, name in FIELDS.items()}

    @classmethod
    def of(cls, statement: Statement | None) -> "StatementForm":
        """Holds what is stored."""
        texts = texts_of(statement)
        return cls(
            initial={
                "revision": statement.revision if statement else 0,
                "kind": statement.kind if statement else StatementKind.DISCLOSURE,
                **{name: texts[language] for language, name in FIELDS.items()},
            }
        )

    def upon(self, statement: Statement) -> "StatementForm":
        """What was typed, to be saved over what ``statement`` says by now."""
        return type(self)(initial={**self.cleaned_data, "revision": statement.revision})


class RevisionForm(forms.Form):
    """A decision about the words as they were seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class CommentForm(RevisionForm):
    """A decision with its reason."""

    comment = forms.CharField(
        label=pgettext_lazy("statement", "What has to be corrected"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class ResponsibleForm(forms.Form):
    """Who drafts the words of a provision."""

    responsible = forms.ModelChoiceField(
        label=_("Responsible person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("May draft this statement and hand it in. No other part of the report opens by it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("full_name", "username")
        self.fields["responsible"].queryset = people  # type: ignore[attr-defined]
