"""``manage.py load_catalogues``: adds the shipped catalogue rows that are missing, changes none that is there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from apps.audit.context import acting_as
from apps.submissions.shipped import CatalogueError, load_catalogues


class Command(BaseCommand):
    help = "Add the catalogue rows that ship with the portal and are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # Commands speak English, and what they say names models and constraints.
            with translation.override("en"), acting_as(None, "load_catalogues"):
                added = load_catalogues()
                names = {model: str(model._meta.verbose_name_plural) for model in added}
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        for model, count in added.items():
            if count:
                self.stdout.write(f"{names[model]}: {count} added")
        if not any(added.values()):
            self.stdout.write("Every shipped catalogue row is there already; nothing was changed.")
