"""A report as a file: which formats there are, and what they are called."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Final

from apps.indicators.exports.rows import cells_of, heads
from apps.indicators.exports.workbook import write_workbook
from apps.indicators.reports import AnnualReport

# The type of each.
FORMATS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
_TOLD_EVERY: Final = 500


@dataclass(frozen=True, kw_only=True)
class ExportedFile:
    name: str
    content_type: str
    content: bytes


def export(report: AnnualReport, format_code: str) -> ExportedFile:
    """The figures of ``report`` in one of ``FORMATS``."""
    stream = io.BytesIO()
    write(report, format_code, stream)
    return ExportedFile(
        name=file_name(report, format_code), content_type=FORMATS[format_code], content=stream.getvalue()
    )


def file_name(report: AnnualReport, format_code: str) -> str:
    place = report.site.code.lower() if report.site else "group"
    provisional = "-provisional" if report.is_provisional else ""
    return f"figures-{report.year.code}-{place}{provisional}.{format_code}"


def write(
    report: AnnualReport, format_code: str, stream: IO[bytes], tell: Callable[[int], None] = lambda done: None
) -> None:
    """Writes the figures line by line; ``tell`` hears now and then how many there are."""
    if format_code == "xlsx":
        write_workbook(stream, report, heads(), _lines(report, tell, native=True))
        return
    # The mark at the start tells Excel that the text is UTF-8; without it Chinese comes out as noise.
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text)
    lines.writerow(heads())
    lines.writerows(_lines(report, tell, native=False))
    text.detach()


def _lines(report: AnnualReport, tell: Callable[[int], None], *, native: bool) -> Iterator[Sequence[str | Decimal]]:
    for number, figure in enumerate(report.rows(), start=1):
        if number % _TOLD_EVERY == 0:
            tell(number)
        yield cells_of(figure, report.year, native=native)
