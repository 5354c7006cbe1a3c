"""The two kinds of file, as formats of import-export.

Workbooks are read with calamine; xlsxwriter makes what is around their rows. CSV is written by the database.
"""

import codecs
import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any, Final, TypeVar

import tablib
import xlsxwriter
from import_export.formats import base_formats

from apps.core.formats import plain_text
from apps.core.spreadsheets import neutralise
from apps.core.units import DECIMAL_PLACES
from apps.submissions.exchange import exporter
from apps.submissions.exchange.exporter import Value
from apps.submissions.exchange.reader import read_table
from apps.submissions.exchange.sheet_rows import DIGITS_OF_A_CELL, write_rows
from apps.submissions.exchange.tables import Table

T = TypeVar("T")
# Of which submissions the records go out, and of which kinds.
# Told how many rows are written.
Tell = Callable[[int], None]

_WIDTHS: Final = (12, 11, 14, 30, 16, 10, 16, 12, 40)
_OTHER_WIDTH: Final = 16


class RecordDataset(tablib.Dataset):  # type: ignore[misc]
    """The rows of a file, which keep the numbers they have in it."""

    def __init__(self, name: str, table: Table) -> None:
        super().__init__(*(texts for _number, texts in table.records), headers=table.headings, title=name)
        self.table = table


def open_file(name: str, data: bytes, sheet: str = "") -> RecordDataset:
    """Reads a file whose kind is told by its ending and its content. Raises SpreadsheetError."""
    return RecordDataset(name, read_table(name, data, sheet))


def text_of(value: Value) -> str:
    """A value as it stands in CSV. Numbers and days are ours and harmless; text is not."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain_text(value)
    return value.isoformat() if isinstance(value, dt.date) else neutralise(value)


# What a sheet holds below its headings.
MOST_ROWS: Final = 1_048_575


class RecordCSV(base_formats.CSV):  # type: ignore[misc]
    """CSV in UTF-8 with the mark by which Excel knows it."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> RecordDataset:
        return open_file("records.csv", in_stream)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """The rows of an export that are in memory already."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(dataset)
        stream = io.BytesIO()
        self._write(stream, dataset.headers, [text.getvalue().encode()])
        return stream.getvalue()

    def write(self, stream: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        """Writes rows that Python made."""
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=False)
        writer = csv.writer(text)
        writer.writerow(headings)
        writer.writerows([text_of(value) for value in row] for row in rows)
        text.flush()
        text.detach()

    def write_records(
        self, stream: IO[bytes], headings: Sequence[str], selection: exporter.Selection, tell: Tell | None = None
    ) -> None:
        """Writes records as they come from the database."""
        self._write(stream, headings, counted(exporter.csv_lines(selection), tell))

    def _write(self, stream: IO[bytes], headings: Sequence[str], lines: Iterable[bytes]) -> None:
        head = io.StringIO()
        csv.writer(head, lineterminator="\n").writerow(headings)
        stream.write(codecs.BOM_UTF8 + head.getvalue().encode())
        stream.writelines(lines)


class RecordXLSX(base_formats.XLSX):  # type: ignore[misc]
    """A workbook with real numbers and days, written row by row."""

    def create_dataset(self, in_stream: bytes) -> RecordDataset:
        return open_file("records.xlsx", in_stream)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """The rows of an export that are in memory already."""
        stream = io.BytesIO()
        self._write(stream, dataset.headers, dataset)
        return stream.getvalue()

    def write(self, stream: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        """Writes rows that Python made."""
        with xlsxwriter.Workbook(stream, {"constant_memory": True}) as workbook:
            RecordSheet(workbook, headings).write(rows)

    def write_records(
        self, stream: IO[bytes], headings: Sequence[str], selection: exporter.Selection, tell: Tell | None = None
    ) -> None:
        """Writes records as they come from the database."""
        self._write(stream, headings, counted(exporter.rows(selection), tell))

    def _write(self, stream: IO[bytes], headings: Sequence[str], rows: Iterable[exporter.Row]) -> None:
        empty = io.BytesIO()
        with xlsxwriter.Workbook(empty, {"in_memory": True}) as workbook:
            sheet = RecordSheet(workbook, headings)
            sheet.append([dt.date(2020, 1, 1), *(Decimal(1).scaleb(-places) for places in range(DECIMAL_PLACES + 1))])
        write_rows(stream, empty, rows, exporter.kinds_of_cells())


def counted(rows: Iterable[T], tell: Tell | None) -> Iterator[T]:
    """``rows``, with every some thousandth told: on another connection, since this one is busy with the rows."""
    for number, row in enumerate(rows, start=1):
        if tell is not None and number % 5000 == 0:
            tell(number)
        yield row


class RecordSheet:
    """The sheet of records in a workbook."""

    def __init__(self, workbook: Any, headings: Sequence[str], name: str = "records") -> None:
        self._workbook = workbook
        self.sheet = workbook.add_worksheet(name)
        self._numbers: dict[int, Any] = {}
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self.sheet.freeze_panes(1, 0)
        for place in range(len(headings)):
            width = _WIDTHS[place] if place < len(_WIDTHS) else _OTHER_WIDTH
            self.sheet.set_column(place, place, width)
        head = workbook.add_format({"bold": True, "bottom": 1})
        for place, heading in enumerate(headings):
            self.sheet.write_string(0, place, neutralise(heading), head)
        self.row = 0

    def write(self, rows: Iterable[Sequence[Value]]) -> None:
        for row in rows:
            self.append(row)

    def append(self, row: Sequence[Value]) -> None:
        self.row += 1
        for place, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, Decimal):
                self._write_number(place, value)
            elif isinstance(value, dt.date):
                self.sheet.write_datetime(self.row, place, dt.datetime.combine(value, dt.time()), self._day)
            else:
                self.sheet.write_string(self.row, place, neutralise(value))

    def _write_number(self, place: int, value: Decimal) -> None:
        text = plain_text(value)
        if len(value.normalize().as_tuple().digits) > DIGITS_OF_A_CELL:
            # More digits than a spreadsheet keeps: text loses none.
            self.sheet.write_string(self.row, place, text)
            return
        decimals = len(text.partition(".")[2])
        if decimals not in self._numbers:
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            self._numbers[decimals] = self._workbook.add_format({"num_format": pattern})
        self.sheet.write_number(self.row, place, value, self._numbers[decimals])


FORMATS: Final[dict[str, type[RecordCSV] | type[RecordXLSX]]] = {"xlsx": RecordXLSX, "csv": RecordCSV}
