"""The file between check and confirmation: kept for its person alone, where every web process and worker finds it.

One file a person: a second upload takes the place of the first, so that abandoned ones do not pile up. Small files are
kept in the cache for an hour. Large ones are kept for a day, for they wait for a worker, and in the file storage, with
their name and what their check found in the cache. Beside them lie the rows that their check made ready.
"""

import datetime as dt
import hashlib
import zlib
from dataclasses import dataclass
from typing import IO, Final

from django.core.cache import cache
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.accounts.models import User
from apps.submissions.exchange.report import Summary

_SECONDS: Final = 3600
_SECONDS_IN_STORAGE: Final = 24 * 3600
_FOLDER: Final = "imports"
# Abandoned files are removed in passing; this many folders are looked at.
_LOOKED_AT: Final = 100


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A file that was checked and not yet imported. ``is_long``: it is read in the background."""

    name: str
    data: bytes
    is_long: bool


@dataclass(frozen=True, kw_only=True)
class Ready:
    """Rows that a check made ready: their name in the file storage, and the digest of what lies there."""

    path: str
    digest: str


def _key(user: User) -> str:
    return f"exchange-pending-{user.pk}"


def _result_key(user: User) -> str:
    return f"exchange-result-{user.pk}"


def _path(user: User, digest: str) -> str:
    return f"{_FOLDER}/{user.pk}/{digest}"


def keep(user: User, name: str, data: bytes, *, is_long: bool = False) -> str:
    """Keeps the file; the digest of its content names it from now on."""
    digest = hashlib.sha256(data).hexdigest()
    forget(user)
    cache.delete(_result_key(user))
    if is_long:
        _remove_abandoned()
        default_storage.save(_path(user, digest), ContentFile(data))
        cache.set(_key(user), (digest, name, None), _SECONDS_IN_STORAGE)
    else:
        cache.set(_key(user), (digest, name, zlib.compress(data, 6)), _SECONDS)
    return digest


def find(user: User, digest: str) -> Pending | None:
    """The very file that was checked, or None when it has expired or another took its place."""
    kept = cache.get(_key(user))
    if kept is None or kept[0] != digest:
        return None
    if kept[2] is not None:
        return Pending(name=kept[1], data=zlib.decompress(kept[2]), is_long=False)
    try:
        with default_storage.open(_path(user, digest)) as file:
            return Pending(name=kept[1], data=file.read(), is_long=True)
    except FileNotFoundError:
        return None


def forget(user: User) -> None:
    """Removes the file of this person, if there is one."""
    kept = cache.get(_key(user))
    cache.delete(_key(user))
    if kept is not None and kept[2] is None:
        folder = f"{_FOLDER}/{user.pk}"
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")


def keep_result(user: User, digest: str, sheet: str, result: Summary, ready: Ready | None = None) -> None:
    """What the check or the import of a long file came to, until another file takes its place."""
    cache.set(_result_key(user), (digest, sheet, result, ready), _SECONDS_IN_STORAGE)


def keep_rows(user: User, digest: str, rows: IO[bytes], rows_digest: str) -> Ready:
    """Keeps what the check of a long file made ready; it goes with the file."""
    path = default_storage.save(f"{_path(user, digest)}-rows", File(rows))
    return Ready(path=path, digest=rows_digest)


def rows_of(user: User, digest: str, sheet: str) -> Ready | None:
    """What the check of this file and sheet made ready, where it did."""
    kept = cache.get(_result_key(user))
    found: Ready | None = kept[3] if kept is not None and kept[:2] == (digest, sheet) else None
    return found


def open_rows(ready: Ready) -> IO[bytes] | None:
    """The rows to read from, or None where they are gone."""
    try:
        return default_storage.open(ready.path)
    except FileNotFoundError:
        return None


def result_of(user: User, digest: str, sheet: str) -> Summary | None:
    """What came of this file and sheet in the background, or None where nothing did yet."""
    kept = cache.get(_result_key(user))
    found: Summary | None = kept[2] if kept is not None and kept[:2] == (digest, sheet) else None
    return found


def _remove_abandoned() -> None:
    """Files whose day has passed; their names in the cache are gone as well."""
    try:
        folders, _files = default_storage.listdir(_FOLDER)
    except FileNotFoundError:
        return
    before = timezone.now() - 2 * dt.timedelta(seconds=_SECONDS_IN_STORAGE)
    for folder in folders[:_LOOKED_AT]:
        for name in default_storage.listdir(f"{_FOLDER}/{folder}")[1]:
            path = f"{_FOLDER}/{folder}/{name}"
            if default_storage.get_modified_time(path) < before:
                default_storage.delete(path)
