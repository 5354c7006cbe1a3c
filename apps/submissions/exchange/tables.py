"""What a file holds once it is read, whatever kind of file it was."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, overload

from apps.core.spreadsheets import restore

# No cell holds it: XML cannot, and a CSV with it is refused.
_BETWEEN: Final = "\0"

NumberedRow = tuple[int, list[str]]


class PackedRows(Sequence[NumberedRow]):
    """Rows of text with their numbers, a tenth as large as lists of strings and taken apart as they are read.

    Every row that comes out is as wide as the widest.
    """

    def __init__(self, rows: Iterable[NumberedRow] = ()) -> None:
        self._packed: list[bytes] = []
        self.width = 0
        for number, texts in rows:
            self.append(number, texts)

    def append(self, number: int, texts: Sequence[str]) -> None:
        """Adds a row; ``number`` is the one that a spreadsheet program shows."""
        if len(texts) > self.width:
            self.width = len(texts)
        self._packed.append(_BETWEEN.join((str(number), *texts)).encode())

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, place: int) -> NumberedRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[NumberedRow]: ...
    def __getitem__(self, place: int | slice) -> NumberedRow | list[NumberedRow]:
        if isinstance(place, slice):
            return [self._unpacked(packed) for packed in self._packed[place]]
        return self._unpacked(self._packed[place])

    def __iter__(self) -> Iterator[NumberedRow]:
        return map(self._unpacked, self._packed)

    def _unpacked(self, packed: bytes) -> NumberedRow:
        number, *texts = packed.decode().split(_BETWEEN)
        if len(texts) < self.width:
            texts.extend([""] * (self.width - len(texts)))
        return int(number), texts


class _Below(Sequence[NumberedRow]):
    """All rows but the first, without a copy of them."""

    def __init__(self, rows: PackedRows) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return max(0, len(self._rows) - 1)

    @overload
    def __getitem__(self, place: int) -> NumberedRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[NumberedRow]: ...
    def __getitem__(self, place: int | slice) -> NumberedRow | list[NumberedRow]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self._rows[place + 1 if place >= 0 else place]

    def __iter__(self) -> Iterator[NumberedRow]:
        return islice(iter(self._rows), 1, None)


@dataclass(kw_only=True)
class Table:
    """The rows that are not blank, each with the number a spreadsheet program shows; the first holds the headings."""

    rows: PackedRows
    is_workbook: bool = False
    sheet: str = ""
    # Every sheet that holds something, when the file is a workbook.
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    # Cells that cannot be believed, by row number and place: an error value, a formula without a result.
    odd: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: int = 0

    @property
    def width(self) -> int:
        return self.rows.width

    @property
    def headings(self) -> list[str]:
        return self.rows[0][1] if self.rows else []

    @property
    def records(self) -> Sequence[NumberedRow]:
        """The rows below the headings."""
        return _Below(self.rows)


def plain(text: str) -> str:
    """A text cell without the spaces around it and without the apostrophe our exports put before a formula."""
    text = text.strip()
    return restore(text) if text[:1] == "'" else text
