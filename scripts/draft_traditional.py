"""Drafts the Traditional Chinese catalogue from the Simplified one: ``python -m scripts.draft_traditional [--all]``.

OpenCC converts, and ``locale/hong_kong_terms.csv`` says where the exchange and Hong Kong software speak differently.
"""

import argparse
import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from opencc import OpenCC

from apps.core import message_catalogues

BASE_DIR: Final = Path(__file__).resolve().parent.parent
TERMS_FILE: Final = BASE_DIR / "locale" / "hong_kong_terms.csv"


@dataclass(frozen=True, kw_only=True)
class Term:
    """What Hong Kong writes otherwise than OpenCC.

    Of kind "character" it is one variant of a character; of kind "message" it counts only as a whole text, as 列 does,
    which is a column alone and something else within 列表.
    """

    simplified: str
    hong_kong: str
    kind: str


def read_terms(path: Path = TERMS_FILE) -> list[Term]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Term(**row) for row in csv.DictReader(file)]


class HongKong:
    """Turns Simplified text into that of Hong Kong."""

    def __init__(self, terms: list[Term]) -> None:
        self._opencc = OpenCC("s2hk")
        self._messages = {term.simplified: term.hong_kong for term in terms if term.kind == "message"}
        self._phrases = {term.simplified: term.hong_kong for term in terms if term.kind not in ("character", "message")}
        # The longest first: 佐证文件 is no 文件.
        longest_first = sorted(self._phrases, key=len, reverse=True)
        self._split = re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")
        # After the conversion, so that OpenCC sees whole phrases.
        self._characters = str.maketrans(
            {self._plain(term.simplified): term.hong_kong for term in terms if term.kind == "character"}
        )

    def _plain(self, text: str) -> str:
        return str(self._opencc.convert(text))

    def convert(self, text: str) -> str:
        if text in self._messages:
            return self._messages[text]
        return "".join(
            self._phrases.get(part) or self._plain(part).translate(self._characters) for part in self._split.split(text)
        )


def fill(simplified: Catalog, traditional: Catalog, *, everything: bool) -> int:
    """Writes drafts into ``traditional`` where it is empty, or everywhere. Returns how many it wrote."""
    hong_kong = HongKong(read_terms())
    written = 0
    for message in simplified:
        target = traditional.get(message.id, message.context)
        texts = _texts(message.string)
        if not message.id or target is None or not all(texts):
            continue
        if all(_texts(target.string)) and not everything:
            continue
        drafts = tuple(hong_kong.convert(text) for text in texts)
        if _texts(target.string) != drafts:
            target.string = drafts[0] if isinstance(message.string, str) else drafts
            written += 1
    return written


def _texts(string: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """One text, or those of the plural forms."""
    return (string,) if isinstance(string, str) else tuple(string or ("",))


def main() -> None:
    parser = argparse.ArgumentParser(description="Draft locale/zh_Hant from locale/zh_Hans.")
    parser.add_argument("--all", action="store_true", help="also messages that have a translation already")
    everything = parser.parse_args().all
    simplified, traditional = (message_catalogues.read(BASE_DIR, locale) for locale in message_catalogues.LOCALES)
    written = fill(simplified, traditional, everything=everything)
    message_catalogues.write(BASE_DIR, "zh_Hant", traditional)
    print(f"zh_Hant: {written} messages drafted")


if __name__ == "__main__":
    main()
