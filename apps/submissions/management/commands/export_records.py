"""``manage.py export_records``: writes records to CSV or XLSX, in the columns that import_records reads."""

import sys
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.organisation.models import ReportingYear, Site
from apps.submissions.exchange import exporter
from apps.submissions.exchange.formats import FORMATS, MOST_ROWS


class Command(BaseCommand):
    help = "Export records in the long format. An untouched file, imported again, changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every year, site and record kind")
        parser.add_argument("--year", default="", help="code of a reporting year")
        parser.add_argument("--site", action="append", default=[], help="code of a site; may be given several times")
        parser.add_argument("--kind", action="append", default=[], help="a record kind; may be given several times")
        parser.add_argument("--format", choices=sorted(FORMATS), help="otherwise told by the name of the output file")
        parser.add_argument("-o", "--output", type=Path, help="file to write; otherwise CSV goes to standard output")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            help="of the headings; otherwise their codes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        selection = _selection(options)
        output: Path | None = options["output"]
        name = options["format"] or (output.suffix.lower().removeprefix(".") if output else "csv")
        if name not in FORMATS:
            raise CommandError(f"“{name}” is no format. Known are: {', '.join(sorted(FORMATS))}.")
        if output is None:
            self._write(name, sys.stdout.buffer, selection, options["language"])
            return
        with output.open("wb") as stream:
            self._write(name, stream, selection, options["language"])

    @transaction.atomic
    def _write(self, name: str, stream: IO[bytes], selection: exporter.Selection, language: str | None) -> None:
        if name == "xlsx" and exporter.has_more_than(MOST_ROWS, selection):
            raise CommandError(f"A sheet holds {MOST_ROWS:,} records, and there are more. Narrow down, or write CSV.")
        FORMATS[name]().write_records(stream, exporter.headings(language), selection)


def _selection(options: dict[str, Any]) -> exporter.Selection:
    year, sites, kinds = options["year"], options["site"], options["kind"]
    if not (options["all"] or year or sites or kinds):
        raise CommandError("Say which records: --year, --site or --kind, or --all.")
    if year and not ReportingYear.objects.filter(code=year).exists():
        raise CommandError(f"There is no reporting year “{year}”.")
    unknown = set(sites) - set(Site.objects.values_list("code", flat=True))
    unknown |= set(kinds) - {table.code for table in exporter.tables()}
    if unknown:
        raise CommandError(f"Unknown: {', '.join(sorted(unknown))}.")
    return exporter.Selection(user=None, year=year, sites=sites, kinds=kinds)
