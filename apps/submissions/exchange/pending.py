"""The file between check and confirmation: kept for its person alone, for an hour, where every web process finds it.

One file a person: a second upload takes the place of the first, so that abandoned ones do not pile up.
"""

import hashlib
import zlib
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from apps.accounts.models import User

_SECONDS: Final = 3600


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A file that was checked and not yet imported."""

    name: str
    data: bytes


def _key(user: User) -> str:
    return f"exchange-pending-{user.pk}"


def keep(user: User, name: str, data: bytes) -> str:
    """Keeps the file; the digest of its content names it from now on."""
    digest = hashlib.sha256(data).hexdigest()
    cache.set(_key(user), (digest, name, zlib.compress(data, 6)), _SECONDS)
    return digest


def find(user: User, digest: str) -> Pending | None:
    """The very file that was checked, or None when it has expired or another took its place."""
    kept = cache.get(_key(user))
    if kept is None or kept[0] != digest:
        return None
    return Pending(name=kept[1], data=zlib.decompress(kept[2]))


def forget(user: User) -> None:
    cache.delete(_key(user))
