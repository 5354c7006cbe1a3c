"""What became different between two texts: by words where there are words, by characters in Chinese."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final

# A figure in braces stays whole, so does a word or a number of Latin letters; every other character is one of its own.
_PARTS: Final = re.compile(r"\{[^{}]*\}|[A-Za-z0-9](?:[A-Za-z0-9'’.,-]*[A-Za-z0-9])?|\s+|.", re.DOTALL)

SAME: Final = "same"
GONE: Final = "gone"
NEW: Final = "new"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of a text: ``kind`` says whether it stayed, went or came."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two texts beside each other: of the old one what stayed and went, of the new one what stayed and came."""

    language: str
    before: Sequence[Piece]
    after: Sequence[Piece]

    @property
    def is_same(self) -> bool:
        return all(piece.kind == SAME for piece in (*self.before, *self.after))


def compare(old: str, new: str, language: str) -> Compared:
    """The differences of two texts."""
    was, now = _PARTS.findall(old), _PARTS.findall(new)
    before: list[Piece] = []
    after: list[Piece] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        same = tag == "equal"
        before.append(Piece(kind=SAME if same else GONE, text="".join(was[start:end])))
        after.append(Piece(kind=SAME if same else NEW, text="".join(now[other_start:other_end])))
    return Compared(language=language, before=_joined(before), after=_joined(after))


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one kind as one, without empty ones."""
    filled = [piece for piece in pieces if piece.text]
    return [
        Piece(kind=kind, text="".join(piece.text for piece in group))
        for kind, group in groupby(filled, key=lambda piece: piece.kind)
    ]
