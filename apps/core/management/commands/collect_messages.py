"""``manage.py collect_messages``: brings the message catalogues up to the sources and says what lacks a translation."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.core import message_catalogues


class Command(BaseCommand):
    help = "Update locale/*/LC_MESSAGES/django.po from the sources."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for locale in message_catalogues.LOCALES:
            catalogue = message_catalogues.update(settings.BASE_DIR, locale)
            lacking = sum(1 for message in catalogue if message.id and not any(message.string or ()))
            self.stdout.write(f"{locale}: {len(catalogue)} messages, {lacking} without a translation")
