"""The one way in which that document is written down, and its digest."""

import hashlib
import json
from typing import Any, cast

from apps.reporting.content.shape import Content


def canonical(content: Content) -> str:
    """Keys in order, no spaces, characters as they are: the same content always gives the same text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hexadecimal: what ``sha256sum`` says of the JSON file."""
    return hashlib.sha256(text.encode()).hexdigest()


def parsed(text: str) -> Content:
    """The document that ``text`` is."""
    found: Any = json.loads(text)
    return cast(Content, found)
