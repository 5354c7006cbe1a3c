"""Settings refuse bad values at the start and name them."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

GOOD = {
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "ESGPORTAL_SECRET_KEY": "k" * 60,
    "ESGPORTAL_ALLOWED_HOSTS": "esg.example.com",
}


STARTED = "from esgportal import settings as s; print(s.DEBUG, s.DEMO, s.SESSION_COOKIE_SECURE)"


def start(code: str = STARTED, **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ESGPORTAL_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={**kept, **GOOD, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_is_what_a_database_of_its_own_gets() -> None:
    assert start().stdout.split() == ["False", "False", "True"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ESGPORTAL_DEBUG", "perhaps"),
        ("ESGPORTAL_SECRET_KEY", "short"),
        ("ESGPORTAL_ALLOWED_HOSTS", ""),
        ("ESGPORTAL_EVIDENCE_MAX_MB", "many"),
        ("ESGPORTAL_LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "sqlite:///x.db"),
        ("ESGPORTAL_SECRET_KEY_FILE", "/does/not/exist"),
        ("ESGPORTAL_REPLICA_URL", "sqlite:///x.db"),
        ("ESGPORTAL_WEB_STATEMENT_SECONDS", "0"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(name: str, value: str) -> None:
    started = start(**{name: value})
    assert started.returncode != 0
    assert name.removeprefix("ESGPORTAL_") in started.stderr


def test_pages_have_limits_that_commands_do_not_have_and_what_the_address_asks_for_stays() -> None:
    words = "from esgportal import limits; limits.serves_pages = {}; from esgportal import settings as s; print({})"
    shown = "s.DATABASES['default']['OPTIONS']['sslmode'], s.DATABASES['default']['OPTIONS'].get('options')"
    address = f"{GOOD['DATABASE_URL']}?sslmode=verify-full"
    command, page = (
        start(words.format(serves, shown), DATABASE_URL=address).stdout.strip() for serves in ("False", "True")
    )
    assert command == "verify-full None"
    assert page.startswith("verify-full -c statement_timeout=60s -c lock_timeout=15s")
    asked = start(words.format("True", shown), DATABASE_URL=f"{address}&options=-c%20statement_timeout%3D5s").stdout
    assert asked.strip().endswith("-c statement_timeout=5s")


def test_every_setting_of_the_environment_is_in_the_example() -> None:
    import re

    source = (settings.BASE_DIR / "esgportal" / "settings.py").read_text()
    example = (settings.BASE_DIR / ".env.example").read_text()
    read = {f"ESGPORTAL_{name}" for name in re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)} - {
        "ESGPORTAL_DATABASE_URL"
    }
    listed = set(re.findall(r"^(ESGPORTAL_[A-Z_]+)=", example, re.MULTILINE))
    assert read == listed
