"""What the forms of all registers have in common: they belong to a submission, and they ask for days and sentences."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

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
    """One line of a register of ``submission``.

    A blank line is the same for all submissions, save for what ``offered`` gives. A form of which that is not true
    has an ``__init__`` of its own: then its lines are drawn anew each time. ``promised`` are the fields that
    ``offered`` speaks of.
    """

    promised: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.submission = submission
        for name, rows in self.offered(submission).items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    @classmethod
    def offered(cls, submission: Submission) -> Mapping[str, Any]:
        """The rows that fields let people choose from in this submission: querysets by field."""
        return {}

    @classmethod
    @cache
    def is_drawn_alike(cls) -> bool:
        """Whether a blank line depends on nothing but the language and the rows that are offered."""
        asking = {name for name, field in cls.base_fields.items() if isinstance(field, forms.ModelChoiceField)}
        return (
            cls.__init__ is RegisterForm.__init__
            and asking <= cls.promised
            and not any(callable(preset) for preset in cls._presets())
        )

    @classmethod
    @cache
    def starts_blank(cls) -> bool:
        """Whether a blank line has nothing in it."""
        return cls.is_drawn_alike() and not any(cls._presets())

    @classmethod
    def _presets(cls) -> list[Any]:
        """What the fields of a blank line begin with."""
        columns = {field.name: field for field in cls._meta.model._meta.concrete_fields}
        return [
            preset
            for name, field in cls.base_fields.items()
            for preset in (
                field.initial,
                columns[name].default if name in columns and columns[name].has_default() else None,
            )
        ]
