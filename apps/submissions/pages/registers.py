"""The registers of the entry page: their lines, for typing or for reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from apps.core.formats import typed, yes_or_no
from apps.submissions.findings import row_id
from apps.submissions.models import Record
from apps.submissions.pages.marks import Remarks, RowRemarks
from apps.submissions.register_forms import RegisterForm
from apps.submissions.registers import Offered, RegisterFormSet, formset_for
from apps.submissions.sections import Register
from apps.submissions.sheets import Sheet


@dataclass(frozen=True, kw_only=True)
class CellView:
    """One cell of a line: a field to type in, or text."""

    label: str
    html: SafeString | str
    errors: Sequence[str] = ()
    error_id: str = ""


@dataclass(frozen=True, kw_only=True)
class LineView:
    """An entry, or the blank line for a new one. ``number`` is empty for that."""

    id: str
    # How findings and comments name it; empty for a line that is not stored yet.
    row_id: str
    head_id: str
    number: str
    cells: Sequence[CellView]
    hidden: SafeString | str = ""
    delete: SafeString | str = ""
    errors: Sequence[str] = ()
    remarks: RowRemarks


@dataclass(frozen=True, kw_only=True)
class ErrorView:
    """An entry of the list at the top of the page."""

    anchor: str
    title: str
    message: str


@dataclass(frozen=True, kw_only=True)
class RegisterView:
    """A register with its lines."""

    code: str
    title: str
    help: str
    columns: Sequence[tuple[str, str]]
    lines: Sequence[LineView]
    # For the browser to copy; None where the page is for reading.
    template_line: LineView | None
    management: SafeString | str
    asks_nothing: bool
    nothing: bool
    nothing_problem: str
    errors: Sequence[ErrorView]
    form_errors: Sequence[str]
    # What is said of the register as a whole.
    remarks: RowRemarks
    as_cards: bool
    editable: bool = False
    # Of lines that come from elsewhere: the words for bringing them up to date, and how many are not on the page.
    source: str = ""
    more: int = 0
    # The whole of it, where that is ready.
    html: SafeString = SafeString()

    @property
    def anchor(self) -> str:
        return f"row-{row_id(self.code, '')}"


def _head(code: str, name: str) -> str:
    return f"c-{code}-{name}"


# Registers without an entry as they were drawn before, by all that they depend on. Nothing is looked up here that the
# key does not say.
_drawn: dict[Any, RegisterView] = {}
_MOST_DRAWN: Final = 500


def empty_register(
    register: Register, sheet: Sheet, choices: Offered, remarks: Remarks, *, nothing: bool
) -> RegisterView | None:
    """A register that nobody has filled in yet, as most are; None where something is to be said of it."""
    form: Any = register.form
    if (
        sheet.entries[register.code]
        or register.source is not None
        or remarks.of(row_id(register.code, "")).has_any
        or not (issubclass(form, RegisterForm) and form.is_drawn_alike())
    ):
        return None
    key = sheet.section.code, register.code, get_language(), nothing, tuple(choices.items())
    view = _drawn.get(key)
    if view is None:
        formset = formset_for(register, sheet)
        formset.offer(choices)
        view = editable_register(register, sheet, formset, remarks, nothing=nothing, problem="")
        words = {"register": view, "page": {"editable": True}}
        view = replace(view, html=SafeString(render_to_string("submissions/parts/register.html", words)))
        if len(_drawn) >= _MOST_DRAWN:
            _drawn.clear()
        _drawn[key] = view
    return view


def editable_register(
    register: Register, sheet: Sheet, formset: RegisterFormSet, remarks: Remarks, *, nothing: bool, problem: str
) -> RegisterView:
    """``formset`` is as stored or as sent."""
    adds = register.source is None
    # The blank line at the end serves for the one that the browser copies, unless something was sent in it.
    blank = formset.empty_form if formset.is_bound or not adds else formset.forms[-1]
    names = list(register.form._meta.fields or ())
    labels = {
        **_labels(register, register.shown),
        **{name: str(blank.fields[name].label) for name in names},
    }
    stored = formset.initial_form_count()
    lines = [
        _editable_line(register, form, names, str(index + 1) if index < stored else "", remarks)
        for index, form in enumerate(formset.forms)
    ]
    template_line = None
    if adds:
        template_line = (
            _editable_line(register, blank, names, "", remarks)
            if formset.is_bound
            else _renamed(lines[-1], blank.prefix, formset.add_prefix("__prefix__"))
        )
    return RegisterView(
        code=register.code,
        title=str(register.title),
        help=str(register.help),
        columns=[(_head(register.code, name), labels[name]) for name in register.columns],
        lines=lines,
        template_line=template_line,
        management=SafeString("".join(str(field) for field in formset.management_form)),
        asks_nothing=register.answer_required,
        nothing=nothing,
        nothing_problem=problem,
        errors=list(_errors(register, lines)),
        form_errors=[str(error) for error in formset.non_form_errors()] if formset.is_bound else [],
        remarks=remarks.of(row_id(register.code, "")),
        as_cards=register.as_cards,
        editable=True,
        source=str(register.source.title) if register.source else "",
        more=len(sheet.entries[register.code]) - stored,
    )


def _editable_line(register: Register, form: Any, names: Sequence[str], number: str, remarks: Remarks) -> LineView:
    head_id = f"h-{form.prefix}"
    row = row_id(register.code, str(form.instance.pk)) if form.instance.pk else ""

    def widget(name: str) -> SafeString:
        bound = form[name]
        attrs = {"class": "input", "aria-labelledby": f"{head_id} {_head(register.code, name)}"}
        return bound.as_widget(attrs=attrs)  # type: ignore[no-any-return]

    return LineView(
        id=f"row-{row}" if row else f"row-{form.prefix}",
        row_id=row,
        head_id=head_id,
        number=number,
        cells=[
            *(
                CellView(label=label, html=shown(form.instance, name) if form.instance.pk else "")
                for name, label in _labels(register, register.shown).items()
            ),
            *(
                CellView(
                    label=str(form.fields[name].label),
                    html=widget(name),
                    errors=[str(error) for error in form.errors.get(name, ())] if form.is_bound else [],
                    error_id=f"{form[name].auto_id}_error",
                )
                for name in names
            ),
        ],
        hidden=SafeString("".join(str(field) for field in form.hidden_fields())),
        delete=form["DELETE"].as_widget(
            attrs={"class": "line-delete", "aria-labelledby": f"{head_id} {_head(register.code, 'delete')}"}
        )
        if number and "DELETE" in form.fields
        else "",
        errors=[str(error) for error in form.non_field_errors()] if form.is_bound else [],
        remarks=remarks.of(row),
    )


def _renamed(line: LineView, prefix: str, other: str) -> LineView:
    """A blank line under another number."""
    return replace(
        line,
        id=line.id.replace(prefix, other),
        head_id=line.head_id.replace(prefix, other),
        cells=[
            replace(
                cell,
                html=SafeString(str(cell.html).replace(prefix, other)),
                error_id=cell.error_id.replace(prefix, other),
            )
            for cell in line.cells
        ],
        hidden=SafeString(str(line.hidden).replace(prefix, other)),
    )


def _errors(register: Register, lines: Sequence[LineView]) -> Sequence[ErrorView]:
    found = []
    for line in lines:
        for cell in line.cells:
            for message in cell.errors:
                anchor = cell.error_id.removesuffix("_error")
                found.append(ErrorView(anchor=anchor, title=f"{register.title}, {cell.label}", message=message))
        for message in line.errors:
            found.append(ErrorView(anchor=line.id, title=str(register.title), message=message))
    return found


def readable_register(register: Register, sheet: Sheet, remarks: Remarks, *, editable: bool = False) -> RegisterView:
    """``editable`` offers to bring lines up to date that come from elsewhere."""
    names = register.columns
    labels = _labels(register, names)
    return RegisterView(
        code=register.code,
        title=str(register.title),
        help=str(register.help),
        columns=[(_head(register.code, name), labels[name]) for name in names],
        lines=[
            _readable_line(register, record, names, labels, str(index), remarks)
            for index, record in enumerate(sheet.entries[register.code], start=1)
        ],
        template_line=None,
        management="",
        asks_nothing=register.answer_required,
        nothing=register.code in sheet.nothing_to_report,
        nothing_problem="",
        errors=(),
        form_errors=(),
        remarks=remarks.of(row_id(register.code, "")),
        as_cards=register.as_cards,
        source=str(register.source.title) if register.source and editable else "",
    )


def _labels(register: Register, names: Sequence[str]) -> Mapping[str, str]:
    return {name: capfirst(str(register.model._meta.get_field(name).verbose_name)) for name in names}  # type: ignore[union-attr]


def _readable_line(
    register: Register, record: Record, names: Sequence[str], labels: Mapping[str, str], number: str, remarks: Remarks
) -> LineView:
    row = row_id(register.code, str(record.pk))
    return LineView(
        id=f"row-{row}",
        row_id=row,
        head_id=f"h-{row}",
        number=number,
        cells=[CellView(label=labels[name], html=shown(record, name)) for name in names],
        remarks=remarks.of(row),
    )


def shown(record: Record, name: str) -> str:
    """A stored field as text."""
    field: Any = record._meta.get_field(name)
    value = getattr(record, name)
    if value in (None, ""):
        return ""
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    if isinstance(value, bool):
        return yes_or_no(value)
    if field.get_internal_type() == "DecimalField":
        return typed(value)
    if field.get_internal_type() == "DateField":
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    return str(value)
