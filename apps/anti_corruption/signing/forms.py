"""What somebody fills in to sign or to decline.

The questions come from the statement. Nothing is preselected: an empty list is no answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from apps.accounts.models import User
from apps.anti_corruption.answers import Answer, says_something
from apps.anti_corruption.models import Question, QuestionKind
from apps.anti_corruption.signing.names import key_of

NOTHING: Final = "nothing"
TELLS: Final = "tells"
# Answers that may name business partners, and those that may name people.
_WITH_PARTNERS: Final = (
    QuestionKind.OWN_INTERESTS,
    QuestionKind.FAMILY_AT_PARTNERS,
    QuestionKind.LOANS,
    QuestionKind.GIFTS,
    QuestionKind.HOSPITALITY,
    QuestionKind.OUTSIDE_WORK,
)
_PEOPLE: Final = {
    QuestionKind.FAMILY_IN_GROUP: gettext_lazy("Colleagues concerned (full name, one a line)"),
    QuestionKind.FAMILY_AT_PARTNERS: gettext_lazy("Family members concerned (full name, one a line)"),
}
_MOST_LINES: Final = 20
_LONGEST_LINE: Final = 120


def _few_lines(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=_MOST_LINES * _LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question with its fields. ``is_told`` while there are details to show; ``more`` are lists of names."""

    question: Question
    choice: BoundField
    details: BoundField
    more: Sequence[BoundField]
    is_told: bool
    is_for_officers: bool

    @property
    def id(self) -> str:
        return f"question-{self.question.kind}"

    @property
    def fields(self) -> list[BoundField]:
        """What is filled in where there is something to declare."""
        return [self.details, *self.more]

    @property
    def is_wrong(self) -> bool:
        return any(field.errors for field in (self.choice, *self.fields))


