"""``manage.py check_figures YEAR``: computes a published year anew and compares; exits 1 on a difference."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from apps.core.formats import NO_VALUE, percent
from apps.organisation.models import ReportingYear
from apps.reporting.comparing import Difference, all_differences
from apps.reporting.models import Edition
from apps.reporting.parts import rest_of
from apps.reporting.proofs import broken_editions, broken_files, broken_parts
from apps.reporting.restating import figures_now


class Command(BaseCommand):
    help = (
        "Compute every figure of a published year from the rows as they are now, compare it with the newest edition, "
        "and recompute the digests of all editions and files of the year. Say what differs and exit 1, else 0. "
        "How far it is stands on the error output."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", help="code of the reporting year, such as 2020")
        parser.add_argument("--edition", type=int, help="compare with this edition instead of the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            edition = _edition(options["year"], options["edition"])
            found = 0
            for words in self._differences(edition):
                found += 1
                self.stdout.write(words)
        if found:
            raise CommandError(f"{found} difference(s) from edition {edition.number}", returncode=1)
        count = len(rest_of(edition.pk, edition.sha256)["figures"])
        self.stdout.write(f"edition {edition.number}: {count} figure(s) are as published; digest {edition.sha256}")

    def _differences(self, edition: Edition) -> Iterator[str]:
        year = edition.year
        broken = [*broken_editions(year), *broken_parts(year), *broken_files(year)]
        yield from broken
        if not broken:
            self.stderr.write("digests of editions and files: done")
            for each in all_differences(edition, figures_now(year), self._told):
                yield _line(each)

    def _told(self, done: int, sites: int) -> None:
        self.stderr.write(f"sites compared: {done} of {sites}")
        self.stderr.flush()


def _edition(code: str, number: int | None) -> Edition:
    year = ReportingYear.objects.filter(code=code).first()
    if year is None:
        raise CommandError(f"there is no reporting year {code}", returncode=2)
    editions = Edition.objects.filter(year=year).select_related("year").defer("content").order_by("-number")
    edition = (editions.filter(number=number) if number is not None else editions).first()
    if edition is None:
        what = "is not published" if number is None else f"has no edition {number}"
        raise CommandError(f"{code} {what}", returncode=2)
    return edition


def _line(each: Difference) -> str:
    old, new = each.old or NO_VALUE, each.new or NO_VALUE
    return f"{each.code} {each.site or 'group'}: published {old}, now {new}, {percent(each.percent)}"
