"""Rows of a file that fill a register, such as stack tests: each goes through the register's own form."""

import copy
import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.formats import parse_number, plain_text, typed
from apps.core.units import UNITS, parse_unit
from apps.submissions.choices import CellState
from apps.submissions.exchange.grid_rows import locked
from apps.submissions.exchange.lines import STATES, Layout, Line, code_of, day_in, no_value, unknown_state, wrong_number
from apps.submissions.exchange.lookup import Names, NotFound, find_rows, named
from apps.submissions.exchange.report import (
    CHANGED,
    DIFFERENCES_SHOWN,
    INVALID,
    NEW,
    UNCHANGED,
    Difference,
    Problem,
    Report,
)
from apps.submissions.models import NothingToReport, Record
from apps.submissions.sections import Register
from apps.submissions.services import update_rows
from apps.submissions.sheets import Sheet

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class _Chosen(forms.Field):
    """Stands in for a drop-down whose row has been looked up among its choices already."""

    def clean(self, value: Any) -> Any:
        return value


class _FileForm(_ModelForm):
    """A register's form that reads row after row without asking the database, which would be five times a row.

    Catalogue rows come from the form's own choices, and constraints are asked for all rows together in ``settle``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = [cast(Any, self.fields[name]).queryset for name in self.instance.row_fields]
        for name in self.instance.row_fields:
            self.fields[name] = _Chosen(required=False)
        self._blank = self.instance
        self._blank.validate_constraints = lambda exclude=None: None
        self.is_bound = True

    def read(self, data: dict[str, Any]) -> Any:
        """The record that ``data`` describes; look at ``errors`` before using it."""
        self.data = data
        self.instance = copy.copy(self._blank)
        self.full_clean()
        return self.instance

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), *self.instance.row_fields}  # type: ignore[misc]


class _Rehearsed(Exception):
    """Takes back what was written to see whether it can be."""


@cache
def _file_form(form: type[forms.ModelForm[Any]]) -> type[_FileForm]:
    return type(f"{form.__name__}ForFiles", (_FileForm, form), {})


class RegisterRows:
    """Turns rows into records and collects them. Call ``starting`` with each submission's sheet first."""

    def __init__(self, layout: Layout, report: Report, *, user: User | None, now: dt.datetime) -> None:
        self.layout = layout
        self.report = report
        self.user = user
        self.now = now
        self._created: dict[str, list[Record]] = {}
        self._updated: dict[str, list[Record]] = {}
        self._registers: dict[str, Register] = {}
        self._lines: list[tuple[Line, Record, str]] = []
        # By query, and by query set to spare writing the query out.
        self._names: dict[Any, Names[Any]] = {}

    def starting(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._seen: dict[tuple[Any, ...], int] = {}
        self._forms: dict[str, _FileForm] = {}
        self._entries: dict[str, dict[tuple[Any, ...], Record]] = {}

    def take(self, line: Line, register: Register) -> tuple[str, str]:
        """What becomes of ``line``, and the id of its row."""
        problems: list[Problem] = []
        data = self._data(line, register, problems)
        form = self._form(register)
        record = form.read(data)
        item_unknown = any(name not in data for name in register.model.row_fields)
        columns = {name: code for code, name in register.file_fields.items()}
        said = {problem.column for problem in problems}
        for name, errors in form.errors.items():
            code = "item" if name in register.model.row_fields else columns.get(name, "")
            for error in errors:
                problem = self.layout.problem(
                    line, code or ("quantity" if name == NON_FIELD_ERRORS else name), str(error)
                )
                if problem.column not in said and not (code == "item" and item_unknown):
                    problems.append(problem)
        outcome, row_id = INVALID, ""
        if not problems:
            outcome, row_id = self._take_record(line, register, record, problems)
        self.report.add(*problems)
        return (INVALID if problems else outcome), row_id

    def _data(self, line: Line, register: Register, problems: list[Problem]) -> dict[str, Any]:
        """What the form is given; whatever cannot be given becomes a problem."""
        get = self.layout.getter
        odd = self.layout.odd(line)
        problems += [self.layout.problem(line, code, message) for code, message in odd.items()]
        data: dict[str, Any] = {}
        word = get("item")(line)
        try:
            if not word:
                raise NotFound(_("This cell is blank."))
            choices = [self._named(queryset) for queryset in self._form(register).choices]
            rows = find_rows(word, choices)
            data.update(zip(register.model.row_fields, rows, strict=True))
        except NotFound as refusal:
            problems.append(self.layout.problem(line, "item", str(refusal)))
        for code, name in register.file_fields.items():
            text = get(code)(line)
            data[name] = text
            if code == "quantity" and code not in odd:
                message = wrong_number(text) if text else no_value()
                if message:
                    problems.append(self.layout.problem(line, code, message))
                else:
                    data[name] = plain_text(parse_number(text))
            elif code == "date" and (day := day_in(text)):
                data[name] = day.isoformat()
        unit = get("unit")(line)
        if unit and "unit" not in odd and parse_unit(unit) is not UNITS.get(register.file_unit):
            problems.append(
                self.layout.problem(
                    line,
                    "unit",
                    _("“%(unit)s” does not fit %(table)s. Use %(known)s.")
                    % {"unit": unit[:20], "table": register.title, "known": register.file_unit},
                )
            )
        state = get("state")(line)
        if state and code_of(state) != CellState.VALUE and "state" not in odd:
            message = (
                _("“%(table)s” has values only. Leave the row out.") % {"table": register.title}
                if code_of(state) in STATES
                else unknown_state(state)
            )
            problems.append(self.layout.problem(line, "state", message))
        return data

    def _form(self, register: Register) -> _FileForm:
        form = self._forms.get(register.code)
        if form is None:
            form = self._forms[register.code] = _file_form(register.form)(submission=self.sheet.submission)
        return form

    def _named(self, queryset: Any) -> Names[Any]:
        """The rows of a choice by name; many submissions offer the same ones."""
        names = self._names.get(queryset)
        if names is None:
            query = str(queryset.query)
            names = self._names.get(query) or named(queryset)
            self._names[query] = self._names[queryset] = names
        return names

    def _take_record(self, line: Line, register: Register, record: Any, problems: list[Problem]) -> tuple[str, str]:
        identity = _identity(register, record)
        earlier = self._seen.setdefault((register.code, *identity), line.number)
        if earlier != line.number:
            problems.append(
                self.layout.problem(
                    line, "item", _("Row %(row)d says something of the same item already.") % {"row": earlier}
                )
            )
            return INVALID, ""
        existing = self._existing(register).get(identity)
        before = "" if existing is None else _said(register, existing)
        if existing is not None:
            told = [name for code, name in register.file_fields.items() if code in self.layout.places]
            if all(getattr(existing, name) == getattr(record, name) for name in told):
                return UNCHANGED, ""
        if not self.sheet.submission.is_open:
            problems.append(locked(self.layout, line, self.sheet))
            return INVALID, ""
        if existing is not None:
            for name in told:
                setattr(existing, name, getattr(record, name))
            record = existing
        record.entered_by, record.entered_at = self.user, self.now
        kept = self._created if existing is None else self._updated
        kept.setdefault(register.code, []).append(record)
        self._registers[register.code] = register
        outcome = NEW if existing is None else CHANGED
        self._lines.append((line, record, outcome))
        if len(self.report.differences) < DIFFERENCES_SHOWN:
            self.report.differences.append(
                Difference(
                    row=line.number,
                    submission=str(self.sheet.submission),
                    title=str(record),
                    before=before,
                    after=_said(register, record),
                )
            )
        return outcome, f"{register.code}:{record.pk or line.number}"

    def _existing(self, register: Register) -> dict[tuple[Any, ...], Record]:
        kept = self._entries.get(register.code)
        if kept is None:
            kept = {_identity(register, record): record for record in self.sheet.entries[register.code]}
            self._entries[register.code] = kept
        return kept

    @property
    def has_lines(self) -> bool:
        """Whether something was collected since the last ``settle``."""
        return bool(self._lines)

    def settle(self, *, keep: bool) -> None:
        """Writes what was collected, for good or to see whether the database takes it, and collects anew.

        Entries that the database refuses are named.
        """
        if not self._lines:
            return
        try:
            with transaction.atomic():
                self._write()
                if not keep:
                    raise _Rehearsed
        except _Rehearsed:
            pass
        except IntegrityError:
            self._name_refused()
            if keep and not self.report.problems:
                raise
        finally:
            self._created, self._updated, self._lines = {}, {}, []

    def _name_refused(self) -> None:
        for line, record, outcome in self._lines:
            try:
                type(record).validate_constraints(record)
            except ValidationError as refusal:
                self.report.counts[outcome] -= 1
                self.report.counts[INVALID] += 1
                self.report.add(*(self.layout.problem(line, "quantity", words) for words in refusal.messages))

    def _write(self) -> None:
        for code, records in self._created.items():
            model = self._registers[code].model
            model._default_manager.bulk_create(records, batch_size=2000)
            # What has entries is no longer empty.
            NothingToReport.objects.filter(
                table=code, submission__in={record.submission_id for record in records}
            ).delete()
        for code, records in self._updated.items():
            register = self._registers[code]
            update_rows(register.model, records, [*register.file_fields.values(), "entered_by", "entered_at"])


def _identity(register: Register, record: Any) -> tuple[Any, ...]:
    """What tells two entries apart: the catalogue rows, the day and the reference."""
    return (
        *(getattr(record, f"{name}_id") for name in register.model.row_fields),
        *(getattr(record, name) for code, name in register.file_fields.items() if code in ("date", "reference")),
    )


def _said(register: Register, record: Any) -> str:
    unit = UNITS.get(register.file_unit)
    quantity = typed(getattr(record, register.file_fields["quantity"]))
    return f"{quantity} {unit.label if unit else register.file_unit}"
