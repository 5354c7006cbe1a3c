"""`make run`: the database, its tables, the demo, the web server and a worker by one command; Ctrl-C ends them all."""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from esgportal import embedded

BASE_DIR = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m esgportal.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    options = parser.parse_args()

    # Said aloud, for a shell starts its background jobs with some of these ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _exit)
    if trouble := _why_not_listen(options.host, options.port):
        sys.stderr.write(f"esgportal cannot use {options.host}:{options.port}: {trouble}.\n")
        sys.stderr.write("Another program has it? Choose another port: make run PORT=8001\n")
        return 1
    try:
        _prepare()
    except embedded.EmbeddedServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return _serve(options.host, options.port)


def _prepare() -> None:
    """Bring the database up and up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esgportal.settings")
    if embedded.is_wanted():
        embedded.hold(BASE_DIR)
    django.setup()
    call_command("compile_messages")
    call_command("migrate", verbosity=1)
    if settings.DEMO:
        call_command("load_demo", "--once")
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()


def _serve(host: str, port: int) -> int:
    with _running(_web_server(host, port)) as server, contextlib.ExitStack() as workers:
        while server.poll() is None and not _listens(host, port):
            time.sleep(0.05)
        worker = workers.enter_context(_running(_WORKER))
        if server.poll() is None:
            sys.stdout.write(f"esgportal is at http://{_written(host)}:{port} — Ctrl-C stops it\n")
            sys.stdout.flush()
        while server.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(_LOOKS_EVERY)
            if server.poll() is None and worker.poll() is not None:
                sys.stderr.write("The worker ended by itself; another one takes its place.\n")
                worker = workers.enter_context(_running(_WORKER))
    sys.stderr.write("The web server ended by itself; its last words are above.\n")
    return 1


# What was started in the background is done here; jobs of a worker that was killed are found by the next one.
_WORKER: Final = [sys.executable, "manage.py", "db_worker", "--no-reload", "--verbosity", "0"]
# Seconds between looks at whether the worker is alive.
_LOOKS_EVERY: Final = 2


def _web_server(host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "esgportal.wsgi:application"),
        *("--bind", f"{_written(host)}:{port}", "--log-level", "warning", "--no-control-socket"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "3"),
    ]


@contextlib.contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours that ends with the block: asked, asked once more, and then killed."""
    process = subprocess.Popen(command, cwd=BASE_DIR)  # noqa: S603 - our own command lines
    try:
        yield process
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # we are stopping; a second Ctrl-C must not cut it short
        for _time in range(2):  # a worker in the middle of a job gives it back when it is asked twice
            process.terminate()
            try:
                process.wait(5)
                break
            except subprocess.TimeoutExpired:
                continue
        else:
            process.kill()
            process.wait()


def _why_not_listen(host: str, port: int) -> str:
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _exit(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
