"""The embedded server: shared by processes, stopped by the last one, whatever way they end."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from esgportal import embedded, embedded_binaries

ROOT = Path(__file__).resolve().parents[2]
# A shell starts its background jobs with Ctrl-C ignored, nohup with the hang-up, and the tests may be one of these.
HEEDED = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
"""
HOLD = """
import sys
from pathlib import Path
from esgportal import embedded
embedded.hold(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""
HOLD_AND_FORK = """
import os, sys
from pathlib import Path
from esgportal import embedded
embedded.hold(Path(sys.argv[1]))
if os.fork() == 0:
    sys.exit()
os.wait()
print("ready", flush=True)
sys.stdin.read()
"""
THROWAWAY = """
import sys
from esgportal import embedded
print(embedded.throwaway(), flush=True)
sys.stdin.read()
"""


class User:
    """A process that uses a server until it is told to leave."""

    def __init__(self, script: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HEEDED + script, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line, self.process.communicate()[1]
        return line

    def leave(self, number: int | None = None) -> None:
        """Leave by end of input, or by a signal."""
        if number is not None:
            self.process.send_signal(number)
            self.process.wait(20)
        self.process.communicate(timeout=20)


Start = Callable[..., User]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that the server's user can reach; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="esgportal-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def base_dir(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout of its own. Its server's data serve all tests here; each must leave it stopped."""
    monkeypatch.setenv("ESGPORTAL_EMBEDDED_DIR", str(place))
    yield place
    assert workers(place) == []


@pytest.fixture
def start() -> Iterator[Start]:
    users: list[User] = []

    def start_user(script: str, *arguments: str) -> User:
        users.append(User(script, *arguments))
        return users[-1]

    yield start_user
    for user in users:
        user.leave()


def workers(folder: Path) -> list[int]:
    """The processes that work below a folder."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink().is_relative_to(folder):
                found.append(int(link.parent.name))
        except OSError:
            continue
    return found


def postmaster(folder: Path) -> int:
    return int((folder / "postgres/data/postmaster.pid").read_text().split()[0])


def user_name(base_dir: Path) -> str:
    settings = embedded.connection_settings(base_dir)
    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname=settings["NAME"]
    ) as connection:
        row = connection.execute("SELECT current_user").fetchone()
        assert row is not None
        return str(row[0])


def test_processes_that_start_at_once_share_one_server_and_the_last_stops_it(base_dir: Path, start: Start) -> None:
    users = [start(HOLD, str(base_dir)) for _ in range(3)]
    for user in users:
        user.ready()
    server = postmaster(base_dir)
    users[0].leave()
    users[1].leave()
    assert user_name(base_dir) == "esgportal"
    assert postmaster(base_dir) == server
    users[2].leave()
    with pytest.raises(psycopg.OperationalError):
        user_name(base_dir)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_server_too(number: signal.Signals, base_dir: Path, start: Start) -> None:
    user = start(HOLD, str(base_dir))
    user.ready()
    assert workers(base_dir)
    user.leave(number)
    assert workers(base_dir) == []


def test_the_server_of_a_killed_process_is_taken_over(base_dir: Path, start: Start) -> None:
    killed = start(HOLD, str(base_dir))
    killed.ready()
    server = postmaster(base_dir)
    killed.leave(signal.SIGKILL)
    assert user_name(base_dir) == "esgportal"
    heir = start(HOLD, str(base_dir))
    heir.ready()
    assert postmaster(base_dir) == server


def test_a_killed_server_is_started_again_though_its_number_went_to_another_process(
    base_dir: Path, start: Start
) -> None:
    killed = start(HOLD, str(base_dir))
    killed.ready()
    os.kill(killed.process.pid, signal.SIGKILL)
    os.kill(postmaster(base_dir), signal.SIGKILL)
    killed.leave()
    account = embedded_binaries.server_account().pw_uid
    with subprocess.Popen(["sleep", "60"], user=account if os.geteuid() == 0 else None) as other:
        for lock_file in ("postgres/data/postmaster.pid", "postgres/socket/.s.PGSQL.5432.lock"):
            path = base_dir / lock_file
            first, rest = path.read_text().split("\n", 1)
            assert first.isdigit()
            path.write_text(f"{other.pid}\n{rest}")
        user = start(HOLD, str(base_dir))
        user.ready()
        assert user_name(base_dir) == "esgportal"
        assert other.poll() is None
        user.leave()
        other.kill()


def test_a_forked_child_does_not_release_what_its_parent_holds(base_dir: Path, start: Start) -> None:
    start(HOLD_AND_FORK, str(base_dir)).ready()
    assert user_name(base_dir) == "esgportal"


def test_only_the_owner_of_the_checkout_may_enter(base_dir: Path, start: Start) -> None:
    start(HOLD, str(base_dir)).ready()
    host = embedded.connection_settings(base_dir)["HOST"]
    entered = embedded_binaries.run(
        embedded_binaries.bin_dir() / "psql", "-h", host, "-U", "esgportal", "-c", "SELECT 1", "esgportal"
    )
    assert entered == (os.geteuid() != 0), "for root the server runs as nobody, who is not let in"


def test_permissions_outside_its_own_folder_stay_as_they_were(base_dir: Path, start: Start) -> None:
    around = [base_dir, *base_dir.parents]
    before = [path.stat().st_mode for path in around]
    start(HOLD, str(base_dir)).ready()
    assert [path.stat().st_mode for path in around] == before
    assert (base_dir / "postgres/data").stat().st_mode & 0o077 == 0
    assert (base_dir / "postgres/socket").stat().st_mode & 0o077 == 0
    assert (base_dir / "postgres").stat().st_mode & 0o066 == 0


@pytest.fixture
def own_temporary_dir(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other test runs on this machine tidy up the common one."""
    monkeypatch.setenv("TMPDIR", str(place))