class SignForm(forms.Form):
    """The answers, the name and the password of whoever signs. ``check`` says what is wrong with a password, if
    anything; it is asked once everything else is in order, so that an unanswered question costs no attempt.
    """

    language = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=gettext_lazy("Your full name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type your full name.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("The one with which you sign in here."),
        error_messages={"required": gettext_lazy("Type your password.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        questions: Sequence[Question],
        language: str,
        check: Callable[[str], str],
        answers: Sequence[Answer] = (),
    ) -> None:
        super().__init__(data, initial={"language": language})
        self.user, self.questions, self.current, self.check = user, questions, language, check
        given = {answer.kind: answer for answer in answers}
        for question in questions:
            self._add_question(question, given.get(question.kind))

    def _add_question(self, question: Question, answer: Answer | None) -> None:
        kind = question.kind
        self.fields[f"choice_{kind}"] = forms.ChoiceField(
            label=question.text,
            choices=[(NOTHING, _("Nothing to declare")), (TELLS, _("Yes, as follows"))],
            widget=forms.RadioSelect,
            initial=None if answer is None else NOTHING if answer.none else TELLS,
            error_messages={"required": _("Answer this question: %(question)s") % {"question": question.text}},
        )
        details = self.fields[f"details_{kind}"] = forms.CharField(
            label=_("Details"),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        )
        lists: list[tuple[str, Any, tuple[str, ...]]] = []
        if kind in _WITH_PARTNERS:
            label = _("Business partners concerned (number or name, one a line)")
            lists.append(("partners", label, answer.partners if answer else ()))
        if kind in _PEOPLE:
            lists.append(("people", _PEOPLE[QuestionKind(kind)], answer.people if answer else ()))
        for name, label, lines in lists:
            field = self.fields[f"{name}_{kind}"] = _few_lines(label)
            field.initial = "\n".join(lines)
        if answer is not None:
            details.initial = answer.details

    def asked(self) -> list[Asked]:
        """Every question with its fields, in the order of the statement."""
        return [
            Asked(
                question=question,
                choice=self[f"choice_{question.kind}"],
                details=self[f"details_{question.kind}"],
                more=[self[name] for name in self._lists(question.kind)],
                is_told=any(self[name].value() for name in (f"details_{question.kind}", *self._lists(question.kind))),
                is_for_officers=question.kind == QuestionKind.WRONGDOING,
            )
            for question in self.questions
        ]

    def closing(self) -> list[BoundField]:
        """What follows the questions."""
        return [self[name] for name in ("reason", "name", "password") if name in self.fields]

    def _lists(self, kind: str) -> list[str]:
        return [name for name in (f"partners_{kind}", f"people_{kind}") if name in self.fields]

    def clean_language(self) -> str:
        """The questions are answered in the language in which they are signed."""
        if self.cleaned_data["language"] != self.current:
            raise forms.ValidationError(
                _("The language was changed meanwhile. Look at the questions again, then sign.")
            )
        return self.current

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if key_of(name) != key_of(self.user.full_name):
            raise forms.ValidationError(_("Type your full name: %(name)s.") % {"name": self.user.full_name})
        return name

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for question in self.questions:
            self._clean_question(question.kind, cleaned)
        if not self.errors and (wrong := self.check(cleaned["password"])):
            self.add_error("password", wrong)
        return cleaned

    @sensitive_variables()
    def _clean_question(self, kind: str, cleaned: dict[str, Any]) -> None:
        choice = cleaned.get(f"choice_{kind}")
        if choice == TELLS and f"details_{kind}" in cleaned and not says_something(cleaned[f"details_{kind}"]):
            self.add_error(f"details_{kind}", _("Say what there is to declare."))
        for name in (f"details_{kind}", *self._lists(kind)):
            if choice == NOTHING and cleaned.get(name):
                self.add_error(
                    name, _("You chose “Nothing to declare”. Choose “Yes, as follows”, or empty this field.")
                )
        for name in self._lists(kind):
            lines = _lines_of(cleaned.get(name, ""))
            if len(lines) > _MOST_LINES or any(len(line) > _LONGEST_LINE for line in lines):
                words = {"lines": _MOST_LINES, "length": _LONGEST_LINE}
                said = _(
                    "Write at most %(lines)d lines of at most %(length)d characters. The rest goes into the details."
                )
                self.add_error(name, said % words)

    @sensitive_variables()
    def answers(self) -> list[Answer]:
        """What is signed."""
        return [
            Answer(
                kind=question.kind,
                none=self.cleaned_data[f"choice_{question.kind}"] == NOTHING,
                details=self.cleaned_data[f"details_{question.kind}"],
                partners=_lines_of(self.cleaned_data.get(f"partners_{question.kind}", "")),
                people=_lines_of(self.cleaned_data.get(f"people_{question.kind}", "")),
            )
            for question in self.questions
        ]


# Of every reason, because it is read by more people than the answers about wrongdoing.
_READ_BY_AUDITORS: Final = gettext_lazy(
    "The auditors of declarations read this too. Write nothing here about bribery, fraud or money laundering."
)


class CorrectForm(SignForm):
    """The same, filled in with what stands, and why it is put right."""

    reason = forms.CharField(
        label=gettext_lazy("Why you replace your declaration"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=gettext_lazy("The integrity officers read this."),
    )

    def clean_reason(self) -> str:
        return _reason_of(self, _("Say why the declaration is replaced."))


class DeclineForm(forms.Form):
    """Why somebody will not sign."""

    reason = forms.CharField(
        label=gettext_lazy("Why you decline"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_READ_BY_AUDITORS,
        error_messages={"required": gettext_lazy("Say why you decline.")},
    )

    def clean_reason(self) -> str:
        return _reason_of(self, _("Say why you decline."))


@sensitive_variables()
def _reason_of(form: forms.Form, missing: str) -> str:
    reason = str(form.cleaned_data["reason"])
    if not says_something(reason):
        raise forms.ValidationError(missing)
    return reason


def _lines_of(text: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))
