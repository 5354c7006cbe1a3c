"""The type that documents carry along, and what can be printed in it."""

import functools
import unicodedata
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

_FOLDER: Final = Path(settings.BASE_DIR) / "apps" / "core" / "fonts"
_FILES: Final = ("OpenSans-Regular.ttf", "DroidSansFallback.ttf")
# Small figures and some signs that only the type within typst has.
_CARRIED: Final = frozenset("₀₁₂₃₄₅₆₇₈₉₊₋⁰⁴⁵⁶⁷⁸⁹⁺⁻℃→←↑↓")
_KEPT: Final = frozenset("\n\t")
# Printed for what no type has, as Chinese typesetters do.
_UNKNOWN: Final = "\u3013"


@functools.cache
def faces() -> Any:
    """The portal's own and those within typst, so that no machine adds one."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_FOLDER])


@functools.cache
def _known() -> frozenset[int]:
    found: set[int] = set()
    for file in _FILES:
        with TTFont(_FOLDER / file, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def printable(text: str) -> str:
    """``text`` with a mark for each sign that no type has, without signs that are not seen.

    PDF/UA takes no page with a sign that cannot be shown, and nobody could read it.
    """
    return "".join(shown for sign in text if (shown := _shown(sign)))


def _shown(sign: str) -> str:
    if sign in _KEPT or sign in _CARRIED or " " <= sign <= "~":
        return sign
    if unicodedata.category(sign) in ("Cc", "Cf", "Cs"):
        return ""
    if ord(sign) in _known():
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    return plain if all(ord(each) in _known() for each in plain) else _UNKNOWN