@pytest.mark.usefixtures("own_temporary_dir")
def test_a_throwaway_server_leaves_nothing_behind(start: Start) -> None:
    user = start(THROWAWAY)
    url = user.ready()
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW fsync").fetchone()
        assert row == ("off",)
        socket_dir = Path(connection.info.host)
    assert workers(socket_dir.parent)
    user.leave(signal.SIGINT)
    assert not socket_dir.parent.exists()
    assert workers(socket_dir.parent) == []


@pytest.mark.usefixtures("own_temporary_dir")
def test_the_throwaway_server_of_a_killed_process_goes_with_the_next_one(start: Start) -> None:
    killed = start(THROWAWAY)
    with psycopg.connect(killed.ready()) as connection:
        folder = Path(connection.info.host).parent
    killed.leave(signal.SIGKILL)
    assert folder.exists()
    start(THROWAWAY).ready()
    assert not folder.exists()
    assert workers(folder) == []


def test_a_socket_path_is_short_however_long_and_odd_the_folder(
    place: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place / ("it's a long name, 环境 " * 4)
    monkeypatch.setenv("ESGPORTAL_EMBEDDED_DIR", str(folder))
    user = start(HOLD, str(place))
    user.ready()
    socket_dir = Path(embedded.connection_settings(place)["HOST"])
    assert len(os.fsencode(socket_dir)) < 100
    assert user_name(place) == "esgportal"
    user.leave()
    assert not socket_dir.exists()


def test_a_place_that_cannot_be_used_is_named_with_the_way_out(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESGPORTAL_EMBEDDED_DIR", "/proc/nowhere")
    with pytest.raises(embedded.EmbeddedServerError, match="/proc/nowhere.*ESGPORTAL_EMBEDDED_DIR"):
        embedded.hold(place)


def test_the_programs_run_from_a_copy_too(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_binaries, "SHARED_DIR", place / "shared")
    previous = os.umask(0o077)
    try:
        started = time.monotonic()
        package = embedded_binaries.bin_dir().parents[1]
        copy = embedded_binaries._copy(package)
        assert embedded_binaries._copy(package) == copy
        assert time.monotonic() - started < 10
    finally:
        os.umask(previous)
    assert embedded_binaries.run(copy / package.name / "pginstall18/bin/initdb", "--version")
