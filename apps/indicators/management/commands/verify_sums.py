"""``manage.py verify_sums``: compares the yearly sums with the approved records, exits 1 on a difference."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.indicators.sums.models import sum_models
from apps.indicators.sums.proofs import broken_sums, rebuild


class Command(BaseCommand):
    help = "Compare the yearly sums with the approved records they follow from, and say which differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="make all sums anew afterwards")

    def handle(self, *args: Any, **options: Any) -> None:
        differences = 0
        for words in broken_sums():
            differences += 1
            self.stdout.write(words)
        if options["rebuild"]:
            rebuild()
            self.stdout.write("All sums were made anew.")
        if differences:
            raise CommandError(f"{differences} difference(s) found", returncode=1)
        self.stdout.write(f"{sum(model._default_manager.count() for model in sum_models())} sum(s) hold.")
