"""``manage.py load_demo``: fills an empty portal with the demonstration and prints whom to sign in as."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.demo.certificates import keep_certificates
from apps.demo.data import DemoError
from apps.demo.integrity import declare
from apps.demo.organisation import create_organisation
from apps.demo.people import PEOPLE
from apps.demo.report import write_statements
from apps.demo.story import SOURCE, play
from apps.demo.suppliers import keep_suppliers
from apps.demo.tenders import hold_tenders
from apps.organisation.models import ReportingYear, Site
from apps.submissions.shipped import load_catalogues


class Command(BaseCommand):
    help = (
        "Load the demonstration: the company's environmental year 2020, split over sites and months for illustration, "
        "made-up figures about people, and 2021."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do nothing where the demonstration is loaded already")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if _is_loaded():
            if not once:
                raise CommandError("The demonstration is loaded already. --once makes that all right.")
        elif _is_in_use():
            raise CommandError("This portal holds data of its own; the demonstration goes into an empty one only.")
        else:
            try:
                load()
            except DemoError as error:
                raise CommandError(str(error)) from error
            self.stdout.write("The demonstration is loaded.")
        self._introduce_people()

    def _introduce_people(self) -> None:
        self.stdout.write("\nPeople of the demonstration (user name, password):")
        for person in PEOPLE:
            self.stdout.write(f"  {person.username:<23}{person.password:<26}{person.full_name}")


@transaction.atomic
def load() -> None:
    """All or nothing."""
    # What is stored must not depend on the language of whoever loads it.
    with translation.override("en"):
        with acting_as(None, SOURCE):
            load_catalogues()
            people = create_organisation()
        keep_suppliers(people)
        hold_tenders(people)
        keep_certificates(people)
        declare(people)
        play(people)
        write_statements(people)


def _is_loaded() -> bool:
    return Site.objects.filter(code="HAMI").exists() and User.objects.filter(username=PEOPLE[0].username).exists()


def _is_in_use() -> bool:
    usernames = [person.username for person in PEOPLE]
    return (
        Site.objects.exists() or ReportingYear.objects.exists() or User.objects.filter(username__in=usernames).exists()
    )
