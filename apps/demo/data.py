"""Reads the files of the demonstration. They hold what people would have typed, as text."""

import csv
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent / "data"


class DemoError(Exception):
    """The demonstration cannot be loaded; the text says why."""


def rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8").strip()
