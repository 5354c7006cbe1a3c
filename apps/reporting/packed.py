"""The whole document of an edition for those who read all of it, a figure at a time: files are made from this.

A figure at all places and the calculations of one are kept as compressed text, a twentieth of what they are in memory,
and unpacked when somebody asks; the last one that was asked for stays.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from apps.reporting.content.shape import GROUP, Content
from apps.reporting.models import Edition
from apps.reporting.parts import group_content
from apps.reporting.pieces import rows_of

_LONG: Final = """
SELECT d.key, f.key, CASE d.key WHEN 'figures' THEN f.value -> 'places' ELSE f.value END::text
FROM reporting_edition e CROSS JOIN LATERAL json_each(e.content::json) d CROSS JOIN LATERAL json_each(d.value) f
WHERE e.id = %s AND d.key IN ('calculations', 'figures') AND json_typeof(d.value) = 'object'
"""


class _Texts:
    """Compressed texts by name, of which the last one asked for is unpacked."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._last: tuple[str, dict[str, Any]] = "", {}

    def add(self, name: str, text: str) -> None:
        self._packed[name] = zlib.compress(text.encode(), 1)

    def read(self, name: str) -> dict[str, Any]:
        if self._last[0] != name or name not in self._packed:
            self._last = name, json.loads(zlib.decompress(self._packed[name]))
        return self._last[1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


class _Calculations(Mapping[str, Any]):
    """The lines of each figure, by site."""

    def __init__(self, texts: _Texts) -> None:
        self._texts = texts

    def __getitem__(self, code: str) -> Any:
        return self._texts.read(code)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class _Places(Mapping[str, Any]):
    """A figure at each place; the group, which is asked for most, needs no unpacking."""

    def __init__(self, code: str, group: Mapping[str, Any], texts: _Texts) -> None:
        self._code = code
        self._group = group
        self._texts = texts

    def __getitem__(self, place: str) -> Any:
        return self._group[place] if place == GROUP else self._texts.read(self._code)[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts.read(self._code))

    def __len__(self) -> int:
        return len(self._texts.read(self._code))


def packed_content(edition: Edition) -> Content:
    """The document of an edition, to be read and not to be changed."""
    texts = {"calculations": _Texts(), "figures": _Texts()}
    for member, code, text in rows_of(_LONG, edition.pk):
        texts[member].add(code, text)
    content: Any = group_content(edition)
    content["calculations"] = _Calculations(texts["calculations"])
    content["figures"] = {
        code: {**figure, "places": _Places(code, figure["places"], texts["figures"])}
        for code, figure in content["figures"].items()
    }
    return content  # type: ignore[no-any-return]
