"""What the forms of all registers have in common: they belong to a submission, and they ask for days and sentences."""

from typing import TYPE_CHECKING, Any

from django import forms

from apps.submissions.models import Submission

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


def day_input() -> forms.DateInput:
    """A calendar of the browser, in the one form of a day that it takes."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def sentences() -> forms.Textarea:
    """Room for a sentence or two. The review page sets such fields below their entry."""
    return forms.Textarea(attrs={"rows": 2})


class RegisterForm(_ModelForm):
    """One line of a register of ``submission``."""

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.submission = submission
