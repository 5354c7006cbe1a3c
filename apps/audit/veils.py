"""Lines of the trail that are closed for a while, such as scores before all of them are in.

The trail has them from the first moment; reading waits. Domain apps register theirs, and every page that reads the
trail asks ``open_to``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from apps.accounts.models import User
from apps.core.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Veil:
    """``hidden`` are the changes that a person may not read yet."""

    code: str
    hidden: Callable[[User], Q]


veils: Registry[Veil] = Registry("veil")


def open_to(user: User) -> Q:
    """The changes that no veil hides from ``user``."""
    condition = Q()
    for veil in veils:
        condition &= ~veil.hidden(user)
    return condition
