"""``manage.py integrity_daily``: what the portal does about signing by itself, once a day.

New holders of positions are asked to sign, and everybody once a new version takes effect; whose day comes near is
reminded. Running it twice on a day asks and reminds nobody twice.
"""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.anti_corruption.campaigns import services
from apps.audit.context import acting_as


class Command(BaseCommand):
    help = "Ask new holders of important positions to sign, ask everybody about a new version, and send reminders."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=dt.date.fromisoformat, help="as if it were this day, such as 2020-03-05")

    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as(None, "integrity_daily"):
            asked = services.open_by_themselves(day=options["day"])
            reminded = services.remind_by_itself(day=options["day"])
        self.stdout.write(f"{asked} asked to sign, {reminded} reminded")
