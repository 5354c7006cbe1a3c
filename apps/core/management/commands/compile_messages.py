"""``manage.py compile_messages``: compiles the message catalogues that changed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.core.message_catalogues import compile_stale


class Command(BaseCommand):
    help = "Compile the message catalogues that changed, without the gettext programs."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in compile_stale(settings.BASE_DIR):
            self.stdout.write(f"compiled {path.relative_to(settings.BASE_DIR)}")
