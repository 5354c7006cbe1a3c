"""``manage.py generate_history``: fills an empty portal with years of a large group, for trials at size."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from apps.demo.history import PASSWORD, History, is_empty


class Command(BaseCommand):
    help = (
        "Fill an empty portal with a made-up history: sites × years × 12 months × 40 values, approved and sealed, and "
        "an open year after them. Always the same. For development only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sites", type=int, default=500, help="how many sites (500)")
        parser.add_argument("--years", type=int, default=10, help="how many years (10)")
        parser.add_argument("--until", type=int, default=2025, help="the last of them (2025)")

    def handle(self, *args: Any, sites: int, years: int, until: int, **options: Any) -> None:
        if sites < 1 or years < 1:
            raise CommandError("A history has one site and one year at least.")
        if not is_empty():
            raise CommandError("This portal holds data; a history goes into an empty one only.")
        for done in History(sites=sites, first_year=until - years + 1, last_year=until).make():
            self.stdout.write(done)
        # Autovacuum would come some minutes later; until then the planner knows nothing of the tables.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        self.stdout.write(f"People: hist-clerk, hist-reviewer … with the password {PASSWORD}")
