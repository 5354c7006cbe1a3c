"""The one way in which that document is written down, and its digest."""

import hashlib
import json
from typing import Any, Final, cast

from apps.reporting.content.shape import Content, PlaceFigure

_WRITER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(content: object) -> str:
    """Of the whole, or of a part as it stands in it.

    Keys in order, no spaces, characters as they are: the same content always gives the same text.
    """
    return _WRITER.encode(content)


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hexadecimal: what ``sha256sum`` says of the JSON file."""
    return hashlib.sha256(text.encode()).hexdigest()


def parsed(text: str) -> Content:
    """The document that ``text`` is."""
    found: Any = json.loads(text)
    return cast(Content, found)


def parsed_part(text: str) -> dict[str, PlaceFigure]:
    """The figures of one place, by code."""
    found: Any = json.loads(text)
    return cast(dict[str, PlaceFigure], found)
