"""Writes the portal's own Word template anew, after ``documents/word_template.py`` was changed."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.reporting.documents.word import DEFAULT_TEMPLATE
from apps.reporting.documents.word_template import default_template


class Command(BaseCommand):
    help = "Writes apps/reporting/documents/templates/report.docx."

    def handle(self, *args: Any, **options: Any) -> None:
        DEFAULT_TEMPLATE.write_bytes(default_template())
        self.stdout.write(str(DEFAULT_TEMPLATE.name))
