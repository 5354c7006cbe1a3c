"""A PostgreSQL server and its streaming replica, of the programs that the embedded server runs."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from esgportal.embedded import THROWAWAY_PREFIX
from esgportal.embedded_binaries import bin_dir, run, server_account
from esgportal.embedded_server import NAME, PORT, EmbeddedServer

_STREAMING = """
wal_level = replica
max_wal_senders = 4
hot_standby = on
max_standby_streaming_delay = -1
log_statement = all
"""
# Seconds a server may take for what it does at once on an idle machine.
PATIENCE = 30


class Server(EmbeddedServer):
    """One of the two: a throwaway server that also streams."""

    def _write_configuration(self) -> None:
        super()._write_configuration()
        for name, lines in {
            "postgresql.conf": _STREAMING,
            "pg_hba.conf": "local replication postgres peer map=owner\n",
            # The replica connects as the user that the servers run as.
            "pg_ident.conf": f'owner "{server_account().pw_name}" postgres\n',
        }.items():
            with (self.folder / name).open("a") as file:
                file.write(lines)

    def _ready(self, pid: int) -> bool:
        """A replica that lets people read calls itself ``standby``."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() in ("ready", "standby")

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@{quote(str(self.socket_dir), safe='')}:{PORT}/{NAME}"

    def ask(self, sql: str, *, superuser: bool = False) -> list[tuple[object, ...]]:
        """Runs one statement in a session of its own, as the portal's role or as ``postgres``."""
        with psycopg.connect(
            host=str(self.socket_dir), port=PORT, user="postgres" if superuser else NAME, dbname=NAME, autocommit=True
        ) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def heard(self) -> str:
        """Every statement that this server was asked since the last time."""
        written = self.log.read_text(errors="replace")
        news = written[self._heard :]
        self._heard = len(written)
        return news

    _heard = 0

    @contextmanager
    def session(self) -> Iterator[psycopg.Connection]:
        """A session of the portal's role, in a transaction that the caller ends."""
        with psycopg.connect(host=str(self.socket_dir), port=PORT, user=NAME, dbname=NAME) as connection:
            yield connection

    def until(self, sql: str) -> None:
        """Waits until a question is answered with true."""
        for _ in range(PATIENCE * 20):
            if self.ask(sql, superuser=True)[0][0]:
                return
            time.sleep(0.05)
        raise AssertionError(f"never true: {sql}")

    def follows(self, primary: "Server") -> None:
        """Waits until this replica has replayed what the primary has written by now."""
        position = primary.ask("SELECT pg_current_wal_insert_lsn()")[0][0]
        self.until(f"SELECT pg_last_wal_replay_lsn() >= '{position}'")


@contextmanager
def pair(source_url: str, place: Path) -> Iterator[tuple[Server, Server]]:
    """A primary with a copy of the database at ``source_url``, and a replica of it, both running.

    ``place`` is a folder that the servers' user can pass through.
    """
    folders = [Path(tempfile.mkdtemp(prefix=THROWAWAY_PREFIX, dir=place)) for _ in range(2)]
    primary, replica = (Server(folder, throwaway=True) for folder in folders)
    try:
        primary.make_folder()
        primary.ensure_running()
        _copy(source_url, primary)
        replica.make_folder()
        # Made by the server's user, as everything below.
        replica.data.mkdir(mode=0o700)
        account = server_account()
        shutil.chown(replica.data, account.pw_uid, account.pw_gid)
        backup = bin_dir() / "pg_basebackup"
        where = ("-h", str(primary.socket_dir), "-p", PORT, "-U", "postgres")
        with (folders[1] / "backup.log").open("wb") as log:
            made = run(
                backup, *where, "-D", str(replica.data), "-R", "-X", "stream", "-c", "fast", "--no-sync", log=log
            )
        assert made, (folders[1] / "backup.log").read_text()
        replica.ensure_running()
        yield primary, replica
    finally:
        for server in (replica, primary):
            server.stop()
            shutil.rmtree(server.folder)


def _copy(source_url: str, target: Server) -> None:
    dump = subprocess.run(
        [bin_dir() / "pg_dump", "--no-owner", "--no-privileges", source_url], check=True, capture_output=True
    )
    subprocess.run(
        [bin_dir() / "psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-1", "-f", "-", target.url],
        check=True,
        input=dump.stdout,
        stdout=subprocess.DEVNULL,
    )
