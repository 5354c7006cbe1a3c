"""``manage.py import_records FILE``: imports records from CSV or XLSX, all rows or none."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.core.spreadsheets import SpreadsheetError
from apps.submissions.exchange.formats import open_file
from apps.submissions.exchange.report import Report
from apps.submissions.exchange.resources import RecordResource


class Command(BaseCommand):
    help = (
        "Import records from a CSV or XLSX file in the long format (site, period, record_kind, item, quantity, unit, "
        "state, method, note). With a single problem nothing is written; exit status 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as",
            dest="username",
            metavar="USER",
            help="user name of the person whose rights hold and whose name stands in the records; "
            "without it the operator of this machine acts",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")
        parser.add_argument("--sheet", default="", help="sheet of the workbook; otherwise the first with entries")
        parser.add_argument(
            "--language", default="en", choices=[code for code, _name in settings.LANGUAGES], help="of what is printed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = _person(options["username"])
        path: Path = options["file"]
        started = time.monotonic()
        with translation.override(options["language"]):
            try:
                with path.open("rb") as file:
                    # One byte more than allowed is enough to refuse the file by its size.
                    dataset = open_file(path.name, file.read(settings.IMPORT_MAX_BYTES + 1), options["sheet"])
            except (OSError, SpreadsheetError) as error:
                raise CommandError(str(error)) from error
            with acting_as(user, f"import_records {path.name}"):
                result = RecordResource(user=user).import_data(dataset, dry_run=options["dry_run"])
            self._tell(result.report, time.monotonic() - started)

    def _tell(self, report: Report, seconds: float) -> None:
        for problem in report.sorted_problems():
            self.stdout.write(str(problem))
        for warning in report.warnings:
            row = f"row {warning.row}: " if warning.row else ""
            self.stdout.write(f"warning: {row}{warning.submission}: {warning.message}")
        if report.problems:
            raise CommandError(
                f"{len(report.problems)} problem(s) in {report.rows_with_problems} row(s); nothing was written."
            )
        done = "" if report.written else " Dry run: nothing was written."
        self.stdout.write(f"{report.summary()}{done} ({seconds:.1f} s)")


def _person(username: str | None) -> User | None:
    if username is None:
        return None
    try:
        return User.objects.get(username=username, is_active=True)
    except User.DoesNotExist:
        raise CommandError(f"There is no active person with the user name “{username}”.") from None
