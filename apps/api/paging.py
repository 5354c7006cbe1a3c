"""Pages of figures in an order that nothing changes: by place (the group first), then by code.

A page begins after the last row of the one before, not at a number. Rows that are approved or added in between move
nothing from one page to another: no row comes twice and none is left out.
"""

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.api.problems import bad_request

MOST: Final = 500
USUAL: Final = 100

# The code of a site, or "" for the group, and that of a figure.
Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Slice:
    """The keys of one page, and the cursor of the next, where there is one."""

    keys: Sequence[Key]
    cursor: str | None


def cut(keys: Sequence[Key], cursor: str, limit: int) -> Slice:
    """The page after ``cursor``. ``keys`` are in order."""
    start = bisect_right(keys, key_of(cursor)) if cursor else 0
    page = keys[start : start + limit]
    return Slice(keys=page, cursor=cursor_of(page[-1]) if start + limit < len(keys) else None)


def cursor_of(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def key_of(cursor: str) -> Key:
    """Raises a problem for what is no cursor of ours."""
    try:
        found: Any = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        place, code = found
    except (binascii.Error, ValueError, TypeError, RecursionError):
        place = code = None
    if not isinstance(place, str) or not isinstance(code, str):
        raise bad_request(_("This cursor is not one of ours. Follow “next” of the page before, or start without it."))
    return place, code


def next_link(request: HttpRequest, cursor: str | None) -> str | None:
    """The address of the next page: this one with another cursor."""
    if cursor is None:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
