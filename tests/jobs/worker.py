"""A worker in a process of its own that knows the kinds of the tests: ``python -m tests.jobs.worker``."""

import importlib
import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    importlib.import_module("tests.jobs.sample_kinds")
    call_command("db_worker", "--no-reload", "--no-startup-delay", "--interval", "0.1", *sys.argv[1:])
