"""Writes docs/kpis.md from the declared KPIs, or says whether it is current."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from apps.indicators.handbook import handbook


class Command(BaseCommand):
    help = "Writes docs/kpis.md from the declared KPIs."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")
        parser.add_argument("-o", "--output", type=Path, default=Path(settings.BASE_DIR) / "docs" / "kpis.md")

    def handle(self, *args: Any, check: bool, output: Path, **options: Any) -> None:
        with translation.override("en"):
            text = handbook()
        if not check:
            output.write_text(text, encoding="utf-8")
            self.stdout.write(f"Wrote {output}.")
        elif not output.exists() or output.read_text(encoding="utf-8") != text:
            raise CommandError(f"{output} is out of date: run python manage.py write_kpi_docs.")
