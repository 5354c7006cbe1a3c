"""Registers as an editable table: the entries of a submission, and a blank line for the next one."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.prepared import prepared
from apps.core.rounds import Round
from apps.submissions.models import Record, Submission
from apps.submissions.register_forms import RegisterForm
from apps.submissions.sections import Register
from apps.submissions.sheets import Sheet

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
    _ModelFormSet = forms.BaseModelFormSet[Any, Any]
else:
    _ModelForm = forms.ModelForm
    _ModelFormSet = forms.BaseModelFormSet


# Lines that a page bears: those that people type, and those that come from elsewhere, where no other way leads in.
MOST_LINES: Final = 500
MOST_COPIED_LINES: Final = 2000


# What the fields of a register let people choose from: values and words, by field.
Offered = Mapping[str, tuple[tuple[Any, str], ...]]


class _Line(_ModelForm):
    """What the page adds to a register's form."""

    def full_clean(self) -> None:
        """Leaves untouched entries alone, so that saving costs what was changed."""
        if self.is_bound and self.instance.pk and not self.has_changed():
            self._errors = ErrorDict()
            self.cleaned_data = {}
            return
        super().full_clean()

    def _get_validation_exclusions(self) -> set[str]:
        """The submission is no field of the form, yet part of what must not be there twice."""
        return super()._get_validation_exclusions() - {"submission"}  # type: ignore[misc,no-any-return]


class RegisterFormSet(_ModelFormSet):
    """The entries of one register of one sheet. All of its lines are saved, or none while one of them is wrong."""

    def __init__(self, *, register: Register, sheet: Sheet, data: Mapping[str, Any] | None = None) -> None:
        self.register = register
        self.sheet = sheet
        self._choices: dict[str, Sequence[Any]] = {}
        super().__init__(data=data, prefix=self.register.code, form_kwargs={"submission": sheet.submission})

    def get_queryset(self) -> Any:
        """The entries the sheet has loaded already; of those that come from elsewhere as many as a page bears."""
        entries = self.sheet.entries[self.register.code]
        return entries if self.register.source is None else entries[:MOST_COPIED_LINES]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if self.can_delete:
            form.fields["DELETE"].label = _("Delete")
        for name, drawn in form.fields.items():
            if isinstance(drawn, forms.ModelChoiceField) and not drawn.widget.is_hidden:
                # Asked for when a line is drawn: saving needs none of them.
                drawn.choices = partial(self._choices_of, name, drawn)

    def _choices_of(self, name: str, field: Any) -> Sequence[Any]:
        """Asked of the database once, not once a line."""
        if name not in self._choices:
            self._choices[name] = _choices(field, field.queryset)
        return self._choices[name]

    def offer(self, choices: Offered) -> None:
        """Takes what was asked for all registers of a page at once."""
        self._choices |= choices

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            if form.instance.pk is None and form not in self.deleted_forms:
                form.add_error(None, _("This line was removed in the meantime. Add it anew if it is needed."))

    def wrong_lines(self) -> int:
        return sum(bool(errors) for errors in self.errors) or int(bool(self.non_form_errors()))

    def write(self, user: User | None, now: dt.datetime) -> int:
        """Saves every line that changed; the number of them. Call it when the set is valid."""
        if not any(form.has_changed() for form in self.forms):
            return 0
        try:
            with transaction.atomic():
                return self._write(user, now)
        except ProtectedError:
            self.non_form_errors().append(_("A line that later months refer to cannot be deleted."))
            return 0
        except IntegrityError:
            self.non_form_errors().append(_("These lines cannot stand beside each other: one of them is there twice."))
            return 0

    def _write(self, user: User | None, now: dt.datetime) -> int:
        written = 0
        for form in self.deleted_forms:
            if form.instance.pk is not None:
                form.instance.delete()
                written += 1
        for form in self.forms:
            if form in self.deleted_forms or not form.has_changed():
                continue
            record: Record = form.save(commit=False)
            record.entered_by = user
            record.entered_at = now
            record.save()
            written += 1
        return written


@cache
def _class_for(model: type[Record], form: type[forms.ModelForm[Any]], adds_lines: bool) -> type[RegisterFormSet]:
    line = type(f"{form.__name__}Line", (_Line, form), {})
    made: Any = forms.modelformset_factory(
        model,
        form=line,
        formset=RegisterFormSet,
        extra=int(adds_lines),
        can_delete=adds_lines,
        max_num=MOST_LINES if adds_lines else MOST_COPIED_LINES,
        validate_max=True,
    )
    return made  # type: ignore[no-any-return]


def formset_for(register: Register, sheet: Sheet, data: Mapping[str, Any] | None = None) -> RegisterFormSet:
    """The register's table, as stored or with what was posted."""
    return _class_for(register.model, register.form, register.source is None)(register=register, sheet=sheet, data=data)


def is_untouched(register: Register, sheet: Sheet, data: Mapping[str, Any]) -> bool:
    """Whether there is no entry and nothing was typed, as far as that shows without a form: most registers are so.

    What is posted of an untouched line is what it was drawn with: nothing. Anything else is for the form to judge.
    """
    form: Any = register.form
    if sheet.entries[register.code] or not (issubclass(form, RegisterForm) and form.starts_blank()):
        return False
    prefix = f"{register.code}-"
    management = {f"{prefix}{name}" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    lines = str(data.get(f"{prefix}TOTAL_FORMS", ""))
    return (
        data.get(f"{prefix}INITIAL_FORMS") == "0"
        and lines.isascii()
        and lines.isdecimal()
        and len(lines) < 4
        and int(lines) <= MOST_LINES
        and not any(data[name] for name in data if name.startswith(prefix) and name not in management)
    )


def _choices(field: Any, rows: Iterable[Any]) -> tuple[tuple[Any, str], ...]:
    words = ((field.prepare_value(row), field.label_from_instance(row)) for row in rows)
    return (("", field.empty_label), *words)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """All that the rows which registers offer may depend on."""

    section: str
    codes: tuple[str, ...]
    submission: int
    site: int
    first_day: dt.date
    last_day: dt.date
    registers: Sequence[Register] = field(compare=False)
    of: Submission = field(compare=False)


def offered(sheet: Sheet, registers: Sequence[Register]) -> dict[str, Offered]:
    """What people choose from in each of ``registers``, with one question for all of them."""
    submission = sheet.submission
    fields, asked = _questions(
        _Asked(
            section=submission.section,
            codes=tuple(register.code for register in registers),
            submission=submission.pk,
            site=submission.site_id,
            first_day=submission.period.starts_on,
            last_day=submission.period.ends_on,
            registers=registers,
            of=submission,
        )
    )
    found: dict[str, dict[str, tuple[tuple[Any, str], ...]]] = {register.code: {} for register in registers}
    if fields:
        with prepared(asked.using) as cursor:
            answers = asked.answers(cursor)
        for (code, name, choice), answer in zip(fields, answers, strict=True):
            found[code][name] = _choices(choice, answer)
    return dict(found)


@lru_cache(maxsize=256)
def _questions(asked: _Asked) -> tuple[list[tuple[str, str, Any]], Round]:
    """Which fields of which registers ask for rows, and all their questions."""
    questions = [
        (register.code, name, register.form.base_fields[name], rows)
        for register in asked.registers
        if issubclass(register.form, RegisterForm)
        for name, rows in register.form.offered(asked.of).items()
    ]
    return [(code, name, choice) for code, name, choice, _rows in questions], Round(
        *(rows for *_rest, rows in questions)
    )
