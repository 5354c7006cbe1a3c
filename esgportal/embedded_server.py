"""One embedded PostgreSQL server: its folder, its configuration, its start and its end.

Who may start or stop it, and when, is decided in `embedded.py`, which locks.
"""

import contextlib
import hashlib
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

from esgportal.embedded_binaries import (
    SHARED_DIR,
    EmbeddedServerError,
    bin_dir,
    make_shared_dir,
    own_account,
    run,
    server_account,
    spawn,
)

NAME = "esgportal"  # of the role and of the database
PORT = "5432"  # part of the socket's file name only: nothing listens on the network

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": PORT,
    "max_connections": "100",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %d ",
    "cluster_name": NAME,
}
START_OR_STOP_SECONDS = 120
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedServer:
    """The folder is ours alone: made by us, with a mode that we set."""

    def __init__(self, folder: Path, *, throwaway: bool = False) -> None:
        self.folder = folder
        self.throwaway = throwaway
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def socket_dir(self) -> Path:
        inside = self.folder / "socket"
        # The path of a socket has room for 107 bytes, and PostgreSQL reads commas and quotes in it.
        if len(os.fsencode(inside)) <= 85 and re.fullmatch(r"[A-Za-z0-9._/-]+", str(inside)):
            return inside
        # Not TMPDIR: all processes of a checkout must come to the same name.
        parent = SHARED_DIR if os.geteuid() == 0 else Path("/tmp")  # noqa: S108 - its owner is checked
        return parent / f"{NAME}-{os.geteuid()}-{digest(self.folder)}"

    def make_folder(self) -> None:
        """Root's can be passed through, by the user nobody; another user's is closed."""
        if SHARED_DIR in (self.folder.parent, self.socket_dir.parent):
            make_shared_dir()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = self.folder.stat()
        if state.st_uid != os.geteuid() or state.st_mode & 0o022:
            raise EmbeddedServerError(
                f"{self.folder}, the folder of the embedded PostgreSQL, belongs to another user or can be "
                "changed by others. Set ESGPORTAL_EMBEDDED_DIR to a folder of your own."
            )
        self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)

    def ensure_running(self) -> None:
        if self._answers():
            return
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        self._write_configuration()
        _make_server_dir(self.socket_dir)
        if not self.data.exists():
            self._initialise()
        self._clear_leftovers()
        self._start()

    def stop(self) -> None:
        if self._child and self._child.poll() is None:
            # Our own child: signalled at whatever stage it is, and reaped.
            self._child.send_signal(signal.SIGQUIT if self.throwaway else signal.SIGINT)
            self._child.wait(START_OR_STOP_SECONDS)
        else:
            mode = "immediate" if self.throwaway else "fast"
            with contextlib.suppress(EmbeddedServerError):  # it may be down already
                self._pg("pg_ctl", "stop", "-s", "-w", "-m", mode, "-D", str(self.folder))
        deadline = time.monotonic() + 10
        while self._processes() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.socket_dir.parent != self.folder:
            with contextlib.suppress(OSError):
                self.socket_dir.rmdir()

    def _start(self) -> None:
        with self._open_log() as log:
            self._child = spawn(bin_dir() / "postgres", "-D", str(self.folder), log=log)
        deadline = time.monotonic() + START_OR_STOP_SECONDS
        while not self._ready(self._child.pid):
            if self._child.poll() is not None or time.monotonic() > deadline:
                raise self._failed("postgres")
            time.sleep(0.02)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket_dir / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def _ready(self, pid: int) -> bool:
        """The server says in its lock file when it lets people in; the layout is fixed (pidfile.h)."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _pg(self, program: str, *arguments: str, typed: str = "") -> None:
        with self._open_log() as log:
            if not run(bin_dir() / program, *arguments, log=log, typed=typed):
                raise self._failed(program)

    def _open_log(self) -> BinaryIO:
        self.log.touch(0o600)
        return self.log.open("ab")

    def _failed(self, program: str) -> EmbeddedServerError:
        last_words = "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
        return EmbeddedServerError(
            f"The embedded PostgreSQL in {self.folder} failed at '{program}'. The end of {self.log}:\n"
            f"{last_words}\nIf the place is the trouble, set ESGPORTAL_EMBEDDED_DIR to another folder "
            f"that the user {server_account().pw_name} can reach; or set DATABASE_URL to a PostgreSQL "
            "server of your own."
        )

    def _write_configuration(self) -> None:
        """Written at each start, and outside the data: the server's user cannot change who may enter."""
        settings = {
            **SETTINGS,
            **(UNSAFE_BUT_FAST if self.throwaway else {}),
            "data_directory": str(self.data),
            "hba_file": str(self.folder / "pg_hba.conf"),
            "ident_file": str(self.folder / "pg_ident.conf"),
            "unix_socket_directories": str(self.socket_dir),
        }
        owner = own_account().pw_name
        for name, lines in {
            "postgresql.conf": [f"{key} = {_quoted(value)}" for key, value in settings.items()],
            "pg_hba.conf": ["local all all peer map=owner"],
            "pg_ident.conf": [f'owner "{owner}" {NAME}', f'owner "{owner}" postgres'],
        }.items():
            path = self.folder / name
            path.write_text("\n".join(lines) + "\n")
            path.chmod(0o644)

    def _initialise(self) -> None:
        """Create role and database. Made aside and renamed, so that a crash leaves no half of it."""
        aside = self.folder / "data.new"
        if aside.exists():
            shutil.rmtree(aside)
        _make_server_dir(aside)
        self._pg(
            "initdb",
            *("-D", str(aside), "-U", "postgres", "--auth=peer", "--encoding=UTF8", "--no-instructions"),
            # Built in: the same order on every machine, whatever locales it has.
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *(["--no-sync"] if self.throwaway else []),
        )
        # Not a superuser: what needs one would fail in production, and should fail here.
        self._pg(
            "postgres",
            *("--single", "-D", str(aside), *(["-F"] if self.throwaway else []), "postgres"),
            typed=f"CREATE ROLE {NAME} LOGIN CREATEDB CREATEROLE;\nCREATE DATABASE {NAME} OWNER {NAME};\n",
        )
        aside.rename(self.data)
        if not self.throwaway:
            sys.stderr.write(f"{NAME}: new embedded database in {self.folder}\n")

    def _clear_leftovers(self) -> None:
        """Remove the lock files of a killed server.

        PostgreSQL removes them itself, unless their process number has gone to another process since, as
        happens when a container starts again.
        """
        lock_files = [self.data / "postmaster.pid", self.socket_dir / f".s.PGSQL.{PORT}.lock"]
        if not any(path.exists() for path in lock_files) or not Path("/proc/self/cwd").exists():
            return
        if self._processes():  # it lives, but is not to be reached: somebody removed the socket, for instance
            self.stop()
            _make_server_dir(self.socket_dir)
        if not self._processes():
            for path in lock_files:
                path.unlink(missing_ok=True)

    def _processes(self) -> list[int]:
        """PostgreSQL's processes all work in the data directory."""
        data = self.data.resolve()
        found = []
        for link in Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if link.readlink() == data:
                    found.append(int(link.parent.name))
        return found


def digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _make_server_dir(path: Path) -> None:
    """Create a folder for the server's user alone."""
    account = server_account()
    path.mkdir(mode=0o700, exist_ok=True)
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in (os.geteuid(), account.pw_uid):
        raise EmbeddedServerError(f"{path} is in the way of the embedded PostgreSQL. Remove it.")
    if state.st_uid != account.pw_uid:
        os.chown(path, account.pw_uid, account.pw_gid)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
