"""Who the group's business partners are. The app that keeps a register of them adds a directory; others look a partner
up by what somebody typed, keep its code, and need not know that app.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from apps.core.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Partner:
    """A business partner: its code, by which others speak of it, and its name for the reader."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class PartnerDirectory:
    """``find`` takes what people typed, a number or a name each, and returns those it knows for certain."""

    code: str
    find: Callable[[Collection[str]], dict[str, Partner]]


partner_directories: Registry[PartnerDirectory] = Registry("directory of partners")


def find_partners(texts: Collection[str]) -> dict[str, Partner]:
    """The partners that ``texts`` name, by text. What is unknown or fits several is left out."""
    found: dict[str, Partner] = {}
    for directory in partner_directories:
        found |= directory.find([text for text in texts if text not in found])
    return found
