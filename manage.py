#!/usr/bin/env python3
"""Django's command line; starts or joins the embedded database when DATABASE_URL is not set."""

import importlib.util
import os
import sys
from pathlib import Path


def use_project_environment() -> None:
    """Goes on with the project's own Python where this one lacks Django, so that a plain `python` will do."""
    own = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
    if importlib.util.find_spec("django") is None and own.exists() and Path(sys.executable) != own:
        os.execv(own, [str(own), *sys.argv])  # noqa: S606 - the project's own interpreter


def main() -> None:
    use_project_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esgportal.settings")
    from django.core.management import execute_from_command_line

    from esgportal import embedded

    if embedded.is_wanted():
        embedded.hold(Path(__file__).resolve().parent)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
