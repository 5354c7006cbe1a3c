"""The grids of the entry page: a view of each row beside what the site reported before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.charts import Sparkline, sparkline
from apps.core.formats import NO_VALUE, number, percent, plain_text, typed
from apps.core.units import UNITS, Unit
from apps.organisation.choices import Frequency
from apps.organisation.models.calendar import month_label
from apps.submissions.choices import CellState, Method
from apps.submissions.entry import Cell, Problem, how_of
from apps.submissions.meanwhile import Touched
from apps.submissions.models import QuantityRecord
from apps.submissions.pages.grid_html import GridWriter
from apps.submissions.pages.marks import Remarks, RowRemarks
from apps.submissions.pages.options import how_options, unit_options
from apps.submissions.sections import Grid
from apps.submissions.sheets import HISTORY_MONTHS, Row, Sheet, months_back
from apps.submissions.stored_rows import Past

_MULTIPLE_FROM = Decimal(900)


@dataclass(frozen=True, kw_only=True)
class ExtraView:
    """An optional quantity of a row, such as its opening stock."""

    name: str
    label: str
    value: str
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Collision:
    """What a colleague saved in a row meanwhile: beside what was typed, or taken over because nothing was."""

    text: str
    actor: str
    at: object
    taken_over: bool


@dataclass(kw_only=True)
class RowView:
    """One line of a grid as the template writes it."""

    id: str
    title: str
    unit: str
    is_expected: bool
    is_answered: bool
    previous: str
    year_ago: str
    # For live changes in the browser: the previous quantity with all its digits, or nothing.
    previous_plain: str
    change: str
    trend: Sparkline | None
    trend_text: str
    value: str
    # The same in the canonical unit, where another one was typed.
    canonical: str
    unit_options: SafeString
    unit_label: str
    unit_code: str
    how_options: SafeString
    # The method that goes with a value here, for when a value is typed where there was none.
    usual_how: str
    how: str
    how_label: str
    note: str
    extras: Sequence[ExtraView]
    extras_open: bool
    problems: Mapping[str, str]
    collision: Collision | None
    remarks: RowRemarks
    extras_html: SafeString = SafeString()

    @property
    def has_past(self) -> bool:
        return self.previous != NO_VALUE

    @property
    def said(self) -> str:
        """What a cell says beside its number, where that is not the usual: why there is none, and the note."""
        if not self.is_answered or (self.how == self.usual_how and not self.note):
            return ""
        return f"{self.title}: {self.how_label}{' – ' if self.note else ''}{self.note}"

    @property
    def has_words(self) -> bool:
        """Whether something is said of the row below it."""
        return bool(self.problems or self.collision or self.remarks.has_any)

    @property
    def has_more(self) -> bool:
        """Whether a second line follows with what does not fit into the columns."""
        return bool(self.extras) or self.has_words


@dataclass(frozen=True, kw_only=True)
class GridView:
    """A grid with the heads of its columns."""

    code: str
    title: str
    help: str
    rows: Sequence[RowView]
    # The rows as they are written, with what is said of them below each.
    lines: SafeString
    previous_head: str
    # Empty where the period before is the same as the one a year before.
    year_ago_head: str
    can_add: bool

    @property
    def columns(self) -> int:
        return 10 if self.year_ago_head else 9


@dataclass(kw_only=True)
class Typed:
    """What the page shows instead of what is stored: cells as they were sent, and what is wrong with them."""

    cells: Mapping[str, Cell] = field(default_factory=dict)
    problems: Mapping[str, Sequence[Problem]] = field(default_factory=dict)
    touched: Mapping[str, Touched] = field(default_factory=dict)


class GridViews:
    """Makes the views of one page. The row called ``focus`` takes the cursor."""

    def __init__(
        self,
        sheet: Sheet,
        *,
        editable: bool,
        shown: Typed,
        remarks: Remarks,
        focus: str = "",
        may_answer: bool = False,
    ) -> None:
        self.sheet = sheet
        self.editable = editable
        self.shown = shown
        self.remarks = remarks
        self.focus = focus
        self.may_answer = may_answer
        start = sheet.submission.period.starts_on
        self._months = [months_back(start, back) for back in range(HISTORY_MONTHS, 0, -1)]
        self._language = get_language()
        self._words = _words(self._language)

    def grid(self, grid: Grid) -> GridView:
        submission = self.sheet.submission
        monthly = submission.section_declaration.frequency == Frequency.MONTH
        start = submission.period.starts_on
        previous_head = month_label(months_back(start, 1)) if monthly else _("Year before")
        year_ago_head = month_label(months_back(start, 12)) if monthly else ""
        writer = GridWriter(grid.code, previous_head, year_ago_head, editable=self.editable)
        rows = [self.row(row) for row in self.sheet.rows_of(grid.code)]
        lines: list[str] = []
        for row in rows:
            lines.append(writer.line(row, focused=row.id == self.focus))
            if row.has_words:
                words = {"row": row, "grid": {"columns": writer.columns}, "page": self}
                lines.append(render_to_string("submissions/parts/grid_more.html", words))
        return GridView(
            code=grid.code,
            title=str(grid.title),
            help=str(grid.help),
            rows=rows,
            lines=SafeString("".join(lines)),
            previous_head=previous_head,
            year_ago_head=year_ago_head,
            can_add=self.editable and grid.site_row is not None,
        )

    def row(self, row: Row) -> RowView:
        stored = stored_cell(row)
        cell, collision = self._cell_to_show(row, stored)
        problems = {problem.field: problem.message for problem in self.shown.problems.get(row.id, ())}
        item, words = row.item, self._words
        previous = row.previous
        usual_how = _usual_how(row)
        how = cell.how or usual_how
        unit = cell.unit or usual_unit(row)
        return RowView(
            id=row.id,
            title=row.title,
            unit=words.units[item.unit_code],
            is_expected=row.expected,
            is_answered=row.record is not None,
            previous=self._past(previous),
            year_ago=self._past(row.year_ago),
            previous_plain=plain_text(previous.quantity) if previous and previous.quantity is not None else "",
            change=_change(row),
            trend=self._trend(row),
            trend_text=self._trend_text(row),
            value=cell.value,
            canonical=_canonical(row),
            unit_options=unit_options(item, unit, self._language) if self.editable else SafeString(),
            unit_label=words.units.get(unit, "") if cell.value else "",
            unit_code=unit,
            how_options=how_options(row.grid.methods, how, self._language) if self.editable else SafeString(),
            usual_how=usual_how,
            how=cell.how,
            how_label=words.how.get(cell.how, cell.how),
            note=cell.note,
            extras=[
                ExtraView(
                    name=name,
                    label=_extra_label(row.grid.model, name, self._language),
                    value=cell.extras.get(name, ""),
                    problem=problems.get(name, ""),
                )
                for name in row.grid.extra_quantities
                if self.editable or cell.extras.get(name)
            ],
            extras_open=any(name in problems for name in row.grid.extra_quantities),
            problems=problems,
            collision=collision,
            remarks=self.remarks.of(row.id),
        )

    def _cell_to_show(self, row: Row, stored: Cell) -> tuple[Cell, Collision | None]:
        sent = self.shown.cells.get(row.id)
        touched = self.shown.touched.get(row.id)
        if sent is None:
            return stored, None
        if touched is None:
            return sent, None
        if same(sent, stored):
            return stored, None
        untouched = same(sent, touched.before)
        collision = Collision(text=_said(stored, row.unit), actor=touched.actor, at=touched.at, taken_over=untouched)
        return stored if untouched else sent, collision

    def _trend(self, row: Row) -> Sparkline | None:
        past = [row.history.get(month) for month in self._months]
        return sparkline([*(record.quantity if record else None for record in past), row.quantity])

    def _past(self, record: QuantityRecord | Past | None) -> str:
        if record is None:
            return NO_VALUE
        return self._words.how[record.state] if record.quantity is None else typed(record.quantity)

    def _trend_text(self, row: Row) -> str:
        past = [record.quantity for record in row.history.values() if record.quantity is not None]
        if not past:
            return ""
        return self._words.trend % {
            "low": number(min(past), row.item.decimals),
            "high": number(max(past), row.item.decimals),
        }


@dataclass(frozen=True, kw_only=True)
class _Words:
    """What the rows of all pages say, looked up once for a language. By code: of units, of methods and states."""

    units: Mapping[str, str]
    how: Mapping[str, str]
    trend: str


@cache
def _words(_language: str | None) -> _Words:
    return _Words(
        units={code: str(unit.label) for code, unit in UNITS.items()},
        how={code: str(label) for code, label in (*Method.choices, *CellState.choices)},
        trend=_("Twelve months before: %(low)s to %(high)s"),
    )


@cache
def _extra_label(model: type[QuantityRecord], name: str, _language: str | None) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def stored_cell(row: Row) -> Cell:
    """The stored record as one would type it."""
    record = row.record
    if record is None:
        return Cell()
    return Cell(
        value=typed(record.entered_value) if record.entered_value is not None else "",
        unit=record.entered_unit,
        how=how_of(record),
        note=record.note,
        extras={
            name: typed(getattr(record, name))
            for name in row.grid.extra_quantities
            if getattr(record, name) is not None
        },
    )


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells say the same; a preset unit or method beside an empty value says nothing."""
    if one.is_blank or other.is_blank:
        return one.is_blank and other.is_blank

    def said(cell: Cell) -> tuple[object, ...]:
        value = cell.value.strip()
        extras = {name: text.strip() for name, text in cell.extras.items() if text.strip()}
        return value, cell.unit if value else "", cell.how, " ".join(cell.note.split()), extras

    return said(one) == said(other)


def _said(cell: Cell, canonical: Unit) -> str:
    if cell.is_blank:
        return _("nothing")
    if not cell.value:
        return _how_label(cell.how)
    unit = UNITS.get(cell.unit, canonical)
    return f"{cell.value} {unit.label}"


def _change(row: Row) -> str:
    """In percent; from ten times on as a multiple, which says more."""
    change = row.change
    if change is None:
        return ""
    return percent(change) if change < _MULTIPLE_FROM else f"× {number(change / 100 + 1, 0)}"


def _canonical(row: Row) -> str:
    record = row.record
    if record is None or record.quantity is None or record.entered_unit == row.unit.code:
        return ""
    return f"= {typed(record.quantity)} {row.unit.label}"


def usual_unit(row: Row) -> str:
    """The unit typed here last time."""
    return next((record.entered_unit for record in row.newest_first if record.entered_unit), row.unit.code)


def _usual_how(row: Row) -> str:
    return next((record.method for record in row.newest_first if record.method), row.grid.usual_how)


def _how_label(how: str) -> str:
    for words in (Method, CellState):
        if how in words._value2member_map_:
            return str(words(how).label)
    return how
