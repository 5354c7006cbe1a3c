"""The databases that are measured: one for each size, made once and kept until the migrations change."""

import hashlib
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from benchmarks import twin
from benchmarks.servers import BASE_DIR, LOCAL, manage, portal_environment, stock_environment
from esgportal import embedded

YEARS: Final = 10
_EMPTY: Final = "bench_empty"
# A history goes into a portal under development alone.
_TRIAL: Final = {"ESGPORTAL_DEBUG": "true", "ESGPORTAL_DEMO": "true"}


@dataclass(frozen=True, kw_only=True)
class Size:
    """So many sites over ten years, each with forty values a month."""

    name: str
    sites: int


SIZES: Final = {
    size.name: size
    for size in (
        Size(name="hundredth", sites=5),
        Size(name="tenth", sites=50),
        Size(name="full", sites=500),
        Size(name="double", sites=1000),
    )
}


def hold_server() -> str:
    """Starts the benchmarks' own PostgreSQL, which writes safely to disk, and gives the start of its URLs."""
    LOCAL.mkdir(parents=True, exist_ok=True)
    embedded.hold(LOCAL)
    server = embedded.connection_settings(LOCAL)
    return f"postgresql://{server['USER']}@{quote(server['HOST'], safe='')}:{server['PORT']}/"


def ready(server: str, size: Size) -> str:
    """The URL of the database of this size, which is built where it is not there or from other migrations."""
    name = f"bench_{size.name}"
    url = server + name
    stamp = _stamp()
    if _stamp_of(server, name) == stamp:
        return url
    _migrated(server)
    sys.stdout.write(f"Building {name}: {size.sites} sites, {YEARS} years …\n")
    sys.stdout.flush()
    begun = time.monotonic()
    _create(server, name, template=_EMPTY)
    generating = portal_environment(url, size.name) | _TRIAL
    manage(generating, "generate_history", "--sites", str(size.sites), "--years", str(YEARS))
    prepare(url)
    _mark(url, stamp)
    sys.stdout.write(f"{name} is built: {(time.monotonic() - begun) / 60:.1f} min\n")
    return url


def _migrated(server: str) -> None:
    """The database without data from which the others are copied: its migrations take a minute, once."""
    stamp = f"empty {_stamp()}"
    if _stamp_of(server, _EMPTY) == stamp:
        return
    sys.stdout.write("Migrating an empty database …\n")
    sys.stdout.flush()
    _create(server, _EMPTY, template="template1")
    manage(portal_environment(server + _EMPTY, "empty") | _TRIAL, "migrate", "--verbosity", "0")
    with psycopg.connect(server + _EMPTY, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA stock")
    _mark(server + _EMPTY, stamp)


def _create(server: str, name: str, *, template: str) -> None:
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        connection.execute(made)


def _mark(url: str, stamp: str) -> None:
    """Says of what a database was made, once it is whole."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE stock.built (stamp text)")
        connection.execute("INSERT INTO stock.built VALUES (%s)", [stamp])


def prepare(url: str) -> None:
    """Sets the stock project beside the portal's data, and lets the database look at its tables."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS stock CASCADE")
        connection.execute("CREATE SCHEMA stock")
    manage(stock_environment(url), "migrate", "--run-syncdb", "--verbosity", "0")
    code = (
        "import django; django.setup(); from django.contrib.auth.models import User; "
        f"User.objects.create_superuser({twin.PERSON!r}, password={twin.PASSWORD!r})"
    )
    subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, env=stock_environment(url), check=True)  # noqa: S603
    with psycopg.connect(url, autocommit=True) as connection:
        twin.fill(connection)
        connection.execute("VACUUM ANALYZE")


def _stamp() -> str:
    """Of everything that decides what is in the tables."""
    digest = hashlib.sha256()
    files = [
        *BASE_DIR.glob("apps/*/migrations/*.py"),
        *BASE_DIR.glob("apps/**/*triggers*.py"),
        *BASE_DIR.glob("apps/*/catalogue/*"),
        *BASE_DIR.glob("apps/demo/**/*history*.py"),
        *BASE_DIR.glob("benchmarks/stock/models.py"),
        BASE_DIR / "benchmarks" / "twin.py",
    ]
    for path in sorted(path for path in files if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp_of(server: str, name: str) -> str:
    try:
        with psycopg.connect(server + name) as connection:
            row = connection.execute("SELECT stamp FROM stock.built").fetchone()
    except psycopg.Error:
        return ""
    return str(row[0]) if row else ""
