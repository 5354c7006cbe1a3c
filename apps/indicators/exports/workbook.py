"""The annual figures as a workbook: one sheet for each printed table, with real numbers, and one with flat rows."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Final

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.formats import NO_VALUE, plain_text
from apps.core.spreadsheets import neutralise
from apps.indicators.declarations import Text
from apps.indicators.figures import Figure
from apps.indicators.filled_tables import FilledCells, FilledLine, FilledTable, place_name
from apps.indicators.reports import AnnualReport
from apps.organisation.models import Group

_NOT_IN_A_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_TITLE_WIDTH: Final = 46
_NUMBER_WIDTH: Final = 16
_SPAN_HEIGHT: Final = 32


def write_workbook(
    stream: IO[bytes], report: AnnualReport, heads: Sequence[str], lines: Iterable[Sequence[str | Decimal]]
) -> None:
    """The printed tables of ``report``, then ``lines``, which are text already made harmless, and numbers."""
    # Rows are written in order, so that a group of five hundred sites does not fill the memory.
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as workbook:
        # The same figures give the same file.
        day = dt.datetime.combine(report.year.ends_on, dt.time())
        workbook.set_properties({"created": day, "title": _report_title(report)})
        formats = _Formats(workbook)
        for table in report.tables:
            _Sheet(workbook, table.declaration.sheet, formats).write_table(report, table)
        _Sheet(workbook, _("Data"), formats).write_data(heads, lines)


def _report_title(report: AnnualReport) -> str:
    return _("Annual figures %(year)s") % {"year": report.year.code}


@dataclass
class _Formats:
    """Cell formats, one for each number of decimals."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._kept: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._kept:
            self._kept[key] = self._workbook.add_format({"valign": "top", **properties})
        return self._kept[key]

    def number(self, decimals: int, bold: bool) -> Any:
        return self.of(num_format="#,##0" + ("." + "0" * decimals if decimals else ""), bold=bold)


