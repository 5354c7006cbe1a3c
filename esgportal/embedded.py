"""The embedded PostgreSQL: the database when DATABASE_URL is not set, and the one of every test run.

Each process that uses a server holds a shared lock on its `users.lock`. The process that leaves last
finds nobody else holding it and stops the server. `start.lock` lets one process at a time start or stop.
A lock dies with its process, so a process that was killed leaves at most a running server behind, which
the next one joins, and stops when it leaves.

`python -m esgportal.embedded COMMAND…` runs a command with DATABASE_URL set to a throwaway server.

No Django here: the settings import this module.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from esgportal.embedded_binaries import SHARED_DIR, EmbeddedServerError
from esgportal.embedded_server import NAME, PORT, EmbeddedServer, digest

__all__ = ["EmbeddedServerError", "connection_settings", "hold", "is_wanted", "throwaway"]

THROWAWAY_PREFIX = "esgportal-throwaway-"


def is_wanted() -> bool:
    """Whether the environment names no database server, so that the embedded one serves."""
    return not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))


def connection_settings(base_dir: Path) -> dict[str, str]:
    """Django's settings of the checkout's own server. Starts nothing."""
    return {"NAME": NAME, "USER": NAME, "HOST": str(_server_of(base_dir).socket_dir), "PORT": PORT}


_held: dict[Path, int] = {}


def hold(base_dir: Path) -> None:
    """Join the checkout's server, or start it; it stays until the last process that holds it ends."""
    server = _server_of(base_dir)
    if _held.get(server.folder) != os.getpid():  # a forked child has the dictionary, but no lock of its own
        _join(server)
        _held[server.folder] = os.getpid()


def throwaway() -> str:
    """Start a private server without crash safety and return its DATABASE_URL; it goes with this process."""
    parent = temporary_dir()
    _remove_abandoned(parent)
    server = EmbeddedServer(Path(tempfile.mkdtemp(prefix=THROWAWAY_PREFIX, dir=parent)), throwaway=True)
    _join(server)
    return f"postgresql://{NAME}@{quote(str(server.socket_dir), safe='')}:{PORT}/{NAME}"


def _server_of(base_dir: Path) -> EmbeddedServer:
    base_dir = base_dir.resolve()
    if chosen := os.environ.get("ESGPORTAL_EMBEDDED_DIR"):
        # A folder of our own in it: what was there before keeps its permissions.
        return EmbeddedServer((base_dir / chosen).resolve() / "postgres")
    if os.geteuid() == 0:
        return EmbeddedServer(SHARED_DIR / digest(base_dir))
    return EmbeddedServer(base_dir / ".local" / "postgres")


def _join(server: EmbeddedServer) -> None:
    _exit_on_signals()
    try:
        server.make_folder()
        with _locked(server.folder / "start.lock"):
            users_lock = _open_lock(server.folder / "users.lock")
            fcntl.flock(users_lock, fcntl.LOCK_SH)
            atexit.register(_leave_at_exit, server, users_lock, os.getpid())
            server.ensure_running()
    except OSError as error:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL cannot be set up in {server.folder}: {error}. Set "
            "ESGPORTAL_EMBEDDED_DIR to a folder of your own, or DATABASE_URL to a PostgreSQL server."
        ) from error


def _leave_at_exit(server: EmbeddedServer, users_lock: int, holder: int) -> None:
    if os.getpid() != holder:  # a forked child, to which the lock never belonged
        return
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # we are leaving; a second Ctrl-C must not cut it short
    with contextlib.suppress(FileNotFoundError):  # somebody removed the folder: there is nothing to leave
        _leave(server, users_lock)


def _leave(server: EmbeddedServer, users_lock: int) -> None:
    with _locked(server.folder / "start.lock"):
        try:
            fcntl.flock(users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            server.stop()
            if server.throwaway:
                shutil.rmtree(server.folder)
        finally:
            fcntl.flock(users_lock, fcntl.LOCK_UN)  # closing is not enough while a forked child has it open
            os.close(users_lock)


def _remove_abandoned(parent: Path) -> None:
    """Remove the throwaway servers of processes that were killed."""
    for folder in parent.glob(f"{THROWAWAY_PREFIX}*"):
        users_lock = folder / "users.lock"
        with contextlib.suppress(OSError):
            if folder.lstat().st_uid == os.geteuid() and users_lock.exists():
                _leave(EmbeddedServer(folder, throwaway=True), _open_lock(users_lock))


def _exit_on_signals() -> None:
    """Make the signals that end a process run its exit functions, unless it has its own way with them."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = _open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def temporary_dir() -> Path:
    """TMPDIR, unless its paths are too long for a socket or closed to the server's user."""
    directory = Path(tempfile.gettempdir()).resolve()
    passable = all(path.stat().st_mode & 0o001 for path in (directory, *directory.parents))
    if len(os.fsencode(directory)) > 40 or (os.geteuid() == 0 and not passable):
        return Path("/tmp")  # noqa: S108 - only a new private folder is made in it
    return directory


def _main(command: list[str]) -> int:
    environment = {**os.environ, "DATABASE_URL": throwaway()}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - the caller's own


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
