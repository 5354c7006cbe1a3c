"""What the database allows a session: a page is cut off before it holds up others, a command or a worker never.

No Django here: the settings import this module.
"""

from typing import Final

# Set by the WSGI entry point before the settings are read.
serves_pages = False
# A transaction that is open and does nothing holds its locks: a page that reads a large file in between has this long.
_IDLE_SECONDS: Final = 120


def options(*, asked: str = "", statement_seconds: int, lock_seconds: int, only_reads: bool = False) -> dict[str, str]:
    """Options of the connection, as libpq takes them; none of the limits for a process that serves no pages.

    ``asked`` are those that the address of the server carries; they come last and so have the last word.
    """
    set_up = {"default_transaction_read_only": "on"} if only_reads else {}
    if serves_pages:
        set_up |= {
            "statement_timeout": f"{statement_seconds}s",
            "lock_timeout": f"{lock_seconds}s",
            "idle_in_transaction_session_timeout": f"{_IDLE_SECONDS}s",
        }
    written = [*(f"-c {name}={value}" for name, value in set_up.items()), *([asked] if asked else [])]
    return {"options": " ".join(written)} if written else {}
