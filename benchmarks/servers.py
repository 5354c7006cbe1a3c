"""The web servers and workers under measurement, one process each, with the settings of production."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BASE_DIR: Final = Path(__file__).resolve().parent.parent
LOCAL: Final = BASE_DIR / ".local" / "bench"
_SECONDS_TO_START: Final = 60


def portal_environment(url: str, name: str) -> dict[str, str]:
    """Of production, but without TLS, which would need a proxy before it."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "ESGPORTAL_DEBUG": "false",
        "ESGPORTAL_DEMO": "false",
        "ESGPORTAL_SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        "ESGPORTAL_ALLOWED_HOSTS": "127.0.0.1",
        "ESGPORTAL_SSL_REDIRECT": "false",
        "ESGPORTAL_STATIC_ROOT": str(LOCAL / "static"),
        "ESGPORTAL_MEDIA_ROOT": str(LOCAL / "media" / name),
    }


def stock_environment(url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "benchmarks.stock.settings"}


def manage(environment: dict[str, str], *arguments: str) -> None:
    """Runs ``manage.py``; raises CalledProcessError where it fails."""
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=BASE_DIR, env=environment, check=True)  # noqa: S603


@dataclass(frozen=True, kw_only=True)
class Running:
    """A process of ours. ``pid`` is the one that does the work."""

    pid: int
    port: int = 0

    def resident_kib(self, what: str) -> int:
        """Kibibytes of memory as the system reports them: VmRSS for now, VmHWM for the most there ever was."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(rf"^{what}:\s+(\d+) kB", status, re.MULTILINE)
        return int(found[1]) if found else 0

    def forget_peak(self) -> None:
        """Lets VmHWM begin anew: signing in takes a hundred megabytes for a moment, which is no import's doing."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Meanwhile it takes no work: a job goes to another worker."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)


@contextlib.contextmanager
def web(application: str, environment: dict[str, str]) -> Iterator[Running]:
    """A web server with one process of four threads and kept connections."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "4", "--keep-alive", "600", "--timeout", "3600"),
        *("--no-control-socket", "--graceful-timeout", "3"),
    ]
    with _running(command, environment) as process:
        until = time.monotonic() + _SECONDS_TO_START
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{application} does not start")
            time.sleep(0.05)
        yield Running(pid=_child_of(process.pid), port=port)


@contextlib.contextmanager
def worker(environment: dict[str, str]) -> Iterator[Running]:
    """A worker that does what is asked for in the background."""
    command = [sys.executable, "manage.py", "db_worker", "--no-reload", "--verbosity", "0"]
    with _running(command, environment) as process:
        yield Running(pid=process.pid)


@contextlib.contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=BASE_DIR, env=environment)  # noqa: S603 - our own command lines
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _child_of(pid: int) -> int:
    """The one worker of a gunicorn."""
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        if children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            return int(children[0])
        time.sleep(0.05)
    raise RuntimeError("gunicorn has no worker")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
