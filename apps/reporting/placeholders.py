"""Live figures in the words of a statement: {ENV-RES-ELECTRICITY} stands for the group's figure with its unit.

{CODE@HAMI} is that of a site, {CODE|number} the number without its unit, {CODE|last} the year before, {CODE|change}
the change in percent. A brace that is none of these is a mistake, so that no typing error is printed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

_PLACEHOLDER: Final = re.compile(r"\{([A-Z][A-Z0-9_~-]*)(?:@([A-Za-z0-9_-]+))?(?:\|(number|last|change))?\}")
_BRACES: Final = re.compile(r"[{}]")


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """One figure that a text asks for. ``site`` is empty for the group; ``form`` empty for number and unit."""

    written: str
    code: str
    site: str
    form: str


class PlaceholderError(ValueError):
    """What stands between braces is no figure; the text says what to do."""


def placeholders(text: str) -> Iterator[Placeholder]:
    """Every figure that ``text`` names, in its order. Raises PlaceholderError for braces that name none."""
    for found in _PLACEHOLDER.finditer(text):
        yield Placeholder(
            written=found.group(0), code=found.group(1), site=found.group(2) or "", form=found.group(3) or ""
        )
    rest = _PLACEHOLDER.sub("", text)
    stray = _BRACES.search(rest)
    if stray:
        near = rest[max(stray.start() - 10, 0) : stray.end() + 20].strip()
        raise PlaceholderError(
            _("“%(text)s”: between braces stands the code of a figure, such as {ENV-RES-ELECTRICITY}.") % {"text": near}
        )


def fill(text: str, value_of: Callable[[Placeholder], str]) -> str:
    """``text`` with every figure put in."""
    return _PLACEHOLDER.sub(
        lambda found: value_of(
            Placeholder(
                written=found.group(0), code=found.group(1), site=found.group(2) or "", form=found.group(3) or ""
            )
        ),
        text,
    )
