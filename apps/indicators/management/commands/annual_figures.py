"""Prints the annual figures of a year: as a table, as JSON or CSV for programs, or as a workbook."""

import codecs
import json
import unicodedata
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from apps.indicators.basis import Basis
from apps.indicators.declarations import tables
from apps.indicators.exports.files import export
from apps.indicators.exports.rows import json_row
from apps.indicators.filled_tables import place_name
from apps.indicators.reports import AnnualReport, build_report
from apps.organisation.models import ReportingYear, Site


class Command(BaseCommand):
    help = "Prints the annual figures of the group and its sites, or of one site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", help="code of the reporting year, such as 2020")
        parser.add_argument("--site", metavar="CODE", help="one site instead of the group and every site")
        parser.add_argument("--basis", choices=Basis.values, default=Basis.APPROVED, help="default: approved")
        parser.add_argument("--format", choices=("table", "json", "csv", "xlsx"), default="table")
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write to a file")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] == "xlsx" and options["output"] is None:
            raise CommandError("A workbook needs a file: add -o FILE.")
        with translation.override(options["language"]):
            self._write(self._report(options), options["format"], options["output"])

    def _report(self, options: dict[str, Any]) -> AnnualReport:
        year = ReportingYear.objects.filter(code=options["year"]).first()
        if year is None:
            known = ", ".join(ReportingYear.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"There is no reporting year {options['year']!r}. Known: {known}.")
        sites = list(Site.objects.all())
        if options["site"] is not None:
            known = ", ".join(site.code for site in sites) or "none"
            sites = [site for site in sites if site.code == options["site"]]
            if not sites:
                raise CommandError(f"There is no site {options['site']!r}. Known: {known}.")
        return build_report(
            year=year,
            sites=sites,
            group=options["site"] is None,
            basis=Basis(options["basis"]),
            sections=frozenset(table.section for table in tables),
            columns=None,
        )

    def _write(self, report: AnnualReport, format_code: str, output: Path | None) -> None:
        if format_code == "table":
            content = "\n".join(_as_text(report)).encode() + b"\n"
        elif format_code == "json":
            rows = [json_row(figure, report.year) for figure in report.rows()]
            content = json.dumps(rows, ensure_ascii=False, indent=2).encode() + b"\n"
        else:
            # The mark for Excel at the start of a CSV would be a part of the first name to a program.
            content = export(report, format_code).content.removeprefix(codecs.BOM_UTF8)
        if output is None:
            self.stdout.write(content.decode(), ending="")
            return
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"Cannot write {output}: {error.strerror}.") from error
        self.stderr.write(f"Wrote {output}.")


def _as_text(report: AnnualReport) -> Iterator[str]:
    """The printed tables, the places below each other."""
    yield _("Annual figures %(year)s") % {"year": report.year.code} + " · " + report.basis.sentence
    for place in report.places:
        yield f"{place_name(place)}: {report.coverage(place).text}"
    for table in report.tables:
        yield ""
        yield str(table.declaration.title)
        lines = []
        for line in table.lines:
            for index, place in enumerate(report.places):
                figures = [cells.figures[index] for cells in (line.total, line.density) if cells]
                lines.append(
                    [
                        f"  {line.title}" if line.is_part else line.title,
                        place_name(place),
                        *(
                            text
                            for figure in figures
                            for text in (figure.display, figure.reason or figure.kpi.unit_label)
                        ),
                    ]
                )
        yield from _aligned(lines)


def _aligned(lines: Iterable[list[str]]) -> Iterator[str]:
    """Columns below each other, numbers to the right. Chinese characters take two places on a screen."""
    rows = list(lines)
    columns = max((len(row) for row in rows), default=0)
    widths = [max((_width(row[column]) for row in rows if column < len(row)), default=0) for column in range(columns)]
    for row in rows:
        cells = []
        for column, text in enumerate(row):
            space = " " * (widths[column] - _width(text))
            cells.append(space + text if column in (2, 4) else text + space)
        yield "  " + "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
