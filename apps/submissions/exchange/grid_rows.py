"""Rows of a file that fill a grid: one row is one cell of the entry page."""

import datetime as dt
from collections import defaultdict
from operator import itemgetter
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.formats import plain_text, typed
from apps.core.units import UNITS
from apps.submissions.choices import CellState, Method
from apps.submissions.entry import Cell, read_cell
from apps.submissions.exchange.lines import (
    METHODS,
    STATES,
    Layout,
    Line,
    code_of,
    no_value,
    unknown_method,
    unknown_state,
    wrong_number,
)
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
from apps.submissions.exchange.writing import write_changes
from apps.submissions.models import QuantityRecord
from apps.submissions.sections import Grid
from apps.submissions.services import Changes
from apps.submissions.sheets import Row, Sheet, add_row

# Looking up a member of an enumeration takes longer than comparing words.
_VALUE: Final = str(CellState.VALUE.value)
_OUTCOMES: Final = {"created": NEW, "updated": CHANGED}


class GridRows:
    """Turns rows into cells and collects what they change. Call ``starting`` with each submission's sheet first."""

    def __init__(self, layout: Layout, report: Report, *, user: User | None) -> None:
        self.layout = layout
        self.report = report
        self.changes = Changes(user=user)
        # The words of a row that every grid has.
        self._words = itemgetter(*(layout.place_of(code) for code in ("quantity", "unit", "state", "method", "note")))
        # What the words of state and method say where both are plain: most rows of a file have the same ones.
        self._plain_how: dict[tuple[str, str], str] = {}
        self._has_note = "note" in layout.places
        self._seen: dict[str, int] = {}
        # What this file says of a site, so that its later months are compared with its earlier ones.
        self._site: int | None = None
        self._added: dict[str, dict[dt.date, QuantityRecord]] = defaultdict(dict)
        # Whether sheets of that site that were loaded already may lack some of it.
        self._is_missed = False

    def loaded(self) -> None:
        """Sheets were loaded: they know nothing of what the file said before."""
        self._is_missed = bool(self._added)

    def starting(self, sheet: Sheet) -> None:
        """Rows of ``sheet`` come now. Call it by site, the earliest period first."""
        site = sheet.submission.site_id
        if site != self._site:
            self._site = site
            self._added.clear()
            self._is_missed = False
        elif self._is_missed:
            for row in sheet.rows.values():
                self._look_back(row)
        self.sheet = sheet
        self._is_open = sheet.submission.is_open
        self._seen = {}

    def write(self) -> None:
        """Writes what was collected so far, and collects anew."""
        write_changes(self.changes)
        self.forget()

    def forget(self) -> None:
        """Drops what was collected."""
        self.changes = Changes(user=self.changes.user)

    def take(self, line: Line, grid: Grid, row_id: str, catalogue: tuple[Any, ...]) -> str:
        """What becomes of ``line``."""
        row = self.sheet.rows.get(row_id) or self._new_row(grid, catalogue)
        earlier = self._seen.setdefault(row_id, line.number)
        problems: list[Problem] = []
        if earlier != line.number:
            problems.append(
                self.layout.problem(
                    line, "item", _("Row %(row)d says something of the same item already.") % {"row": earlier}
                )
            )
        elif row.record is not None and self._says_the_same(line, grid, row.record):
            return UNCHANGED
        outcome = self._take_cell(line, row, problems)
        if problems:
            self.report.add(*problems)
            return INVALID
        return outcome

    def _new_row(self, grid: Grid, catalogue: tuple[Any, ...]) -> Row:
        """A line that nobody expects in this form, and perhaps in others of the site."""
        row = add_row(self.sheet, grid, catalogue)
        self._look_back(row)
        self._is_missed = True
        return row

    def _look_back(self, row: Row) -> None:
        said = self._added.get(row.id)
        if said is not None:
            row.before.update(said)

    def _take_cell(self, line: Line, row: Row, problems: list[Problem]) -> str:
        cell = self._cell(line, row, problems)
        if problems:
            _values, found = read_cell(row, cell)
            problems += self._worded(line, cell, found)
            return INVALID
        is_shown = len(self.report.differences) < DIFFERENCES_SHOWN
        before = _said(row.record) if is_shown else ""
        refused: dict[str, list[Any]] = {}
        done = self.changes.take(row, cell, self.sheet.submission, refused)
        if refused:
            problems += self._worded(line, cell, refused[row.id])
            return INVALID
        if done is None:
            return UNCHANGED
        if not self._is_open:  # with this problem nothing of what was noted is written
            problems.append(locked(self.layout, line, self.sheet))
            return INVALID
        if row.record is not None:
            # The sheets of the later months have the same ``before``.
            self._added[row.id][row.period_start] = row.before[row.period_start] = row.record
        if is_shown:
            self.report.differences.append(
                Difference(
                    row=line.number,
                    submission=str(self.sheet.submission),
                    title=row.title,
                    before=before,
                    after=_said(row.record),
                )
            )
        return _OUTCOMES[done]

    def _says_the_same(self, line: Line, grid: Grid, record: QuantityRecord) -> bool:
        """Whether the row is what an export of ``record`` would hold. Only a shortcut: False decides nothing."""
        quantity, unit, state, method, note = self._words(line.texts)
        if unit != record.entered_unit or (method and method != record.method):
            return False
        if quantity != _plain(record.entered_value) or (state or _VALUE) != record.state:
            return False
        if self._has_note and note != record.note and note.split() != record.note.split():
            return False
        places = self.layout.places
        for name in grid.extra_quantities:
            if name in places and line.texts[places[name]] != _plain(getattr(record, name)):
                return False
        return not self.layout.odd(line)

    def _cell(self, line: Line, row: Row, problems: list[Problem]) -> Cell:
        """The cell that the row describes. Columns that the file lacks leave a record as it is."""
        record = row.record
        quantity, unit, state, method, note = self._words(line.texts)
        odd = self.layout.odd(line)
        if odd:
            problems += [self.layout.problem(line, code, message) for code, message in odd.items()]
        how = self._plain_how.get((state, method)) or self._how(line, row, (state, method), odd, problems)
        is_value = how in METHODS
        if "quantity" in odd:
            quantity = "0" if is_value else ""
        elif is_value:
            message = no_value() if not quantity else wrong_number(quantity) if quantity[0] in "=＝" else ""
            if message:
                problems.append(self.layout.problem(line, "quantity", message))
                quantity = "0"
        extras = row.grid.extra_quantities
        return Cell(
            value=quantity,
            unit=unit,
            how=how,
            note=note if self._has_note or record is None else record.note,
            extras={name: "" if name in odd else self._extra(line, name, record) for name in extras} if extras else {},
        )

    def _how(self, line: Line, row: Row, words: tuple[str, str], odd: dict[str, str], problems: list[Problem]) -> str:
        """The method of a value, or the state that says why there is none."""
        state = code_of(words[0]) or CellState.VALUE
        method = code_of(words[1])
        if state == CellState.VALUE and method in METHODS and not odd:
            self._plain_how[words] = method
        if state not in STATES:
            if "state" not in odd:
                problems.append(self.layout.problem(line, "state", unknown_state(words[0])))
            state = CellState.VALUE
        if method and method not in METHODS:
            if "method" not in odd:
                problems.append(self.layout.problem(line, "method", unknown_method(words[1])))
            method = Method.METERED
        if state == CellState.VALUE:
            record = row.record
            kept = record.method if record is not None and record.state == CellState.VALUE else ""
            return method or kept or row.grid.usual_how
        if method:
            problems.append(
                self.layout.problem(
                    line,
                    "method",
                    _("There is no value (“%(state)s”), so there is no method. Leave it blank.")
                    % {"state": CellState(state).label},
                )
            )
        return state

    def _extra(self, line: Line, name: str, record: QuantityRecord | None) -> str:
        place = self.layout.places.get(name)
        return _plain(getattr(record, name, None)) if place is None else line.texts[place]

    def _worded(self, line: Line, cell: Cell, found: list[Any]) -> list[Problem]:
        columns = {"value": "quantity", "how": "state"}
        return [
            self.layout.problem(line, columns.get(problem.field, problem.field), problem.message) for problem in found
        ]


def locked(layout: Layout, line: Line, sheet: Sheet) -> Problem:
    return layout.problem(
        line,
        "period",
        _(
            "“%(submission)s” is locked (%(state)s), and this row would change it. "
            "A reviewer has to send it back or open it again first."
        )
        % {"submission": sheet.submission, "state": sheet.submission.get_state_display()},
    )


def _plain(value: Any) -> str:
    return "" if value is None else plain_text(value)


def _said(record: QuantityRecord | None) -> str:
    if record is None:
        return ""
    if record.entered_value is None:
        return str(CellState(record.state).label)
    unit = UNITS.get(record.entered_unit)
    return f"{typed(record.entered_value)} {unit.label if unit else record.entered_unit}"
