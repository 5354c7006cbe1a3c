"""What a file holds once it is read, whatever kind of file it was."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from typing import TYPE_CHECKING, Final, overload

from apps.core.spreadsheets import restore

if TYPE_CHECKING:
    Numbers = array[int]
else:
    Numbers = array

# So many words of a column are known again. Where there are more, such as notes, some are kept twice.
_WORDS_KNOWN: Final = 10_000

NumberedRow = tuple[int, list[str]]


class Words(dict[str, int]):
    """The words of one column by their number; the blank one is 0. A new one is numbered as it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.listed = [""]
        self[""] = 0

    def __missing__(self, word: str) -> int:
        if len(self) > _WORDS_KNOWN:
            self.clear()
            self[""] = 0
        number = self[word] = len(self.listed)
        self.listed.append(word)
        return number


class Column:
    """A column of a file: of each row the number of its word, for most words come again and again."""

    def __init__(self, blanks: int) -> None:
        self.words = Words()
        self.numbers: Numbers = array("I", bytes(4 * blanks))


class PackedRows(Sequence[NumberedRow]):
    """Rows of text with their numbers, kept by columns: a tenth as large as lists of strings.

    Every row that comes out is as wide as the widest.
    """

    def __init__(self, rows: Iterable[NumberedRow] = ()) -> None:
        self.columns: list[Column] = []
        # Of each row the number that a spreadsheet program shows.
        self.numbers: Numbers = array("I")
        for number, texts in rows:
            self.append(number, texts)

    @property
    def width(self) -> int:
        return len(self.columns)

    def append(self, number: int, texts: Sequence[str]) -> None:
        """Adds a row; ``number`` is the one that a spreadsheet program shows."""
        self._widen(len(texts))
        for column, text in zip(self.columns, texts, strict=False):
            column.numbers.append(column.words[text])
        for column in self.columns[len(texts) :]:
            column.numbers.append(0)
        self.numbers.append(number)

    def extend(self, first: int, columns: Sequence[Sequence[str]]) -> None:
        """Adds rows that follow each other, the first with the number ``first``; those that are all blank are left out.

        ``columns`` are as long as each other.
        """
        self._widen(len(columns))
        coded = [
            list(map(column.words.__getitem__, texts)) for column, texts in zip(self.columns, columns, strict=False)
        ]
        filled = list(map(any, zip(*coded, strict=True)))
        count = sum(filled)
        for column, numbers in zip(self.columns, coded, strict=False):
            column.numbers.extend(numbers if count == len(filled) else compress(numbers, filled))
        for column in self.columns[len(columns) :]:
            column.numbers.extend([0] * count)
        self.numbers.extend(compress(range(first, first + len(filled)), filled))

    def _widen(self, width: int) -> None:
        while len(self.columns) < width:
            self.columns.append(Column(len(self.numbers)))

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> NumberedRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[NumberedRow]: ...
    def __getitem__(self, place: int | slice) -> NumberedRow | list[NumberedRow]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self.numbers[place], [column.words.listed[column.numbers[place]] for column in self.columns]

    def __iter__(self) -> Iterator[NumberedRow]:
        return map(self.__getitem__, range(len(self)))


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
