"""The head of every page: the group, the links, the person and the languages.

A person meets the same head on page after page, so that it is drawn once for all that it shows. What differs from
request to request, the token of its forms and the address to come back to, is put in each time.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from apps.core.navigation import Link

# Each language with its own short name and full name.
LANGUAGES: Final = [
    (code, short, get_language_info(code)["name_local"])
    for code, short in (("zh-hans", "简"), ("zh-hant", "繁"), ("en", "EN"))
]
# Stand in the drawn head where the token and the address go. Nobody can write them into a name: nobody knows them.
_TOKEN: Final = f"token-{secrets.token_hex(16)}"
_ADDRESS: Final = f"address-{secrets.token_hex(16)}"


@dataclass(frozen=True, kw_only=True)
class _Person:
    """What the head says of who asks."""

    name: str
    is_authenticated: bool

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class _Group:
    name: str


@dataclass(frozen=True, kw_only=True)
class _Address:
    get_full_path: str


def site_header(request: HttpRequest, *, person: str, group: str, notice: str, links: Sequence[Link]) -> SafeString:
    """``person`` is empty before the sign-in, ``notice`` where there is none."""
    drawn = _drawn(get_language() or "en", get_script_prefix(), person, group, notice, tuple(links))
    return SafeString(
        drawn.replace(_TOKEN, escape(get_token(request))).replace(_ADDRESS, escape(request.get_full_path()))
    )


@lru_cache(maxsize=500)
def _drawn(language: str, _prefix: str, person: str, group: str, notice: str, links: tuple[Link, ...]) -> str:
    words = {
        "user": _Person(name=person, is_authenticated=bool(person)),
        "group": _Group(name=group),
        "group_notice": notice,
        "nav_links": links,
        "languages": LANGUAGES,
        "LANGUAGE_CODE": language,
        "csrf_token": _TOKEN,
        "request": _Address(get_full_path=_ADDRESS),
    }
    return render_to_string("components/site_header.html", words)