class _Sheet:
    """A sheet written from the top down."""

    def __init__(self, workbook: Any, name: Text, formats: _Formats) -> None:
        self._sheet = workbook.add_worksheet(_NOT_IN_A_SHEET_NAME.sub(" ", str(name))[:31])
        self._formats = formats
        self._row = 0

    def write_table(self, report: AnnualReport, table: FilledTable) -> None:
        columns = _Columns(report, table)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_column(0, 0, _TITLE_WIDTH)
        self._sheet.set_column(1, columns.count, _NUMBER_WIDTH)
        self._write_head(report, table)
        first = self._row
        self._write_headings(columns)
        self._sheet.freeze_panes(self._row, 1)
        self._sheet.repeat_rows(first, self._row - 1)
        heading = ""
        for line in table.lines:
            if line.heading != heading:
                heading = line.heading
                self._text(0, heading, bold=True)
                self._row += 1
            self._write_line(line, columns)
        if not table.lines:
            self._text(0, _("Nothing is recorded or expected here."))
        for line in table.lines:
            self._write_gaps(line)
        if table.withholds:
            self._text(0, _("Withheld are figures about small groups, and those from which they could be worked out."))
            self._row += 1
        if table.history:
            self._write_history(table)

    def write_data(self, heads: Sequence[str], lines: Iterable[Sequence[str | Decimal]]) -> None:
        self._sheet.set_column(0, len(heads), _NUMBER_WIDTH)
        for column, head in enumerate(heads):
            self._text(column, head, bold=True)
        self._sheet.freeze_panes(1, 0)
        for values in lines:
            self._row += 1
            for column, value in enumerate(values):
                if isinstance(value, Decimal):
                    self._sheet.write_number(self._row, column, value)
                elif value:
                    self._sheet.write_string(self._row, column, value)

    def _write_head(self, report: AnnualReport, table: FilledTable) -> None:
        group = Group.current()
        year = report.year
        lines = [
            f"{group.name} · {_report_title(report)}",
            str(table.declaration.title),
            _("Reporting year %(first)s to %(last)s.")
            % {"first": year.starts_on.isoformat(), "last": year.ends_on.isoformat()},
            report.basis.sentence,
            "; ".join(f"{place_name(place)}: {report.coverage(place).text}" for place in report.places),
            table.note,
            group.notice_in(get_language() or "en"),
        ]
        for number, line in enumerate(lines):
            if line:
                self._text(0, line, bold=number < 2)
                self._row += 1
        self._row += 1

    def _write_headings(self, columns: "_Columns") -> None:
        # Merged cells do not grow with their text.
        self._sheet.set_row(self._row, _SPAN_HEIGHT)
        for start, width, title in columns.spans:
            if width > 1:
                style = self._formats.of(bold=True, align="center", text_wrap=True)
                self._sheet.merge_range(self._row, start, self._row, start + width - 1, neutralise(title), style)
            else:
                self._text(start, title, bold=True, text_wrap=True)
        self._row += 1
        for column, title in enumerate(columns.titles):
            self._text(column, title, bold=True, text_wrap=True, bottom=1)
        self._row += 1

    def _write_line(self, line: FilledLine, columns: "_Columns") -> None:
        self._text(0, line.title, bold=line.is_sum, indent=1 if line.is_part else 0, text_wrap=True)
        column = self._cells(1, line.total, line.is_sum, columns.has_last)
        if columns.has_density:
            column = self._cells(column, line.density, line.is_sum, columns.has_last) if line.density else columns.words
        if columns.has_words:
            self._text(columns.words, line.words, text_wrap=True)
        self._row += 1

    def _write_gaps(self, line: FilledLine) -> None:
        """Below the table: which totals lack rows."""
        for figure in line.total.figures:
            if figure.gap_text:
                self._text(0, f"{line.title}, {place_name(figure.site)}: {figure.gap_text}")
                self._row += 1

    def _write_history(self, table: FilledTable) -> None:
        """The totals over the years, of the first place."""
        self._row += 1
        heads = [_("Over the years"), _("Unit"), *(year.code for year in table.history_years)]
        for column, title in enumerate(heads):
            self._text(column, title, bold=True, bottom=1)
        self._row += 1
        for title, line in table.history:
            self._text(0, title, text_wrap=True)
            self._text(1, line[0].figure.kpi.unit_label)
            for column, cell in enumerate(line, start=2):
                self._figure(column, cell.figure, bold=False)
            self._row += 1

    def _cells(self, column: int, cells: FilledCells, bold: bool, has_last: bool) -> int:
        self._text(column, cells.unit)
        for figure in cells.figures:
            column += 1
            self._figure(column, figure, bold)
        if has_last:
            if cells.last is not None:
                self._figure(column + 1, cells.last, bold)
            if cells.change is not None:
                self._sheet.write_number(
                    self._row, column + 2, cells.change / 100, self._formats.of(num_format="+0.0%;-0.0%;0.0%")
                )
            column += 2
        return column + 1

    def _figure(self, column: int, figure: Figure, bold: bool) -> None:
        if figure.value is None:
            self._text(column, f"{NO_VALUE} {figure.reason}", text_wrap=True, font_color="#595959", align="right")
        else:
            # Without the zeros that a database adds, of which Excel keeps no more than the first fifteen digits.
            value = Decimal(plain_text(figure.value))
            self._sheet.write_number(self._row, column, value, self._formats.number(figure.kpi.decimals, bold))

    def _text(self, column: int, text: str, **properties: Any) -> None:
        self._sheet.write_string(self._row, column, neutralise(str(text)), self._formats.of(**properties))


class _Columns:
    """What stands above the columns of a table: spans in a first row, titles in a second."""

    def __init__(self, report: AnnualReport, table: FilledTable) -> None:
        self.has_last = report.last_year is not None
        self.has_density = table.has_density
        self.has_words = table.declaration.words is not None
        block = [_("Unit"), *(place_name(place) for place in report.places)]
        if report.last_year is not None:
            block += [report.last_year.code, _("Change")]
        self.titles: list[str] = [str(table.declaration.item_title), *block]
        self.spans: list[tuple[int, int, str]] = [(1, len(block), str(table.declaration.amount_title))]
        if self.has_density:
            self.spans.append((len(self.titles), len(block), table.density_title))
            self.titles += block
        self.words = len(self.titles)
        if table.declaration.words is not None:
            self.titles.append(str(table.declaration.words.title))

    @property
    def count(self) -> int:
        return len(self.titles) - 1
