"""A ZIP file that is written from front to back, digests what goes in, and is the same for the same content."""

import csv
import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any, Final, Protocol

from apps.core.spreadsheets import neutralise

# The earliest day a ZIP file can name: when a pack was made is no part of what it says.
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE: Final = 0o100644 << 16
_UNIX: Final = 3
SUMS: Final = "SHA256SUMS"
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


class Writes(Protocol):
    """What csv.writer gives."""

    def writerow(self, row: Iterable[Any], /) -> Any: ...


class _Entry:
    """One file in the ZIP while it is written; csv.writer hands it text."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.digest = hashlib.sha256()
        self.size = 0

    def write_bytes(self, content: bytes) -> None:
        self.digest.update(content)
        self.size += len(content)
        self._target.write(content)

    def write(self, text: str) -> None:
        self.write_bytes(text.encode())


class Archive:
    """Names of files are ours, never those of uploads. ``close`` adds the digests of all files."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._digests: dict[str, str] = {}

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._digests.items()))
            self.add(SUMS, sums)
        self._zip.close()

    @contextmanager
    def _open(self, name: str) -> Iterator[_Entry]:
        if name in self._digests:
            raise ValueError(f"{name} is in the archive already")
        info = zipfile.ZipInfo(name, _DAY)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = _PLAIN_FILE
        info.create_system = _UNIX
        with self._zip.open(info, "w", force_zip64=True) as target:
            entry = _Entry(target)
            yield entry
        self._digests[name] = entry.digest.hexdigest()

    def add(self, name: str, text: str) -> None:
        """A file of text."""
        with self._open(name) as entry:
            entry.write(text)

    def add_chunks(self, name: str, chunks: Iterable[bytes]) -> tuple[str, int]:
        """A file of bytes that come piece by piece. Returns their SHA-256 and how many they were."""
        with self._open(name) as entry:
            for chunk in chunks:
                entry.write_bytes(chunk)
        return entry.digest.hexdigest(), entry.size

    @contextmanager
    def table(self, name: str, *columns: str) -> Iterator[Writes]:
        """A CSV file that is written row by row; text that a spreadsheet program would run is made harmless."""
        with self._open(name) as entry:
            entry.write("\ufeff")  # tells Excel that the text is UTF-8
            writer = csv.writer(entry, lineterminator="\r\n")
            writer.writerow(columns)
            yield _Harmless(writer)


class _Harmless:
    def __init__(self, writer: Writes) -> None:
        self._writer = writer

    def writerow(self, row: Iterable[Any], /) -> None:
        self._writer.writerow(
            [
                "" if value is None else str(value) if _NUMBER.fullmatch(str(value)) else neutralise(str(value))
                for value in row
            ]
        )
