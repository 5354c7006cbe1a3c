"""Registers that live beside the forms, such as suppliers and tenders: what leads there, and for whom.

Domain apps declare theirs in ``navigation.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django_stubs_ext import StrPromise

from apps.core.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Place:
    """One register. ``view`` is the name of its list, ``is_open_to`` takes an accounts.User, which lies above."""

    code: str
    title: StrPromise
    help: StrPromise
    view: str
    is_open_to: Callable[[Any], bool]


places: Registry[Place] = Registry("place")


def places_for(user: Any) -> list[Place]:
    """What ``user`` may open, in the order in which it was declared."""
    return [place for place in places if place.is_open_to(user)]
