"""A report as a file: which formats there are, and what they are called."""

from dataclasses import dataclass
from typing import Final

from import_export.formats import base_formats

from apps.indicators.exports.rows import AnnualFigureResource
from apps.indicators.exports.workbook import AnnualXLSX
from apps.indicators.reports import AnnualReport

FORMATS: Final[dict[str, type[base_formats.Format]]] = {"xlsx": AnnualXLSX, "csv": base_formats.CSV}


@dataclass(frozen=True, kw_only=True)
class ExportedFile:
    name: str
    content_type: str
    content: bytes


def export(report: AnnualReport, format_code: str) -> ExportedFile:
    """The figures of ``report`` in one of ``FORMATS``."""
    file_format = FORMATS[format_code]()
    resource = AnnualFigureResource(year=report.year, native=format_code == "xlsx")
    dataset = resource.export_figures(report.rows())
    content = file_format.export_data(dataset, **({"report": report} if format_code == "xlsx" else {}))
    place = report.site.code.lower() if report.site else "group"
    provisional = "-provisional" if report.is_provisional else ""
    return ExportedFile(
        name=f"figures-{report.year.code}-{place}{provisional}.{format_code}",
        content_type=file_format.get_content_type(),
        # The mark at the start tells Excel that the text is UTF-8; without it Chinese comes out as noise.
        content=content if isinstance(content, bytes) else content.encode("utf-8-sig"),
    )
