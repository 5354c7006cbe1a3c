"""What leads to the pages: the links at the top, and the registers that live beside the forms, such as suppliers.

Domain apps declare their registers in ``navigation.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import ResolverMatch, get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
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
    # Whether that takes a question to the database beyond the person's roles.
    asks: bool = False


places: Registry[Place] = Registry("place")


def places_for(user: Any) -> list[Place]:
    """What ``user`` may open, in the order in which it was declared."""
    return [place for place in places if place.is_open_to(user)]


def has_places(user: Any) -> bool:
    """Whether ``user`` may open any: every page asks, so those that say it for nothing are asked first."""
    return any(place.is_open_to(user) for place in sorted(places, key=lambda place: place.asks))


def reverse_once(view: str, *arguments: int) -> str:
    """``reverse`` for addresses that nearly every page names."""
    return _reversed(view, arguments, get_script_prefix())


@lru_cache(maxsize=100)
def _reversed(view: str, arguments: tuple[int, ...], _prefix: str) -> str:
    return reverse(view, args=arguments)


@dataclass(frozen=True, kw_only=True)
class Link:
    """One link at the top of the page."""

    title: str
    url: str
    is_current: bool


def links(match: ResolverMatch | None, *, imports: bool, registers: bool, report: bool, admin: bool) -> list[Link]:
    """What somebody finds at the top of each page, worked out once for the wide and the narrow menu."""
    view, namespace = (match.view_name, match.namespace) if match else ("", "")
    forms = namespace == "submissions" and view not in ("submissions:my_work", "submissions:places")
    in_registers = view == "submissions:places" or namespace in ("supply_chain", "product", "integrity", "api")
    offered = [
        (True, _("My work"), "submissions:my_work", view == "submissions:my_work"),
        (True, _("Enter data"), "submissions:list", forms),
        (imports, pgettext("navigation", "Import"), "exchange:import", namespace == "exchange"),
        (registers, pgettext("navigation", "Registers"), "submissions:places", in_registers),
        (True, _("Figures"), "indicators:annual", namespace == "indicators"),
        (report, pgettext("navigation", "Report"), "reporting:home", namespace in ("reporting", "factors")),
        (admin, pgettext("navigation", "Review"), "admin:index", namespace == "admin"),
    ]
    return [
        Link(title=title, url=reverse_once(name), is_current=is_current)
        for is_offered, title, name, is_current in offered
        if is_offered
    ]
