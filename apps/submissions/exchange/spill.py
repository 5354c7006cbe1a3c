"""A list of findings that may be as long as the file: the first ones are kept in memory, the others on the disk."""

import json
import tempfile
import weakref
from array import array
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Any, Final, Generic, TypeVar

_IN_MEMORY: Final = 500

T = TypeVar("T")


class Spilled(Generic[T]):
    """Findings of one dataclass ``of`` flat fields; ``row`` and ``place`` are among them, and say their order."""

    def __init__(self, of: type[T]) -> None:
        self._of = of
        self._first: list[T] = []
        self._file: IO[bytes] | None = None
        # Of each finding the row, the column's place, and where it stands in the file.
        self._rows = array("q")
        self._places = array("q")
        self._offsets = array("q")

    def append(self, finding: Any) -> None:
        self._rows.append(finding.row or 0)
        self._places.append(finding.place)
        if len(self._first) < _IN_MEMORY:
            self._first.append(finding)
            self._offsets.append(-1)
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the list
            weakref.finalize(self, self._file.close)
        self._offsets.append(self._file.tell())
        self._file.write(json.dumps(asdict(finding), ensure_ascii=False).encode() + b"\n")

    def __len__(self) -> int:
        return len(self._rows)

    def in_order(self) -> Iterator[T]:
        """By row and column, those of one cell as they were found."""
        for number in sorted(range(len(self)), key=lambda number: (self._rows[number], self._places[number])):
            yield self._finding(number)

    def __iter__(self) -> Iterator[T]:
        return map(self._finding, range(len(self)))

    def _finding(self, number: int) -> T:
        if number < len(self._first) or self._file is None:
            return self._first[number]
        end = self._file.seek(0, 2)
        self._file.seek(self._offsets[number])
        found = self._of(**json.loads(self._file.readline()))
        self._file.seek(end)
        return found

    def rows(self) -> int:
        """How many rows of the file the findings speak of."""
        return len({row for row in self._rows if row})
