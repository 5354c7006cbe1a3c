"""``manage.py open_year CODE``: creates a reporting year if there is none, its periods, and what sites hand in."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.audit.context import acting_as
from apps.organisation.models import ReportingYear
from apps.submissions.models import Submission
from apps.submissions.services import open_year


class Command(BaseCommand):
    help = "Open a reporting year: its months, the year itself, and the submissions that sites are expected to hand in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="such as 2020 or 2020-21")
        parser.add_argument("--starts", type=dt.date.fromisoformat, help="first day; default 1 January of CODE")
        parser.add_argument("--ends", type=dt.date.fromisoformat, help="last day; default 31 December of CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        code: str = options["code"]
        with acting_as(None, "open_year"):
            year = ReportingYear.objects.filter(code=code).first() or self._create(code, options)
            created = open_year(year)
        expected = Submission.objects.filter(period__year=year).count()
        self.stdout.write(f"{code}: {year.starts_on} to {year.ends_on}, {created} new submission(s), {expected} in all")
        if not expected:
            self.stderr.write("No site hands in a section in this year: add sections of the sites, then open it again.")

    def _create(self, code: str, options: dict[str, Any]) -> ReportingYear:
        starts, ends = options["starts"], options["ends"]
        if (starts is None or ends is None) and not (code.isdecimal() and len(code) == 4):
            raise CommandError(f"{code} is no calendar year: give --starts and --ends")
        year = ReportingYear(
            code=code, starts_on=starts or dt.date(int(code), 1, 1), ends_on=ends or dt.date(int(code), 12, 31)
        )
        try:
            year.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        year.save()
        return year
